"""
### What it does
Every few minutes it makes the digests that have closed (hourly, daily, weekly, the end of quiet hours or of a capped hour), one of what
an outage of the mail server has piled up, and the daily proof of silence for those who want it; then it sends them, and every mail
whose next attempt has come.

### If it fails
Nothing is lost: what is held stays held until a digest has taken it, in one transaction. The next run finds the same digests due.

### How to re-run
Clear or trigger it at will: a digest is unique on subscriber, channel and period, and an alert goes into one digest only.
"""

from __future__ import annotations

import pendulum
from airflow.sdk import chain, dag, task

from sanctions_watch.orchestration import DEFAULT_ARGS, TAGS, digest_schedule, stage


@dag(
    schedule=digest_schedule(),
    start_date=pendulum.datetime(2018, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=[*TAGS, "deliver"],
    doc_md=__doc__,
)
def send_digest():
    @task
    @stage
    def digest() -> dict[str, int]:
        from sanctions_watch import runtime

        flow = runtime.flow()
        return flow.drain(flow.digest).summary()

    @task
    @stage
    def deliver() -> dict[str, int]:
        from sanctions_watch import runtime

        return runtime.flow().deliver().summary()

    chain(digest(), deliver())


send_digest()
