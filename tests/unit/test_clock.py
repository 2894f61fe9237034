from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctions_watch.clock import SystemClock, VirtualClock, clock_from
from sanctions_watch.errors import ConfigurationError

START, ORIGIN = datetime(2018, 8, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)


def test_a_day_in_ten_seconds():
    clock = VirtualClock(START, ORIGIN, 8640)
    assert clock.at(ORIGIN + timedelta(seconds=10)) == START + timedelta(days=1)
    assert clock.at(ORIGIN - timedelta(seconds=10)) == START


def test_after_its_end_it_runs_at_real_speed():
    clock = VirtualClock(START, ORIGIN, 8640, START + timedelta(days=1))
    assert clock.at(ORIGIN + timedelta(seconds=10)) == START + timedelta(days=1)
    assert clock.at(ORIGIN + timedelta(seconds=70)) == START + timedelta(days=1, seconds=60)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0.1, 1e5))
def test_it_never_runs_backwards(first, second, speed):
    clock = VirtualClock(START, ORIGIN, speed, START + timedelta(days=3))
    earlier, later = sorted((first, second))
    assert clock.at(ORIGIN + timedelta(seconds=earlier)) <= clock.at(ORIGIN + timedelta(seconds=later))


def test_the_spec_is_read_back():
    for clock in (VirtualClock(START, ORIGIN, 8640), VirtualClock(START, ORIGIN, 0.5, START + timedelta(days=30))):
        assert clock_from(clock.spec()) == clock
    assert isinstance(clock_from(""), SystemClock)


@pytest.mark.parametrize("spec", ["x", "2018-08-01@2026-01-01", "2018-08-01@2026-01-01x0", "2018-99-01@2026-01-01x5", "a@bx1"])
def test_a_wrong_spec_says_what_is_expected(spec):
    with pytest.raises(ConfigurationError, match="START@ORIGINxSPEED"):
        clock_from(spec)
