"""The grid of conducts and sentence forms, measured against floors in ``claims_floors.json`` (``grid``): they rise with the code."""

import json
from collections import Counter
from pathlib import Path

import pytest
from tests.evaluation.claims_grid import ROWS, cells

from sanctions_watch.stages.extract import extract
from sanctions_watch.taxonomy import conducts
from sanctions_watch.text import family, fold

FLOORS = json.loads(Path(__file__).with_name("claims_floors.json").read_text("utf-8"))["grid"]
MARKS = {"sea.identity_fraud", "evade.front", "allowed.context"}  # told beside another conduct, or no breach at all


@pytest.fixture(scope="module")
def counted():
    counts = Counter()
    every = list(cells())
    for cell, claims in zip(every, extract([cell.article for cell in every]), strict=True):
        said = {
            (fold(actor.name), family(claim.conduct))
            for claim in claims
            if claim.status == "accepted" and claim.is_violation
            for actor in claim.accused
        }
        for name in cell.accused:
            hit = any((fold(name) in other or other in fold(name)) and kind == family(cell.conduct) for other, kind in said)
            counts["told", cell.form, hit] += 1
            counts["all", hit] += 1
        if not cell.accused:
            counts["quiet", not said] += 1
    return counts


def rate(counted, *key):
    right, wrong = counted[*key, True], counted[*key, False]
    return right / (right + wrong)


def test_every_conduct_that_can_be_alleged_by_itself_is_in_the_grid():
    assert set(ROWS) == set(conducts()) - MARKS


def test_what_is_told_is_found(counted):
    assert rate(counted, "all") >= FLOORS["told"]


def test_what_is_not_told_is_not_found(counted):
    assert rate(counted, "quiet") >= FLOORS["quiet"]


@pytest.mark.parametrize("form", sorted(FLOORS["forms"]))
def test_each_form_is_read(counted, form):
    assert rate(counted, "told", form) >= FLOORS["forms"][form]
