"""How a story grows: every article hangs on its nearest kin among those before it, or stands at the root of a story of its own.

Which article another hangs on depends on their texts and times and on people's words alone: so the stories are the same whatever the order
in which articles came, once every article that a newcomer concerns (``Placement.displaces``) has been placed again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sanctions_watch.records import Article, Candidate, Fingerprints, Placement, Relation, StoryVerdict, identify
from sanctions_watch.stages.deduplicate.background import Background, of_pair
from sanctions_watch.stages.deduplicate.lead import lead_of, member_of, order, origin_of
from sanctions_watch.stages.deduplicate.measure import Common
from sanctions_watch.stages.deduplicate.verdict import Verdict, judge
from sanctions_watch.stages.deduplicate.words import withdraws

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MIN_SHARED = 3  # fingerprints: fewer is a stock phrase
_MIN_CONTAINMENT = 0.25  # of the shorter text's words, before the rules are asked

Said = dict[str, StoryVerdict]  # what people said of the article in hand, by the other article


@dataclass(frozen=True, slots=True)
class Link:
    """An article that is one report with the one in hand; ``verdict`` is that of the later of the two on the earlier."""

    candidate: Candidate
    verdict: Verdict
    said: StoryVerdict | None = None  # a person's word that they are one

    @property
    def relation(self) -> Relation:
        return self.verdict.relation or "edited"

    @property
    def is_named(self) -> bool:
        return self.relation in {"correction_of", "kill_of"}

    @property
    def covered(self) -> int:
        """How many words of the later article stand in the earlier."""
        return sum(run.equal for run in self.verdict.common.runs)


def said_of(article: Article, verdicts: Iterable[StoryVerdict]) -> Said:
    """The standing verdicts on an article, by the other article; the latest word counts."""
    said: Said = {}
    for one in sorted(verdicts, key=lambda one: (one.decided_at, one.verdict_id)):
        if one.withdrawn_at is None and article.article_id in (one.article_id, one.other_article_id):
            said[one.other_article_id if one.article_id == article.article_id else one.article_id] = one
    return said


def grow(
    article: Article,
    fingerprints: Fingerprints,
    candidates: Sequence[Candidate],
    previous: Placement | None,
    background: Background,
    said: Said,
) -> Placement:
    """Place one article among the candidates, without its story's lead and origin."""
    links = _kin(article, fingerprints, candidates, background, said)
    barred = _barred(article, candidates, said)
    before = [one for one in links if order(one.candidate.article) < order(article) and one.candidate.story_id not in barred]
    after = [one for one in links if order(one.candidate.article) > order(article)]
    parent = _nearest(before)
    if parent is not None:
        placed = _hung(article, parent, before)
    elif previous is not None and article.version > 1:
        placed = _next_version(article, previous, candidates)
    else:
        placed = _root(article)
    if not placed.story_id:
        taken = barred | ({one.story_id for one in candidates} - {link.candidate.story_id for link in links})
        placed = replace(placed, story_id=_story_of_root(article, previous, after, barred, taken))
    displaced = {one.candidate.article.article_id for one in after}
    displaced |= {other for other, one in said.items() if one.kind == "split" and _is_later(article, other, candidates)}
    members = [one for one in candidates if one.story_id == placed.story_id]
    told = [member_of(one.article, one.fingerprints.words, one.relation) for one in members]
    told.append(member_of(article, fingerprints.words, placed.relation))
    return replace(
        placed,
        lead_article_id=lead_of(told),
        origin_agency=(article.wire.agency if article.wire else "") or origin_of(told)[0],
        displaces=() if previous is not None and _stands(placed, previous) else tuple(sorted(displaced)),
    )


def _kin(
    article: Article, fingerprints: Fingerprints, candidates: Iterable[Candidate], background: Background, said: Said
) -> list[Link]:
    """The candidates that are one report with the article, earliest first."""
    links: list[Link] = []
    own = set(fingerprints.hashes)
    for candidate in candidates:
        word = said.get(candidate.article.article_id)
        if word is not None and word.kind == "split":
            continue
        is_notice = any(one.notice is not None or withdraws(one) for one in (article, candidate.article))
        shared = len(own.intersection(candidate.fingerprints.hashes))
        fewest = min(_MIN_SHARED, len(own), len(candidate.fingerprints.hashes))
        if word is None and shared < (0 if is_notice else fewest):
            continue
        earlier, later = sorted((article, candidate.article), key=order)
        verdict = judge(earlier, later, of_pair(background, earlier, later))
        is_kin = verdict.relation is not None and (verdict.common.containment >= _MIN_CONTAINMENT or is_notice)
        if is_kin or word is not None:
            links.append(Link(candidate, verdict, word))
    return sorted(links, key=lambda link: order(link.candidate.article))


def _barred(article: Article, candidates: Iterable[Candidate], said: Said) -> frozenset[str]:
    """The stories of earlier articles that a person has split this one from."""
    return frozenset(
        one.story_id
        for one in candidates
        if one.article.article_id in said and said[one.article.article_id].kind == "split" and order(one.article) < order(article)
    )


def _is_later(article: Article, other: str, candidates: Iterable[Candidate]) -> bool:
    return any(one.article.article_id == other and order(one.article) > order(article) for one in candidates)


def _nearest(links: Sequence[Link]) -> Link | None:
    """What a person named; else what a notice names, else what covers most: of equals the earliest, but for a notice the latest."""
    by_hand = [link for link in links if link.said is not None]
    if by_hand:
        return by_hand[0]
    named = [link for link in links if link.is_named]
    if named:
        return max(named, key=lambda link: (round(_naming(link.verdict.common), 1), order(link.candidate.article)))
    return min(links, key=lambda link: (-link.covered, order(link.candidate.article)), default=None)


def _naming(common: Common) -> float:
    return max(common.narrative, common.headline, common.named)


def _hung(article: Article, parent: Link, before: Sequence[Link]) -> Placement:
    relation, evidence = parent.relation, parent.verdict.evidence
    other = _second_source(parent, before)
    if parent.said is not None:
        evidence = (f"{parent.said.decided_by} said that they are one report: {parent.said.reason}", *evidence)
    elif other is not None:
        relation = "merged_from"
        nearer, further = parent.candidate.article.article_id, other.candidate.article.article_id
        evidence = (
            f"built from two dispatches: {parent.covered} words of {nearer} and {other.covered} of {further}, which stays a story of its own",
            *evidence,
        )
    return replace(
        _root(article),
        story_id=parent.candidate.story_id,
        relation=relation,
        related_to=parent.candidate.article.article_id,
        containment=round(parent.verdict.common.containment, 4),
        evidence=evidence,
    )


def _second_source(parent: Link, before: Sequence[Link]) -> Link | None:
    """An earlier report of another story that covers a part of the article which the parent does not."""
    taken = {place for run in parent.verdict.common.runs for place in range(run.b_start, run.b_end)}
    for link in before:
        if link.candidate.story_id != parent.candidate.story_id:
            own = [place for run in link.verdict.common.runs for place in range(run.b_start, run.b_end)]
            if own and sum(place not in taken for place in own) > len(own) / 2:
                return link
    return None


def _next_version(article: Article, previous: Placement, candidates: Iterable[Candidate]) -> Placement:
    """A new text of an article whose text has no other kin: it stays where the version before it stood."""
    was_root = previous.related_to in ("", article.article_id)
    anchor = next((one for one in candidates if one.article.article_id == previous.related_to), None)
    relation: Relation = "update_of"
    if withdraws(article):
        relation = "kill_of"
    elif article.notice is not None and article.notice.kind in {"correction", "refile"}:
        relation = "correction_of"
    elif was_root:
        relation = "lead"
    return replace(
        _root(article),
        story_id="" if was_root and anchor is None else (anchor.story_id if anchor else previous.story_id),
        relation=relation,
        related_to=article.article_id if was_root and relation != "lead" else previous.related_to,
        containment=0.0,
        evidence=(f"version {article.version} of an article of this story",),
    )


def _root(article: Article) -> Placement:
    return Placement(
        article_id=article.article_id,
        version=article.version,
        story_id="",
        relation="lead",
        related_to="",
        lead_article_id=article.article_id,
        origin_agency="",
        containment=0.0,
        evidence=("nothing published before it is the same report",),
    )


def _story_of_root(
    article: Article, previous: Placement | None, after: Sequence[Link], barred: frozenset[str], taken: frozenset[str] | set[str]
) -> str:
    """A root keeps its story; a new one takes over that of the earliest root which now hangs on it; else a story begins."""
    if previous is not None and previous.related_to in ("", article.article_id) and previous.story_id not in barred:
        return previous.story_id
    heads = [one.candidate for one in after if one.candidate.relation == "lead" and one.candidate.story_id not in barred]
    if heads:
        return min(heads, key=lambda one: order(one.article)).story_id
    story_id, number = identify("story", article.article_id), 1
    while story_id in taken:
        number += 1
        story_id = identify("story", article.article_id, str(number))
    return story_id


def _stands(placed: Placement, previous: Placement) -> bool:
    """Whether nothing that others depend on has changed."""
    return (placed.version, placed.story_id, placed.relation, placed.related_to, placed.text_digest) == (
        previous.version,
        previous.story_id,
        previous.relation,
        previous.related_to,
        previous.text_digest,
    )
