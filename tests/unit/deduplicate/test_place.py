"""Placing one article at a time comes to the stories that placing them all at once comes to, in any order and batches."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evaluation.test_stories import BASES, article, corpus, paragraphs

from sanctions_watch.records import Article, Candidate, Placement, identify
from sanctions_watch.stages.deduplicate import cluster, compare, fingerprint, place

prints_of = lru_cache(maxsize=None)(fingerprint)


class Index:
    """Stories in memory, kept as the warehouse keeps them: displaced articles are placed again."""

    def __init__(self) -> None:
        self.placed: dict[str, tuple[Article, Placement]] = {}

    def candidates(self, new: Article) -> list[Candidate]:
        own = set(prints_of(new).hashes)
        found = []
        for other, placement in self.placed.values():
            prints = prints_of(other)
            shared = len(own & set(prints.hashes))
            if shared and other.article_id != new.article_id:
                found.append(Candidate(other, prints, placement.story_id, placement.relation, shared))
        return sorted(found, key=lambda candidate: (-candidate.shared, candidate.article.article_id))[:40]

    def add(self, batch: list[Article]) -> None:
        waiting = list(batch)
        for _ in range(10_000):
            if not waiting:
                return
            new = waiting.pop(0)
            placement = place(new, prints_of(new), self.candidates(new), None)
            self.placed[new.article_id] = (new, placement)
            waiting += [self.placed.pop(other)[0] for other in placement.displaces]
        raise AssertionError("placing again does not end")

    def partition(self) -> set[frozenset[str]]:
        stories: dict[str, set[str]] = {}
        for name, (_, placement) in self.placed.items():
            stories.setdefault(placement.story_id, set()).add(name)
        return {frozenset(names) for names in stories.values()}


def everything() -> list[Article]:
    articles, _ = corpus()
    (_, ore, _), (_, court, _) = BASES.values()
    both = article("both", "The North's ships and stones", "\n\n".join([*paragraphs(ore)[:5], *paragraphs(court)[:3]]), hours=9)
    ends = article("ends", "Stones", "\n\n".join(paragraphs(ore)[4:]), hours=7)
    return [*articles, both, ends]


ALL = everything()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(range(len(ALL))), st.integers(1, 7))
def test_any_order_and_batches_give_the_same_stories(order: list[int], size: int) -> None:
    index = Index()
    for start in range(0, len(order), size):
        index.add([ALL[number] for number in order[start : start + size]])
    expected: dict[str, set[str]] = {}
    for placement in cluster(ALL):
        expected.setdefault(placement.story_id, set()).add(placement.article_id)
    assert index.partition() == {frozenset(names) for names in expected.values()}


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(len(ALL))))
def test_cluster_answers_in_input_order_whatever_it_is(order: list[int]) -> None:
    placements = cluster([ALL[number] for number in order])
    assert [placement.article_id for placement in placements] == [ALL[number].article_id for number in order]
    assert set(placements) == set(cluster(ALL))


def test_the_first_article_names_the_story() -> None:
    (alone,) = cluster([article("alone", *BASES["ore"][:2])])
    assert (alone.story_id, alone.relation, alone.related_to) == (identify("story", "alone"), "lead", "")


def test_a_story_keeps_its_id_when_an_earlier_article_comes_late() -> None:
    index = Index()
    copy = article("copy", *BASES["ore"][:2], hours=5)
    index.add([copy])
    index.add([article("own", *BASES["ore"][:2], agency="Reuters", publisher="Reuters")])
    assert {placement.story_id for _, placement in index.placed.values()} == {identify("story", "copy")}
    assert index.placed["copy"][1].relation == "copy"
    assert index.placed["copy"][1].lead_article_id == "own"


def test_a_new_version_stays_in_its_story() -> None:
    first = article("moving", *BASES["ore"][:2])
    placed = place(first, fingerprint(first), [], None)
    other = replace(article("moving", *BASES["court"][:2], hours=2), version=2)
    again = place(other, fingerprint(other), [], placed)
    assert (again.story_id, again.version) == (placed.story_id, 2)


def test_compare_tells_why_not() -> None:
    articles = {entry.article_id: entry for entry in ALL}
    relation, containment, evidence = compare(articles["ore-own"], articles["ore-independent"])
    assert relation is None
    assert containment < 0.25
    assert evidence[0]
    assert compare(articles["ore-own"], articles["ore-cut"])[0] == compare(articles["ore-cut"], articles["ore-own"])[0] == "cut"


def test_a_refrain_in_hundreds_of_articles_joins_nothing() -> None:
    refrain = " ".join(paragraphs(BASES["ore"][1])[5:])
    many = [article(f"n{number}", f"Notice {number} of ship {number * 7}", " ".join(f"word{number}x{place}" for place in range(60)) + "\n\n" + refrain)
            for number in range(300)]  # fmt: skip
    assert len({placement.story_id for placement in cluster(many)}) == 300


def test_chinese_copies_come_together() -> None:
    text = "中国外交部发言人星期五否认一家国有粮食公司用大米换取朝鲜纺织品的报道。发言人在例行记者会上说,这一报道纯属捏造,别有用心。中国一贯全面严格执行联合国安理会有关决议。"
    one = article("one", "中国否认与朝鲜进行纺织品贸易", text)
    two = article("two", "外交部回应纺织品报道", text, hours=2)
    three = article(
        "three",
        "平壤天气",
        "平壤星期六有小雨,气温在零上三度到八度之间,西北风二级,出门的市民请带好雨伞,晚间转为多云,能见度一般。",
        hours=2,
    )
    a, b, c = cluster([one, two, three])
    assert a.story_id == b.story_id != c.story_id


def test_empty_and_tiny_articles_stand_alone() -> None:
    tiny = [article(f"t{number}", "Photo", "See the pictures.", hours=number * 30) for number in range(3)]
    assert len({placement.story_id for placement in cluster([*tiny, article("empty", "", "")])}) == 4
