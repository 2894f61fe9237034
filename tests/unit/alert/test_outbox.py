"""The outbox's states: nothing is lost, and a duplicate is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.alert.story import alerts, notification

from sanctions_watch.errors import DeliveryError
from sanctions_watch.stages.alert import after_attempt
from sanctions_watch.stages.alert.outbox import LONGEST_PAUSE, MAX_UNANSWERED, pause

NOW = datetime(2018, 9, 3, 7, tzinfo=UTC)
PENDING = notification(alerts()["new"])
LATER = DeliveryError("451 try again", is_retryable=True)
NEVER = DeliveryError("550 no such user")
SILENCE = DeliveryError("no answer", is_uncertain=True)


def attempt(waiting, error, now=NOW):
    """What the pipeline does with one: committed as sending, then tried."""
    sending = replace(
        waiting, state="sending", attempts=waiting.attempts + 1, was_uncertain=waiting.was_uncertain or waiting.state == "uncertain"
    )
    return after_attempt(sending, now, error)


def test_accepted():
    sent = attempt(PENDING, None)
    assert (sent.state, sent.sent_at, sent.last_error, sent.attempts) == ("sent", NOW, "", 1)


def test_later_means_pending_with_growing_pauses():
    waiting, pauses = PENDING, []
    for _ in range(12):
        waiting = attempt(waiting, LATER)
        assert (waiting.state, waiting.last_error) == ("pending", "451 try again")
        pauses.append(waiting.next_attempt_at - NOW)
    assert pauses[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert pauses[-1] == LONGEST_PAUSE
    assert attempt(waiting, None).state == "sent"


def test_refused_for_good():
    assert attempt(PENDING, NEVER).state == "failed"


def test_an_unanswered_message_is_resent_under_its_own_id_and_counted():
    uncertain = attempt(PENDING, SILENCE)
    assert (uncertain.state, uncertain.was_uncertain) == ("uncertain", False)
    assert uncertain.next_attempt_at > NOW
    resent = attempt(uncertain, None)
    assert (resent.state, resent.was_uncertain, resent.message_id) == ("sent", True, PENDING.message_id)


def test_a_resent_message_that_meets_a_busy_server_waits_and_stays_marked():
    waiting = attempt(attempt(PENDING, SILENCE), LATER)
    assert (waiting.state, waiting.was_uncertain) == ("pending", True)


def test_a_server_that_never_answers_does_not_fill_the_mailbox():
    waiting = PENDING
    for number in range(1, MAX_UNANSWERED + 1):
        assert waiting.state != "failed"
        waiting = attempt(waiting, SILENCE)
        assert waiting.attempts == number
    assert waiting.state == "failed"
    assert "it may have arrived" in waiting.last_error


def test_a_few_silences_are_never_the_end_however_long_the_server_was_down():
    waiting = PENDING
    for _ in range(40):
        waiting = attempt(waiting, LATER)
    for _ in range(MAX_UNANSWERED - 1):
        waiting = attempt(waiting, SILENCE)
        assert waiting.state == "uncertain", "only silences count, not what a server refused while it was down"
    assert attempt(waiting, SILENCE).state == "failed"


def test_the_message_id_never_changes_and_long_errors_are_cut():
    after = attempt(PENDING, DeliveryError("x" * 9000, is_retryable=True))
    assert after.message_id == PENDING.message_id
    assert len(after.last_error) <= 500


@given(st.lists(st.sampled_from([LATER, SILENCE]), max_size=4))
def test_whatever_goes_wrong_a_few_times_it_is_sent_in_the_end(errors):
    waiting = PENDING
    for error in errors:
        waiting = attempt(waiting, error)
    assert attempt(waiting, None).state == "sent"
    assert waiting.state in {"pending", "uncertain"}


@pytest.mark.parametrize("attempts", [0, 1, 5, 10**6])
def test_pauses_are_bounded(attempts):
    assert timedelta(minutes=1) <= pause(attempts) <= LONGEST_PAUSE
