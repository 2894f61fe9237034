"""Collect: a feed's answer in, its entries and what the visit taught about the feed out.

``feed_request`` says what to ask, ``collect`` decides what the answer means. Nothing here touches the network.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sanctions_watch.records import Feed, FeedState, FetchRequest, FetchResult, Poll
from sanctions_watch.stages.collect.entries import entries_of
from sanctions_watch.stages.collect.health import ALARMS
from sanctions_watch.stages.collect.reading import read
from sanctions_watch.stages.collect.rhythm import expected_since_last
from sanctions_watch.stages.collect.schedule import WEIGHTS, weight
from sanctions_watch.stages.collect.visit import Visit

__all__ = ["ALARMS", "VERSION", "collect", "feed_request", "first_state"]

VERSION = "collect-1"
_DOUBT_AFTER = timedelta(days=2)
_DOUBT_OVERDUE = 6  # arrivals
_DOUBT_EVERY = 8


def first_state(feed: Feed, now: datetime) -> FeedState:
    """The state of a feed that was never polled: due at once."""
    return FeedState(feed_id=feed.feed_id, url=feed.url, next_poll_at=now)


def feed_request(feed: Feed, state: FeedState) -> FetchRequest:
    """What to ask for: the address the feed has moved to, conditionally unless its ETag lies.

    A feed that has been silent for two days, or in which six arrivals are overdue, is asked without conditions one time in eight: only
    so can a server be found out that answers 304 whatever happened.
    """
    url = state.url or feed.url
    at = state.next_poll_at
    is_silent = state.last_entry_at is not None and at - state.last_entry_at > _DOUBT_AFTER
    is_doubted = (is_silent or expected_since_last(state.rhythm, at) > _DOUBT_OVERDUE) and (
        int(at.timestamp()) // 60 % _DOUBT_EVERY == 0
    )
    if state.etag_lies or is_doubted:
        return FetchRequest(url, "feed")
    return FetchRequest(url, "feed", etag=state.etag, last_modified=state.last_modified)


def collect(feed: Feed, state: FeedState, result: FetchResult, now: datetime, duration_ms: int = 0) -> Poll:
    """Decide what an answer means: the entries it holds, the outcome and its reason, and the feed's state after it.

    Never raises: what cannot be read is an outcome. ``outcome`` is "changed" where the feed says something else than last time,
    "unchanged" or "not_modified" where not, "unavailable" without an answer, "broken" where the answer is no feed, "retired" after 410.
    """
    visit = Visit(feed, state, result, now, duration_ms)
    if result.status == 410:
        return visit.retired()
    if result.status == 304:
        return visit.not_modified()
    if result.error or not 200 <= result.status < 300:
        return visit.failed("unavailable", result.error or f"HTTP {result.status}", weight(result))
    url = result.final_url or state.url
    reading = read(result.body, feed.format, url, result.content_type, result.request.max_bytes, feed.language)
    if reading.broken:
        return visit.failed("broken", "; ".join((reading.broken, *reading.faults)), WEIGHTS["soft"])
    entries, faults = entries_of(reading, feed, url, now)
    if not entries:
        return visit.failed("broken", "; ".join(("no entry with an address or a title", *reading.faults)), WEIGHTS["soft"])
    return visit.succeeded(entries, reading.form, (*reading.faults, *faults))
