"""Saying something on the page: who may, that only the page itself can send it, and what becomes of it."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from fastapi import HTTPException, Request
from starlette.testclient import TestClient
from tests.web import ledger
from tests.web.conftest import guard

from sanctions_watch.adapters.signing import Signer
from sanctions_watch.clock import FixedClock
from sanctions_watch.records import Selection, Subscriber
from sanctions_watch.web import create_app
from sanctions_watch.web.desk import Desk, RateLimit, Visitor

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CLOCK = FixedClock(NOW)
SIGNER = Signer("k" * 32, "http://testserver", CLOCK)


def visitor(request: Request) -> Visitor:
    name = request.headers.get("who")
    if name is None:
        raise HTTPException(401)
    return Visitor(name, name.title(), may_judge=name != "viewer")


@pytest.fixture
def desk(postgres_warehouse):
    """(a client for a user's name, ids, warehouse)."""
    ids = ledger.store(postgres_warehouse)
    app = create_app(postgres_warehouse.read, None, guard, Desk(postgres_warehouse.begin, CLOCK.now, SIGNER, visitor))

    def client(who="mina"):
        headers = {"card": "reader", "who": who} if who else {}
        return TestClient(app, headers=headers, follow_redirects=False)

    return client, ids, postgres_warehouse


def some_id(ids):
    return next(iter(ids.values()))


def says(who="mina", **fields):
    return {"token": SIGNER.form_token(who), **fields}


def test_a_verdict_is_kept_with_name_reason_and_time_and_shown(desk):
    client, ids, warehouse = desk
    one = some_id(ids)
    answer = client().post(f"/allegations/{one}/rulings", data=says(kind="dismiss", reason="  a\nmix-up <b> "))
    assert (answer.status_code, answer.headers["location"]) == (303, f"../{one}#verdict")
    with warehouse.begin() as unit:
        [ruling] = unit.rulings([one])[one]
    assert (ruling.kind, ruling.reason, ruling.said_by, ruling.said_at) == ("dismiss", "a mix-up <b>", "Mina", NOW)
    page = client().get(f"/allegations/{one}").text
    assert "Dismissed" in page
    assert "a mix-up &lt;b&gt;" in page


def test_a_grade_and_back(desk):
    client, ids, warehouse = desk
    one = some_id(ids)
    for grade in ("B2", ""):
        assert client().post(f"/allegations/{one}/rulings", data=says(kind="grade", grade=grade)).status_code == 303
    with warehouse.begin() as unit:
        assert [ruling.grade for ruling in unit.rulings([one])[one]] == ["B2", ""]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"kind": "dismiss"}, 422),
        ({"kind": "burn", "reason": "x"}, 422),
        ({"kind": "grade", "grade": "Z9"}, 422),
        ({"kind": "confirm", "reason": "x" * 3000}, 422),
        ({}, 422),
    ],
)
def test_what_cannot_be_said(desk, fields, status):
    client, ids, warehouse = desk
    one = some_id(ids)
    assert client().post(f"/allegations/{one}/rulings", data=says(**fields)).status_code == status
    with warehouse.begin() as unit:
        assert unit.rulings([one]) == {}


def test_of_what_is_not_there_nothing_can_be_said(desk):
    client, _, _ = desk
    assert client().post("/allegations/nothing/rulings", data=says(kind="confirm")).status_code == 404
    assert client().post("/reviews", data=says(subject_kind="claim", subject_id="none", decision="right")).status_code == 404


@pytest.mark.parametrize(
    ("who", "token", "headers", "status"),
    [
        (None, "", {}, 401),
        ("viewer", "viewer", {}, 403),
        ("mina", "jon", {}, 403),
        ("mina", None, {}, 403),
        ("mina", "mina", {"sec-fetch-site": "cross-site"}, 403),
        ("mina", "mina", {"sec-fetch-site": "same-site"}, 403),
        ("mina", "mina", {"sec-fetch-site": "same-origin"}, 303),
    ],
)
def test_who_may_say_something_and_only_on_this_page(desk, who, token, headers, status):
    client, ids, _ = desk
    one = some_id(ids)
    told = {"token": SIGNER.form_token(token) if token else "forged", "kind": "confirm"}
    assert client(who).post(f"/allegations/{one}/rulings", data=told, headers=headers).status_code == status


def test_a_viewer_reads_the_queues_and_sees_no_forms_and_no_addresses(desk):
    client, _, _ = desk
    for view in ("allegations", "claims", "articles"):
        answer = client("viewer").get(f"/review?view={view}")
        assert answer.status_code == 200
        assert "<form" not in answer.text
    assert client("viewer").get("/subscribers").status_code == 403
    assert client("viewer").get("/cases.jsonl").status_code == 403


def test_what_was_judged_leaves_the_queue_and_becomes_a_case(desk):
    client, _, _ = desk
    before = client().get("/review").text
    waiting = re.findall(r'href="\./allegations/([\w-]+)"', before)
    assert waiting
    client().post(f"/allegations/{waiting[0]}/rulings", data=says(kind="confirm", reason="seen the report"))
    assert waiting[0] not in re.findall(r'href="\./allegations/([\w-]+)"', client().get("/review").text)
    cases = [json.loads(line) for line in client().get("/cases.jsonl").text.splitlines()]
    assert [(case["subject_id"], case["decision"], case["said_by"]) for case in cases] == [(waiting[0], "confirm", "Mina")]
    assert cases[0]["told"]["conduct"]


def test_uncertain_claims_are_asked_about_once(desk):
    client, _, warehouse = desk
    doubtful = replace(
        ledger.claim(ledger.UPI, ledger.PERMITS, ledger.CHINA, "labour.new_permits", [ledger.said("the ledger", "shows")]),
        status="review",
    )
    with warehouse.begin() as unit:
        unit.save_claims(ledger.UPI, [doubtful], "extract-2")
    claim = doubtful.claim_id
    assert claim in client().get("/review?view=claims").text
    answer = client().post("/reviews", data=says(subject_kind="claim", subject_id=claim, decision="wrong", reason="a norm"))
    assert (answer.status_code, answer.headers["location"]) == (303, "review?view=claims")
    assert claim not in client().get("/review?view=claims").text


def test_near_misses_are_asked_about_once(desk):
    client, _, warehouse = desk
    missed = ledger.article(9, "Coal Weekly", "Freight rates in the north", ["Ships waited."])
    with warehouse.begin() as unit:
        unit.save_article(missed, None, "clean-1")
        unit.save_selection(Selection(missed.article_id, 1, False, True, 0.44, ("names North Korea",), "select-1"))
    assert "Freight rates in the north" in client().get("/review?view=articles").text
    told = says(subject_kind="article", subject_id=missed.article_id, decision="right")
    assert client().post("/reviews", data=told).status_code == 303
    assert "Freight rates in the north" not in client().get("/review?view=articles").text


def test_a_mails_link_asks_again_and_then_says_it(desk):
    client, ids, warehouse = desk
    one = some_id(ids)
    addresses = dict(SIGNER.links("desk", "mail", one).actions)
    for address in addresses.values():
        parts = urlsplit(address)
        path = parts.path.removeprefix("/sanctions_watch") + "?" + parts.query
        assert client(None).get(path).status_code == 401
        page = client().get(path)
        assert page.status_code == 200
        assert 'method="post"' in page.text
        assert "<form" not in client("viewer").get(path).text
    with warehouse.begin() as unit:
        assert unit.rulings([one]) == {}, "opening a link says nothing"
    assert client().get("/act?t=forged").status_code == 400


def test_a_silence_from_a_mail_is_the_subscribers(desk):
    client, ids, warehouse = desk
    one = some_id(ids)
    with warehouse.begin() as unit:
        unit.save_subscribers([Subscriber("desk", "Desk", "desk@example.org")])
    link = dict(SIGNER.links("desk", "mail", one).actions)["silence"].partition("?t=")[2]
    assert client().post("/silences", data=says(link=link, reason="enough")).status_code == 303
    with warehouse.begin() as unit:
        [silence] = unit.subscribers()[0].silences
    assert (silence.allegations, silence.until, silence.reason) == ((one,), NOW + timedelta(days=30), "enough")
    assert client().post("/silences", data=says(link="forged")).status_code == 400


def test_one_click_ends_a_subscription_without_a_log_in(desk):
    client, _, warehouse = desk
    with warehouse.begin() as unit:
        unit.save_subscribers([Subscriber("desk", "Desk", "desk@example.org")])
    path = "/unsubscribe?" + urlsplit(SIGNER.links("desk", "mail").unsubscribe).query
    asked = client(None).get(path)
    assert asked.status_code == 405
    assert 'method="post"' in asked.text
    with warehouse.begin() as unit:
        assert unit.subscribers()[0].email, "a scanner that follows the link ends nothing"
    done = client(None).post(path, data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    with warehouse.begin() as unit:
        assert unit.subscribers()[0].addresses == ()
    assert "desk@example.org" not in done.text
    shown = client().get("/subscribers").text
    assert "opted out" in shown
    assert client().post("/subscribers/desk/again", data=says(channel="mail")).status_code == 303
    with warehouse.begin() as unit:
        assert unit.subscribers()[0].email == "desk@example.org"


def test_a_forged_or_endless_unsubscribing_is_refused(desk):
    client, _, _ = desk
    assert client(None).post("/unsubscribe?t=forged").status_code == 400
    anonymous = client(None)
    codes = {anonymous.post("/unsubscribe?t=x").status_code for _ in range(80)}
    assert 429 in codes


def test_the_limit_counts_a_while_only():
    limit = RateLimit(2, 10.0)
    assert [limit.allows(at) for at in (0, 1, 2, 10.5, 11.5)] == [True, True, False, True, True]


def test_every_route_but_unsubscribing_asks_the_guard_first():
    @contextmanager
    def begin():
        raise AssertionError("a refused visitor reached the warehouse")
        yield

    def read(query, **parameters):
        raise AssertionError("a refused visitor reached the warehouse")

    app = create_app(read, None, guard, Desk(begin, CLOCK.now, SIGNER, visitor))
    client = TestClient(app, headers={"card": "guest", "who": "mina"}, follow_redirects=False)
    asked = 0
    for route in app.routes:
        for method in route.methods - {"HEAD"}:
            if route.path == "/unsubscribe":
                continue
            address = re.sub(r"\{\w+\}", "x", route.path)
            assert client.request(method, address, data=says()).status_code == 403, route.path
            asked += 1
    assert asked >= 14
