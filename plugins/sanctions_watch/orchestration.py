"""What the DAGs share: the only module besides the page that knows Airflow.

Assets connect the DAGs, default arguments make every task retry and end, and ``stage`` turns the project's errors into Airflow's.
Parsing a DAG file must stay fast: nothing heavy is imported before a task runs.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

from airflow.sdk import Asset, AssetAlias
from airflow.sdk.exceptions import AirflowFailException

from sanctions_watch.errors import ConfigurationError, MigrationError

ENTRIES = Asset(name="sanctions_watch_entries", uri="sanctions-watch://entries", group="sanctions_watch")
ALERTS = Asset(name="sanctions_watch_alerts", uri="sanctions-watch://alerts", group="sanctions_watch")
# An alias makes no event by itself: a run that finds nothing new wakes nobody.
NEW_ENTRIES = AssetAlias(name="sanctions_watch_new_entries")
NEW_ALERTS = AssetAlias(name="sanctions_watch_new_alerts")

P = ParamSpec("P")
R = TypeVar("R")

POOL = "sanctions_watch"  # made from include/pools.json
BACKFILL_POOL = "sanctions_watch_backfill"  # backfills take no slot of live work

TAGS = ["sanctions-watch"]

DEFAULT_ARGS: dict[str, Any] = {
    "owner": "sanctions-watch",
    "retries": 3,
    "retry_delay": timedelta(seconds=10),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=5),
    "execution_timeout": timedelta(minutes=15),
    "pool": POOL,
}


def collect_schedule() -> str | timedelta:
    """Every minute of the wall clock, or every SANCTIONS_WATCH_COLLECT_SECONDS where that is another figure."""
    return _every("SANCTIONS_WATCH_COLLECT_SECONDS", 60, "* * * * *")


def digest_schedule() -> str | timedelta:
    """Every five minutes of the wall clock, or every SANCTIONS_WATCH_DIGEST_SECONDS where that is another figure."""
    return _every("SANCTIONS_WATCH_DIGEST_SECONDS", 300, "*/5 * * * *")


def _every(name: str, usual: int, cron: str) -> str | timedelta:
    written = os.environ.get(name, "").strip()
    if not written or written == str(usual) or not written.isdecimal() or int(written) < 1:
        return cron  # a wrong figure is named by settings.py when the first task runs
    return timedelta(seconds=int(written))


def stage(function: Callable[P, R]) -> Callable[P, R]:
    """A task's body: a set-up that is wrong fails at once and is not retried; everything else is Airflow's to retry."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except (ConfigurationError, MigrationError) as error:
            raise AirflowFailException(str(error)) from error

    return run
