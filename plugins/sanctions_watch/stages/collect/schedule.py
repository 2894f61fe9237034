"""When a feed is polled next: its own rhythm between five minutes and a day, failures weighed, and never silence for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from sanctions_watch.records import Entry, Feed, FetchResult, identify

MINIMUM = 300  # seconds
MAXIMUM = 86_400
# The bundled replay runs 8,640 times as fast: a day there is ten seconds, and alerts must still come in time.
SAMPLE_MAXIMUM = 12 * 3_600
RETRY_AFTER_MAXIMUM = 86_400
# Weights after mediacloud/rss-fetcher: how much one failure says about the next attempt.
WEIGHTS = {"hard": 1.0, "soft": 0.5, "temporary": 0.25}
_TEMPORARY = frozenset({0, 408, 425, 429, 502, 503, 504})
_RHYTHM_DAYS = 30
_POLLS_PER_GAP = 10  # an entry is seen, on average, within a twentieth of the feed's usual gap


def interval_after_entries(entries: Sequence[Entry], interval: int, now: datetime) -> int:
    """Seconds between polls that fit the gaps between the dated entries of the last 30 days, and the silence since the last one."""
    dates = sorted({entry.published_at for entry in entries if entry.published_at and entry.published_at <= now}, reverse=True)[:50]
    recent = [one for one in dates if now - one < timedelta(days=_RHYTHM_DAYS)]
    if len(recent) >= 3:
        gap = median((later - earlier).total_seconds() for later, earlier in pairwise(recent))
        silence = (now - recent[0]).total_seconds()
        return bounded(max(gap, silence / 4) / _POLLS_PER_GAP)
    if dates:
        return bounded((now - dates[0]).total_seconds() / _POLLS_PER_GAP)
    return bounded(interval * 0.7)


def interval_after_silence(interval: int) -> int:
    """A little longer after each poll that brought nothing."""
    return bounded(interval * 1.15)


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
    """When to poll again: the interval, doubled for every failure that weighs one, not before ``Retry-After``, at the latest in a day."""
    seconds = min(float(MAXIMUM), interval * 2.0 ** min(failures, 16.0))
    if retry_after is not None:
        seconds = max(seconds, min(retry_after, RETRY_AFTER_MAXIMUM))
    if feed.is_sample:
        return now + timedelta(seconds=min(seconds, MAXIMUM if failures else SAMPLE_MAXIMUM))
    # Feeds that fail together must not come back together; the spread is drawn from the id, so that the same poll gives the same answer.
    spread = 1 + (int(identify(feed.feed_id, now.isoformat())[:4], 16) / 0xFFFF - 0.5) / 5
    return now + timedelta(seconds=max(MINIMUM, seconds * spread if retry_after is None else seconds))
