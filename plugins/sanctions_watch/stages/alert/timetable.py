"""When an alert reaches a subscriber: at once, at the end of quiet hours, or with the digest of an hour, a day or a week.

Times of day are the subscriber's: a digest "at 07:00" in Asia/Seoul closes when it is seven there, also across a change of the clocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sanctions_watch.records import Delivery, Route, Subscriber

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Closing:
    """The digest that something waits for, when it closes, and why it waits, in words."""

    digest_key: str
    due_at: datetime
    held_for: str


def digest_closing(route: Route, subscriber: Subscriber, now: datetime) -> Closing:
    """The next closing of the route's digest after ``now``. The route's delivery is not "immediate"."""
    if route.delivery == "hourly":
        due = _next_hour(now)
        return Closing(f"hourly/{due:%Y-%m-%dT%H}", due, "hourly digest")
    due = _next_at(subscriber, clock_time(route.at), now, route.weekday if route.delivery == "weekly" else "")
    return Closing(_key(route.delivery, subscriber, due), due, f"{route.delivery} digest")


def last_daily_closing(route: Route, subscriber: Subscriber, now: datetime) -> Closing:
    """The latest closing of a daily digest up to ``now``."""
    due = _next_at(subscriber, clock_time(route.at), now - timedelta(days=3), "")
    while (following := _next_at(subscriber, clock_time(route.at), due, "")) <= now:
        due = following
    return Closing(_key("daily", subscriber, due), due, "daily digest")


def quiet_closing(subscriber: Subscriber, now: datetime) -> Closing | None:
    """The end of the quiet hours that ``now`` falls into; None outside them."""
    if not subscriber.quiet_hours:
        return None
    first, last = (clock_time(part) for part in subscriber.quiet_hours.split("-"))
    at = now.astimezone(_zone(subscriber.timezone)).time()
    is_quiet = first <= at < last if first < last else at >= first or at < last
    if not is_quiet:
        return None
    due = _next_at(subscriber, last, now, "")
    return Closing(_key("quiet", subscriber, due), due, f"quiet hours until {last:%H:%M}")


def cap_closing(subscriber: Subscriber, now: datetime) -> Closing:
    """The end of the hour in which the subscriber has got as many as they wish."""
    due = _next_hour(now)
    return Closing(f"cap/{due:%Y-%m-%dT%H}", due, f"more than {subscriber.cap_per_hour} in an hour")


def clock_time(written: str) -> time:
    """The time of day that "HH:MM" names. Raises ValueError."""
    hours, _, minutes = written.strip().partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2 and len(hours) <= 2):
        raise ValueError(f"{written!r} is no time of day, such as 07:30")
    return time(int(hours), int(minutes))


def _next_hour(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + _HOUR


def _next_at(subscriber: Subscriber, at: time, now: datetime, weekday: str) -> datetime:
    """The next moment after ``now`` at which it is ``at`` where the subscriber is, on that weekday where one is named."""
    zone = _zone(subscriber.timezone)
    day = now.astimezone(zone).date()
    for ahead in range(9):
        due = _moment(day + timedelta(days=ahead), at, zone)
        if due > now and weekday in ("", WEEKDAYS[due.astimezone(zone).weekday()]):
            return due
    raise AssertionError("a week has seven days")


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """That time of that day, UTC; where the clocks jump over it, the moment they have jumped."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def _key(kind: Delivery | str, subscriber: Subscriber, due: datetime) -> str:
    local = due.astimezone(_zone(subscriber.timezone))
    return f"{kind}/{local:%Y-%m-%dT%H:%M}"


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
