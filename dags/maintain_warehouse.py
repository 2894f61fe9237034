"""
### What it does
Every hour: makes the month partitions that the next records will need, drops raw payloads and archived pages past their publisher's
retention (`include/retention.yaml`), and forgets inputs that no stage will take any more. Then it takes what backfills have left through
the stages, in their own pool. The marts are views: they need no refresh.

### If it fails
Nothing is lost: a record without its partition goes to the default partition until the next good run.

### How to re-run
Clear or trigger it at will.
"""

from __future__ import annotations

from datetime import timedelta

import pendulum
from airflow.sdk import chain, dag, task

from sanctions_watch.orchestration import BACKFILL_POOL, DEFAULT_ARGS, TAGS, stage


@dag(
    schedule="@hourly",
    start_date=pendulum.datetime(2018, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=[*TAGS, "maintain"],
    doc_md=__doc__,
)
def maintain_warehouse():
    @task
    @stage
    def maintain() -> dict[str, int]:
        from sanctions_watch import runtime

        return runtime.maintain()

    @task(pool=BACKFILL_POOL, execution_timeout=timedelta(hours=1), trigger_rule="all_done")
    @stage
    def work_off_backfills() -> dict[str, int]:
        from sanctions_watch import runtime

        return runtime.work_off(40 * 60)

    chain(maintain(), work_off_backfills())


maintain_warehouse()
