"""What every Warehouse does for alerts and their delivery."""

from dataclasses import replace

import pytest
from tests.contract.samples import T0, alert, allegation, article, assessment, days, minutes, notification, subscriber

from sanctions_watch.errors import WarehouseRefused
from sanctions_watch.records import Quarantined


def test_subscribers_come_back_whole_while_they_are_named_and_active(warehouse):
    with warehouse.begin() as unit:
        unit.save_subscribers([subscriber("b"), subscriber("a"), subscriber("off", is_active=False)])
        assert unit.subscribers() == [subscriber("a"), subscriber("b")]
        changed = subscriber("b", email="new@example.org", routes=())
        unit.save_subscribers([changed])
        assert unit.subscribers() == [changed]
        unit.save_subscribers([])
        assert unit.subscribers() == []


def test_alerts_are_fanned_out_once_the_oldest_first(warehouse, filled):
    later, earlier = filled.alerted(article(1), 1, at=T0 + minutes(1)), filled.alerted(article(2), 2, at=T0)
    with warehouse.begin() as unit:
        assert unit.alerts_to_fan_out(10) == [earlier, later]
        assert unit.alerts_to_fan_out(1) == [earlier]
        unit.save_notifications(earlier, [])
        assert unit.alerts_to_fan_out(10) == [later]
        assert unit.counts(T0).waiting == 1


def test_an_alert_in_other_hands_or_in_quarantine_is_left_out(warehouse, filled):
    told = [filled.alerted(article(number), number) for number in (1, 2, 3)]
    with warehouse.begin() as unit:
        unit.quarantine(Quarantined("fan_out", told[2].alert_id, "why", "", T0))
        assert unit.counts(T0).waiting == 2
    with warehouse.begin() as first:
        taken = first.alerts_to_fan_out(1)
        with warehouse.begin() as second:
            assert taken + second.alerts_to_fan_out(5) == told[:2]


def test_a_subscriber_is_notified_of_an_alert_once(warehouse, filled):
    told = filled.alerted(article(1))
    again = notification(told, notification_id="another", state="sent")
    with warehouse.begin() as unit:
        unit.save_subscribers([subscriber("desk"), subscriber("night")])
        unit.save_notifications(told, [notification(told), notification(told, "night")])
        unit.save_notifications(told, [notification(told), again])
        found = unit.notifications_to_send(T0, 10)
    assert sorted(found, key=lambda one: one[0].subscriber_id) == [
        (notification(told), told),
        (notification(told, "night"), told),
    ]


def test_notifications_of_the_unknown_are_refused(warehouse, filled):
    told = filled.alerted(article(1))
    with warehouse.begin() as unit:
        with pytest.raises(WarehouseRefused), unit.part():
            unit.save_notifications(told, [notification(told, "nobody")])
        stranger = alert(assessment(article(2), allegation(article(2), number=2)))
        with pytest.raises(WarehouseRefused), unit.part():
            unit.save_notifications(stranger, [])
        with pytest.raises(WarehouseRefused), unit.part():
            unit.save_notification(notification(told), T0)
        assert unit.alerts_to_fan_out(10) == [told]


def test_what_is_due_is_sent_the_oldest_alert_first(warehouse, filled):
    told, waiting = filled.notified(article(1), 1, next_attempt_at=T0 + days(1))
    other, pending = filled.notified(article(2), 2)
    with warehouse.begin() as unit:
        assert unit.notifications_to_send(T0, 10) == [(pending, other)]
        assert unit.notifications_to_send(T0 - minutes(1), 10) == []
        assert unit.notifications_to_send(T0 + days(1), 10) == [(waiting, told), (pending, other)]
        assert unit.notifications_to_send(T0 + days(1), 1) == [(waiting, told)]
        unit.quarantine(Quarantined("deliver", waiting.notification_id, "why", "", T0))
        assert unit.notifications_to_send(T0 + days(1), 10) == [(pending, other)]


def test_a_notification_in_other_hands_is_left_out(warehouse, filled):
    told, pending = filled.notified(article(1))
    with warehouse.begin() as first:
        assert first.notifications_to_send(T0, 10) == [(pending, told)]
        with warehouse.begin() as second:
            assert second.notifications_to_send(T0, 10) == []


def test_that_one_was_resent_is_never_unsaid(warehouse, filled):
    """A worker that lost its lock stores what it knows after another has sent again."""
    told, pending = filled.notified(article(1))
    with warehouse.begin() as unit:
        unit.save_notification(replace(pending, state="sending", attempts=2, was_uncertain=True, unanswered=1), T0)
        unit.save_notification(replace(pending, state="pending", attempts=1), T0)
        assert unit.notifications_to_send(T0, 10) == [(replace(pending, attempts=1, was_uncertain=True), told)]


def test_the_states_of_a_notification(warehouse, filled):
    told, pending = filled.notified(article(1))
    sending = replace(pending, state="sending", attempts=1)
    uncertain = replace(sending, state="uncertain", last_error="cut off")
    sent = replace(sending, state="sent", sent_at=T0 + minutes(3), was_uncertain=True, last_error="")
    with warehouse.begin() as unit:
        unit.save_notification(sending, T0)
        assert unit.notifications_to_send(T0, 10) == []
        assert unit.adrift_notifications(10) == [sending]
        assert unit.counts(T0).waiting == 1
        unit.save_notification(uncertain, T0 + minutes(1))
        assert unit.adrift_notifications(10) == []
        assert unit.notifications_to_send(T0 - days(1), 10) == []
        assert unit.notifications_to_send(uncertain.next_attempt_at, 10) == [(uncertain, told)]
        assert unit.alert_message_ids(told.allegation_id, "desk") == []
        unit.save_notification(sent, T0 + minutes(3))
        unit.save_notification(sent, T0 + minutes(3))
        assert unit.notifications_to_send(T0 + days(1), 10) == []
        counts = unit.counts(T0)
        assert (counts.mails_sent, counts.waiting) == (1, 0)
        assert unit.alert_message_ids(told.allegation_id, "desk") == [sent.message_id]
        assert unit.alert_message_ids(told.allegation_id, "night") == []
        assert unit.alert_message_ids("another", "desk") == []


def test_what_failed_for_good_no_longer_waits(warehouse, filled):
    _, pending = filled.notified(article(1))
    with warehouse.begin() as unit:
        unit.save_notification(replace(pending, state="failed"), T0)
        assert unit.notifications_to_send(T0 + days(9), 10) == []
        assert unit.counts(T0).waiting == 0


def test_those_adrift_come_the_longest_first(warehouse, filled):
    _, one = filled.notified(article(1), 1)
    _, two = filled.notified(article(2), 2)
    first, second = (replace(each, state="sending") for each in (two, one))
    with warehouse.begin() as unit:
        unit.save_notification(first, T0)
        unit.save_notification(second, T0 + minutes(1))
        unit.save_notification(first, T0 + minutes(2))  # still sending: since T0
        assert unit.adrift_notifications(10) == [first, second]
        assert unit.adrift_notifications(1) == [first]


def test_the_thread_of_an_allegation_is_in_the_order_of_sending(warehouse, filled):
    one, two = article(1), article(2)
    filled.extracted(one, two)
    made = [assessment(one, allegation(one)), assessment(two, allegation(two, version=2), novelty="UPDATE")]
    told = [alert(each) for each in made]
    with warehouse.begin() as unit:
        unit.save_subscribers([subscriber()])
        for each, article_, an_alert, sent_at in zip(made, (one, two), told, (T0 + minutes(9), T0 + minutes(5)), strict=True):
            unit.save_assessments(article_, [each], [an_alert], "assess-1")
            unit.save_notifications(an_alert, [notification(an_alert)])
            unit.save_notification(notification(an_alert, state="sent", sent_at=sent_at), sent_at)
        assert unit.alert_message_ids(told[0].allegation_id, "desk") == [
            notification(told[1]).message_id,
            notification(told[0]).message_id,
        ]


def test_counts_of_an_empty_warehouse_are_zero(warehouse):
    with warehouse.begin() as unit:
        counts = unit.counts(T0)
    assert set(counts.__slots__) == {name for name in counts.__slots__ if getattr(counts, name) == 0}


def test_waiting_counts_each_stage_once(warehouse, filled):
    def waiting():
        with warehouse.begin() as unit:
            return unit.counts(T0).waiting

    filled.cleaned(article(1))
    assert waiting() == 1  # for select
    filled.selected(article(2))
    assert waiting() == 2  # and for deduplicate
    filled.placed(article(3))
    assert waiting() == 3  # and for extract
    filled.extracted(article(4))
    assert waiting() == 4  # and for assess
    filled.alerted(article(5))
    assert waiting() == 5  # and for fanning out
    filled.notified(article(6), 2)
    assert waiting() == 6  # and for delivery
