"""
### What it does
**fan_out** makes a notification for each subscriber whom an alert concerns; **deliver** renders and sends the mails, one worker at a
time. "sending" is committed before the server sees a message, and its Message-ID never changes.

### If it fails
A refusal that may pass (4xx, no connection) is tried again with back-off; a final one (5xx) is kept as failed, with the server's
words. A crash between the server's OK and our commit leaves a notification `uncertain`: it is resent once with the same Message-ID,
counted, and shown in `mart.alerts`.

### How to re-run
Clear or trigger it at will: an alert is fanned out once, and a mail that was accepted is not sent again.
"""

from __future__ import annotations

import pendulum
from airflow.sdk import chain, dag, task

from sanctions_watch.orchestration import ALERTS, DEFAULT_ARGS, TAGS, stage


@dag(
    schedule=[ALERTS],
    start_date=pendulum.datetime(2018, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=[*TAGS, "deliver"],
    doc_md=__doc__,
)
def send_alerts():
    @task
    @stage
    def fan_out() -> dict[str, int]:
        from sanctions_watch import runtime

        flow = runtime.flow()
        return flow.drain(flow.fan_out).summary()

    @task
    @stage
    def deliver() -> dict[str, int]:
        from sanctions_watch import runtime

        return runtime.flow().deliver().summary()

    chain(fan_out(), deliver())


send_alerts()
