"""Order does not matter: whatever comes when, in whatever batches, the stories are those of the whole list at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evaluation.test_stories import BASES, VARIANTS, article, corpus, paragraphs

from sanctions_watch.adapters.memory import MemoryWarehouse
from sanctions_watch.clock import FixedClock
from sanctions_watch.library import NoFetcher
from sanctions_watch.pipeline import Flow
from sanctions_watch.records import Article, Selection
from sanctions_watch.stages.deduplicate import cluster

SEEN = datetime(2024, 10, 1, tzinfo=UTC)
BACKGROUND = paragraphs(BASES["ore"][1])[-2:]


def both() -> Article:
    (_, ore, _), (_, court, _) = BASES.values()
    return article("both", "The North's ships and stones", "\n\n".join([*paragraphs(ore)[:5], *paragraphs(court)[:3]]), hours=9)


def ends() -> list[Article]:
    """Two cut copies that share nothing but the whole they were cut from."""
    parts = paragraphs(BASES["ore"][1])
    return [
        article("head", "Zinc at Walvis Bay", "\n\n".join(parts[:3]), hours=4),
        article("tail", "Zinc at Walvis Bay, the papers", "\n\n".join(parts[3:]), hours=5),
    ]


def weeks() -> list[Article]:
    """Three dispatches of one agency, weeks apart, that end with the same background."""
    news = (
        "A smelter in Tsumeb shut its gate",
        "Two clerks of the harbour resigned",
        "A ferry found a crate adrift off Swakopmund",
    )
    return [
        article(f"week{number}", title, "\n\n".join([f"{title} on the news of the day, an official of the town said.", *BACKGROUND]),
                hours=24 * 9 * number, agency="Reuters", publisher="Reuters")
        for number, title in enumerate(news)
    ]  # fmt: skip


ALL = [*corpus()[0], both(), *ends(), *weeks()]


def flow_of(warehouse: MemoryWarehouse, batch: int) -> Flow:
    return Flow(warehouse=warehouse, fetcher=NoFetcher(), mailer=None, clock=FixedClock(SEEN), batch=batch)


def arrive(warehouse: MemoryWarehouse, article: Article, rank: int) -> None:
    seen = replace(article, first_seen_at=SEEN + timedelta(seconds=rank))
    with warehouse.begin() as unit:
        unit.save_article(seen, None, "clean-1")
        unit.save_selection(Selection(seen.article_id, seen.version, True, False, 1.0, (), "select-1"))


def stories_of(warehouse: MemoryWarehouse, articles: list[Article]) -> dict[str, tuple[str, ...]]:
    """For each article all that stand in its story, its relation, what it hangs on, the lead and the origin."""
    with warehouse.begin() as unit:
        placed = {one.article_id: unit.previous_placement(one.article_id) for one in articles}
    return {one: told(placement, placed.values()) for one, placement in placed.items()}


def told(placement, placed) -> tuple:
    together = tuple(sorted(other.article_id for other in placed if other.story_id == placement.story_id))
    return (together, placement.relation, placement.related_to, placement.lead_article_id, placement.origin_agency)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_order_and_any_batches_give_the_same_stories(data):
    chosen = data.draw(st.lists(st.sampled_from(ALL), min_size=2, max_size=14, unique_by=lambda one: one.article_id))
    expected = {one.article_id: one for one in cluster(chosen)}
    flow = flow_of(warehouse := MemoryWarehouse(), data.draw(st.integers(1, 5)))
    for rank, one in enumerate(data.draw(st.permutations(chosen))):
        arrive(warehouse, one, rank)
        if data.draw(st.booleans()):
            flow.deduplicate()
    flow.drain(flow.deduplicate)
    found = stories_of(warehouse, chosen)
    assert found == {one: told(placement, expected.values()) for one, placement in expected.items()}


@given(order=st.permutations(range(len(ALL))))
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_list_is_clustered_alike_in_any_order(order):
    wanted = {one.article_id: one for one in cluster(ALL)}
    assert {one.article_id: one for one in cluster([ALL[place] for place in order])} == wanted


def test_what_joins_two_stories_makes_them_one_and_says_so():
    flow = flow_of(warehouse := MemoryWarehouse(), 10)
    head, tail = ends()
    whole = article("whole", *BASES["ore"][:2], agency="Reuters", publisher="Reuters")
    for rank, one in enumerate((head, tail)):
        arrive(warehouse, one, rank)
    flow.drain(flow.deduplicate)
    with warehouse.begin() as unit:
        first, second = (unit.previous_placement(one.article_id).story_id for one in (head, tail))
    assert first != second
    arrive(warehouse, whole, 3)
    flow.drain(flow.deduplicate)
    with warehouse.begin() as unit:
        placed = [unit.previous_placement(one.article_id) for one in (head, tail, whole)]
        assert {one.story_id for one in placed} == {first}  # the story of the earlier keeps its id
        assert {one.origin_agency for one in placed} == {"Reuters"}
        assert {one.lead_article_id for one in placed} == {"whole"}
        [merge] = unit.story_merges(second)
    assert (merge.from_story, merge.into_story, merge.article_id, merge.related_to) == (second, first, "tail", "whole")
    assert merge.moved == ("tail",)


def test_variants_hang_on_the_agency_s_own_however_late_it_comes():
    flow = flow_of(warehouse := MemoryWarehouse(), 10)
    story = [one for one in ALL if one.article_id.split("-")[0] == "court" and one.article_id.split("-")[-1] in (*VARIANTS, "own")]
    for rank, one in enumerate(sorted(story, key=lambda one: one.article_id == "court-own")):
        arrive(warehouse, one, rank)
        flow.drain(flow.deduplicate)
    with warehouse.begin() as unit:
        placed = [unit.previous_placement(one.article_id) for one in story]
    assert {one.origin_agency for one in placed} == {"AFP"}
    assert {one.related_to for one in placed if one.article_id != "court-own"} == {"court-own"}
