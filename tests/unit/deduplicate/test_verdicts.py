"""What a person says of two articles sticks, whatever comes later; what they undo comes apart again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.evaluation.test_stories import BASES, article, paragraphs, with_intro
from tests.unit.deduplicate.test_order import SEEN, arrive, ends, flow_of

from sanctions_watch.adapters.memory import MemoryWarehouse
from sanctions_watch.stories import say, undo_merge

TITLE, TEXT, _ = BASES["court"]


@pytest.fixture
def warehouse():
    return MemoryWarehouse()


def placed(warehouse, *names):
    with warehouse.begin() as unit:
        return [unit.previous_placement(name) for name in names]


def settle(warehouse, *articles):
    for rank, one in enumerate(articles):
        arrive(warehouse, one, rank)
    flow = flow_of(warehouse, 10)
    flow.drain(flow.deduplicate)


def judge(warehouse, kind, a, b, *, after=0):
    with warehouse.begin() as unit:
        verdict = say(unit, kind, (a, b), decided_by="ana", reason="read both", now=SEEN + timedelta(hours=after))
    flow = flow_of(warehouse, 10)
    flow.drain(flow.deduplicate)
    return verdict


def copies():
    return [
        article("own", TITLE, TEXT, agency="AFP", publisher="AFP"),
        article("copy", TITLE, TEXT, hours=2),
        article("intro", TITLE, with_intro(TEXT), hours=3),
    ]


def test_a_split_sticks_also_when_more_copies_come(warehouse):
    settle(warehouse, *copies())
    judge(warehouse, "split", "own", "copy")
    own, copy, intro = placed(warehouse, "own", "copy", "intro")
    assert copy.story_id != own.story_id == intro.story_id
    arrive(warehouse, article("later", TITLE, TEXT, hours=8), 9)
    flow = flow_of(warehouse, 10)
    flow.drain(flow.deduplicate)
    own, copy, later = placed(warehouse, "own", "copy", "later")
    assert copy.story_id != own.story_id == later.story_id
    with warehouse.begin() as unit:
        assert copy.article_id not in {one.article_id for one in unit.story_members(own.story_id)}


def test_a_split_taken_back_lets_them_come_together(warehouse):
    from dataclasses import replace

    settle(warehouse, *copies())
    verdict = judge(warehouse, "split", "copy", "own")
    with warehouse.begin() as unit:
        unit.save_story_verdict(replace(verdict, withdrawn_at=SEEN + timedelta(hours=1)))
    flow = flow_of(warehouse, 10)
    flow.drain(flow.deduplicate)
    own, copy = placed(warehouse, "own", "copy")
    assert own.story_id == copy.story_id


def test_a_merge_joins_what_the_rules_keep_apart_with_what_hangs_on_it(warehouse):
    ore = article("ore", *BASES["ore"][:2], hours=5)
    settle(warehouse, *copies(), ore, article("ore-copy", *BASES["ore"][:2], hours=9))
    judge(warehouse, "merge", "own", "ore")
    own, one, other = placed(warehouse, "own", "ore", "ore-copy")
    assert own.story_id == one.story_id == other.story_id
    assert "ana said" in one.evidence[0]
    with warehouse.begin() as unit:
        assert [merge.moved for merge in unit.story_merges(own.story_id)] == [("ore", "ore-copy")]


def test_the_latest_word_counts(warehouse):
    settle(warehouse, *copies())
    judge(warehouse, "split", "own", "copy")
    judge(warehouse, "merge", "copy", "own", after=1)
    own, copy = placed(warehouse, "own", "copy")
    assert own.story_id == copy.story_id


def test_a_merge_undone_gives_the_stories_back(warehouse):
    head, tail = ends()
    more = article("tail-copy", tail.title, "\n\n".join(paragraphs(BASES["ore"][1])[3:]), hours=11)
    settle(warehouse, head, tail, more)
    before = placed(warehouse, "head", "tail", "tail-copy")
    arrive(warehouse, article("whole", *BASES["ore"][:2], agency="Reuters", publisher="Reuters"), 9)
    flow = flow_of(warehouse, 10)
    flow.drain(flow.deduplicate)
    assert len({one.story_id for one in placed(warehouse, "head", "tail", "tail-copy", "whole")}) == 1
    with warehouse.begin() as unit:
        [merge] = unit.story_merges(before[1].story_id)
        assert merge.moved == ("tail", "tail-copy")
        undo_merge(unit, merge, decided_by="ana", reason="two papers", now=SEEN)
    flow.drain(flow.deduplicate)
    after = placed(warehouse, "head", "tail", "tail-copy")
    assert [one.story_id for one in after] == [one.story_id for one in before]
    with warehouse.begin() as unit:
        [merge] = unit.story_merges(before[1].story_id)
    assert (merge.undone_at, merge.undone_by) == (SEEN, "ana")
