"""
### What it does
Every minute it brings the registry of feeds up to date, takes the feeds whose time has come and polls them in batches:
conditional requests, bounded, polite. What is new becomes entries in the warehouse, and wakes `build_claims`.

### If it fails
A feed that fails does not fail the task: its failures are weighed, it is polled more slowly and named in `mart.feed_health_by_day`.
A task that fails is retried three times; the feeds of a batch that was cut off are due again at once, and nothing is stored twice.
A wrong setting fails at once, with every problem named in the log; a mistake in the files of feeds or subscribers fails
**read_registry** alone: the last good version stays in force, and everything else goes on.

### How to re-run
Clear any task, or wait a minute: every run finds what is due and what an earlier run left undone.
"""

from __future__ import annotations

import pendulum
from airflow.sdk import dag, task

from sanctions_watch.orchestration import DEFAULT_ARGS, ENTRIES, NEW_ENTRIES, TAGS, collect_schedule, stage


@dag(
    schedule=collect_schedule(),
    start_date=pendulum.datetime(2018, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=[*TAGS, "collect"],
    doc_md=__doc__,
)
def collect_feeds():
    @task
    @stage
    def read_registry() -> dict[str, int]:
        """Bring feeds and subscribers up to date. Where a file has a mistake this fails, and its last good version stays in force."""
        from sanctions_watch import runtime

        return runtime.register()

    @task(trigger_rule="all_done")
    @stage
    def find_due_feeds() -> list[list[str]]:
        """Batches of feed ids."""
        from sanctions_watch import runtime

        flow = runtime.flow()
        due, size = flow.feeds_due(), runtime.settings().collect_batch
        return [due[start : start + size] for start in range(0, len(due), size)]

    @task(map_index_template="{{ feeds }}")
    @stage
    def poll_feeds(feed_ids: list[str]) -> dict[str, int]:
        from airflow.sdk import get_current_context

        from sanctions_watch import runtime

        get_current_context()["feeds"] = f"{feed_ids[0]} and {len(feed_ids) - 1} more"
        return runtime.flow().collect(feed_ids).summary()

    @task(outlets=[NEW_ENTRIES], trigger_rule="all_done")
    @stage
    def announce(*, outlet_events=None) -> dict[str, int]:
        """Wake build_claims where anything waits: what was just collected, or what a killed run left behind."""
        from sanctions_watch import runtime

        waiting = runtime.flow().waiting()
        if waiting:
            outlet_events[NEW_ENTRIES].add(ENTRIES, extra={"waiting": waiting})
        return {"waiting": waiting}

    due = find_due_feeds()
    read_registry() >> due
    poll_feeds.expand(feed_ids=due) >> announce()


collect_feeds()
