"""Collect: a feed's answer in, its entries and what the visit taught about the feed out.

``feed_request`` says what to ask, ``collect`` decides what the answer means. Nothing here touches the network.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sanctions_watch.records import Entry, Feed, FeedState, FetchRequest, FetchResult, Poll, PollOutcome
from sanctions_watch.stages.collect.entries import entries_of
from sanctions_watch.stages.collect.reading import read
from sanctions_watch.stages.collect.schedule import WEIGHTS, interval_after_entries, interval_after_silence, next_poll, weight

VERSION = "collect-1"
_DOUBT_AFTER = timedelta(days=2)
_DOUBT_EVERY = 8
_ERROR = 500  # characters of an error that are kept


def first_state(feed: Feed, now: datetime) -> FeedState:
    """The state of a feed that was never polled: due at once."""
    return FeedState(feed_id=feed.feed_id, url=feed.url, next_poll_at=now)


def feed_request(feed: Feed, state: FeedState) -> FetchRequest:
    """What to ask for: the address the feed has moved to, conditionally unless its ETag lies.

    A feed that has been unchanged for two days is asked without conditions one time in eight: only so can a server be found out
    that answers 304 whatever happened.
    """
    url = state.url or feed.url
    silent_since = state.last_entry_at
    is_doubted = (
        silent_since is not None
        and state.next_poll_at - silent_since > _DOUBT_AFTER
        and int(state.next_poll_at.timestamp()) // 60 % _DOUBT_EVERY == 0
    )
    if state.etag_lies or is_doubted:
        return FetchRequest(url, "feed")
    return FetchRequest(url, "feed", etag=state.etag, last_modified=state.last_modified)


def collect(feed: Feed, state: FeedState, result: FetchResult, now: datetime, duration_ms: int = 0) -> Poll:
    """Decide what an answer means: the entries it holds, the outcome and its reason, and the feed's state after it.

    Never raises: what cannot be read is an outcome. ``outcome`` is "changed" where the feed says something else than last time,
    "unchanged" or "not_modified" where not, "unavailable" without an answer, "broken" where the answer is no feed, "retired" after 410.
    """
    visit = _Visit(feed, state, result, now, duration_ms)
    if result.status == 410:
        return visit.retired()
    if result.status == 304:
        return visit.not_modified()
    if result.error or not 200 <= result.status < 300:
        return visit.failed("unavailable", result.error or f"HTTP {result.status}", weight(result))
    reading = read(result.body, feed.format, result.final_url or state.url, result.content_type, result.request.max_bytes)
    if reading.broken:
        return visit.failed("broken", "; ".join((reading.broken, *reading.faults)), WEIGHTS["soft"])
    entries, faults = entries_of(reading, feed, result.final_url or state.url, now)
    if not entries:
        return visit.failed("broken", "; ".join(("no entry with an address or a title", *reading.faults)), WEIGHTS["soft"])
    return visit.succeeded(entries, reading.form, (*reading.faults, *faults))


class _Visit:
    """The state after a visit, for each way it can end."""

    def __init__(self, feed: Feed, state: FeedState, result: FetchResult, now: datetime, duration_ms: int) -> None:
        self.feed, self.state, self.result, self.now, self.duration_ms = feed, state, result, now, duration_ms

    def succeeded(self, entries: tuple[Entry, ...], form: str, faults: Sequence[str]) -> Poll:
        state, result = self.state, self.result
        digest = _digest(entries)
        is_changed = digest != state.body_sha256
        lies = is_changed and bool(state.body_sha256) and bool(result.etag) and result.etag == state.etag
        interval = (
            interval_after_entries(entries, state.interval_seconds, self.now)
            if is_changed
            else interval_after_silence(state.interval_seconds)
        )
        said = [
            f"{len(entries)} entries, {form}" if is_changed else f"the same {len(entries)} entries as last time, {form}",
            *faults,
        ]
        if lies:
            said.append("its ETag stayed the same while its entries changed: asked without conditions from now on")
        after = replace(
            self._answered(),
            etag=result.etag,
            last_modified=result.last_modified,
            body_sha256=digest,
            etag_lies=state.etag_lies or lies,
            interval_seconds=interval,
            last_entry_at=self.now if _has_news(entries, state) and is_changed else state.last_entry_at,
            next_poll_at=next_poll(self.feed, self.now, interval),
        )
        if after.url != state.url:
            said.append(f"moved to {after.url}")
        return self._poll(
            "changed" if is_changed else "unchanged", "; ".join(said), after, entries, result.body if is_changed else b""
        )

    def not_modified(self) -> Poll:
        interval = interval_after_silence(self.state.interval_seconds)
        after = replace(
            self._answered(),
            etag=self.result.etag or self.state.etag,
            last_modified=self.result.last_modified or self.state.last_modified,
            interval_seconds=interval,
            next_poll_at=next_poll(self.feed, self.now, interval),
        )
        return self._poll("not_modified", "not modified since the last poll", after)

    def failed(self, outcome: PollOutcome, reason: str, weighs: float) -> Poll:
        failures = self.state.failures + weighs
        at = next_poll(self.feed, self.now, self.state.interval_seconds, failures, self.result.retry_after_seconds)
        after = replace(self.state, failures=failures, last_polled_at=self.now, last_error=reason[:_ERROR], next_poll_at=at)
        return self._poll(outcome, f"{reason}; failures weigh {failures:g}, next poll {at:%Y-%m-%d %H:%M} UTC", after)

    def retired(self) -> Poll:
        reason = "the server says that the feed is gone for good (410)"
        after = replace(
            self.state,
            last_polled_at=self.now,
            last_error=reason,
            retired_at=self.state.retired_at or self.now,
            next_poll_at=self.now + timedelta(days=1),
        )
        return self._poll("retired", reason, after)

    def _answered(self) -> FeedState:
        """What every good answer changes: the failures are over, and a permanent move is followed."""
        return replace(
            self.state,
            url=self.result.moved_to or self.state.url,
            failures=0.0,
            last_polled_at=self.now,
            last_success_at=self.now,
            last_error="",
        )

    def _poll(
        self, outcome: PollOutcome, reason: str, state: FeedState, entries: tuple[Entry, ...] = (), payload: bytes = b""
    ) -> Poll:
        return Poll(
            feed_id=self.feed.feed_id,
            polled_at=self.now,
            outcome=outcome,
            reason=reason,
            status=self.result.status,
            duration_ms=self.duration_ms,
            entries=entries,
            state=state,
            payload=payload,
        )


def _digest(entries: Sequence[Entry]) -> str:
    """A hash of what a feed says, blind to what changes at every request (build dates, comments, advertisements in the channel)."""
    said = "\n".join(sorted(f"{entry.entry_id} {entry.content_sha256}" for entry in entries))
    return hashlib.sha256(said.encode()).hexdigest()


def _has_news(entries: Sequence[Entry], state: FeedState) -> bool:
    """Whether one of the entries looks unseen: dated after the last poll, or not dated at all."""
    last = state.last_polled_at
    dated = [entry.published_at for entry in entries if entry.published_at]
    return last is None or not dated or any(one > last for one in dated)
