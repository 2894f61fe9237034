"""The two acceptance articles of our own go through the flow, in both orders, and give the claims and mails that a reader expects."""

from functools import cache
from pathlib import Path

import pytest
import yaml

from sanctions_watch.library import Analysis, Row, analyze, replay

FOLDER = Path(__file__).parents[1] / "data" / "seed_like"
EXPECTED = yaml.safe_load((FOLDER / "expected.yaml").read_text(encoding="utf-8"))
ARTICLES = {row["id"]: row for row in EXPECTED["articles"]}
CLAIMS = {row["id"]: row for row in EXPECTED["claims"]}
STATES = {"CD": {"democratic republic of the congo", "dr congo", "congo"}, "KP": {"north korea"}}


def rows(*names: str) -> list[Row]:
    """The articles in this order; a later one is published no earlier than the one before it."""
    found, latest = [], ARTICLES[names[0]]["published_at"]
    for name in names:
        given = ARTICLES[name]
        latest = max(latest, given["published_at"])
        text = (FOLDER / given["file"]).read_text(encoding="utf-8")
        found.append(
            Row(title=given["title"], text=text, id=name, url=given["url"], publisher=given["publisher"], published_at=latest)
        )
    return found


@cache
def analysis(name: str) -> Analysis:
    [found] = analyze(rows(name))
    return found


@pytest.mark.parametrize("name", sorted(ARTICLES))
def test_the_text_is_read_without_its_junk(name):
    found = analysis(name)
    assert found.selection.is_selected
    assert (found.article.wire.agency if found.article.wire else "") == ARTICLES[name]["agency"]
    assert [junk for junk in ARTICLES[name]["removed"] if junk in found.article.text] == []
    assert [one for one in found.article.dates if one.value.year == 2024] == []


@pytest.mark.parametrize("name", sorted(ARTICLES))
def test_what_is_claimed_is_found_and_nothing_else(name):
    found = analysis(name)
    accepted = [claim for claim in found.claims if claim.status == "accepted" and claim.is_violation]
    told = {(actor.country, claim.conduct) for claim in accepted for actor in claim.accused}
    assert told == {(CLAIMS[one]["country"], CLAIMS[one]["conduct"]) for one in ARTICLES[name]["claims"]}
    wanted = [CLAIMS[one]["quote"] for one in ARTICLES[name]["claims"]]
    quotes = [found.article.text[claim.spans[0].start : claim.spans[0].end] for claim in accepted]
    for trap in EXPECTED["not_claims"]:
        taken = [quote for quote in quotes if trap["quote"] in quote and not any(one in quote for one in wanted)]
        assert not taken, trap["why"]


@pytest.mark.parametrize("order", sorted(EXPECTED["mails"]))
def test_the_mails_are_the_same_new_things_in_either_order(order):
    names = list(dict.fromkeys(mail["article"] for mail in EXPECTED["mails"][order]))
    got = {
        row.id: sorted((one.kind, one.accused.casefold(), one.conduct) for one in alerts) for row, alerts in replay(rows(*names))
    }
    for name in names:
        wanted = sorted(
            (mail["kind"], mail["country"], mail["conduct"]) for mail in EXPECTED["mails"][order] if mail["article"] == name
        )
        coded = sorted(
            (kind, next((code for code, said in STATES.items() if accused in said), accused), conduct)
            for kind, accused, conduct in got[name]
        )
        assert coded == wanted, name
