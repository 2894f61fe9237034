"""A feed's own rhythm: when its entries have come, how many are to be expected when, and when a silence is not chance.

Arrivals are counted in slots of ten minutes, so that twenty entries published at once are one arrival. Their rate is a base times a
factor for the hour and one for the weekday; what was counted loses half its weight in a fortnight. With ``n`` arrivals counted, a silence
in which ``e`` were to be expected has the chance (1 + e/n)^-n: the predictive distribution of a Poisson count whose rate is known from n.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from sanctions_watch.records import Rhythm

SLOT = 600  # seconds
_HALF_LIFE = 14.0  # days
_TAU = _HALF_LIFE / math.log(2)
_SEEN_BACK = timedelta(days=28)  # how far back the entries of a first answer count
_DAY = 86_400.0
# What is believed of a feed of which nothing is known: half an arrival in three quarters of an hour.
_PRIOR_ARRIVALS, _PRIOR_DAYS = 0.5, 0.75 / 24


def learn(rhythm: Rhythm, arrivals: Sequence[datetime], now: datetime) -> Rhythm:
    """The rhythm with these arrivals counted; those in a slot that was counted before change nothing."""
    times = sorted(one for one in arrivals if one <= now)
    if rhythm.until is None:
        return _first(times, now)
    counted = _slot(rhythm.until)
    fresh = [one for one in _one_a_slot(times) if _slot(one) > counted]
    if not fresh:
        return rhythm
    last = fresh[-1]
    fade = _fade(rhythm.until, last)
    hours = [count * fade for count in rhythm.hours or (0.0,) * 24]
    weekdays = [count * fade for count in rhythm.weekdays or (0.0,) * 7]
    _count(hours, weekdays, fresh, last)
    return _rounded(hours, weekdays, rhythm.days * fade + _TAU * (1 - fade), last)


def _first(times: list[datetime], now: datetime) -> Rhythm:
    """What the dated entries of a first answer tell: the time they span counts, the first of them only opens it."""
    fresh = [one for one in _one_a_slot(times) if now - one < _SEEN_BACK]
    if len(fresh) < 2:
        return Rhythm((0.0,) * 24, (0.0,) * 7, 0.0, fresh[-1] if fresh else now)
    hours, weekdays, last = [0.0] * 24, [0.0] * 7, fresh[-1]
    _count(hours, weekdays, fresh[1:], last)
    return _rounded(hours, weekdays, _TAU * (1 - _fade(fresh[0], last)), last)


def _count(hours: list[float], weekdays: list[float], times: Sequence[datetime], at: datetime) -> None:
    for time in times:
        weight = _fade(time, at)
        hours[time.hour] += weight
        weekdays[time.weekday()] += weight


def _rounded(hours: Sequence[float], weekdays: Sequence[float], days: float, until: datetime) -> Rhythm:
    return Rhythm(tuple(round(one, 3) for one in hours), tuple(round(one, 3) for one in weekdays), round(days, 4), until)


def _one_a_slot(times: Sequence[datetime]) -> Iterator[datetime]:
    last = -1
    for time in times:
        if _slot(time) > last:
            last = _slot(time)
            yield time


def _slot(time: datetime) -> int:
    return int(time.timestamp()) // SLOT


def _fade(since: datetime, at: datetime) -> float:
    return math.exp(-max(0.0, (at - since).total_seconds()) / _DAY / _TAU)


# ---------------------------------------------------------------- what is to be expected


@lru_cache(maxsize=4096)
def _factors(hours: tuple[float, ...], weekdays: tuple[float, ...]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """How much more than usual comes in each hour and on each weekday; one pseudo-count each, hours smoothed with their neighbours."""
    hours, weekdays = hours or (0.0,) * 24, weekdays or (0.0,) * 7
    smooth = [(hours[h - 1] + 2 * hours[h] + hours[(h + 1) % 24]) / 4 for h in range(24)]
    total = sum(hours)
    return (
        tuple((count + 0.5) / (total + 12) * 24 for count in smooth),
        tuple((count + 0.5) / (total + 3.5) * 7 for count in weekdays),
    )


def arrivals_counted(rhythm: Rhythm) -> float:
    """How many arrivals the rhythm rests on, weighed by age."""
    return sum(rhythm.hours)


def rate_per_day(rhythm: Rhythm, at: datetime) -> float:
    """Arrivals a day on average, the silence since the last one counted in."""
    fade = _fade(rhythm.until, at) if rhythm.until else 1.0
    counted, days = arrivals_counted(rhythm) * fade, rhythm.days * fade + _TAU * (1 - fade)
    return (counted + _PRIOR_ARRIVALS) / (days + _PRIOR_DAYS)


def hourly(rhythm: Rhythm, start: datetime, base: float) -> Iterator[tuple[float, float]]:
    """(seconds of this hour that are left, arrivals a second in it), hour by hour from ``start``, for ``base`` arrivals a day."""
    by_hour, by_weekday = _factors(rhythm.hours, rhythm.weekdays)
    hour, weekday = start.hour, start.weekday()
    left = 3600.0 - start.minute * 60 - start.second
    while True:
        yield left, base / _DAY * by_hour[hour] * by_weekday[weekday]
        left, hour = 3600.0, hour + 1
        if hour == 24:
            hour, weekday = 0, (weekday + 1) % 7


def expected_since_last(rhythm: Rhythm, now: datetime) -> float:
    """How many arrivals the rhythm, as it was at the last one, lets expect between then and ``now``."""
    if rhythm.until is None or not rhythm.days:
        return 0.0
    base = rate_per_day(rhythm, rhythm.until)
    weeks, rest = divmod((now - rhythm.until).total_seconds(), 7 * _DAY)
    total = max(0.0, weeks) * 7 * base
    for left, rate in hourly(rhythm, rhythm.until, base):
        if rest <= left:
            return total + rate * rest
        total, rest = total + rate * left, rest - left
    return total


def surprise(rhythm: Rhythm, now: datetime) -> float:
    """How little chance explains the silence since the last arrival: minus the natural logarithm of its probability."""
    counted = arrivals_counted(rhythm)
    return counted * math.log1p(expected_since_last(rhythm, now) / counted) if counted >= 1 else 0.0


def in_words(rhythm: Rhythm) -> str:
    """The rhythm as a person would tell it."""
    if arrivals_counted(rhythm) < 3:
        return "not known yet"
    gap = _DAY * rhythm.days / arrivals_counted(rhythm)
    if gap < 5400:
        return f"every {max(10, round(gap / 600) * 10)} minutes"
    if gap < 1.5 * _DAY:
        return f"every {round(gap / 3600)} hours" if gap < 20 * 3600 else "daily"
    return f"every {round(gap / _DAY)} days" if gap < 14 * _DAY else f"every {round(gap / _DAY / 7)} weeks"
