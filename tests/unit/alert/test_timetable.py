"""When an alert goes out: digests at a local time, quiet hours over midnight, the hour of a cap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctions_watch.records import Route, Subscriber
from sanctions_watch.stages.alert.timetable import cap_closing, clock_time, digest_closing, last_daily_closing, quiet_closing

MOMENTS = st.datetimes(datetime(2006, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone
ZONES = ("UTC", "Asia/Seoul", "America/New_York", "Europe/Berlin", "Pacific/Apia", "Asia/Kolkata")


def someone(**changes):
    return Subscriber("a", "A", "a@x.example", **changes)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_a_daily_digest_closes_at_the_subscribers_own_time():
    seoul = someone(timezone="Asia/Seoul")
    daily = Route(delivery="daily", at="07:30")
    before, after = utc(2018, 8, 4, 22, 29), utc(2018, 8, 4, 22, 30)
    assert digest_closing(daily, seoul, before).due_at == utc(2018, 8, 4, 22, 30)
    assert digest_closing(daily, seoul, before).digest_key == "daily/2018-08-05T07:30"
    assert digest_closing(daily, seoul, after).due_at == utc(2018, 8, 5, 22, 30)


def test_a_weekly_digest_closes_on_its_weekday():
    weekly = Route(delivery="weekly", at="09:00", weekday="monday")
    closing = digest_closing(weekly, someone(), utc(2018, 8, 4, 12))  # a Saturday
    assert closing.due_at == utc(2018, 8, 6, 9)
    assert digest_closing(weekly, someone(), closing.due_at).due_at == utc(2018, 8, 13, 9)


def test_an_hourly_digest_closes_with_the_hour():
    assert digest_closing(Route(delivery="hourly"), someone(), utc(2018, 8, 4, 23, 59)).due_at == utc(2018, 8, 5)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (utc(2018, 8, 4, 21, 59), None),
        (utc(2018, 8, 4, 22), utc(2018, 8, 5, 6, 30)),
        (utc(2018, 8, 5, 2), utc(2018, 8, 5, 6, 30)),
        (utc(2018, 8, 5, 6, 30), None),
    ],
)
def test_quiet_hours_over_midnight(at, until):
    closing = quiet_closing(someone(quiet_hours="22:00-06:30"), at)
    assert (closing.due_at if closing else None) == until


def test_quiet_hours_within_a_day_and_none():
    noon = someone(quiet_hours="12:00-13:00")
    assert quiet_closing(noon, utc(2018, 8, 4, 12, 30)).held_for == "quiet hours until 13:00"
    assert quiet_closing(noon, utc(2018, 8, 4, 11)) is None
    assert quiet_closing(someone(), utc(2018, 8, 4, 3)) is None


def test_when_the_clocks_go_forward_over_the_time_the_digest_closes_once():
    berlin = someone(timezone="Europe/Berlin")
    daily = Route(delivery="daily", at="02:30")  # on 25 March 2018 there is no 02:30 in Berlin
    first = digest_closing(daily, berlin, utc(2018, 3, 24, 12))
    second = digest_closing(daily, berlin, first.due_at)
    assert (first.due_at, second.due_at) == (utc(2018, 3, 25, 1, 30), utc(2018, 3, 26, 0, 30))
    assert first.digest_key != second.digest_key


@given(
    at=MOMENTS,
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    delivery=st.sampled_from(["hourly", "daily", "weekly"]),
)
def test_a_digest_always_closes_later_and_not_too_late(at, zone, hour, minute, delivery):
    now = at
    route, subscriber = Route(delivery=delivery, at=f"{hour:02}:{minute:02}"), someone(timezone=zone)
    closing = digest_closing(route, subscriber, now)
    longest = {"hourly": timedelta(hours=1), "daily": timedelta(hours=50), "weekly": timedelta(days=9)}[delivery]
    assert now < closing.due_at <= now + longest
    assert digest_closing(route, subscriber, closing.due_at - timedelta(microseconds=1)) == closing


@given(at=MOMENTS, zone=st.sampled_from(ZONES))
def test_the_last_daily_closing_is_the_one_before_the_next(at, zone):
    now, daily = at, Route(delivery="daily", at="07:00")
    last = last_daily_closing(daily, someone(timezone=zone), now)
    assert last.due_at <= now < digest_closing(daily, someone(timezone=zone), last.due_at).due_at


def test_a_cap_lasts_to_the_end_of_its_hour():
    closing = cap_closing(someone(cap_per_hour=3), utc(2018, 8, 4, 12, 10))
    assert (closing.due_at, closing.held_for) == (utc(2018, 8, 4, 13), "more than 3 in an hour")


@pytest.mark.parametrize("written", ["", "7", "24:00", "07:60", "7:5", "a:bc", "-1:00"])
def test_what_is_no_time_of_day(written):
    with pytest.raises(ValueError, match=r".*"):
        clock_time(written)
