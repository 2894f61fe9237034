"""Proposed grades, by root and by what is known."""

from __future__ import annotations

import pytest
from tests.unit.assess.scene import Said, Scene, work

RU, PERMITS = "RU", "labour.new_permits"
CASES = [
    ("a newspaper alone", [["publisher:WSJ"]], "alleged", "B3"),
    ("a newspaper with documents", [["publisher:WSJ", "document:records"]], "documented", "B2"),
    ("two roots", [["publisher:WSJ"], ["organisation:C4ADS"]], "alleged", "B2"),
    ("two roots and documents", [["publisher:WSJ", "document:records"], ["organisation:C4ADS"]], "alleged", "B1"),
    ("three roots", [["publisher:WSJ"], ["organisation:C4ADS"], ["publisher:Reuters"]], "alleged", "B1"),
    ("a state's own press", [["publisher:TASS"]], "alleged", "D3"),
    ("somebody we do not know", [["person:Ivan Petrov"]], "alleged", "F3"),
    ("an agency on unnamed people", [["publisher:Reuters", "unnamed:officials"]], "alleged", "C3"),
    ("only a comment on reports", [["official:Haley", "unnamed:reports?"]], "conditional", "F4"),
    ("nobody named", [[]], "alleged", "C4"),  # the feed registry gives the publisher a C
    ("a verdict", [["official:A court"]], "confirmed", "C2"),
]


@pytest.mark.parametrize(("why", "chains", "modality", "grade"), CASES, ids=[case[0] for case in CASES])
def test_the_grade(why, chains, modality, grade):
    scene = Scene()
    for number, by in enumerate(chains):
        [made] = scene.read(work(f"a{number}", number, [Said(RU, PERMITS, by, modality)], reliability="C"))
    assert str(made.allegation.grade) == grade
    assert all(reason.strip() for reason in made.allegation.grade.reasons)


def test_the_order_of_roots_does_not_change_the_grade():
    chains = [["publisher:TASS"], ["publisher:WSJ", "document:records"], ["official:Haley", "publisher:WSJ?"]]
    grades = set()
    for order in (chains, chains[::-1], chains[1:] + chains[:1]):
        scene = Scene()
        for number, by in enumerate(order):
            [made] = scene.read(work(f"a{number}", number, [Said(RU, PERMITS, by)]))
        grades.add(str(made.allegation.grade))
    assert len(grades) == 1


def test_a_denial_lowers_a_single_root_without_documents_and_says_so():
    scene = Scene()
    scene.read(work("a", 0, [Said(RU, PERMITS, ["publisher:WSJ"])]))
    [made] = scene.read(work("b", 1, [Said(RU, PERMITS, ["official:Kremlin!"], "denied")]))
    assert str(made.allegation.grade) == "B4"
    assert any("denied by Kremlin" in reason for reason in made.allegation.grade.reasons)


def test_reprints_do_not_raise_the_grade():
    scene = Scene()
    for number in range(5):
        relation = "copy" if number else "lead"
        [made] = scene.read(work(f"a{number}", number, [Said(RU, PERMITS, ["publisher:WSJ"])], story="s", relation=relation))
    assert str(made.allegation.grade) == "B3"
