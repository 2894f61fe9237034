"""What every Warehouse does for select, deduplicate and extract."""

from dataclasses import replace

import pytest
from tests.contract.samples import (
    QUOTE,
    T0,
    article,
    bare_claim,
    claim,
    days,
    fingerprints,
    placement,
    selection,
)

from sanctions_watch.errors import WarehouseRefused
from sanctions_watch.records import Quarantined, Span


def test_articles_to_select_are_the_latest_versions_oldest_first(warehouse, filled):
    filled.cleaned(article(3), article(1), article(2), article(2, 2))
    with warehouse.begin() as unit:
        assert unit.articles_to_select("select-1", 10) == [article(1), article(2, 2), article(3)]
        assert unit.articles_to_select("select-1", 2) == [article(1), article(2, 2)]


def test_equal_sight_goes_by_publication(warehouse, filled):
    late, early = (article(number, first_seen_at=T0, published_at=T0 + days(number)) for number in (2, 1))
    filled.cleaned(late, early)
    with warehouse.begin() as unit:
        assert unit.articles_to_select("select-1", 10) == [early, late]


def test_a_selection_is_made_once_by_each_rule_set(warehouse, filled):
    filled.selected(article(1))
    with warehouse.begin() as unit:
        unit.save_selection(selection(article(1)))
        assert unit.articles_to_select("select-1", 10) == []
        assert unit.articles_to_select("select-2", 10) == [article(1)]
        assert unit.counts(T0).selected == 1


def test_a_new_version_of_an_article_is_selected_again(warehouse, filled):
    filled.selected(article(1))
    filled.cleaned(article(1, 2))
    with warehouse.begin() as unit:
        assert unit.articles_to_select("select-1", 10) == [article(1, 2)]
        assert unit.articles_to_place("place-1", 10) == []
        assert unit.counts(T0).selected == 0
        unit.save_selection(selection(article(1)))  # of the version before: too late
        assert unit.articles_to_place("place-1", 10) == []


def test_a_selection_of_an_unknown_article_is_refused(warehouse):
    with pytest.raises(WarehouseRefused), warehouse.begin() as unit:
        unit.save_selection(selection(article(1)))


def test_only_selected_articles_are_placed_by_whatever_rules_they_were_selected(warehouse, filled):
    filled.cleaned(article(1), article(2))
    with warehouse.begin() as unit:
        unit.save_selection(selection(article(1), selected=False))
        unit.save_selection(selection(article(2)))
        unit.save_selection(selection(article(2), selected=False, version="select-2"))
        assert unit.articles_to_place("place-1", 10) == [article(2)]
        unit.save_selection(selection(article(1), version="select-2"))
        assert unit.articles_to_place("place-1", 10) == [article(1), article(2)]


def test_articles_in_quarantine_or_in_other_hands_are_left_out(warehouse, filled):
    filled.cleaned(article(1), article(2), article(3))
    with warehouse.begin() as unit:
        unit.quarantine(Quarantined("select", article(1).article_id, "why", "", T0))
    with warehouse.begin() as first:
        assert first.articles_to_select("select-1", 1) == [article(2)]
        with warehouse.begin() as second:
            assert second.articles_to_select("select-1", 5) == [article(3)]


def test_a_placement_comes_back_whole(warehouse, filled):
    first = filled.placed(article(1))
    copy = article(2)
    filled.selected(copy)
    placed = placement(copy, relation="cut", lead=first, displaces=(first.article_id,))
    with warehouse.begin() as unit:
        assert unit.previous_placement(copy.article_id) is None
        unit.save_placement(placed, fingerprints(copy))
        unit.save_placement(placed, fingerprints(copy))
        assert unit.previous_placement(copy.article_id) == placed
        assert unit.articles_to_place("place-1", 10) == [first]  # displaced
        counts = unit.counts(T0)
    assert (counts.stories, counts.selected) == (1, 2)


def test_a_displaced_article_is_placed_again_once(warehouse, filled):
    first = filled.placed(article(1))
    earlier = article(2)
    filled.selected(earlier)
    placed = placement(earlier, displaces=(first.article_id,), story="story-2")
    with warehouse.begin() as unit:
        unit.save_placement(placed, fingerprints(earlier))
        unit.save_placement(placement(first, relation="copy", lead=earlier, story="story-2"), fingerprints(first))
        unit.save_placement(placed, fingerprints(earlier))
        assert unit.articles_to_place("place-1", 10) == []
        assert unit.counts(T0).stories == 1
        assert [one for _, one, _ in unit.reprints_of(["story-1", "story-2"])] == [first.article_id, earlier.article_id]


def test_a_new_version_or_rule_set_moves_an_article_and_the_old_place_is_history(warehouse, filled):
    one = filled.placed(article(1))
    filled.selected(article(1, 2))
    moved = placement(article(1, 2), story="story-2", relation="update_of")
    with warehouse.begin() as unit:
        assert unit.previous_placement(one.article_id) == placement(one)
        unit.save_placement(moved, fingerprints(article(1, 2), 7, 8))
        assert unit.previous_placement(one.article_id) == moved
        again = replace(moved, deduplicator_version="place-2", story_id="story-3")
        unit.save_placement(again, fingerprints(article(1, 2), 7, 8))
        assert unit.previous_placement(one.article_id) == again
        unit.save_placement(placement(one), fingerprints(one))  # a late worker's: history at once
        assert unit.previous_placement(one.article_id) == again
        assert unit.reprints_of(["story-1", "story-2", "story-3"]) == [("story-3", one.article_id, one.publisher)]
        assert unit.counts(T0).stories == 1


def test_a_placement_under_an_unknown_lead_is_refused(warehouse, filled):
    one = filled.selected(article(1))
    with pytest.raises(WarehouseRefused), warehouse.begin() as unit:
        unit.save_placement(placement(one, lead_article_id="nobody"), fingerprints(one))


def test_candidates_share_most_first_within_the_window(warehouse, filled):
    base = article(1)
    near, nearer, far = article(2), article(3), article(4, published_at=T0 - days(91))
    filled.selected(base, near, nearer, far, article(5))
    with warehouse.begin() as unit:
        unit.save_placement(placement(near, story="story-near"), fingerprints(near, 1, 2, 2, 9))
        unit.save_placement(placement(nearer, story="story-nearer", relation="copy"), fingerprints(nearer, 1, 2, 3))
        unit.save_placement(placement(far), fingerprints(far, 1, 2, 3))
        unit.save_placement(placement(base), fingerprints(base, 1, 2, 3))
        found = unit.candidates(fingerprints(base, 1, 2, 2, 3), 90, 10)
        assert [(one.article, one.story_id, one.relation, one.shared) for one in found] == [
            (nearer, "story-nearer", "copy", 3),
            (near, "story-near", "lead", 2),
        ]
        assert found[1].fingerprints == fingerprints(near, 1, 2, 2, 9)
        assert [one.article for one in unit.candidates(fingerprints(base, 1, 2, 3), 90, 1)] == [nearer]
        assert [one.article for one in unit.candidates(fingerprints(base, 1, 2, 3), 92, 10)] == [far, nearer, near]
        assert unit.candidates(fingerprints(base, 77), 90, 10) == []


def test_candidates_hold_the_latest_placed_version(warehouse, filled):
    filled.selected(article(1), article(2), article(2, 2))
    with warehouse.begin() as unit:
        unit.save_placement(placement(article(2)), fingerprints(article(2), 1, 2))
        unit.save_placement(placement(article(2, 2)), fingerprints(article(2, 2), 2, 3))
        assert unit.candidates(fingerprints(article(1), 1), 90, 10) == []
        assert [one.article for one in unit.candidates(fingerprints(article(1), 3), 90, 10)] == [article(2, 2)]


def test_extract_takes_placed_articles_once(warehouse, filled):
    filled.selected(article(2))
    one = filled.placed(article(1))
    with warehouse.begin() as unit:
        assert unit.articles_to_extract("extract-1", 10) == [one]
        unit.save_claims(one, [], "extract-1")
        assert unit.articles_to_extract("extract-1", 10) == []
        assert unit.articles_to_extract("extract-2", 10) == [one]


def test_claims_come_back_whole_in_their_order(warehouse, filled):
    one = filled.extracted(article(1))
    with warehouse.begin() as unit:
        unit.save_claims(one, [claim(one), bare_claim(one)], "extract-1")
        work = unit.articles_to_assess("assess-1", 10)
        assert unit.counts(T0).claims == 2
    assert work[0].claims == (claim(one), bare_claim(one))
    assert work[0].article == one
    assert work[0].placement == placement(one)
    assert not work[0].is_reprocessed


def test_the_same_rules_replace_their_claims(warehouse, filled):
    one = filled.extracted(article(1))
    with warehouse.begin() as unit:
        unit.save_claims(one, [bare_claim(one)], "extract-1")
        assert unit.articles_to_assess("assess-1", 10)[0].claims == (bare_claim(one),)
        unit.save_claims(one, [], "extract-1")
        assert unit.articles_to_assess("assess-1", 10)[0].claims == ()
        assert unit.counts(T0).claims == 0


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (lambda one: [claim(one), claim(one)], "two of one id"),
        (lambda one: [bare_claim(one, spans=(Span(5, 5),))], "empty"),
        (lambda one: [bare_claim(one, spans=(Span(-3, 5),))], "before the text"),
        (lambda one: [bare_claim(one, spans=(Span(len(one.text) - 2, len(one.text) + 2),))], "beyond the text"),
        (lambda one: [bare_claim(one, version=9)], "of another version"),
    ],
)
def test_claims_that_do_not_fit_the_text_are_refused(warehouse, filled, wrong, why):
    one = filled.placed(article(1))
    with warehouse.begin() as unit:
        with pytest.raises(WarehouseRefused), unit.part():
            unit.save_claims(one, wrong(one), "extract-1")
        assert unit.articles_to_extract("extract-1", 1) == [one]


@pytest.mark.parametrize("in_attribution", [False, True])
def test_a_quote_must_be_what_the_stored_text_holds(warehouse, filled, in_attribution):
    one = filled.placed(article(1))
    altered = replace(
        one, text=one.text.replace("labourers", "fishermen") if in_attribution else one.text.replace("Moscow", "London")
    )
    with pytest.raises(WarehouseRefused), warehouse.begin() as unit:
        unit.save_claims(altered, [claim(altered, start=0) if not in_attribution else claim(altered, start=60)], "extract-1")


def test_a_quote_has_at_most_600_characters(warehouse, filled):
    one = filled.placed(article(1, text="a" * 700))
    with warehouse.begin() as unit:
        unit.save_claims(one, [bare_claim(one, spans=(Span(0, 600),))], "extract-1")
        with pytest.raises(WarehouseRefused), unit.part():
            unit.save_claims(one, [bare_claim(one, spans=(Span(0, 601),))], "extract-1")


def test_offsets_count_characters_whatever_the_script(warehouse, filled):
    one = filled.placed(article(1))
    start = one.text.index("평양")
    assert one.text.index(QUOTE) > one.text.index("🚢")
    with warehouse.begin() as unit:
        unit.save_claims(one, [bare_claim(one, spans=(Span(start, start + 2),))], "extract-1")
        assert unit.articles_to_assess("assess-1", 1)[0].claims[0].spans == (Span(start, start + 2),)
