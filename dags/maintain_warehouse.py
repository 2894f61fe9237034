"""
### What it does
Every hour: makes the month partitions that the next records will need, drops raw payloads past their retention, and forgets inputs
that no stage will take any more. The marts are views: they need no refresh.

### If it fails
Nothing is lost: a record without its partition goes to the default partition until the next good run.

### How to re-run
Clear or trigger it at will.
"""

from __future__ import annotations

import pendulum
from airflow.sdk import dag, task

from sanctions_watch.orchestration import DEFAULT_ARGS, TAGS, stage


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

    maintain()


maintain_warehouse()
