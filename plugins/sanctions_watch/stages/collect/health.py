"""How a feed does, in one word with its reason: what an operator is told, and when it is over.

new: not answered yet. well. failing: no answer for hours. wrong: it answers, but not as a feed that goes on (HTML, nothing in it, dates
that stand still). quiet: silent against its own rhythm. retired: gone for good (410).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sanctions_watch.records import FeedHealth, FeedState, HealthWord, PollOutcome
from sanctions_watch.stages.collect.rhythm import expected_since_last, surprise

ALARMS: frozenset[str] = frozenset({"failing", "wrong", "quiet", "retired"})
_FAILING_AFTER = timedelta(hours=6)
_NEVER_ANSWERED = 1.0  # failures of a feed that has never answered
_WRONG_AFTER = 1.0  # two answers in a row that were no feed
_STALE_AFTER = 3  # answers in a row with unseen entries of old dates only
_QUIET_AFTER = timedelta(hours=6)
_QUIET_AFTER_LITTLE = timedelta(days=4)  # while fewer than two weeks were seen, and with them no two weekends
_TWO_WEEKS_SEEN = 10.0  # days of a rhythm, older ones weighing less
_QUIET_SURPRISE = 16.0  # one silence in nine million by chance: each of thousands of feeds is judged at every visit


def judge(before: FeedHealth, state: FeedState, outcome: PollOutcome, now: datetime) -> FeedHealth:
    """The feed's health after a visit with this outcome; ``state`` is the state after it. ``since`` moves only with the word."""
    word, reason = _judged(before, state, outcome, now)
    return FeedHealth(word, before.since if before.word == word and before.since else now, reason[:500])


def _judged(before: FeedHealth, state: FeedState, outcome: PollOutcome, now: datetime) -> tuple[HealthWord, str]:
    if outcome == "retired":
        return "retired", state.last_error
    if outcome == "broken":
        is_wrong = state.failures >= _WRONG_AFTER
        return ("wrong", f"it answers, but {state.last_error}") if is_wrong else (before.word, before.reason)
    if outcome == "unavailable":
        first = state.failing_since or now
        is_failing = now - first >= _FAILING_AFTER or (state.last_success_at is None and state.failures >= _NEVER_ANSWERED)
        since = f"no answer since {first:%Y-%m-%d %H:%M} UTC" if state.last_success_at else "it has never answered"
        return ("failing", f"{since}: {state.last_error}") if is_failing else (before.word, before.reason)
    if state.stale_news >= _STALE_AFTER:
        return "wrong", f"new entries come, but the dates of the last {state.stale_news} answers with any stand still"
    if is_quiet(state, now):
        return "quiet", (
            f"nothing new since {state.rhythm.until:%Y-%m-%d %H:%M} UTC; its own rhythm let expect "
            f"{expected_since_last(state.rhythm, now):.0f} arrivals"
        )
    return "well", ""


def is_quiet(state: FeedState, now: datetime) -> bool:
    """Whether the silence since the last arrival is long, and against the feed's own rhythm."""
    until = state.rhythm.until
    if until is None:
        return False
    least = _QUIET_AFTER if state.rhythm.days >= _TWO_WEEKS_SEEN else _QUIET_AFTER_LITTLE
    return now - until >= least and surprise(state.rhythm, now) >= _QUIET_SURPRISE


def change_in_words(before: FeedHealth, after: FeedHealth, now: datetime) -> str:
    """What to say where the word has changed: the alarm, or that it is over; "" where nobody need hear of it."""
    if before.word == after.word:
        return ""
    if after.word in ALARMS:
        return f"now {after.word}: {after.reason}"
    if before.word in ALARMS:
        return f"well again after {_span(now - before.since)} of being {before.word}" if before.since else "well again"
    return ""


def _span(time: timedelta) -> str:
    hours = time.total_seconds() / 3600
    return f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.0f} days"
