"""Who gets an alert."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email.headerregistry import MessageIDHeader
from email.policy import default

import pytest
from tests.unit.alert.story import alerts

from sanctions_watch.records import Route, Subscriber
from sanctions_watch.stages.alert import fan_out
from sanctions_watch.stages.alert.routes import is_at_least, wants

NOW = datetime(2018, 9, 3, 7, tzinfo=UTC)
ALERT = replace(alerts()["new"], grade="C3")  # Mongolia, labour.new_permits, en


@pytest.mark.parametrize(
    ("route", "is_wanted"),
    [
        (Route(), True),
        (Route(conducts=("labour",)), True),
        (Route(conducts=("labour.new_permits",)), True),
        (Route(conducts=("labour.non_repatriation", "sea")), False),
        (Route(conducts=("lab",)), False),
        (Route(accused=("MN",)), True),
        (Route(accused=("mongolia",)), True),
        (Route(accused=("RU", "China")), False),
        (Route(kinds=("UPDATE", "NEW")), True),
        (Route(kinds=("CORRECTION",)), False),
        (Route(languages=("en",)), True),
        (Route(languages=("ko",)), False),
        (Route(minimum_grade="C3"), True),
        (Route(minimum_grade="B6"), False),
        (Route(minimum_grade="F2"), False),
        (Route(conducts=("labour",), accused=("RU",)), False),
    ],
)
def test_a_route_fits_where_all_its_fields_do(route, is_wanted):
    assert wants(route, ALERT) is is_wanted


def test_a_country_code_means_everybody_of_that_country():
    ship = replace(ALERT, accused="Paek Un 3", accused_kind="vessel", accused_country="KP")
    assert wants(Route(accused=("KP",)), ship)
    assert wants(Route(accused=("paek un 3",)), ship)
    assert not wants(Route(accused=("MN",)), ship)


@pytest.mark.parametrize(
    ("grade", "minimum", "enough"),
    [("A1", "F6", True), ("F6", "F6", True), ("B2", "C3", True), ("B4", "C3", False), ("D1", "C3", False)],
)
def test_grades(grade, minimum, enough):
    assert is_at_least(grade, minimum) is enough


def test_each_subscriber_gets_one_however_many_routes_fit():
    people = [
        Subscriber("a", "A", "a@x.example", (Route(), Route(conducts=("labour",)))),
        Subscriber("b", "B", "b@x.example", (Route(conducts=("sea",)),)),
        Subscriber("c", "C", "c@x.example", is_active=False),
        Subscriber("d", "D", "d@x.example", ()),
    ]
    made = fan_out(ALERT, people, NOW)
    assert [one.subscriber_id for one in made] == ["a"]
    assert (made[0].state, made[0].attempts, made[0].next_attempt_at, made[0].address, made[0].channel) == (
        "pending",
        0,
        NOW,
        "a@x.example",
        "mail",
    )


def test_fanning_out_again_makes_the_same_notifications():
    people = [Subscriber(name, name, f"{name}@x.example") for name in "abc"]
    first, second = fan_out(ALERT, people, NOW), fan_out(ALERT, people, NOW)
    assert first == second
    assert len({one.notification_id for one in first}) == len({one.message_id for one in first}) == 3
    others = fan_out(alerts()["update"], people, NOW)
    assert not {one.message_id for one in first} & {one.message_id for one in others}


def test_a_message_id_is_of_the_standards_form():
    [made] = fan_out(ALERT, [Subscriber("a", "A", "a@x.example")], NOW)
    header = default.header_factory("Message-ID", made.message_id)
    assert isinstance(header, MessageIDHeader)
    assert not header.defects
    assert made.message_id.startswith(f"<{made.notification_id}@")
