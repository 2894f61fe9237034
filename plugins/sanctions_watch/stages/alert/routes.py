"""Who is told of an alert, and when: the subscribers one of whose routes it fits, as their routes, quiet hours and silences say.

A correction reaches exactly those who were told of the allegation before, whatever their routes and silences say now.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sanctions_watch.records import Alert, Channel, Delivery, Notification, Route, Silence, Subscriber, identify
from sanctions_watch.stages.alert.timetable import Closing, cap_closing, digest_closing, quiet_closing
from sanctions_watch.text import family, fold

MESSAGE_ID_DOMAIN = "sanctions-watch.internal"  # ".internal" is reserved for private use: nobody else's Message-ID ends so

_URGENCY: tuple[Delivery, ...] = ("immediate", "hourly", "daily", "weekly")
_IMO = re.compile(r"(?i)\A(?:imo[\s:]*)?(\d{7})\Z")


def fan_out(
    alert: Alert,
    subscribers: Sequence[Subscriber],
    now: datetime,
    *,
    recent: Mapping[tuple[str, Channel], int] | None = None,
    told: Iterable[tuple[str, str]] = (),
) -> list[Notification]:
    """One notification for each active subscriber and channel that the alert concerns.

    ``recent`` counts what each (subscriber, channel) got at once in the hour before ``now``; ``told`` names those (subscriber, channel)
    that a notification about the allegation was made for before. Ids and Message-IDs follow from the alert and the subscriber alone:
    fanning out again makes the same notifications.
    """
    known = set(told)
    made = []
    for subscriber in subscribers:
        if not subscriber.is_active:
            continue
        route = most_urgent(alert, subscriber)
        for channel, address in subscriber.addresses:
            key = (subscriber.subscriber_id, channel)
            if alert.kind == "CORRECTION":
                if key in known:
                    made.append(_timed(alert, subscriber, channel, address, route or Route(), now, recent))
            elif route is not None:
                made.append(_timed(alert, subscriber, channel, address, route, now, recent))
    return made


def most_urgent(alert: Alert, subscriber: Subscriber) -> Route | None:
    """Of the subscriber's routes that the alert fits, the one by which it comes soonest."""
    fitting = [route for route in subscriber.routes if wants(route, alert)]
    return min(fitting, key=lambda route: _URGENCY.index(route.delivery), default=None)


def wants(route: Route, alert: Alert) -> bool:
    """Whether an alert fits a route; an empty field of a route fits everything."""
    return (
        _is_conduct(route.conducts, alert)
        and _is_accused(route.accused, alert)
        and (not route.entities or names_one_of(route.entities, alert))
        and (not route.kinds or alert.kind in route.kinds)
        and (not route.languages or alert.language in route.languages)
        and is_at_least(alert.grade, route.minimum_grade)
    )


def is_at_least(grade: str, minimum: str) -> bool:
    """Whether a grade's letter and its figure are both as good as the minimum's: B2 is at least C3, B4 is not.

    F and 6 ("cannot be judged") count as the lowest.
    """
    return grade[:1] <= minimum[:1] and grade[1:] <= minimum[1:]


def names_one_of(wanted: Iterable[str], alert: Alert) -> bool:
    """Whether an alert names one of these companies, people or vessels, or a vessel by its IMO number."""
    there = {_entity_key(name) for name in (alert.accused, *alert.entities)}
    return any(_entity_key(name) in there for name in wanted)


def silence_of(alert: Alert, subscriber: Subscriber, now: datetime) -> Silence | None:
    """The subscriber's silence that covers an alert now, the longest one."""
    covering = [silence for silence in subscriber.silences if now < silence.until and _covers(silence, alert)]
    return max(covering, key=lambda silence: silence.until, default=None)


def _covers(silence: Silence, alert: Alert) -> bool:
    return (
        _is_conduct(silence.conducts, alert)
        and _is_accused(silence.accused, alert)
        and (not silence.allegations or alert.allegation_id in silence.allegations)
    )


def _is_conduct(conducts: Sequence[str], alert: Alert) -> bool:
    return not conducts or alert.conduct in conducts or family(alert.conduct) in conducts


def _is_accused(names: Sequence[str], alert: Alert) -> bool:
    """A route names an accused, or with an alpha-2 code everybody of that country."""
    if not names:
        return True
    return any(
        name == alert.accused_country if len(name) == 2 and name.isupper() else fold(name) == fold(alert.accused) for name in names
    )


def _entity_key(name: str) -> str:
    number = _IMO.match(name.strip())
    return f"imo {number.group(1)}" if number else fold(name)


def _timed(
    alert: Alert,
    subscriber: Subscriber,
    channel: Channel,
    address: str,
    route: Route,
    now: datetime,
    recent: Mapping[tuple[str, Channel], int] | None,
) -> Notification:
    """The notification in its first state: to go at once, held for a digest, or silenced."""
    notification_id = identify("notification", subscriber.subscriber_id, channel, alert.alert_id)
    silence = silence_of(alert, subscriber, now) if alert.kind != "CORRECTION" else None
    closing = None if silence else _closing(subscriber, route, now, (recent or {}).get((subscriber.subscriber_id, channel), 0))
    held_for = f"silenced until {silence.until:%Y-%m-%d %H:%M} UTC: {silence.reason}" if silence else ""
    return Notification(
        notification_id=notification_id,
        alert_id=alert.alert_id,
        subscriber_id=subscriber.subscriber_id,
        channel=channel,
        address=address,
        state="silenced" if silence else "held" if closing else "pending",
        message_id=f"<{notification_id}@{MESSAGE_ID_DOMAIN}>",
        attempts=0,
        next_attempt_at=closing.due_at if closing else now,
        digest_key=closing.digest_key if closing else "",
        held_for=closing.held_for if closing else held_for,
        made_at=now,
    )


def _closing(subscriber: Subscriber, route: Route, now: datetime, recent: int) -> Closing | None:
    if route.delivery != "immediate":
        return digest_closing(route, subscriber, now)
    return quiet_closing(subscriber, now) or (cap_closing(subscriber, now) if recent >= subscriber.cap_per_hour else None)
