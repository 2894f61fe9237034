"""The cleaner on pages of our own invention, from twenty unlike templates and in nine languages: no figure may fall below its floor.

The pages and their labels (``pages/``) were written before the cleaner was looked at; their digest stands beside the floors, so that whoever
changes them sets the floors anew, on purpose.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from tests.evaluation.pages import Case
from tests.evaluation.pages import cases as all_cases
from tests.evaluation.pages.score import Scores, f1, holds, score

HERE = Path(__file__).parent
FLOORS = json.loads((HERE / "pages_floors.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return all_cases()


@pytest.fixture(scope="module")
def scores(cases: list[Case]) -> Scores:
    return score(cases)


def test_the_pages_are_those_the_floors_were_set_on(cases: list[Case]) -> None:
    digest = hashlib.sha256(b"".join(case.html + repr(case.zones).encode() for case in cases))
    assert digest.hexdigest() == FLOORS["digest"]


def test_the_pages_are_many_and_unlike(cases: list[Case]) -> None:
    assert len(cases) >= 60
    assert len({case.template for case in cases}) >= 12
    assert {case.story["language"] for case in cases} >= {"en", "ko", "ja", "zh", "ru", "de", "fr", "es"}
    assert {case.story["blocked"] for case in cases} == {"", "consent", "paywall", "missing", "bot"}
    assert {case.story["agency"] for case in cases} >= {"UPI", "AFP", "AP", "Reuters", "Yonhap", "Kyodo", "TASS", "Xinhua"}


@pytest.mark.parametrize("name", sorted(FLOORS["floors"]))
def test_floor(scores: Scores, name: str) -> None:
    faults = "\n".join(fault for fault in scores.faults if fault.startswith(f"{name} "))
    assert scores.mean(name) >= FLOORS["floors"][name], faults


def test_every_figure_has_a_floor(scores: Scores) -> None:
    assert set(scores.shares) == set(FLOORS["floors"])


def test_the_measure_itself() -> None:
    assert f1("a b c", "a b c") == 1
    assert f1("a b", "c d") == 0
    assert f1("a b c d", "a b") == pytest.approx(2 / 3)
    assert holds("The ship, held in port.", "ship held")
    assert not holds("The ships held in port", "ship held")
