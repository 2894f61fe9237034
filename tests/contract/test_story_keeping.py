"""What both warehouses keep about stories beside the placements: background, people's words, merges, changes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.contract.samples import T0, article, days, fingerprints, minutes, placement

from sanctions_watch.errors import WarehouseError
from sanctions_watch.ports import Beside
from sanctions_watch.records import Carried, Change, Notice, StoryMember, StoryMerge, StoryVerdict, WireCredit

PERIOD = days(5)
SPLIT = StoryVerdict("verdict-1", "split", article(1).article_id, article(2).article_id, "ana", "two reports", T0)


def put(warehouse, filled, one, *hashes, **changes):
    filled.selected(one)
    with warehouse.begin() as unit:
        unit.save_placement(placement(one, **changes), fingerprints(one, *hashes))


def uncredited(number, **changes):
    return article(number, wire=None, **changes)


def test_fingerprints_carried_in_two_periods_are_told_by_agency(warehouse, filled):
    put(warehouse, filled, article(1), 7, 8)
    put(warehouse, filled, article(2, published_at=T0 + PERIOD), 7, 8)
    put(warehouse, filled, article(3, published_at=T0 + minutes(9)), 7)
    put(warehouse, filled, article(4, published_at=T0 + 2 * PERIOD, wire=WireCredit("AFP", "byline")), 7)
    put(warehouse, filled, uncredited(5, published_at=T0 + 3 * PERIOD), 7)
    with warehouse.begin() as unit:
        told = unit.carried(fingerprints(article(9), 7, 7, 99), 90)
        assert [(one.agency, one.fingerprint, len(one.periods)) for one in told] == [("UPI", 7, 2)]
        assert told[0].periods[1] - told[0].periods[0] == 1
        assert isinstance(told[0], Carried)
        assert unit.carried(fingerprints(article(2), 7), 90) == []  # itself left out, one period remains
        assert unit.carried(fingerprints(article(9), 7), 3) == []


def test_exact_copies_outside_the_window_are_found_and_those_within_are_not(warehouse, filled):
    old, older, near = (uncredited(n, published_at=T0 - days(d), notice=None) for n, d in ((1, 100), (2, 300), (3, 10)))
    for one in (old, older, near):
        put(warehouse, filled, one, text_digest=-5)
    asked = uncredited(9)
    with warehouse.begin() as unit:
        found = unit.candidates_beside(asked, Beside(text_digest=-5), 90, 10)
        assert [(one.article, one.story_id, one.relation, one.shared) for one in found] == [
            (older, "story-1", "lead", 0), (old, "story-1", "lead", 0)]  # fmt: skip
        assert found[0].fingerprints == fingerprints(older)
        assert unit.candidates_beside(asked, Beside(), 90, 10) == []
        assert unit.candidates_beside(asked, Beside(text_digest=6), 90, 10) == []
        assert [one.article for one in unit.candidates_beside(asked, Beside(frozenset({near.article_id})), 90, 10)] == [near]


def test_a_notice_finds_what_its_agency_sent_and_is_found_by_it(warehouse, filled):
    sent = article(1, notice=None)
    kill = article(2, notice=Notice("kill", "KILL"))
    elsewhere = article(3, wire=WireCredit("AFP", "byline"))
    long_ago = article(4, published_at=T0 - days(20))
    for one in (sent, kill, elsewhere, long_ago):
        put(warehouse, filled, one)
    with warehouse.begin() as unit:
        assert [one.article for one in unit.candidates_beside(kill, Beside(is_notice=True), 90, 10)] == [sent]
        assert [one.article for one in unit.candidates_beside(sent, Beside(), 90, 10)] == [kill]
        assert [one.article for one in unit.candidates_beside(article(9), Beside(is_notice=True), 90, 1)] == [kill]
        assert unit.candidates_beside(uncredited(9), Beside(is_notice=True), 90, 10) == []


def test_the_members_of_a_story_settle_its_lead_and_origin(warehouse, filled):
    first, second, other = uncredited(1), article(2), article(3)
    put(warehouse, filled, first, origin_agency="")
    put(warehouse, filled, second, relation="copy", lead=first)
    put(warehouse, filled, other, story="story-2")
    with warehouse.begin() as unit:
        assert unit.story_members("story-1") == [
            StoryMember(first.article_id, first.publisher, "", 250, first.published_at, "lead"),
            StoryMember(second.article_id, second.publisher, "UPI", 250, second.published_at, "copy"),
        ]
        assert unit.story_members("nothing") == []
        unit.settle_story("story-1", second.article_id, "AFP", "one of two credits it")
        placed = [unit.previous_placement(one.article_id) for one in (first, second, other)]
    assert [one.lead_article_id for one in placed] == [second.article_id, second.article_id, other.article_id]
    assert [one.origin_agency for one in placed] == ["AFP", "UPI", "UPI"]  # one's own credit stands


def test_what_hangs_on_an_article_that_moves_is_placed_again(warehouse, filled):
    head, copy = article(1), article(2)
    put(warehouse, filled, head)
    put(warehouse, filled, copy, relation="copy", lead=head)
    with warehouse.begin() as unit:
        assert unit.articles_to_place("place-1", 10) == []
        unit.save_placement(placement(head, story="story-2"), fingerprints(head))
        assert unit.articles_to_place("place-1", 10) == [copy]


def test_a_new_version_of_what_stands_in_a_story_is_placed_whatever_the_selection_says(warehouse, filled):
    from tests.contract.samples import selection

    put(warehouse, filled, article(1))
    filled.cleaned(article(1, 2))
    with warehouse.begin() as unit:
        unit.save_selection(selection(article(1, 2), selected=False))
        assert unit.articles_to_place("place-1", 10) == [article(1, 2)]


def test_a_verdict_is_kept_once_and_both_articles_are_placed_again(warehouse, filled):
    put(warehouse, filled, article(1))
    put(warehouse, filled, article(2))
    with warehouse.begin() as unit:
        unit.save_story_verdict(SPLIT)
        assert {one.article_id for one in unit.articles_to_place("place-1", 10)} == {SPLIT.article_id, SPLIT.other_article_id}
        assert unit.story_verdicts(article(1).article_id) == unit.story_verdicts(article(2).article_id) == [SPLIT]
        withdrawn = replace(SPLIT, withdrawn_at=T0 + timedelta(hours=1))
        unit.save_story_verdict(withdrawn)
        assert unit.story_verdicts(article(2).article_id) == [withdrawn]
        assert unit.story_verdicts("nobody") == []


def test_a_verdict_on_unknown_articles_is_refused(warehouse, filled):
    filled.selected(article(1))
    with pytest.raises(WarehouseError), warehouse.begin() as unit:
        unit.save_story_verdict(SPLIT)


def test_a_merge_is_kept_and_can_be_marked_undone(warehouse, filled):
    put(warehouse, filled, article(1))
    put(warehouse, filled, article(2), story="story-2")
    merge = StoryMerge(
        "merge-1", "story-2", "story-1", article(2).article_id, article(1).article_id, (article(2).article_id,), ("why",), T0
    )
    with warehouse.begin() as unit:
        unit.save_story_merge(merge)
        unit.save_story_merge(merge)
        assert unit.story_merges("story-1") == unit.story_merges("story-2") == [merge]
        undone = replace(merge, undone_at=T0 + days(1), undone_by="ana")
        unit.save_story_merge(undone)
        assert unit.story_merges("story-1") == [undone]
        assert unit.story_merges("story-3") == []


def test_changes_are_kept_by_pair_and_replaced(warehouse, filled):
    filled.cleaned(article(1), article(1, 2), article(2))
    first, second = Change("number", "12", "21", 3, 5, 3, 5), Change("words", "", "at once", 9, 9, 9, 16)
    with warehouse.begin() as unit:
        unit.save_text_changes(article(1, 2), article(1), [first, second])
        unit.save_text_changes(article(1, 2), article(2), [second])
        told = unit.text_changes(article(1).article_id, 2)
        assert sorted(told) == sorted([(article(1).article_id, 1, (first, second)), (article(2).article_id, 1, (second,))])
        unit.save_text_changes(article(1, 2), article(1), [second])
        unit.save_text_changes(article(1, 2), article(2), [])
        assert unit.text_changes(article(1).article_id, 2) == [(article(1).article_id, 1, (second,))]
        assert unit.text_changes(article(1).article_id, 1) == []
        assert unit.article_version(article(1).article_id, 1) == article(1)
        assert unit.article_version(article(1).article_id, 9) is None
