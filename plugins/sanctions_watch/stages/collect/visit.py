"""The state after a visit, for each way it can end: what was learned, how the feed does, and when it is visited next."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sanctions_watch.records import Entry, Feed, FeedState, FetchResult, Poll, PollOutcome
from sanctions_watch.stages.collect.health import change_in_words, judge
from sanctions_watch.stages.collect.news import News, news_of
from sanctions_watch.stages.collect.rhythm import learn
from sanctions_watch.stages.collect.schedule import interval_of, next_poll

_ERROR = 500  # characters of an error that are kept
_LATE = timedelta(hours=1)  # an entry may be dated so long before its feed shows it


class Visit:
    """One answer to one feed."""

    def __init__(self, feed: Feed, state: FeedState, result: FetchResult, now: datetime, duration_ms: int) -> None:
        self.feed, self.state, self.result, self.now, self.duration_ms = feed, state, result, now, duration_ms

    def succeeded(self, entries: tuple[Entry, ...], form: str, faults: Sequence[str]) -> Poll:
        """A feed came."""
        state = self.state
        digest = _digest(entries)
        is_changed = digest != state.body_sha256
        news = news_of(entries, state, self.now)
        lies = is_changed and self._has_lied(news)
        said = [
            f"{len(entries)} entries, {form}" if is_changed else f"the same {len(entries)} entries as last time, {form}",
            *faults,
        ]
        if lies:
            said.append("its ETag told of no change where there was one: asked without conditions from now on")
        after = replace(
            self._answered(news.arrivals),
            etag=self.result.etag,
            last_modified=self.result.last_modified,
            body_sha256=digest,
            etag_lies=state.etag_lies or lies,
            last_entry_at=self.now if news.unseen else state.last_entry_at,
            known_ids=news.marks,
            stale_news=0 if news.arrivals else state.stale_news + news.is_stale,
        )
        if after.url != state.url:
            said.append(f"moved to {after.url}")
        outcome: PollOutcome = "changed" if is_changed else "unchanged"
        poll = self._poll(outcome, "; ".join(said), after)
        return replace(poll, entries=entries, payload=self.result.body if is_changed else b"", form=form, unseen=news.unseen)

    def not_modified(self) -> Poll:
        """304: the feed says that nothing has changed."""
        after = replace(
            self._answered(()),
            etag=self.result.etag or self.state.etag,
            last_modified=self.result.last_modified or self.state.last_modified,
            not_modified_at=self.now,
        )
        return self._poll("not_modified", "not modified since the last poll", after)

    def failed(self, outcome: PollOutcome, reason: str, weighs: float) -> Poll:
        """No answer, or one that is no feed."""
        failures = self.state.failures + weighs
        at = next_poll(self.feed, self.now, self.state.interval_seconds, failures, self.result.retry_after_seconds)
        after = replace(
            self.state,
            failures=failures,
            failing_since=self.state.failing_since or self.now,
            last_polled_at=self.now,
            last_error=reason[:_ERROR],
            next_poll_at=at,
        )
        return self._poll(outcome, f"{reason}; failures weigh {failures:g}, next poll {at:%Y-%m-%d %H:%M} UTC", after)

    def retired(self) -> Poll:
        """410: gone for good."""
        reason = "the server says that the feed is gone for good (410)"
        at = self.now + timedelta(days=1)
        after = replace(self.state, last_polled_at=self.now, last_error=reason, retired_at=self.now, next_poll_at=at)
        return self._poll("retired", reason, after)

    def _answered(self, arrivals: Sequence[datetime]) -> FeedState:
        """What every good answer changes: failures and retirement are over, a permanent move is followed, the rhythm goes on."""
        rhythm = learn(self.state.rhythm, arrivals, self.now)
        interval = interval_of(rhythm, self.now)
        return replace(
            self.state,
            url=self.result.moved_to or self.state.url,
            failures=0.0,
            failing_since=None,
            last_polled_at=self.now,
            last_success_at=self.now,
            last_error="",
            retired_at=None,
            rhythm=rhythm,
            interval_seconds=interval,
            next_poll_at=next_poll(self.feed, self.now, interval),
        )

    def _has_lied(self, news: News) -> bool:
        """Whether the server kept its ETag over a change, or said 304 when what has now come was there already."""
        state, result = self.state, self.result
        if not state.body_sha256:
            return False
        if result.etag and result.etag == state.etag:
            return True
        asked_without = (state.etag or state.last_modified) and not (result.request.etag or result.request.last_modified)
        missed = news.earliest and state.not_modified_at and news.earliest < state.not_modified_at - _LATE
        return bool(asked_without and not state.etag_lies and missed)

    def _poll(self, outcome: PollOutcome, reason: str, after: FeedState) -> Poll:
        health = judge(self.state.health, after, outcome, self.now)
        said = [reason, change_in_words(self.state.health, health, self.now)]
        return Poll(
            feed_id=self.feed.feed_id,
            polled_at=self.now,
            outcome=outcome,
            reason="; ".join(filter(None, said)),
            status=self.result.status,
            duration_ms=self.duration_ms,
            entries=(),
            state=replace(after, health=health),
        )


def _digest(entries: Sequence[Entry]) -> str:
    """A hash of what a feed says, blind to what changes at every request (build dates, comments, advertisements in the channel)."""
    said = "\n".join(sorted(f"{entry.entry_id} {entry.content_sha256}" for entry in entries))
    return hashlib.sha256(said.encode()).hexdigest()
