"""The labels themselves: of the form they promise, about words that are in the article, and about everything they should cover."""

from __future__ import annotations

import json
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tests.evaluation.gold.corpus import (
    FOLDER,
    FORMS,
    LANGUAGES,
    MODALITIES,
    SPLITS,
    TRAPS,
    GoldArticle,
    articles,
    conducts,
    files,
    find,
)

ALL = tuple(chain.from_iterable(articles(split) for split in SPLITS))
FORM_NAMES = frozenset(" ".join(FORMS.values()).split())
TRAP_NAMES = frozenset(TRAPS.split())
PERMITS = {"exemption", "relief", "humanitarian", "diplomacy"}  # what allowed.context is about: never a claim
by_id = pytest.mark.parametrize("article", ALL, ids=lambda article: article.id)


@pytest.mark.parametrize("path", [path for split in SPLITS for path in files(split)], ids=lambda path: path.name)
def test_lines_are_of_the_schema(path: Path) -> None:
    validator = Draft202012Validator(json.loads((FOLDER / "schema.json").read_text("utf-8")))
    faults = [
        f"{n}: {error.message[:200]}"
        for n, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        for error in validator.iter_errors(json.loads(line))
    ]
    assert not faults


def test_ids_and_texts_are_unique() -> None:
    assert not [name for name, n in Counter(article.id for article in ALL).items() if n > 1]
    assert not [text[:80] for text, n in Counter(article.text for article in ALL).items() if n > 1]


@by_id
def test_quotes_stand_in_the_article(article: GoldArticle) -> None:
    told = f"{article.title}\n{article.text}"
    quotes = [*chain.from_iterable(claim.quotes for claim in article.claims), *(quote for quote, _ in article.not_claims)]
    assert not [quote for quote in quotes if not find(told, quote)]
    assert not [quote for claim in article.claims for quote in claim.quotes if len(quote) > 600]


@by_id
def test_labels_agree_with_each_other(article: GoldArticle) -> None:
    for claim in article.claims:
        assert set(claim.conduct) <= conducts() - {"allowed.context"}
        assert claim.modality in claim.modality_ok
        assert set(claim.modality_ok) <= MODALITIES
        assert not ({"denied", "withdrawn"} & set(claim.modality_ok) and claim.is_assertion), (
            "a denial is no other way to tell an allegation"
        )
        assert claim.root is None or claim.root in claim.root_ok
        assert not set(claim.accused) & set(claim.also_ok)
    assert set(article.forms) <= FORM_NAMES
    assert set(article.traps) <= TRAP_NAMES
    assert article.grade == 2 or not [claim for claim in article.claims if claim.is_demanded], (
        "a violation claim makes the article relevant"
    )
    assert {
        claim.modality for claim in article.claims if claim.is_demanded or (not claim.is_assertion and not claim.optional)
    } <= set(article.forms)


@by_id
def test_a_passage_is_either_a_claim_or_none(article: GoldArticle) -> None:
    claimed = {quote for claim in article.claims for quote in claim.quotes}
    assert not [quote for quote, _ in article.not_claims if any(quote in other or other in quote for other in claimed)]


def test_every_conduct_is_alleged_three_times() -> None:
    counts = Counter(
        conduct for article in ALL for claim in article.claims if not claim.background for conduct in set(claim.conduct)
    )
    permits = sum(bool(PERMITS & set(article.traps)) for article in ALL)
    assert not {conduct: counts[conduct] for conduct in conducts() - {"allowed.context"} if counts[conduct] < 3}
    assert permits >= 3, "allowed.context is no claim: it is covered by what is permitted"


def test_every_form_is_in_both_splits_and_every_trap_in_the_set() -> None:
    for split in SPLITS:
        assert not FORM_NAMES - {form for article in articles(split) for form in article.forms}
    traps = Counter(trap for article in ALL for trap in article.traps)
    assert not {trap: traps[trap] for trap in TRAP_NAMES if traps[trap] < 3}


def test_the_set_is_large_mixed_and_full_of_traps() -> None:
    english = [article for article in ALL if article.language == "en"]
    assert len(english) >= 160
    assert sum(bool(article.not_claims) for article in ALL) >= len(ALL) / 2
    assert 0.2 <= sum(article.grade < 2 for article in ALL) / len(ALL) <= 0.35
    assert all(sum(article.language == language for article in ALL) >= 5 for language in LANGUAGES)
    assert all(60 <= len(article.text.split()) <= 900 for article in english)
    assert abs(len(articles("dev")) - len(articles("blind"))) <= len(files("dev"))
