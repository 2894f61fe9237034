"""A new version is placed anew, goes through extract again, and says what it changed; exact copies after the window are old news."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.evaluation.test_stories import BASES, article, paragraphs
from tests.unit.deduplicate.test_order import arrive, flow_of

from sanctions_watch.adapters.memory import MemoryWarehouse
from sanctions_watch.records import Article, Notice, Selection, Zone

TITLE, TEXT, _ = BASES["court"]


def version(of: Article, number: int, title: str, body: str, notice: Notice | None = None) -> Article:
    text = f"{title}\n\n{body}"
    zones = (Zone("headline", 0, len(title)), Zone("body", len(title) + 2, len(text)))
    return replace(of, version=number, title=title, text=text, zones=zones, notice=notice, content_sha256=str(number))


@pytest.fixture
def warehouse():
    return MemoryWarehouse()


def settle(warehouse, *articles):
    for rank, one in enumerate(articles):
        arrive(warehouse, one, rank)
    flow = flow_of(warehouse, 10)
    flow.drain(flow.deduplicate)


def own() -> Article:
    return article("own", TITLE, TEXT, agency="AFP", publisher="AFP")


def test_a_corrected_version_stays_is_extracted_again_and_tells_what_changed(warehouse):
    settle(warehouse, own(), article("copy", TITLE, TEXT, hours=3))
    with warehouse.begin() as unit:
        story = unit.previous_placement("own").story_id
        for one in unit.articles_to_extract("extract-1", 10):
            unit.save_claims(one, [], "extract-1")
        assert unit.articles_to_extract("extract-1", 10) == []
    corrected = TEXT.replace("2.1 million", "1.2 million").replace("Osinga", "Hoekstra")
    settle(warehouse, version(own(), 2, "CORRECTED: " + TITLE, corrected, Notice("correction", "CORRECTED:")))
    with warehouse.begin() as unit:
        placed = unit.previous_placement("own")
        assert (placed.story_id, placed.version) == (story, 2)
        assert [(one.article_id, one.version) for one in unit.articles_to_extract("extract-1", 10)] == [("own", 2)]
        [(earlier, of, changes)] = unit.text_changes("own", 2)
        texts = unit.article_version("own", 1).text, unit.article_version("own", 2).text
    assert (earlier, of) == ("own", 1)
    told = [(one.kind, one.before, one.after) for one in changes]
    assert ("number", "2.1", "1.2") in told
    assert ("name", "Osinga", "Hoekstra") in told
    for one in changes:
        assert texts[0][one.before_start : one.before_end] == one.before
        assert texts[1][one.after_start : one.after_end] == one.after


def test_a_kill_under_the_same_address_takes_the_story_back_though_nothing_in_it_is_selected(warehouse):
    settle(warehouse, own(), article("copy", TITLE, TEXT, hours=3))
    note = version(own(), 2, "Withdrawn", "This story has been withdrawn.", Notice("kill", "This story has been withdrawn."))
    with warehouse.begin() as unit:
        story = unit.previous_placement("own").story_id
        unit.save_article(note, None, "clean-1")
        unit.save_selection(Selection("own", 2, False, False, 0.0, (), "select-1"))
    flow = flow_of(warehouse, 10)
    flow.drain(flow.deduplicate)
    with warehouse.begin() as unit:
        placed = unit.previous_placement("own")
        assert (placed.story_id, placed.version, placed.relation) == (story, 2, "kill_of")
        assert placed.lead_article_id == "copy"  # a notice does not stand for the report


def test_an_update_tells_what_it_changed_in_the_dispatch_before(warehouse):
    late = article("late", TITLE + ", prosecutors appeal", TEXT.replace("announced an appeal", "withdrew the appeal"),
                   hours=4, agency="AFP", publisher="AFP")  # fmt: skip
    settle(warehouse, own(), late)
    with warehouse.begin() as unit:
        assert unit.previous_placement("late").relation == "update_of"
        [(earlier, of, changes)] = unit.text_changes("late", 1)
    assert (earlier, of) == ("own", 1)
    assert any("withdrew" in one.after for one in changes)
    assert [one.after for one in changes if one.kind == "headline"] == ["prosecutors appeal"]


def test_a_repost_after_the_window_is_republished_and_says_when_it_was_first_printed(warehouse):
    repost = article("repost", "From our archive: the broker of Rotterdam", TEXT, hours=24 * 400)
    settle(warehouse, own(), repost)
    with warehouse.begin() as unit:
        first, second = unit.previous_placement("own"), unit.previous_placement("repost")
    assert (second.relation, second.story_id, second.origin_agency) == ("republished", first.story_id, "AFP")
    assert "first printed on 10 September 2024" in second.evidence[0]


def test_an_anniversary_piece_is_a_report_of_its_own(warehouse):
    piece = "\n\n".join(["A year ago a court fined a brokerage, and nobody has paid.", *paragraphs(TEXT)[1:3]])
    settle(warehouse, own(), article("piece", "A year after the fine", piece, hours=24 * 365))
    with warehouse.begin() as unit:
        assert unit.previous_placement("own").story_id != unit.previous_placement("piece").story_id


def test_a_kill_that_came_before_its_dispatch_is_joined_by_it(warehouse):
    body = (
        f'Please kill the dispatch headlined "{TITLE}" sent from Rotterdam this morning. The names are not those of the judgment.'
    )
    kill = article("kill", "Advisory to editors", body, agency="AFP", publisher="AFP", hours=5)
    settle(warehouse, kill)
    settle(warehouse, own())
    with warehouse.begin() as unit:
        placed = unit.previous_placement("kill")
        assert (placed.relation, placed.related_to) == ("kill_of", "own")
        assert placed.story_id == unit.previous_placement("own").story_id
