"""One newspaper's report, told by an agency and by another newspaper: in both orders one root, and a mail for each new thing.

The claims have the shape of PRODUCT.md's acceptance table; the words are none of anybody's.
"""

from __future__ import annotations

import pytest
from tests.unit.assess.scene import Said, Scene, facts, work

PERMITS, VENTURES, TESTS, FUEL = "labour.new_permits", "jv.operate", "wmd.test", "oil.refined_cap"

AGENCY = work(
    "agency",
    3,
    [
        Said("RU", PERMITS, ["publisher:The Wall Street Journal"], numbers=["thousands of laborers"]),
        Said("KP", TESTS, ["publisher:CNN", "document:confidential U.N. report"], "documented"),
        Said("RU", PERMITS, ["official:Mike Pompeo", "publisher:Wall Street Journal?"], "conditional"),
        Said("RU", VENTURES, ["official:Pompeo", "publisher:Wall Street Journal?"], "conditional"),
    ],
    publisher="UPI",
    agency="UPI",
)
NEWSPAPER = work(
    "newspaper",
    4,
    [
        Said("RU", PERMITS, ["official:US Ambassador Nikki Haley", "publisher:Wall Street Journal?"]),
        Said("RU", PERMITS, ["publisher:The Wall Street Journal"], numbers=["thousands of labourers"]),
        Said("KP", FUEL, ["government:United States?"], marks=("ambiguous_accuser",)),
        Said(
            "RU",
            PERMITS,
            ["publisher:The Wall Street Journal", "document:Russian interior ministry records"],
            "documented",
            ["more than 10,000 new North Korean workers", "at least 700 new work permits"],
        ),
        Said("RU", VENTURES, ["document:Russian government records"], "documented"),
    ],
    publisher="Dawn",
)


def by_conduct(assessments):
    return {one.allegation.conduct: one for one in assessments}


def test_agency_first():
    scene = Scene()
    first = by_conduct(scene.read(AGENCY))
    assert {conduct: one.novelty for conduct, one in first.items()} == {PERMITS: "NEW", VENTURES: "NEW", TESTS: "NEW"}
    assert first[PERMITS].allegation.roots == ("WSJ",)
    assert facts(first[PERMITS], "accuser") == {"WSJ", "Mike Pompeo"}
    assert first[TESTS].allegation.roots == ("UN Panel of Experts",)

    second = by_conduct(scene.read(NEWSPAPER))
    assert {conduct: one.novelty for conduct, one in second.items()} == {PERMITS: "UPDATE", VENTURES: "UPDATE", FUEL: "NEW"}
    assert facts(second[PERMITS]) == {
        "more than 10,000 new North Korean workers",
        "at least 700 new work permits",
        "Russian interior ministry records (held by WSJ)",
        "US Ambassador Nikki Haley",
        "alleged, with documents",
    }
    assert facts(second[VENTURES], "document") == {"Russian government records (held by WSJ)"}
    assert second[PERMITS].allegation.roots == ("WSJ",)
    assert second[VENTURES].allegation.roots == ("WSJ",)


def test_newspaper_first():
    scene = Scene()
    first = by_conduct(scene.read(NEWSPAPER))
    assert {conduct: one.novelty for conduct, one in first.items()} == {PERMITS: "NEW", VENTURES: "NEW", FUEL: "NEW"}
    second = by_conduct(scene.read(AGENCY))
    assert {conduct: one.novelty for conduct, one in second.items()} == {PERMITS: "UPDATE", VENTURES: "UPDATE", TESTS: "NEW"}
    assert facts(second[PERMITS]) == {"Mike Pompeo"}
    assert facts(second[VENTURES]) == {"Pompeo"}
    assert second[PERMITS].allegation.roots == ("WSJ",)


@pytest.mark.parametrize("order", [(AGENCY, NEWSPAPER), (NEWSPAPER, AGENCY)])
def test_what_is_known_in_the_end_does_not_hang_on_the_order(order):
    scene = Scene()
    for article in order:
        scene.read(article)
    states = {
        (one.accused.name, one.conduct, one.roots, len(one.article_ids), frozenset(fact.kind for fact in one.facts))
        for one in scene.ledger.values()
    }
    other = Scene()
    for article in reversed(order):
        other.read(article)
    assert states == {
        (one.accused.name, one.conduct, one.roots, len(one.article_ids), frozenset(fact.kind for fact in one.facts))
        for one in other.ledger.values()
    }


@pytest.mark.parametrize("order", [(AGENCY, NEWSPAPER), (NEWSPAPER, AGENCY)])
def test_reading_both_again_says_nothing(order):
    scene = Scene()
    for article in order:
        scene.read(article)
    before = dict(scene.ledger)
    for article in order:
        assert [one.novelty for one in scene.read(article) if one.novelty != "NOTHING"] == []
    assert scene.ledger == before
