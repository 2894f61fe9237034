"""Deduplicate: which articles are one report, whoever printed it.

A story grows as a forest: every article looks for its nearest kin among those published before it (an agency's own version counts as
published before its copies) and joins its story; one without kin begins a story. So an article made of two dispatches goes with the one
it shares most with and does not chain the two, and the outcome depends on what was published, not on the order it came in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sanctions_watch.records import Article, Candidate, Fingerprints, Placement, Relation, identify
from sanctions_watch.stages.deduplicate.measure import Common
from sanctions_watch.stages.deduplicate.verdict import Verdict, is_own, judge
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
from sanctions_watch.stages.deduplicate.words import named_headlines, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

__all__ = ["VERSION", "cluster", "compare", "fingerprint", "place"]

VERSION = "deduplicate-1"

_MIN_SHARED = 3  # fingerprints: fewer is a stock phrase
_MIN_CONTAINMENT = 0.25  # of the shorter text's fingerprints' words, before the rules are asked
_MOST_CANDIDATES = 30
_HOT = 250  # articles that share a fingerprint: more is boilerplate, and no sign of kinship
_OWN_FIRST = timedelta(hours=24)  # copies are stamped with a date alone, or before the agency's own page


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


def place(article: Article, fingerprints: Fingerprints, candidates: Sequence[Candidate], previous: Placement | None) -> Placement:
    """Where an article belongs, given the placed articles that share fingerprints with it.

    ``previous`` is the placement of the article's version before: its story is kept for life. Articles published later that the new
    one is kin to, in another story or at the head of their own, are named in ``displaces``: they are to be placed again.
    """
    kin = _kin(article, fingerprints, candidates)
    before = [link for link in kin if _order(link.candidate.article) < _order(article)]
    after = [link for link in kin if _order(link.candidate.article) > _order(article)]
    heads = [link for link in after if link.candidate.relation == "lead"]
    parent = _nearest(before)
    if previous is not None and previous.version != article.version:
        story_id = previous.story_id
        parent = parent if parent is not None and parent.candidate.story_id == story_id else None
    elif parent is not None:
        story_id = parent.candidate.story_id
    elif heads:
        story_id = min(heads, key=lambda link: _order(link.candidate.article)).candidate.story_id
    else:
        story_id = identify("story", article.article_id)
    return replace(
        _placement(article, parent, before),
        story_id=story_id,
        lead_article_id=_lead([article, *(candidate.article for candidate in candidates if candidate.story_id == story_id)]),
        origin_agency=_origin(article, [link.candidate.article for link in kin if link.candidate.story_id == story_id]),
        displaces=tuple(
            sorted(
                link.candidate.article.article_id
                for link in after
                if link.candidate.story_id != story_id or link.candidate.relation == "lead"
            )
        ),
    )


def cluster(articles: Sequence[Article]) -> list[Placement]:
    """Place every article of a list, whatever its order; one placement each, in the list's order."""
    index: dict[int, list[int]] = defaultdict(list)
    of_agency: dict[str, list[int]] = defaultdict(list)
    members: dict[str, list[int]] = defaultdict(list)
    placed: dict[int, Candidate] = {}
    placements: dict[int, Placement] = {}
    for rank, number in enumerate(sorted(range(len(articles)), key=lambda number: (_order(articles[number]), number))):
        article = articles[number]
        prints = fingerprint(article)
        shared: Counter[int] = Counter()
        for value in prints.hashes:
            others = index[value]
            if len(others) <= _HOT:
                shared.update(others)
            others.append(rank)
        if article.notice is not None and article.wire is not None:  # a kill may share nothing but the subject with what it names
            shared.update(of_agency[article.wire.agency][-_MOST_CANDIDATES:])
        nearest = sorted(shared.items(), key=lambda item: (-item[1], -item[0]))[:_MOST_CANDIDATES]
        if article.wire is not None:
            of_agency[article.wire.agency].append(rank)
        placement = place(article, prints, [replace(placed[other], shared=count) for other, count in nearest], None)
        placements[number] = placement
        placed[rank] = Candidate(article, prints, placement.story_id, placement.relation, 0)
        members[placement.story_id].append(number)
    for numbers in members.values():
        story = [articles[number] for number in numbers]
        lead = _lead(story)
        for number in numbers:
            kin = [articles[other] for other in numbers if other != number]
            placements[number] = replace(
                placements[number],
                lead_article_id=lead,
                origin_agency=placements[number].origin_agency or _origin(articles[number], kin),
            )
    return [placements[number] for number in range(len(articles))]


def compare(a: Article, b: Article) -> tuple[Relation | None, float, tuple[str, ...]]:
    """Why two articles are, or are not, one story: the relation of the later to the earlier, containment 0-1, the evidence in words."""
    verdict = judge(*sorted((a, b), key=_order))
    return verdict.relation, verdict.common.containment, verdict.evidence


@dataclass(frozen=True, slots=True)
class _Link:
    candidate: Candidate
    verdict: Verdict  # of the later of the two articles on the earlier

    @property
    def relation(self) -> Relation:
        return self.verdict.relation or "copy"

    @property
    def is_named(self) -> bool:
        return self.relation in {"correction_of", "kill_of"}

    @property
    def covered(self) -> int:
        """How many words of the later article stand in the earlier."""
        return sum(run.equal for run in self.verdict.common.runs)


def _order(article: Article) -> tuple[datetime, str]:
    return (article.published_at - _OWN_FIRST if is_own(article) else article.published_at, article.article_id)


def _kin(article: Article, fingerprints: Fingerprints, candidates: Iterable[Candidate]) -> list[_Link]:
    """The candidates that are one report with the article, earliest first."""
    links: list[_Link] = []
    own = set(fingerprints.hashes)
    for candidate in candidates:
        is_notice = article.notice is not None or candidate.article.notice is not None
        shared = len(own.intersection(candidate.fingerprints.hashes))
        if shared < (0 if is_notice else min(_MIN_SHARED, len(own), len(candidate.fingerprints.hashes))):
            continue
        verdict = judge(*sorted((article, candidate.article), key=_order))
        if verdict.relation is not None and (verdict.common.containment >= _MIN_CONTAINMENT or is_notice):
            links.append(_Link(candidate, verdict))
    return sorted(links, key=lambda link: _order(link.candidate.article))


def _nearest(links: Sequence[_Link]) -> _Link | None:
    """The link that names its dispatch, else the one that covers most; of equals the earliest, but for a notice the latest."""
    named = [link for link in links if link.is_named]
    if named:
        return max(named, key=lambda link: (round(_naming(link.verdict.common), 1), _order(link.candidate.article)))
    return min(links, key=lambda link: (-link.covered, _order(link.candidate.article)), default=None)


def _naming(common: Common) -> float:
    return max(common.narrative, common.headline, common.named)


def _placement(article: Article, parent: _Link | None, before: Sequence[_Link]) -> Placement:
    relation: Relation = parent.relation if parent else "lead"
    evidence = parent.verdict.evidence if parent else ("nothing published before it is the same report",)
    if parent:
        other = _second_source(parent, before)
        if other is not None:
            relation = "merged_from"
            nearer, further = parent.candidate.article.article_id, other.candidate.article.article_id
            evidence = (f"built from two dispatches: shares more with {nearer} than with {further}", *evidence)
    return Placement(
        article_id=article.article_id,
        version=article.version,
        story_id="",
        relation=relation,
        related_to=parent.candidate.article.article_id if parent else "",
        lead_article_id=article.article_id,
        origin_agency="",
        containment=round(parent.verdict.common.containment, 4) if parent else 0.0,
        evidence=evidence,
        deduplicator_version=VERSION,
    )


def _second_source(parent: _Link, before: Sequence[_Link]) -> _Link | None:
    """An earlier report of another story that covers a part of the article which the parent does not."""
    taken = {place for run in parent.verdict.common.runs for place in range(run.b_start, run.b_end)}
    for link in before:
        if link.candidate.story_id != parent.candidate.story_id:
            own = [place for run in link.verdict.common.runs for place in range(run.b_start, run.b_end)]
            if own and sum(place not in taken for place in own) > len(own) / 2:
                return link
    return None


def _lead(articles: Sequence[Article]) -> str:
    """The agency's own first version, else the earliest of the most complete (at least nine tenths of the longest)."""
    longest = max(len(words_of(article)) for article in articles)
    return min(
        articles,
        key=lambda article: (not is_own(article), not is_own(article) and len(words_of(article)) < 0.9 * longest, _order(article)),
    ).article_id


def _origin(article: Article, kin: Iterable[Article]) -> str:
    """The agency the article credits; else the one that most of its kin credit, the agency's own version counting before all."""
    if article.wire is not None:
        return article.wire.agency
    votes: Counter[str] = Counter()
    for other in kin:
        if other.wire is not None:
            votes[other.wire.agency] += 1000 if is_own(other) else 1
    return min(votes, key=lambda agency: (-votes[agency], agency), default="")
