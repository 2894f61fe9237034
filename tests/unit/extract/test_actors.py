"""Names in an article: what they are, whose they are, short forms, ships and their numbers."""

import pytest
from tests.unit.extract.news import article

from sanctions_watch.records import Actor
from sanctions_watch.stages.extract.actors import Cast, cast_of, imo_is_valid, survey
from sanctions_watch.stages.extract.sentences import split


def cast(body: str, **fields: str) -> Cast:
    source = article(body, **fields)  # type: ignore[arg-type]
    return cast_of(source, survey(source, split(source)), (), is_at_sea=True)


def named(body: str) -> dict[str, str]:
    return {actor.name: actor.kind for actor in cast(body).names.values()}


@pytest.mark.parametrize(
    ("body", "name", "kind"),
    [
        ("Police searched Selat Marine Fuels on Friday.", "Selat Marine Fuels", "company"),
        ("The tanker Paek Ma left port.", "Paek Ma", "vessel"),
        ("They saw the Marshall Islands-flagged Sun Tern leave.", "Sun Tern", "vessel"),
        ("The Latvian bank Daugava Kredits kept it.", "Daugava Kredits", "bank"),
        ("Its owner, Paolo Venier, 53, denied it.", "Paolo Venier", "person"),
        ("Defence Minister Tomomi Inada spoke.", "Tomomi Inada", "person"),
        ("A firm in Apia called Oceanic Reach chartered it.", "Oceanic Reach", "company"),
        ("A logging cooperative in the Amur region, Tyndales, cut it.", "Tyndales", "company"),
        ("Then the Angara was loaded, and the Angara left.", "Angara", "vessel"),
        ("Mediasynth, a pharmacy wholesaler, pays rent.", "Mediasynth", "company"),
    ],
)
def test_what_a_name_is(body: str, name: str, kind: str) -> None:
    assert named(body).get(name) == kind


def test_a_short_form_is_its_owner() -> None:
    found = cast("Balt-Hull Serwis of Gdynia hired them. Balt-Hull's director said no.").names
    assert found["Balt-Hull"] is found["Balt-Hull Serwis"]


def test_the_publisher_and_other_papers_are_no_actors() -> None:
    assert not cast("Records seen by the Harbour Courier and the Vostok Gazette show it.").names


def test_places_and_days_are_no_names() -> None:
    assert named("It left the East China Sea on Monday, October 3, for Lake Baikal.") == {}


def test_states_by_demonym_capital_and_abbreviation() -> None:
    mentions = {
        (mention.actor.country, mention.form) for mention in cast("Moscow told N. Korea and the Chinese at the U.N.").mentions
    }
    assert {("RU", "capital"), ("KP", "state"), ("CN", "demonym")} <= mentions


def test_the_north_sea_is_not_the_north() -> None:
    countries = [
        mention.actor.country
        for mention in cast("It crossed the North Sea for the North Korean navy and the North.", title="At sea").mentions
    ]
    assert countries == ["KP", "KP"]


@pytest.mark.parametrize(
    ("number", "valid"), [("9074729", True), ("8742109", True), ("9074728", False), ("907472", False), ("90747290", False)]
)
def test_the_check_digit_of_an_imo_number(number: str, valid: bool) -> None:
    assert imo_is_valid(number) is valid


def test_a_ship_keeps_its_number_and_whether_it_can_be() -> None:
    good = cast("The ship Gold Advance, IMO 8742109, left.").names["Gold Advance"]
    bad = cast("The ship Gold Advance (IMO number 8742108) left.").names["Gold Advance"]
    assert good == Actor("Gold Advance", "vessel", "", "8742109", True)
    assert bad.imo_is_valid is False
