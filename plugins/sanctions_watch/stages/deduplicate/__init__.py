"""Deduplicate: which articles are one report, whoever printed it.

A story grows as a forest: every article looks for its nearest kin among those published before it (an agency's own version counts as
published before its copies) and joins its story; one without kin begins a story (``forest``). So an article made of two dispatches goes with
the one it shares most with and does not chain the two, and the outcome depends on what was published, not on the order it came in.
Whether two articles are kin is decided on figures (``measure``) by rules (``verdict``), after their words were levelled (``words``) and
aligned (``align``); candidates are found by winnowed fingerprints (``winnow``), and what an agency carries for weeks weighs little
(``background``).
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from sanctions_watch.records import Article, Candidate, Carried, Fingerprints, Placement, Relation, StoryMember, StoryVerdict
from sanctions_watch.stages.deduplicate.background import OCCASIONS, Background, learn, learn_with, of_pair, period
from sanctions_watch.stages.deduplicate.changes import changes
from sanctions_watch.stages.deduplicate.forest import grow, said_of
from sanctions_watch.stages.deduplicate.lead import lead_of, member_of, order, origin_of
from sanctions_watch.stages.deduplicate.passages import Passage, passages
from sanctions_watch.stages.deduplicate.verdict import judge
from sanctions_watch.stages.deduplicate.winnow import (
    CHARACTERS_IN_A_GRAM,
    WINDOW,
    WORDS_IN_A_GRAM,
    grams,
    name_hash,
    signed,
    window_for,
    winnow,
)
from sanctions_watch.stages.deduplicate.words import named_headlines, withdraws, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = [
    "VERSION",
    "Passage",
    "changes",
    "cluster",
    "compare",
    "fingerprint",
    "passages",
    "place",
    "settle",
    "text_digest",
    "withdraws",
]

VERSION = "deduplicate-2"

_MOST_CANDIDATES = 50
_HOT = 250  # articles that share a fingerprint: more is boilerplate, and no sign of kinship


def fingerprint(article: Article) -> Fingerprints:
    """Winnowed hashes of the body's words, and one of the headline: a correction or kill finds the dispatch that it names by it."""
    words = words_of(article)
    size = CHARACTERS_IN_A_GRAM if words.is_unspaced else WORDS_IN_A_GRAM
    window = WINDOW if words.is_unspaced and len(words) > 1200 else window_for(len(words))
    hashes = set(winnow(grams(words.words, size), window))
    hashes.update(name_hash(name) for name in (words.headline, *named_headlines(article)) if len(name) >= 3)
    return Fingerprints(
        article_id=article.article_id,
        version=article.version,
        hashes=tuple(sorted(signed(value) for value in hashes)),
        words=len(words),
        published_at=article.published_at,
    )


def text_digest(article: Article) -> int:
    """One hash of all words of the body, signed 64 bits: equal for exact copies under any headline; 0 for an empty body."""
    words = words_of(article).words
    told = " ".join(words).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(told, digest_size=8).digest(), "big", signed=True) if words else 0


def place(
    article: Article,
    fingerprints: Fingerprints,
    candidates: Sequence[Candidate],
    previous: Placement | None,
    *,
    carried: Sequence[Carried] = (),
    verdicts: Sequence[StoryVerdict] = (),
) -> Placement:
    """Where an article belongs, given the placed articles that share fingerprints with it.

    ``previous`` is where it, or its version before, stands; ``carried`` in which periods agencies carried its fingerprints (of other
    articles); ``verdicts`` what people said of it. ``displaces`` of the answer names articles that are to be placed again.
    """
    background, fresh = learn_with(article, fingerprints, carried)
    placed = grow(article, fingerprints, candidates, previous, background, said_of(article, verdicts))
    displaced = {one.article.article_id for one in candidates if fresh.intersection(one.fingerprints.hashes)} if fresh else set()
    is_new = previous is None or previous.version != article.version
    return replace(
        placed,
        displaces=tuple(sorted({*placed.displaces, *displaced})) if is_new else placed.displaces,
        deduplicator_version=VERSION,
        text_digest=text_digest(article),
    )


def settle(members: Sequence[StoryMember]) -> tuple[str, str, str]:
    """Of a story with these members: its lead (article id), the agency it came from ("" where nobody credits one), and how that is known."""
    return (lead_of(members), *origin_of(members))


def cluster(articles: Sequence[Article], step: Callable[[], object] = lambda: None) -> list[Placement]:
    """Place every article of a list, whatever its order; one placement each, in the list's order. ``step`` is called after each."""
    ranked = sorted(range(len(articles)), key=lambda number: (order(articles[number]), number))
    prints: list[Fingerprints] = []
    background = _background(articles)
    index: dict[int, list[int]] = defaultdict(list)
    of_agency: dict[str, list[int]] = defaultdict(list)
    members: dict[str, list[int]] = defaultdict(list)
    placed: list[Candidate] = []
    placements: dict[int, Placement] = {}
    for rank, number in enumerate(ranked):
        article = articles[number]
        prints.append(fingerprint(article))
        shared: Counter[int] = Counter()
        for value in prints[rank].hashes:
            others = index[value]
            if len(others) <= _HOT:
                shared.update(others)
            others.append(rank)
        if article.wire is not None:
            if article.notice is not None or withdraws(article):  # a kill may share nothing but the subject with what it names
                shared.update(of_agency[article.wire.agency][-_MOST_CANDIDATES:])
            of_agency[article.wire.agency].append(rank)
        nearest = sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:_MOST_CANDIDATES]
        candidates = [replace(placed[other], shared=count) for other, count in nearest]
        placement = grow(article, prints[rank], candidates, None, background, {})
        placements[number] = replace(placement, deduplicator_version=VERSION, text_digest=text_digest(article))
        placed.append(Candidate(article, prints[rank], placement.story_id, placement.relation, 0))
        members[placement.story_id].append(rank)
        step()
    for ranks in members.values():
        lead, agency, known_by = settle(
            [member_of(placed[rank].article, prints[rank].words, placed[rank].relation) for rank in ranks]
        )
        for rank in ranks:
            placements[ranked[rank]] = _settled(placements[ranked[rank]], placed[rank].article, lead, agency, known_by)
    return [placements[number] for number in range(len(articles))]


def _background(articles: Sequence[Article]) -> Background:
    """What the agencies carry for weeks; only of those that were heard of in enough periods are the texts looked at."""
    heard: dict[str, set[int]] = defaultdict(set)
    for article in articles:
        if article.wire is not None:
            heard[article.wire.agency].add(period(article.published_at))
    periods: dict[tuple[str, int], set[int]] = defaultdict(set)
    for article in articles:
        if article.wire is not None and len(heard[article.wire.agency]) >= OCCASIONS:
            for value in fingerprint(article).hashes:
                periods[article.wire.agency, value].add(period(article.published_at))
    return learn(Carried(agency, value, tuple(known)) for (agency, value), known in periods.items())


def _settled(placement: Placement, article: Article, lead: str, agency: str, known_by: str) -> Placement:
    if article.wire is not None or not agency:
        return replace(placement, lead_article_id=lead)
    evidence = (*placement.evidence, f"uncredited copy of {agency}: {known_by}")
    return replace(placement, lead_article_id=lead, origin_agency=agency, evidence=evidence)


def compare(a: Article, b: Article, carried: Sequence[Carried] = ()) -> tuple[Relation | None, float, tuple[str, ...]]:
    """Why two articles are, or are not, one story: the relation of the later to the earlier, containment 0-1, the evidence in words.

    ``carried``: in which periods agencies carried the fingerprints of both, where that is known.
    """
    earlier, later = sorted((a, b), key=order)
    verdict = judge(earlier, later, of_pair(learn(carried), earlier, later))
    return verdict.relation, verdict.common.containment, verdict.evidence
