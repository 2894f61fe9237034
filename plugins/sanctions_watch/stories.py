"""Placing one article with everything the warehouse knows about it, and people's words on stories.

The part of the flow that keeps stories in order: an article is placed, what moved is recorded (merges, changes of the text), and every
story that was touched gets its lead and its origin anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sanctions_watch.ports import Beside, Unit
from sanctions_watch.records import Article, Candidate, Fingerprints, Placement, StoryMerge, StoryVerdict, identify
from sanctions_watch.stages import deduplicate

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Literal

CANDIDATES = 50  # articles a new one is aligned with at most
STORY_WINDOW_DAYS = 90
_TELLS_ANEW = frozenset({"update_of", "correction_of"})


@dataclass(slots=True)
class Placing:
    """The placing of one batch in one transaction: ``place`` each article, then ``settle`` the stories that were touched."""

    unit: Unit
    now: datetime
    touched: dict[str, bool] = field(default_factory=dict)

    def place(self, article: Article) -> Placement:
        """Find an article's story and store it, with what moved or changed because of it."""
        prints = deduplicate.fingerprint(article)
        previous = self.unit.previous_placement(article.article_id)
        placement = self._decide(article, prints, previous)
        merge = self._merge(placement, previous)
        self.unit.save_placement(placement, prints)
        if merge is not None:
            self.unit.save_story_merge(merge)
        self._save_changes(article, placement)
        self.touched[placement.story_id] = True
        if previous is not None:
            self.touched[previous.story_id] = True
        return placement

    def _decide(self, article: Article, prints: Fingerprints, previous: Placement | None) -> Placement:
        verdicts = self.unit.story_verdicts(article.article_id)
        others = {other for one in verdicts for other in (one.article_id, one.other_article_id)}
        if previous is not None:
            others.add(previous.related_to)
        beside = Beside(
            frozenset(others - {"", article.article_id}),
            deduplicate.text_digest(article),
            article.notice is not None or deduplicate.withdraws(article),
        )
        found = self.unit.candidates(prints, STORY_WINDOW_DAYS, CANDIDATES)
        known = {one.article.article_id for one in found}
        found += [
            one
            for one in self.unit.candidates_beside(article, beside, STORY_WINDOW_DAYS, CANDIDATES)
            if one.article.article_id not in known
        ]
        carried = self.unit.carried(prints, STORY_WINDOW_DAYS) if _is_credited(article, found) else []
        return deduplicate.place(article, prints, found, previous, carried=carried, verdicts=verdicts)

    def _merge(self, placement: Placement, previous: Placement | None) -> StoryMerge | None:
        """Where the first article of a story goes up in another, the two turned out to be one."""
        if previous is None or previous.related_to not in ("", previous.article_id) or not placement.related_to:
            return None
        if placement.story_id == previous.story_id:
            return None
        return StoryMerge(
            merge_id=identify("merge", previous.story_id, placement.story_id, placement.article_id, placement.related_to),
            from_story=previous.story_id,
            into_story=placement.story_id,
            article_id=placement.article_id,
            related_to=placement.related_to,
            moved=tuple(one.article_id for one in self.unit.story_members(previous.story_id)),
            evidence=placement.evidence,
            merged_at=self.now,
        )

    def _save_changes(self, article: Article, placement: Placement) -> None:
        """What the text changed in the version before it, and in the dispatch that it updates or corrects."""
        earlier: list[Article | None] = []
        if article.version > 1:
            earlier.append(self.unit.article_version(article.article_id, article.version - 1))
        if placement.relation in _TELLS_ANEW and placement.related_to != article.article_id:
            earlier.append(self.unit.latest_article(placement.related_to))
        for one in earlier:
            if one is not None:
                self.unit.save_text_changes(article, one, deduplicate.changes(one, article))

    def settle(self) -> None:
        """Give every touched story its lead and origin."""
        for story_id in self.touched:
            members = self.unit.story_members(story_id)
            if members:
                self.unit.settle_story(story_id, *deduplicate.settle(members))


def say(
    unit: Unit, kind: Literal["split", "merge"], articles: tuple[str, str], *, decided_by: str, reason: str, now: datetime
) -> StoryVerdict:
    """Store a person's word that two articles are one report, or are not; placing keeps to it from its next run on."""
    verdict = StoryVerdict(
        verdict_id=identify("story verdict", kind, *sorted(articles), now.isoformat()),
        kind=kind,
        article_id=articles[0],
        other_article_id=articles[1],
        decided_by=decided_by,
        reason=reason,
        decided_at=now,
    )
    unit.save_story_verdict(verdict)
    return verdict


def undo_merge(unit: Unit, merge: StoryMerge, *, decided_by: str, reason: str, now: datetime) -> StoryMerge:
    """Take a merge back: every article of the story that went up is split from the one that joined the two, and placed again."""
    for article_id in merge.moved:
        if article_id != merge.related_to:
            say(unit, "split", (article_id, merge.related_to), decided_by=decided_by, reason=reason, now=now)
    undone = replace(merge, undone_at=now, undone_by=decided_by)
    unit.save_story_merge(undone)
    return undone


def _is_credited(article: Article, candidates: list[Candidate]) -> bool:
    return article.wire is not None or any(one.article.wire is not None for one in candidates)
