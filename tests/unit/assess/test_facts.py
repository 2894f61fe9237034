"""The same fact told twice is one fact; the same figure of another thing is another."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctions_watch.records import Fact, Quantity
from sanctions_watch.stages.assess.facts import Known, amount, parse_number
from sanctions_watch.stages.assess.identity import Event, place_key, read_event


@pytest.mark.parametrize(
    ("quantity", "value", "unit"),
    [
        (Quantity(None, "", "10,000 new North Korean workers"), 10000, "worker"),
        (Quantity(None, "", "ten thousand labourers"), 10000, "worker"),
        (Quantity(10000, "laborers", "more than 10,000"), 10000, "worker"),
        (Quantity(None, "", "at least 700 new work permits"), 700, "permit"),
        (Quantity(None, "", "700 visas"), 700, "permit"),
        (Quantity(None, "", "$1.5 billion"), 1.5e9, "usd"),
        (Quantity(1.5, "USD", "$1.5 billion"), 1.5e9, "usd"),
        (Quantity(1.5e9, "dollars", "$1.5 billion"), 1.5e9, "usd"),
        (Quantity(None, "", "nine million rounds"), 9e6, "shell"),
        (Quantity(None, "", "two hundred and forty tonnes"), 240, "tonne"),
        (Quantity(240, "metric tons", "240 metric tons"), 240, "tonne"),
        (Quantity(None, "", "twenty-nine welders"), 29, "welder"),
        (Quantity(None, "", "thousands of laborers"), None, "worker"),
        (Quantity(None, "", "40 percent of the fees"), 40, "percent"),
        (Quantity(float("inf"), "", "∞"), None, "?"),
        (Quantity(None, "", ""), None, "?"),
        (Quantity(12, "", ""), 12, "?"),
    ],
)
def test_amounts(quantity, value, unit):
    got = amount(quantity)
    assert got[0] == value
    assert unit in (got[1], "?") or got[1] == unit


@pytest.mark.parametrize(
    ("known", "new", "is_one"),
    [
        ("worker=10000", "worker=10000", True),
        ("worker=10000", "permit=10000", False),
        ("worker=10000", "worker=12000", False),
        ("worker=10000", "worker=10200", True),  # "about 10,000"
        ("worker=10000", "worker=10500", False),
        ("usd=1.5e+09", "usd=1.46e+09", True),
        ("usd=4e+07", "usd=4.02e+07", True),
        ("missile=2", "missile=3", False),
        ("permit=700", "permit=950", False),
        ("?=12", "tonne=12", True),
        ("tonne=0", "tonne=0", True),
        ("tonne=0", "tonne=5", False),
    ],
)
def test_numbers_told_again(known, new, is_one):
    assert Known([Fact("number", known, "")]).holds(Fact("number", new, "")) is is_one


@pytest.mark.parametrize(
    ("kind", "known", "new", "is_one"),
    [
        ("place", "rason", place_key("the port of Rason"), True),
        ("place", "rason", "nampo", False),
        ("party", "wan heng 11 (CN)", "wan heng 11", True),
        ("party", "RU", "SY", False),
        ("accuser", "nikki haley", "haley", True),
        ("date", "2018-08-02", "2018-08-01..2018-08-05", True),
        ("date", "2018-08-02", "2018-08-20", False),
        ("wording", "documented", "alleged", True),
        ("wording", "alleged", "documented", False),
        ("wording", "alleged", "conditional", True),
        ("wording", "documented", "killed:s", False),
        ("root", "~wsj", "wsj", True),
        ("document", "papers@wsj", "papers@wsj", True),
        ("document", "papers@wsj", "imagery@wsj", False),
    ],
)
def test_facts_told_again(kind, known, new, is_one):
    assert Known([Fact(kind, known, "")]).holds(Fact(kind, new, "")) is is_one


@given(st.text(max_size=80))
def test_any_text_is_read_as_a_number_or_as_none(written):
    value, unit = amount(Quantity(None, "", written), written)
    assert value is None or value >= 0
    assert unit


@given(st.integers(0, 10**9))
def test_digits_are_read_as_written(number):
    assert parse_number(f"about {number:,} tonnes") == number


def test_an_event_key_is_read_back():
    event = Event(date(2018, 8, 1), date(2018, 8, 3), "wonsan")
    assert read_event(str(event)) == event
    assert read_event("@berlin") is None
