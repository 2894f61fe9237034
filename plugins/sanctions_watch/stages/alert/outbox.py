"""The outbox: what an attempt's outcome does to a notification.

    pending -> sending -> sent                      the server accepted it
                       -> pending                   4xx, no connection: later, with growing pauses, for as long as it takes
                       -> failed                    5xx: the server will never take it
                       -> uncertain -> sending ...  the answer was lost after DATA: resent with the same Message-ID, and counted

"sending" is committed before the server sees the message, so that a crash is found and treated as a lost answer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sanctions_watch.errors import DeliveryError
from sanctions_watch.records import Notification
from sanctions_watch.text import squeeze

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
MAX_UNANSWERED = (
    5  # attempts without an answer, whatever came between: a server that takes messages and never answers must not fill a mailbox
)


def after_attempt(notification: Notification, now: datetime, error: DeliveryError | None) -> Notification:
    """The notification after an attempt. It comes in the state "sending", with this attempt counted."""
    if error is None:
        return replace(notification, state="sent", sent_at=now, last_error="")
    reason = squeeze(error.reason)[:500]
    later = now + pause(notification.attempts)
    if error.is_uncertain:
        silent = replace(notification, unanswered=notification.unanswered + 1)
        if silent.unanswered >= MAX_UNANSWERED:
            given_up = f"{reason}; resent with the same Message-ID, never answered: it may have arrived"
            return replace(silent, state="failed", last_error=given_up)
        return replace(silent, state="uncertain", last_error=reason, next_attempt_at=later)
    if error.is_retryable:
        return replace(notification, state="pending", last_error=reason, next_attempt_at=later)
    return replace(notification, state="failed", last_error=reason)


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 1, 2, 4 ... minutes, at most an hour."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << max(0, min(attempts, 12) - 1)))
