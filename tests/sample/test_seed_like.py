"""The two acceptance articles of our own keep the form and the traps they are there for."""

import re
from pathlib import Path

import pytest
import yaml

from sanctions_watch.taxonomy import conducts as known_conducts

FOLDER = Path(__file__).parents[1] / "data" / "seed_like"
EXPECTED = yaml.safe_load((FOLDER / "expected.yaml").read_text(encoding="utf-8"))
ARTICLES = {row["id"]: row for row in EXPECTED["articles"]}
CLAIMS = {row["id"]: row for row in EXPECTED["claims"]}
TEXTS = {name: (FOLDER / row["file"]).read_text(encoding="utf-8") for name, row in ARTICLES.items()}


def test_every_claim_belongs_to_one_article_and_its_quote_stands_there():
    assert sorted(one for row in ARTICLES.values() for one in row["claims"]) == sorted(CLAIMS)
    for name, row in ARTICLES.items():
        for claim in row["claims"]:
            assert TEXTS[name].count(CLAIMS[claim]["quote"]) == 1, claim


def test_every_trap_stands_in_its_article():
    for trap in EXPECTED["not_claims"]:
        assert TEXTS[trap["article"]].count(trap["quote"]) == 1, trap
    for name, row in ARTICLES.items():
        for junk in row["removed"]:
            assert junk in TEXTS[name], junk


def test_conducts_and_paragraphs_are_known():
    conducts = {name: {rule.paragraph for rule in row.rules} for name, row in known_conducts().items()}
    for claim in CLAIMS.values():
        assert claim["conduct"] in conducts
        assert claim.get("mapped_rule") is None or claim["mapped_rule"] in conducts[claim["conduct"]], claim["id"]


def test_the_wire_page_has_a_yearless_dateline_a_doubled_caption_and_advertisements():
    lines = TEXTS["envoy-on-reports"].splitlines()
    assert lines.count("Advertisement") >= 4
    captions = [line for line in lines if "Photo by" in line]
    assert len(captions) == 2
    assert len(set(captions)) == 1
    assert re.search(r"^Aug\. 21 \(UPI\) --", TEXTS["envoy-on-reports"], re.MULTILINE)
    assert lines[-1] == "Latest Headlines"


def test_the_copy_has_no_date_and_no_credit_of_its_own_and_foreign_teasers_behind_it():
    body, opinion, teasers = TEXTS["ambassador-on-reports"].partition("\nOpinion\n")
    assert opinion
    assert len(teasers) > 0.3 * len(body)
    assert not re.search(r"\(\w+\) --|Aug", body)
    assert "2024" not in body
    assert "2024" in teasers


def test_they_are_no_reprints_of_each_other():
    def grams(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.casefold())
        return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}

    one, other = (grams(text) for text in TEXTS.values())
    assert len(one & other) / len(one | other) < 0.01


@pytest.mark.parametrize("order", ["envoy-first", "ambassador-first"])
def test_mails_begin_each_allegation_with_new_in_both_orders(order):
    sent: dict[tuple[str, str], list[str]] = {}
    for mail in EXPECTED["mails"][order]:
        sent.setdefault((mail["accused"], mail["conduct"]), []).append(mail["kind"])
    assert sorted(map(tuple, sent.values())) == sorted([("NEW", "UPDATE"), ("NEW", "UPDATE"), ("NEW",), ("NEW",)])
    assert set(sent) == {(claim["accused"], claim["conduct"]) for claim in CLAIMS.values()}
