"""What the library reaches on the gold set may not fall. Of the blind split only totals are ever shown.

The floors are what was measured when they were set, and hold for the articles of one digest. Whoever changes rules or articles on purpose
sets them anew: ``PYTHONPATH=plugins python -m tests.evaluation.gold.scoring --write-floors``, and says why in the commit.
"""

from __future__ import annotations

import json

import pytest
from tests.evaluation.gold.corpus import FLOORS, SPLITS, digest
from tests.evaluation.gold.scoring import measure

floors = json.loads(FLOORS.read_text("utf-8"))


def test_floors_belong_to_these_articles() -> None:
    assert floors["digest"] == digest(), "the articles have changed: set the floors anew"


@pytest.mark.parametrize("split", SPLITS)
def test_no_figure_falls_below_its_floor(split: str) -> None:
    measured = measure(split).figures()
    assert set(measured) == set(floors[split])
    fallen = {name: f"{measured[name]} < {floor}" for name, floor in floors[split].items() if measured[name] < floor}
    assert not fallen


@pytest.mark.parametrize("split", SPLITS)
def test_answers_are_well_formed(split: str) -> None:
    assert not measure(split).faults
