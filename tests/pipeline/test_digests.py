"""Digests, caps, outages and recalls through the whole flow, on the in-memory and the real store, killed at every call of the digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.pipeline.edges import ANALYST, COAL, FEED, LATER, NOW, Killed, KillingWarehouse, MailServer, flow_on, rss, run, world

from sanctions_watch.adapters.memory import MemoryWarehouse
from sanctions_watch.records import Route, Ruling

DAILY = replace(ANALYST, subscriber_id="daily", email="daily@example.org", routes=(Route(delivery="daily", at="08:00"),))
WATCHED = replace(DAILY, wants_proof=True)


def subjects(flow):
    return [(mail.recipient, mail.subject) for mail in flow.mailer.accepted]


def with_subscribers(warehouse, *subscribers, **changes):
    flow = flow_on(warehouse, **changes)
    flow.register([FEED], list(subscribers))
    return flow


def pass_time(flow, **hours):
    flow.clock.time += timedelta(**hours)
    flow.digest()
    flow.deliver()


def test_a_digest_comes_once_at_its_time_with_everything(warehouse):
    flow = with_subscribers(warehouse, DAILY)
    run(flow)
    flow.digest()
    flow.deliver()
    assert subjects(flow) == []
    pass_time(flow, days=1)
    [(recipient, subject)] = subjects(flow)
    assert recipient == "daily@example.org"
    assert subject.startswith("[DIGEST] Daily digest")
    assert "Lumina Bay Shipping" in flow.mailer.accepted[0].text
    pass_time(flow, hours=1)
    assert len(subjects(flow)) == 1


def test_silence_is_proved_once_a_day(warehouse):
    flow = with_subscribers(warehouse, WATCHED, pages={FEED.url: rss()})
    run(flow)
    flow.clock.time = (NOW + timedelta(days=1)).replace(hour=8, minute=2)
    pass_time(flow)
    [(_, subject)] = subjects(flow)
    assert subject.endswith("no alerts")
    assert "1 feed watched" in flow.mailer.accepted[0].text
    pass_time(flow, minutes=5)
    assert len(subjects(flow)) == 1
    pass_time(flow, days=1)
    assert len(subjects(flow)) == 2


def many(flow, count):
    """A feed gone mad: so many articles, each with an allegation of its own."""
    pages, _ = world()
    page = pages[COAL].decode()
    items = []
    for number in range(count):
        url, name = f"{COAL}-{number}", f"Lumina{chr(65 + number)} Shipping"
        pages[url] = page.replace("Lumina Bay Shipping", name).replace("21,500", f"{11 + number},500").encode()
        items.append(
            (
                url,
                f"UN panel: {name} moved North Korean coal through Vietnam",
                "Bought coal from North Korea.",
                NOW - timedelta(hours=2),
            )
        )
    pages[FEED.url] = rss(*items)
    flow.fetcher.pages.update(pages)


def test_a_cap_holds_back_and_one_summary_follows(warehouse):
    flow = with_subscribers(warehouse, replace(ANALYST, cap_per_hour=2))
    many(flow, 8)
    run(flow)
    assert len(subjects(flow)) == 2
    pass_time(flow, hours=1)
    assert len(subjects(flow)) == 3
    summary = flow.mailer.accepted[-1]
    assert summary.subject.startswith("[DIGEST] Held back")
    assert "more than 2 in an hour" in summary.text
    pass_time(flow, hours=1)
    assert len(subjects(flow)) == 3


def test_after_a_day_without_a_server_one_digest_comes(warehouse):
    flow = with_subscribers(warehouse, ANALYST)
    many(flow, 8)
    flow.mailer.troubles = [LATER] * 400
    run(flow)
    for _ in range(24):
        pass_time(flow, hours=1)
    assert subjects(flow) == []
    flow.mailer.troubles = []
    pass_time(flow, hours=2)
    [(_, subject)] = subjects(flow)
    assert subject.startswith("[DIGEST] Late alerts")
    with warehouse.begin() as unit:
        assert unit.counts(flow.clock.now()).waiting == 0


def test_killed_at_any_call_a_digest_comes_once_with_everything():
    calls = 1
    while True:
        warehouse = MemoryWarehouse()
        flow = with_subscribers(warehouse, DAILY)
        run(flow)
        flow.clock.time += timedelta(days=1)
        killing = replace(flow, warehouse=KillingWarehouse(warehouse, calls))
        try:
            killing.digest()
        except Killed:
            calls += 1
            flow.digest()
            flow.deliver()
            assert len(subjects(flow)) == 1
            continue
        break
    assert calls > 5


@pytest.mark.parametrize("quiet", ["00:00-23:59"])
def test_quiet_hours_end_in_one_mail_where_there_was_one(warehouse, quiet):
    flow = with_subscribers(warehouse, replace(ANALYST, quiet_hours=quiet))
    run(flow)
    assert subjects(flow) == []
    pass_time(flow, days=1)
    assert len(subjects(flow)) == 1


def test_a_server_that_stays_away_for_good_loses_nothing(warehouse):
    flow = with_subscribers(warehouse, ANALYST, mailer=MailServer())
    flow.mailer.troubles = [LATER] * 50
    run(flow)
    for _ in range(40):
        pass_time(flow, hours=1)
    flow.mailer.troubles = []
    pass_time(flow, hours=2)
    assert len(subjects(flow)) == 1


def changed_page(flow, **numbers):
    """The feed's article once more, with other figures."""
    pages = flow.fetcher.pages
    for old, new in numbers.items():
        pages[COAL] = pages[COAL].replace(old.strip("_").encode(), new.encode())
    title = "UN panel: Lumina Bay Shipping moved North Korean coal through Vietnam (updated)"
    pages[FEED.url] = rss(
        (COAL, title, "A company bought coal from North Korea, UN experts say. Updated.", NOW - timedelta(hours=2))
    )


def judged(flow, kind, **changes):
    with flow.warehouse.begin() as unit:
        told = unit.allegations_like({"lumina bay shipping"}, {"export"})
        for one in told:
            unit.save_ruling(Ruling(one.allegation_id, kind, "known to the committee", "mina", flow.clock.now(), **changes))
    return told


def test_a_dismissed_allegation_grows_in_silence_until_it_is_reopened(warehouse):
    flow = flow_on(warehouse)
    run(flow)
    before = len(flow.mailer.accepted)
    told = judged(flow, "dismiss")
    flow.clock.time += timedelta(hours=8)
    changed_page(flow, _21="38")
    run(flow)
    of_the_company = [
        mail for mail in flow.mailer.accepted[before:] if "Lumina Bay" in mail.subject and "CORRECTION" not in mail.subject
    ]
    assert of_the_company == []
    with warehouse.begin() as unit:
        [now] = [
            one for one in unit.allegations_like({"lumina bay shipping"}, {"export"}) if one.allegation_id == told[0].allegation_id
        ]
    assert any("38,500" in fact.value for fact in now.facts), "the ledger goes on"


def test_a_grade_given_by_an_analyst_stands_in_the_next_mail(warehouse):
    flow = flow_on(warehouse)
    run(flow)
    before = len(flow.mailer.accepted)
    judged(flow, "grade", grade="A1")
    flow.clock.time += timedelta(hours=8)
    changed_page(flow, _21="38")
    run(flow)
    new = [mail for mail in flow.mailer.accepted[before:] if "Lumina Bay" in mail.subject]
    assert new
    assert all("GRADE BY AN ANALYST: A1" in mail.text and "given by mina" in mail.text for mail in new)
