"""What is held, gathered, silenced and recalled, and the digests' messages."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.unit.alert.story import alerts

from sanctions_watch.records import Route, Silence, Subscriber, WatchProof
from sanctions_watch.stages.alert import catch_up, fan_out, gather, proofs, render, render_digest
from sanctions_watch.stages.alert.digests import OUTAGE, PILE
from sanctions_watch.stages.alert.routes import wants

NOW = datetime(2018, 9, 3, 7, tzinfo=UTC)
ALERT = replace(alerts()["new"], grade="C3")
HOUR = timedelta(hours=1)


def someone(**changes):
    return Subscriber("a", "A", **({"email": "a@x.example"} | changes))


def numbered(count):
    return [replace(ALERT, alert_id=f"alert{number}", created_at=NOW + timedelta(seconds=number)) for number in range(count)]


def test_a_digest_route_holds_and_an_immediate_one_comes_first():
    [held] = fan_out(ALERT, [someone(routes=(Route(delivery="daily", at="08:00"),))], NOW)
    assert (held.state, held.next_attempt_at, held.digest_key) == ("held", NOW + HOUR, "daily/2018-09-03T08:00")
    [soon] = fan_out(ALERT, [someone(routes=(Route(delivery="weekly"), Route(conducts=("labour",))))], NOW)
    assert soon.state == "pending"


def test_quiet_hours_hold_what_would_come_at_once():
    [held] = fan_out(ALERT, [someone(quiet_hours="06:00-09:00")], NOW)
    assert (held.state, held.next_attempt_at) == ("held", NOW + 2 * HOUR)


def test_beyond_the_cap_it_is_held_for_the_hours_summary():
    people = [someone(cap_per_hour=2)]
    made = fan_out(ALERT, people, NOW, recent={("a", "mail"): 1})
    assert made[0].state == "pending"
    made = fan_out(ALERT, people, NOW, recent={("a", "mail"): 2})
    assert (made[0].state, made[0].digest_key) == ("held", "cap/2018-09-03T08")


@pytest.mark.parametrize(
    ("silence", "state"),
    [
        (Silence(NOW + HOUR, "known"), "silenced"),
        (Silence(NOW, "over"), "pending"),
        (Silence(NOW + HOUR, "other", conducts=("sea",)), "pending"),
        (Silence(NOW + HOUR, "this", conducts=("labour",), accused=("MN",)), "silenced"),
        (Silence(NOW + HOUR, "that one", allegations=(ALERT.allegation_id,)), "silenced"),
        (Silence(NOW + HOUR, "another", allegations=("x",)), "pending"),
    ],
)
def test_silences(silence, state):
    [made] = fan_out(ALERT, [someone(silences=(silence,))], NOW)
    assert made.state == state
    assert (silence.reason in made.held_for) is (state == "silenced")


def test_a_correction_reaches_those_who_were_told_and_nobody_else():
    correction = replace(ALERT, kind="CORRECTION")
    told = someone(routes=(Route(conducts=("sea",)),), silences=(Silence(NOW + HOUR, "quiet"),))
    untold = replace(someone(), subscriber_id="b")
    [made] = fan_out(correction, [told, untold], NOW, told=[("a", "mail"), ("gone", "mail")])
    assert (made.subscriber_id, made.state) == ("a", "pending")
    assert fan_out(correction, [told, untold], NOW) == []


def test_entities_are_watched_wherever_they_stand():
    named = replace(ALERT, entities=("Mongolia", "Paek Un 3", "IMO 9162318"))
    assert wants(Route(entities=("paek un 3",)), named)
    assert wants(Route(entities=("9162318",)), named)
    assert wants(Route(entities=("IMO: 9162318",)), named)
    assert not wants(Route(entities=("Paek Un 5", "IMO 9162317")), named)


def test_each_channel_gets_its_own():
    made = fan_out(ALERT, [someone(webhook="case-system", slack="desk")], NOW)
    assert [(one.channel, one.address) for one in made] == [("mail", "a@x.example"), ("webhook", "case-system"), ("slack", "desk")]
    assert len({one.notification_id for one in made}) == 3


def held(count, **changes):
    people = [someone(**({"routes": (Route(delivery="daily", at="08:00"),)} | changes))]
    return [fan_out(each, people, NOW)[0] for each in numbered(count)]


def test_what_was_held_becomes_one_digest():
    gathered = gather(held(3), NOW + HOUR)
    [digest] = gathered.digests
    assert digest.is_digest
    assert (digest.digest_key, digest.state, digest.address) == ("daily/2018-09-03T08:00", "pending", "a@x.example")
    assert [one.state for one in gathered.changed] == ["digested"] * 3
    assert gather(list(reversed(held(3))), NOW + HOUR).digests == gathered.digests


def test_one_alone_in_a_scheduled_digest_is_a_digest_and_after_quiet_hours_goes_as_itself():
    assert len(gather(held(1), NOW + HOUR).digests) == 1
    quiet = gather(held(1, routes=(Route(),), quiet_hours="06:00-08:00"), NOW + HOUR)
    assert quiet.digests == ()
    assert [one.state for one in quiet.changed] == ["pending"]


def test_an_outage_ends_in_one_digest():
    late = [replace(one, state="pending", attempts=2) for one in held(PILE, routes=(Route(),))]
    gathered = catch_up(late, NOW + OUTAGE)
    assert (len(gathered.digests), len(gathered.changed)) == (1, PILE)
    assert catch_up(late[1:], NOW + OUTAGE).digests == ()
    assert catch_up(late, NOW + OUTAGE - timedelta(seconds=1)).digests == ()
    assert catch_up([replace(one, attempts=0) for one in late], NOW + OUTAGE).digests == ()


def test_a_proof_of_silence_is_due_once_a_day_and_not_long_after():
    wanting = someone(wants_proof=True, routes=(Route(delivery="daily", at="06:00"),))
    [one] = proofs([wanting, someone()], NOW)
    assert one.digest_key == "daily/2018-09-03T06:00"
    assert proofs([wanting], NOW + HOUR)[0].notification_id == one.notification_id
    assert proofs([wanting], NOW + 8 * HOUR) == []


PROOF = WatchProof(NOW - timedelta(days=1), NOW, feeds=16, polled=15, failed=1, polls=300, articles=40, selected=3)


def told(count, total=None, channel="mail", proof=PROOF):
    digest = replace(gather(held(1), NOW + HOUR).digests[0], channel=channel)
    return render_digest(numbered(count), total or count, digest, proof, sender="S <s@x.example>", page_url="http://page.example")


def test_a_digest_mail_counts_names_and_proves():
    mail = told(3)
    assert mail.subject == "[DIGEST] Daily digest, 3 Sep 2018: 3 alerts: 3 new"
    for part in (mail.text, mail.html):
        assert part.count("Mongolia, new work permits") >= 3
        assert "15 of them polled" in " ".join(part.split())
        assert "not findings" in part
    assert "<script" not in mail.html


def test_a_day_without_alerts_says_that_somebody_looked():
    mail = told(0)
    assert mail.subject.endswith("no alerts")
    assert "16 feeds watched" in mail.text


def test_a_large_digest_stays_below_what_mail_programs_cut():
    mail = told(100, total=9000)
    assert "and 8900 more" in mail.text
    assert len(mail.html.encode()) < 102_000


def test_scraped_text_is_escaped_in_a_digest():
    digest = gather(held(1), NOW + HOUR).digests[0]
    hostile = replace(ALERT, headline="<img src=x onerror=alert(1)> \u202egrof", summary="a\r\nBcc: x@y.example")
    mail = render_digest([hostile], 1, digest, None, sender="S <s@x.example>", page_url="http://page.example")
    assert "<img" not in mail.html
    assert "\u202e" not in mail.html + mail.text
    assert "\nBcc" not in mail.text


def test_a_webhook_gets_a_cloudevent():
    [made] = fan_out(ALERT, [someone(email="", webhook="cases")], NOW)
    post = render(ALERT, made, sender="", thread=(), page_url="http://page.example")
    event = json.loads(post.body)
    assert (event["specversion"], event["id"], event["type"]) == ("1.0", made.notification_id, "sanctions-watch.alert.new")
    assert event["data"]["alert"]["accused"] == "Mongolia"
    assert event["data"]["page"] == f"http://page.example/sanctions_watch/allegations/{ALERT.allegation_id}"
    digest = json.loads(told(2, channel="webhook").body)
    assert (digest["type"], len(digest["data"]["alerts"]), digest["data"]["total"]) == ("sanctions-watch.digest", 2, 2)


def test_slack_gets_blocks_in_which_scraped_text_mentions_and_links_nobody():
    [made] = fan_out(ALERT, [someone(email="", slack="desk")], NOW)
    hostile = replace(ALERT, headline="<!channel> alleges <http://x.example|this> *bold*", summary="&lt;!here&gt;")
    content = json.loads(render(hostile, made, sender="", thread=(), page_url="http://page.example").body)
    written = json.dumps(content, ensure_ascii=False)
    assert "<!channel>" not in written
    assert "<http://x.example" not in written
    assert "*bold*" not in written
    assert "&amp;lt;!here&amp;gt;" in written
    assert all(len(block["text"]["text"]) <= 3000 for block in content["blocks"] if block["type"] == "section")
    assert len(json.loads(told(100, channel="slack").body)["blocks"]) <= 50
