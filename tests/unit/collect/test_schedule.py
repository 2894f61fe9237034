"""When a feed is visited next: bounds, the square-root rule, failures weighed, jitter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanctions_watch.records import Feed, FetchRequest, FetchResult, Rhythm
from sanctions_watch.stages.collect.rhythm import learn
from sanctions_watch.stages.collect.schedule import MAXIMUM, MINIMUM, interval_of, next_poll, weight

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)  # a Wednesday
FEED = Feed("paper", "https://paper.example/feed", "Paper")
DAY = timedelta(days=1)


def every(gap: timedelta, count: int = 400) -> Rhythm:
    return learn(Rhythm(), [NOW - gap * n for n in range(count) if gap * n < 28 * DAY], NOW)


def test_four_times_the_rate_is_visited_twice_as_often():
    slow, fast = (interval_of(every(timedelta(hours=hours)), NOW) for hours in (13, 3.25))
    assert 1.7 < slow / fast < 2.3


def test_between_five_minutes_and_a_day():
    assert interval_of(every(timedelta(minutes=1)), NOW) == MINIMUM
    assert interval_of(every(timedelta(minutes=30)), NOW + 90 * DAY) == MAXIMUM


def test_the_hours_in_which_entries_come_are_visited_more_often():
    mornings = [NOW.replace(hour=7, minute=10 * n) - DAY * day for day in range(28) for n in range(6)]
    rhythm = learn(Rhythm(), mornings, NOW)
    morning, evening = (interval_of(rhythm, NOW + DAY - timedelta(hours=12 - hour)) for hour in (7, 19))
    assert morning * 2 < evening


def test_a_visit_before_the_morning_looks_ahead_to_it():
    mornings = [NOW.replace(hour=7, minute=10 * n) - DAY * day for day in range(28) for n in range(6)]
    rhythm = learn(Rhythm(), mornings, NOW)
    night = NOW + DAY - timedelta(hours=7)  # 05:00
    assert interval_of(rhythm, night) < interval_of(rhythm, night + timedelta(hours=4))


def waits(failures: float, interval: int = 3600, retry_after: int | None = None) -> float:
    return (next_poll(FEED, NOW, interval, failures, retry_after) - NOW).total_seconds()


def test_failures_that_weigh_one_double_the_wait_up_to_a_day():
    assert 0.9 * 1800 <= waits(1.0) <= 1.1 * 1800
    assert 0.9 * 900 * 2**0.25 <= waits(0.25) <= 1.1 * 900 * 2**0.25
    assert 0.9 * MAXIMUM <= waits(50.0) <= 1.1 * MAXIMUM


def test_a_slow_feed_that_failed_is_tried_again_soon():
    assert waits(0.25, interval=MAXIMUM) < 1200
    assert waits(0.25, interval=300) < 400


@pytest.mark.parametrize(("status", "failure", "weighs"), [(503, "", 0.25), (0, "", 0.25), (429, "", 0.25), (500, "", 0.5), (404, "", 1.0), (0, "soft", 0.5), (0, "hard", 1.0)])  # fmt: skip
def test_what_a_failure_weighs(status, failure, weighs):
    assert weight(FetchResult(FetchRequest("https://a.example"), NOW, status, error="x", failure=failure)) == weighs


def test_feeds_that_are_due_together_do_not_stay_together():
    at = {next_poll(Feed(f"feed-{n}", "u", "p"), NOW, 3600) for n in range(100)}
    assert len(at) > 95
    assert all(0.9 * 3600 <= (one - NOW).total_seconds() <= 1.1 * 3600 for one in at)
    assert next_poll(FEED, NOW, 3600) == next_poll(FEED, NOW, 3600)


@settings(max_examples=200, deadline=None)
@given(st.integers(MINIMUM, MAXIMUM), st.floats(0, 1000), st.none() | st.integers(0, 10**9))
def test_never_at_once_and_never_never(interval, failures, retry_after):
    assert MINIMUM <= waits(failures, interval, retry_after) <= 1.1 * MAXIMUM
