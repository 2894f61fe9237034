"""When a feed is polled next: its own rhythm between five minutes and a day, failures weighed, and never silence for good.

The density of visits follows the square root of the rate at which entries are to be expected, hour by hour: for a given number of visits
this makes the total wait of all entries least (Sia, Cho and Cho, "Efficient Monitoring Algorithm for Fast News Alerts", 2007).
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from sanctions_watch.records import Feed, FetchResult, Rhythm, identify
from sanctions_watch.stages.collect.rhythm import hourly, rate_per_day

MINIMUM = 300  # seconds
MAXIMUM = 86_400
# The bundled replay runs 8,640 times as fast: a day there is ten seconds, and alerts must still come in time.
SAMPLE_MAXIMUM = 12 * 3_600
RETRY_AFTER_MAXIMUM = 86_400
FIRST_RETRY = 900
# A story is live for three hours after an alert, and after a new article of it where an alert came within three days.
LIVE_EVERY, LIVE_FOR, LIVE_ALERT = timedelta(minutes=1), timedelta(hours=3), timedelta(days=3)
# Weights after mediacloud/rss-fetcher: how much one failure says about the next attempt.
WEIGHTS = {"hard": 1.0, "soft": 0.5, "temporary": 0.25}
_TEMPORARY = frozenset({0, 408, 425, 429, 502, 503, 504})
# In square roots of seconds: with an arrival every ten minutes a visit every 196 s, were there no least interval; once a day every 39 min.
# Chosen by benchmarks/schedule_simulation.py, where it asks less and collects sooner than a fixed poll every ten minutes.
PATIENCE = 8.0
_LONG_SILENCE = timedelta(days=2)
_VISITS_PER_SILENCE = 20  # an entry that breaks a long silence is found within a twentieth of it


def interval_of(rhythm: Rhythm, now: datetime) -> int:
    """Seconds until the next visit is worth it, between five minutes and a day."""
    seconds = _worth_a_visit(rhythm, now)
    silence = now - rhythm.until if rhythm.until else timedelta(0)
    if silence > _LONG_SILENCE:
        seconds = max(seconds, silence.total_seconds() / _VISITS_PER_SILENCE)
    return bounded(seconds)


def _worth_a_visit(rhythm: Rhythm, now: datetime) -> float:
    """Seconds until the density of visits, summed up over the coming hours, makes one."""
    waited, missing = 0.0, 1.0
    for left, rate in hourly(rhythm, now, rate_per_day(rhythm, now)):
        density = math.sqrt(rate) / PATIENCE
        if density * left >= missing:
            return waited + missing / density
        waited, missing = waited + left, missing - density * left
        if waited >= MAXIMUM:
            return MAXIMUM
    return MAXIMUM


def bounded(seconds: float) -> int:
    """Between five minutes and a day."""
    return int(min(MAXIMUM, max(MINIMUM, seconds)))


def weight(result: FetchResult) -> float:
    """What a failed fetch weighs; by its status where the fetcher does not say."""
    if result.failure:
        return WEIGHTS[result.failure]
    if result.status in _TEMPORARY:
        return WEIGHTS["temporary"]
    return WEIGHTS["hard" if 400 <= result.status < 500 else "soft"]


def next_poll(feed: Feed, now: datetime, interval: int, failures: float = 0.0, retry_after: int | None = None) -> datetime:
    """When to poll again: after the interval; after a failure within a quarter of an hour, doubled for every failure that weighs one.

    Not before ``Retry-After``, and at the latest in a day.
    """
    seconds = min(float(MAXIMUM), min(interval, FIRST_RETRY) * 2.0 ** min(failures, 16.0)) if failures else float(interval)
    if retry_after is not None:
        seconds = max(seconds, min(retry_after, RETRY_AFTER_MAXIMUM))
    if feed.is_sample:
        return now + timedelta(seconds=min(seconds, MAXIMUM if failures else SAMPLE_MAXIMUM))
    # Feeds that fail together must not come back together; the spread is drawn from the id, so that the same poll gives the same answer.
    spread = 1 + (int(identify(feed.feed_id, now.isoformat())[:4], 16) / 0xFFFF - 0.5) / 5
    return now + timedelta(seconds=max(MINIMUM, seconds * spread if retry_after is None else seconds))
