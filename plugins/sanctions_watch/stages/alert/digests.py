"""Digests: what was held is gathered when its time has come, and what an outage has piled up becomes one message.

A digest is a notification without an alert of its own, unique on (subscriber, channel, digest key); its members say which digest they
went into, so that nothing is ever in two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from sanctions_watch.records import Channel, Notification, Subscriber, identify
from sanctions_watch.stages.alert.routes import MESSAGE_ID_DOMAIN
from sanctions_watch.stages.alert.timetable import Closing, last_daily_closing

OUTAGE = timedelta(hours=1)  # what has waited longer for a server that does not take it ...
PILE = 6  # ... comes as one digest from so many on
PROOF_WINDOW = timedelta(hours=6)  # a proof of silence that is later than this has proved nothing

_SCHEDULED = ("hourly/", "daily/", "weekly/")


@dataclass(frozen=True, slots=True)
class Gathering:
    """What becomes of held notifications: digests that are new, and the members (or single messages) in their new state."""

    digests: tuple[Notification, ...] = ()
    changed: tuple[Notification, ...] = ()


def gather(held: Sequence[Notification], now: datetime) -> Gathering:
    """Make the digests of held notifications whose time has come. What waited alone for quiet hours or a cap goes as itself."""
    digests, changed = [], []
    for members in _groups(held):
        first = members[0]
        if len(members) == 1 and not first.digest_key.startswith(_SCHEDULED):
            changed.append(replace(first, state="pending", next_attempt_at=now))
            continue
        digests.append(_digest(first, first.digest_key, first.held_for, now))
        changed += [replace(member, state="digested") for member in members]
    return Gathering(tuple(digests), tuple(changed))


def catch_up(waiting: Sequence[Notification], now: datetime) -> Gathering:
    """After an outage: one digest for each subscriber and channel where more than a few messages have been refused for an hour.

    ``waiting`` are pending single notifications that were tried. One that is uncertain is not among them: it goes again as itself.
    """
    late = [one for one in waiting if one.attempts and one.made_at is not None and one.made_at <= now - OUTAGE]
    digests, changed = [], []
    for members in _groups([replace(one, digest_key=f"catch-up/{now.isoformat()}") for one in late]):
        if len(members) >= PILE:
            digests.append(_digest(members[0], members[0].digest_key, "what could not be delivered before", now))
            changed += [replace(member, state="digested", held_for="an outage of the delivery") for member in members]
    return Gathering(tuple(digests), tuple(changed))


def proofs(subscribers: Iterable[Subscriber], now: datetime) -> list[Notification]:
    """The daily digests that are due on a day without alerts too, for those who want a proof that somebody looked."""
    due = []
    for subscriber in subscribers:
        if not (subscriber.is_active and subscriber.wants_proof):
            continue
        daily = next((route for route in subscriber.routes if route.delivery == "daily"), subscriber.routes[0])
        closing = last_daily_closing(daily, subscriber, now)
        if now - closing.due_at <= PROOF_WINDOW:
            due += [_proof(subscriber, channel, address, closing, now) for channel, address in subscriber.addresses]
    return due


def _proof(subscriber: Subscriber, channel: Channel, address: str, closing: Closing, now: datetime) -> Notification:
    blank = Notification("", "", subscriber.subscriber_id, channel, address, "pending", "", 0, now)
    return _digest(blank, closing.digest_key, closing.held_for, now)


def _groups(notifications: Iterable[Notification]) -> list[list[Notification]]:
    def key(one: Notification) -> tuple[str, str, str]:
        return one.subscriber_id, one.channel, one.digest_key

    return [list(members) for _, members in groupby(sorted(notifications, key=key), key)]


def _digest(member: Notification, digest_key: str, held_for: str, now: datetime) -> Notification:
    notification_id = identify("digest", member.subscriber_id, member.channel, digest_key)
    return Notification(
        notification_id=notification_id,
        alert_id="",
        subscriber_id=member.subscriber_id,
        channel=member.channel,
        address=member.address,
        state="pending",
        message_id=f"<{notification_id}@{MESSAGE_ID_DOMAIN}>",
        attempts=0,
        next_attempt_at=now,
        digest_key=digest_key,
        held_for=held_for,
        made_at=now,
    )
