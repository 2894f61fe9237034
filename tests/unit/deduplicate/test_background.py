"""What an agency carries for weeks weighs little; one dispatch, printed again and again, is no background."""

from __future__ import annotations

from tests.evaluation.test_stories import BASES, article, paragraphs
from tests.unit.deduplicate.test_order import arrive, flow_of

from sanctions_watch.adapters.memory import MemoryWarehouse
from sanctions_watch.records import Carried
from sanctions_watch.stages.deduplicate import cluster, fingerprint
from sanctions_watch.stages.deduplicate.background import learn, learn_with
from sanctions_watch.stages.deduplicate.verdict import judge

BACKGROUND = paragraphs(BASES["ore"][1])[-2:]
NEWS = (
    "A smelter in Tsumeb shut its gate on Monday after its licence was withdrawn by the mining ministry in Windhoek over unpaid fees.",
    "A ferry captain found a crate with a foreign stamp adrift off Swakopmund and handed it to the harbour police on Friday evening.",
    "Two clerks of the harbour resigned over lost forms, and a third was moved to the fish market, the port's director told the press.",
)


def dispatch(name: str, lead: str, days: int, *, agency: str = "Reuters", publisher: str = "Reuters"):
    return article(
        name, lead.partition(" on ")[0], "\n\n".join([lead, *BACKGROUND]), hours=24 * days, agency=agency, publisher=publisher
    )


def test_it_takes_three_periods():
    twice, thrice = Carried("AFP", 7, (1, 2)), Carried("AFP", 8, (1, 2, 9))
    assert learn([twice, thrice]) == {"AFP": frozenset({8})}


def test_the_article_in_hand_may_be_the_third():
    one = dispatch("third", NEWS[2], 12)
    prints = fingerprint(one)
    background, fresh = learn_with(one, prints, [Carried("Reuters", prints.hashes[0], (1, 2))])
    assert (background, fresh) == ({"Reuters": frozenset({prints.hashes[0]})}, frozenset({prints.hashes[0]}))


def test_learned_background_weighs_little_in_the_verdict():
    first, second = dispatch("a", NEWS[0], 0), dispatch("b", NEWS[1], 0)
    learned = frozenset(fingerprint(first).hashes) & frozenset(fingerprint(second).hashes)
    before, after = judge(first, second), judge(first, second, learned)
    assert after.common.narrative < before.common.narrative / 2
    assert after.relation is None
    assert any("background the agency carries" in line for line in after.evidence)


def test_a_text_that_is_all_background_is_still_a_copy_of_itself():
    first, second = dispatch("a", NEWS[0], 0), dispatch("b", NEWS[0], 0, agency="", publisher="paper")
    verdict = judge(first, second, frozenset(fingerprint(first).hashes))
    assert verdict.relation == "copy"


def test_what_becomes_background_places_its_holders_again():
    flow = flow_of(warehouse := MemoryWarehouse(), 10)
    dispatches = [dispatch(f"week{number}", news, 9 * number) for number, news in enumerate(NEWS)]
    for rank, one in enumerate(dispatches[:2]):
        arrive(warehouse, one, rank)
    flow.drain(flow.deduplicate)
    arrive(warehouse, dispatches[2], 5)
    flow.deduplicate()
    with warehouse.begin() as unit:
        again = {one.article_id for one in unit.articles_to_place("deduplicate-2", 10)}
        assert again == {"week0", "week1"}
    flow.drain(flow.deduplicate)
    with warehouse.begin() as unit:
        assert len({unit.previous_placement(one.article_id).story_id for one in dispatches}) == 3


def test_copies_of_one_dispatch_make_no_background():
    title, text, _ = BASES["court"]
    copies = [article(f"c{days}", title, text, hours=24 * days, agency="AFP", publisher=f"paper{days}") for days in range(4)]
    assert len({one.story_id for one in cluster(copies)}) == 1
    assert all(not any("background" in line for line in one.evidence) for one in cluster(copies))
