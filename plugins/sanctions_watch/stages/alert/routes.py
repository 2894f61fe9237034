"""Who gets an alert: the subscribers one of whose routes it fits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sanctions_watch.records import Alert, Notification, Route, Subscriber, identify
from sanctions_watch.text import family, fold

MESSAGE_ID_DOMAIN = "sanctions-watch.internal"  # ".internal" is reserved for private use: nobody else's Message-ID ends so


def fan_out(alert: Alert, subscribers: Sequence[Subscriber], now: datetime) -> list[Notification]:
    """One notification for each active subscriber whom the alert concerns, due at once.

    Ids and Message-IDs follow from the alert and the subscriber alone: fanning out again makes the same notifications.
    """
    return [
        _notification(alert, subscriber, now)
        for subscriber in subscribers
        if subscriber.is_active and any(wants(route, alert) for route in subscriber.routes)
    ]


def wants(route: Route, alert: Alert) -> bool:
    """Whether an alert fits a route; an empty field of a route fits everything."""
    return (
        (not route.conducts or alert.conduct in route.conducts or family(alert.conduct) in route.conducts)
        and (not route.accused or any(_is_accused(name, alert) for name in route.accused))
        and (not route.kinds or alert.kind in route.kinds)
        and (not route.languages or alert.language in route.languages)
        and is_at_least(alert.grade, route.minimum_grade)
    )


def is_at_least(grade: str, minimum: str) -> bool:
    """Whether a grade's letter and its figure are both as good as the minimum's: B2 is at least C3, B4 is not.

    F and 6 ("cannot be judged") count as the lowest.
    """
    return grade[:1] <= minimum[:1] and grade[1:] <= minimum[1:]


def _is_accused(name: str, alert: Alert) -> bool:
    """A route names an accused, or with an alpha-2 code everybody of that country."""
    if len(name) == 2 and name.isupper():
        return name == alert.accused_country
    return fold(name) == fold(alert.accused)


def _notification(alert: Alert, subscriber: Subscriber, now: datetime) -> Notification:
    notification_id = identify("notification", subscriber.subscriber_id, "mail", alert.alert_id)
    return Notification(
        notification_id=notification_id,
        alert_id=alert.alert_id,
        subscriber_id=subscriber.subscriber_id,
        channel="mail",
        address=subscriber.email,
        state="pending",
        message_id=f"<{notification_id}@{MESSAGE_ID_DOMAIN}>",
        attempts=0,
        next_attempt_at=now,
    )
