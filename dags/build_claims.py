"""
### What it does
Takes what `collect_feeds` brought through the stages, each a task that works in batches until nothing waits: **clean** (body text,
zones, dates, wire credit), **select** (does it concern the sanctions, and why), **deduplicate** (which report is it a copy of),
**extract** (who alleges that whom did what), **assess** (what is new; alerts are stored in the same transaction).

### If it fails
One record that cannot be processed goes to `core.quarantine` with stage and reason; the batch goes on. A task that fails is retried;
what was committed is not done again, what was not is found again.

### How to re-run
Clear any task or trigger the DAG: a stage's work is "has input, has no output of my version". Nothing is stored or alerted twice.
"""

from __future__ import annotations

import pendulum
from airflow.sdk import chain, dag, task

from sanctions_watch.orchestration import ALERTS, DEFAULT_ARGS, ENTRIES, NEW_ALERTS, TAGS, stage


@dag(
    schedule=[ENTRIES],
    start_date=pendulum.datetime(2018, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=[*TAGS, "analyze"],
    doc_md=__doc__,
)
def build_claims():
    @task
    @stage
    def clean() -> dict[str, int]:
        from sanctions_watch import runtime

        flow = runtime.flow()
        return flow.drain(flow.clean).summary()

    @task
    @stage
    def select() -> dict[str, int]:
        from sanctions_watch import runtime

        flow = runtime.flow()
        return flow.drain(flow.select).summary()

    @task
    @stage
    def deduplicate() -> dict[str, int]:
        from sanctions_watch import runtime

        flow = runtime.flow()
        return flow.drain(flow.deduplicate).summary()

    @task
    @stage
    def extract() -> dict[str, int]:
        from sanctions_watch import runtime

        flow = runtime.flow()
        return flow.drain(flow.extract).summary()

    @task(outlets=[NEW_ALERTS])
    @stage
    def assess(*, outlet_events=None) -> dict[str, int]:
        from sanctions_watch import runtime

        flow = runtime.flow()
        report = flow.drain(flow.assess)
        waiting = flow.waiting()
        if waiting:  # alerts of this run, mails whose next attempt has come, or what a killed run left
            outlet_events[NEW_ALERTS].add(ALERTS, extra={"alerts": report.made, "waiting": waiting})
        return report.summary()

    chain(clean(), select(), deduplicate(), extract(), assess())


build_claims()
