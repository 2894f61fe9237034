"""A feed's own rhythm: what is counted, what is to be expected, which silence is no chance."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanctions_watch.records import Rhythm
from sanctions_watch.stages.collect.rhythm import arrivals_counted, expected_since_last, in_words, learn, rate_per_day, surprise

MONDAY = datetime(2024, 4, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def office_hours(weeks: int, start: datetime = MONDAY) -> list[datetime]:
    """On the hour from 9 to 16, Monday to Friday."""
    return [start + DAY * day + HOUR * hour for day in range(7 * weeks) if day % 7 < 5 for hour in range(9, 17)]


def lived(times: list[datetime]) -> Rhythm:
    """The rhythm of a feed that was visited right after each of these."""
    rhythm = Rhythm()
    for time in times:
        rhythm = learn(rhythm, [time], time + timedelta(minutes=5))
    return rhythm


def test_a_first_answer_tells_the_rate_of_its_dated_entries():
    now = MONDAY + 8 * DAY
    rhythm = learn(Rhythm(), [now - HOUR * n for n in range(1, 21)], now)
    assert 20 < rate_per_day(rhythm, now) < 28
    assert rhythm.until == now - HOUR


def test_a_first_answer_without_dates_starts_from_nothing():
    rhythm = learn(Rhythm(), [], MONDAY)
    assert rhythm == Rhythm((0.0,) * 24, (0.0,) * 7, 0.0, MONDAY)
    rates = [rate_per_day(rhythm, MONDAY + DAY * n) for n in range(9)]
    assert rates == sorted(rates, reverse=True)


def test_entries_published_at_once_are_one_arrival():
    rhythm = learn(lived(office_hours(1)), [], MONDAY + 7 * DAY)
    at_once = [MONDAY + 7 * DAY + timedelta(seconds=n) for n in range(20)]
    counted = arrivals_counted(learn(rhythm, at_once, MONDAY + 8 * DAY)) - arrivals_counted(
        learn(rhythm, at_once[:1], MONDAY + 8 * DAY)
    )
    assert counted == pytest.approx(0, abs=0.01)


def test_what_was_counted_before_changes_nothing():
    rhythm = lived(office_hours(2))
    assert rhythm.until is not None
    assert learn(rhythm, [rhythm.until, rhythm.until - DAY], rhythm.until + DAY) == rhythm


def test_nothing_is_expected_where_nothing_ever_comes():
    rhythm = lived(office_hours(8))
    friday_evening = MONDAY + 7 * 7 * DAY + 4 * DAY + HOUR * 16
    assert rhythm.until == friday_evening
    over_the_weekend = expected_since_last(rhythm, friday_evening + 2 * DAY)
    till_tuesday = expected_since_last(rhythm, friday_evening + 4 * DAY)
    assert over_the_weekend < 3
    assert till_tuesday > over_the_weekend + 8


def test_a_weekend_is_no_surprise_and_a_silent_week_is():
    rhythm = lived(office_hours(8))
    assert rhythm.until is not None
    assert surprise(rhythm, rhythm.until + 2.5 * DAY) < 5
    assert surprise(rhythm, rhythm.until + 5 * DAY) > 16


def test_little_knowledge_is_slow_to_be_surprised():
    little, much = lived(office_hours(1)[:4]), lived(office_hours(8))
    assert little.until is not None
    assert much.until is not None
    assert surprise(little, little.until + 14 * DAY) < surprise(much, much.until + 14 * DAY)


def test_old_counts_fade():
    busy = lived([MONDAY + timedelta(minutes=20 * n) for n in range(500)])
    assert busy.until is not None
    slow = busy
    for n in range(1, 60):
        slow = learn(slow, [busy.until + DAY * n], busy.until + DAY * n)
    assert slow.until is not None
    assert rate_per_day(busy, busy.until) > 60
    assert rate_per_day(slow, slow.until) < 6


def test_the_same_over_whole_weeks_as_step_by_step():
    rhythm = lived(office_hours(3))
    assert rhythm.until is not None
    weeks = expected_since_last(rhythm, rhythm.until + 21 * DAY)
    assert weeks == pytest.approx(21 * rate_per_day(rhythm, rhythm.until), rel=1e-6)


@pytest.mark.parametrize(
    ("gap", "words"),
    [(timedelta(minutes=20), "every 20 minutes"), (3 * HOUR, "every 3 hours"), (DAY, "daily"), (4 * DAY, "every 4 days")],
)
def test_in_words(gap, words):
    now = MONDAY + 20 * DAY
    times = [now - gap * n for n in range(60) if gap * n < 28 * DAY]
    assert in_words(learn(Rhythm(), times, now)) == words
    assert in_words(Rhythm()) == "not known yet"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(-40_000, 40_000), max_size=30), st.integers(0, 100_000))
def test_whatever_comes_the_rhythm_can_be_worked_with(minutes, later):
    rhythm = learn(Rhythm(), [], MONDAY)
    now = MONDAY
    for minute in minutes:
        now = max(now, MONDAY + timedelta(minutes=minute))
        rhythm = learn(rhythm, [MONDAY + timedelta(minutes=minute)], now)
    at = now + timedelta(minutes=later)
    assert rate_per_day(rhythm, at) > 0
    assert 0 <= expected_since_last(rhythm, at) <= expected_since_last(rhythm, at + HOUR)
    assert surprise(rhythm, at) >= 0
    assert len(rhythm.hours) == 24
    assert replace(rhythm) == rhythm
