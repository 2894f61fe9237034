"""What every Warehouse does for digests, silences, opt-outs and proofs."""

from dataclasses import replace

import pytest
from tests.contract.samples import T0, alert, allegation, article, assessment, days, minutes, notification, subscriber

from sanctions_watch.errors import WarehouseRefused
from sanctions_watch.records import Notification, Route, Silence, WatchProof

KEY = "daily/2018-08-05"
SILENCE = Silence(T0 + days(1), "known to us", conducts=("labour",), allegations=("x",))


def digest(key=KEY, to="desk", **changes):
    return replace(
        Notification(f"digest-{key}-{to}", "", to, "mail", f"{to}@example.org", "pending", "<d@x>", 0, T0, digest_key=key, made_at=T0), **changes
    )  # fmt: skip


def test_a_subscriber_comes_back_with_everything(warehouse):
    whole = subscriber(
        "a", webhook="cases", slack="desk", timezone="Asia/Seoul", quiet_hours="22:00-06:30", cap_per_hour=5, wants_proof=True,
        silences=(SILENCE,), routes=(Route(entities=("9162318",), delivery="weekly", at="09:00", weekday="friday"),),
    )  # fmt: skip
    with warehouse.begin() as unit:
        unit.save_subscribers([whole])
        assert unit.subscribers() == [whole]


def test_silences_said_on_the_page_come_after_the_files_and_outlive_it(warehouse):
    said = replace(SILENCE, reason="on leave")
    with warehouse.begin() as unit:
        unit.save_subscribers([subscriber("a", silences=(SILENCE,)), subscriber("b")])
        unit.save_silence("a", said, "mina", T0)
        unit.save_subscribers([subscriber("a", silences=(SILENCE,)), subscriber("b")])
        assert [one.silences for one in unit.subscribers()] == [(SILENCE, said), ()]
        with pytest.raises(WarehouseRefused), unit.part():
            unit.save_silence("nobody", said, "mina", T0)


def test_the_last_word_on_opting_out_counts_and_outlives_the_file(warehouse):
    with warehouse.begin() as unit:
        unit.save_subscribers([subscriber("a", slack="desk")])
        unit.save_opt_out("a", "mail", is_out=True, said_by="the link in a mail", now=T0)
        unit.save_subscribers([subscriber("a", slack="desk")])
        assert [one.addresses for one in unit.subscribers()] == [(("slack", "desk"),)]
        unit.save_opt_out("a", "mail", is_out=False, said_by="a", now=T0)
        assert unit.subscribers() == [subscriber("a", slack="desk")]
        with pytest.raises(WarehouseRefused), unit.part():
            unit.save_opt_out("nobody", "mail", is_out=True, said_by="", now=T0)


def test_what_is_held_waits_for_its_digest(warehouse, filled):
    told, held = filled.notified(
        article(1), 1, state="held", digest_key=KEY, held_for="daily digest", next_attempt_at=T0 + days(1), made_at=T0
    )
    with warehouse.begin() as unit:
        assert unit.notifications_to_send(T0 + days(9), 10) == []
        assert unit.held_notifications(T0, 10) == []
        assert unit.held_notifications(T0 + days(1), 10) == [held]
        assert unit.counts(T0).waiting == 0, "nothing is to be done about it now"
        assert unit.told_about(told.allegation_id) == [("desk", "mail")]


def test_a_digest_takes_its_members_once_and_is_sent_as_one(warehouse, filled):
    one, first = filled.notified(article(1), 1, state="held", digest_key=KEY, made_at=T0)
    two, second = filled.notified(article(2), 2, state="held", digest_key=KEY, made_at=T0)
    members = [replace(each, state="digested") for each in (first, second)]
    with warehouse.begin() as unit:
        assert unit.save_digest(digest(), members, T0)
        assert unit.save_digest(digest(), members, T0), "again is the same"
        assert unit.held_notifications(T0 + days(1), 10) == []
        assert unit.notifications_to_send(T0, 10) == [(digest(), None)]
        assert unit.digested_alerts(digest(), 10) == ([one, two], 2)
        assert unit.digested_alerts(digest(), 1) == ([one], 2)
        assert unit.digested_alerts(digest("daily/other"), 10) == ([], 0)
        unit.save_notification(digest(state="sent", sent_at=T0), T0)
        assert unit.counts(T0).mails_sent == 1
        assert unit.alert_message_ids(one.allegation_id, "desk") == []


@pytest.mark.parametrize(
    "gone", [{"state": "sent", "sent_at": T0}, {"state": "uncertain"}, {"state": "pending", "was_uncertain": True}]
)
def test_a_digest_that_has_gone_takes_nobody_more(warehouse, filled, gone):
    _, late = filled.notified(article(1), 1, state="held", digest_key=KEY, made_at=T0)
    with warehouse.begin() as unit:
        assert unit.save_digest(digest(), (), T0)
        unit.save_notification(digest(**gone), T0)
        assert not unit.save_digest(digest(), [replace(late, state="digested")], T0)
        assert unit.held_notifications(T0 + days(1), 10) == [late]


def test_a_digest_that_is_cut_off_is_adrift_like_any_other(warehouse, filled):
    filled.notified(article(1))
    with warehouse.begin() as unit:
        unit.save_digest(digest(), (), T0)
        unit.save_notification(digest(state="sending"), T0)
        assert unit.adrift_notifications(10) == [digest(state="sending")]


def test_what_an_outage_piles_up(warehouse, filled):
    _, tried = filled.notified(article(1), 1, attempts=2, made_at=T0)
    filled.notified(article(2), 2, attempts=0, made_at=T0)
    filled.notified(article(3), 3, attempts=2, was_uncertain=True, made_at=T0)
    filled.notified(article(4), 4, attempts=2, made_at=T0 + minutes(1))
    with warehouse.begin() as unit:
        unit.save_digest(digest(attempts=4), (), T0)
        assert unit.delayed_notifications(T0, 10) == [tried]


def test_the_cap_counts_what_goes_at_once(warehouse, filled):
    filled.notified(article(1), 1, made_at=T0)
    filled.notified(article(2), 2, made_at=T0 + minutes(5), state="sent")
    filled.notified(article(3), 3, made_at=T0 + minutes(5), state="held", digest_key=KEY)
    filled.notified(article(4), 4, made_at=T0 + minutes(5), state="silenced")
    with warehouse.begin() as unit:
        unit.save_digest(digest(made_at=T0 + minutes(5)), (), T0)
        assert unit.recently_made(T0) == {("desk", "mail"): 1}
        assert unit.recently_made(T0 - minutes(1)) == {("desk", "mail"): 2}


def test_who_was_told(warehouse, filled):
    one = article(1)
    filled.extracted(one)
    made = assessment(one, allegation(one))
    told = alert(made)
    with warehouse.begin() as unit:
        unit.save_subscribers([subscriber(name) for name in ("a", "b", "c", "d")])
        unit.save_assessments(one, [made], [told], "assess-1")
        states = {"a": "sent", "b": "silenced", "c": "failed", "d": "pending"}
        unit.save_notifications(told, [notification(told, name, state=state) for name, state in states.items()])
        assert unit.told_about(told.allegation_id) == [("a", "mail"), ("d", "mail")]
        assert unit.told_about("another") == []


def test_a_proof_counts_what_was_watched(warehouse, filled):
    filled.selected(article(1))
    with warehouse.begin() as unit:
        proof = unit.watch_proof(T0 - days(400), T0 + days(400))
        assert (proof.articles, proof.selected) == (1, 1)
        assert unit.watch_proof(T0 + days(400), T0 + days(401)) == WatchProof(
            T0 + days(400), T0 + days(401), feeds=proof.feeds, polled=0, failed=0, polls=0, articles=0, selected=0
        )
