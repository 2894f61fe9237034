"""Stories on 122 articles of our own in 42 groups: every way a report is printed again, and everything that only looks like it.

``story_cases.jsonl`` holds one article a line: {id, group, story, also_story, kind, publisher, title, published_at, text, agency}. Articles
with one ``story`` are one report; one built from two dispatches may stand with ``also_story``; ``agency`` is the one it came from. The texts
were written and labelled before the rules saw them; names, numbers and quotations are invented: evidence about nobody.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from datetime import datetime
from math import comb
from pathlib import Path
from typing import Any

import pytest

from sanctions_watch.records import Article, Placement
from sanctions_watch.stages.clean import clean_text
from sanctions_watch.stages.deduplicate import cluster

CORPUS = Path(__file__).with_name("story_cases.jsonl")
FLOORS = {"pair F1": 0.97, "ARI": 0.95, "origin agency": 0.95}


@pytest.fixture(scope="module")
def cases() -> list[dict[str, Any]]:
    return [json.loads(line) for line in CORPUS.read_text("utf-8").splitlines()]


def article_of(case: dict[str, Any]) -> Article:
    when = datetime.fromisoformat(case["published_at"])
    return clean_text(
        url="",
        publisher=case["publisher"],
        title=case["title"],
        text=case["text"],
        published_at=when,
        now=when,
        article_id=case["id"],
    )


@pytest.fixture(scope="module")
def placed(cases: list[dict[str, Any]]) -> dict[str, Placement]:
    return {placement.article_id: placement for placement in cluster([article_of(case) for case in cases])}


def adjusted_rand_index(gold: list[str], said: list[str]) -> float:
    """Hubert and Arabie 1985: 1 where both part the articles alike, 0 where they agree as by chance."""
    both, wanted, got = Counter(zip(gold, said, strict=True)), Counter(gold), Counter(said)
    index, in_gold, in_said = (sum(comb(n, 2) for n in counts.values()) for counts in (both, wanted, got))
    expected = in_gold * in_said / comb(len(gold), 2)
    return (index - expected) / ((in_gold + in_said) / 2 - expected)


def measure(cases: list[dict[str, Any]], placed: dict[str, Placement]) -> tuple[dict[str, float], list[str]]:
    right = wrong = missed = 0
    misses: list[str] = []
    for a, b in itertools.combinations(cases, 2):
        is_one, is_joined = a["story"] == b["story"], placed[a["id"]].story_id == placed[b["id"]].story_id
        if not is_one and (a["also_story"] == b["story"] or b["also_story"] == a["story"]):
            continue
        right += is_one and is_joined
        wrong += is_joined and not is_one
        missed += is_one and not is_joined
        if is_one != is_joined:
            misses.append(f"{'split' if is_one else 'merged'} {a['id']} / {b['id']} ({b['kind']}): {placed[b['id']].evidence}")
    credited = [case for case in cases if case["agency"]]
    found = [case for case in credited if placed[case["id"]].origin_agency == case["agency"]]
    misses += [f"agency of {case['id']}: {placed[case['id']].origin_agency!r}" for case in credited if case not in found]
    story = [case["story"] for case in cases]
    figures = {
        "pair F1": 2 * right / (2 * right + wrong + missed),
        "ARI": adjusted_rand_index(story, [placed[case["id"]].story_id for case in cases]),
        "origin agency": len(found) / len(credited),
    }
    return figures, misses


def test_stories_are_found_and_kept_apart(cases: list[dict[str, Any]], placed: dict[str, Placement]) -> None:
    figures, misses = measure(cases, placed)
    said = "\n".join([*(f"{name} {value:.3f}" for name, value in figures.items()), *misses])
    assert all(figures[name] >= floor for name, floor in FLOORS.items()), said


if __name__ == "__main__":
    rows = [json.loads(line) for line in CORPUS.read_text("utf-8").splitlines()]
    measured, told = measure(rows, {one.article_id: one for one in cluster([article_of(row) for row in rows])})
    print(*(f"{name} {value:.3f}" for name, value in measured.items()), *told, sep="\n")
