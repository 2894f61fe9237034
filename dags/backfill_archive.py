"""
### What it does
Reads an archive into the warehouse: a WARC file, JSON Lines, a folder of HTML, or the pages of a sitemap between two days. **Trigger**
asks for the source and what is wanted of it. Then it takes what came through the stages, in a pool of its own and in a lane of its own:
`build_claims` never waits for it. A backfill fills the ledger and **never mails**, whatever its articles say and however often they are
processed again.

### If it fails
A task that fails, or is killed, goes on behind the last record that was stored: nothing is lost and nothing is stored twice
(`raw.backfills` says how far each source has come). A record that cannot be read goes to `core.quarantine` under the stage `backfill`
with its reason, and the rest goes on. A task ends itself after 45 minutes and is retried until the archive is read; what the stages
have left then is taken by `maintain_warehouse`, hour by hour.

### How to re-run
Trigger it again with the same source: a source that was read to its end is left alone, one that has changed is read again, and only
what is new is stored. The archive must be readable where the workers run.
"""

from __future__ import annotations

from datetime import timedelta

import pendulum
from airflow.sdk import Param, chain, dag, task

from sanctions_watch.orchestration import BACKFILL_POOL, DEFAULT_ARGS, TAGS, stage

DAY = {"type": ["null", "string"], "format": "date"}


@dag(
    schedule=None,
    start_date=pendulum.datetime(2018, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args={**DEFAULT_ARGS, "pool": BACKFILL_POOL, "execution_timeout": timedelta(hours=1)},
    tags=[*TAGS, "backfill"],
    doc_md=__doc__,
    params={
        "sources": Param(
            type="array",
            items={"type": "string", "minLength": 1},
            minItems=1,
            title="Sources",
            description_md="One a line: a file (`.warc`, `.warc.gz`, `.jsonl`, `.jsonl.gz`) or folder **where the workers run**, or a sitemap's address.",
        ),
        "publisher": Param(
            "",
            type="string",
            title="Publisher",
            description="Whose it all is. Empty: told by the site of each page, or by each line.",
        ),
        "since": Param(
            None, **DAY, title="First day", description="Published or captured on this day or later; empty: from the beginning."
        ),
        "until": Param(
            None, **DAY, title="Last day", description="Published or captured on this day or before; empty: to the end."
        ),
        "after_reading": Param(
            "take through the stages",
            type="string",
            enum=["take through the stages", "store only"],
            title="After reading",
            description="What is stored only waits for the hourly maintain_warehouse.",
        ),
    },
    render_template_as_native_obj=True,
)
def backfill_archive():
    @task
    @stage
    def sources(*, params=None) -> list[str]:
        return list(dict.fromkeys(params["sources"]))

    @task(map_index_template="{{ source }}", retries=48)
    @stage
    def read(source: str, *, params=None) -> dict[str, int | bool]:
        from airflow.sdk import get_current_context

        from sanctions_watch import runtime

        get_current_context()["source"] = source
        report = runtime.backfill(
            source, publisher=params["publisher"], since=params["since"] or "", until=params["until"] or "", seconds=45 * 60
        )
        if not report["is_finished"]:
            raise TimeoutError(f"{source}: {report['records']} records read, the next try goes on behind them")
        return report

    @task(trigger_rule="all_done")
    @stage
    def take_through_the_stages(*, params=None) -> dict[str, int]:
        from sanctions_watch import runtime

        return runtime.work_off(45 * 60) if params["after_reading"] == "take through the stages" else {}

    chain(read.expand(source=sources()), take_through_the_stages())


backfill_archive()
