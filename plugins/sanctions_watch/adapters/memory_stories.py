"""The part of the warehouse in memory that placing needs beside the index: learned background, people's words, merges, changes."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sanctions_watch.adapters.frequent import FREQUENT
from sanctions_watch.adapters.storable import storable
from sanctions_watch.errors import WarehouseRefused
from sanctions_watch.ports import NOTICE_DAYS, Beside
from sanctions_watch.records import (
    Article,
    Candidate,
    Carried,
    Change,
    Fingerprints,
    Placement,
    StoryMember,
    StoryMerge,
    StoryVerdict,
)
from sanctions_watch.stages.deduplicate.background import period

if TYPE_CHECKING:
    from sanctions_watch.adapters.memory import MemoryWarehouse

_MOST_COPIES = 5


class MemoryStories:
    """Methods of ``ports.Unit``; ``MemoryUnit`` has what they stand on."""

    _held: MemoryWarehouse
    _put: Callable[..., None]
    _change_input: Callable[..., None]

    def candidates_beside(self, article: Article, beside: Beside, window_days: int, limit: int) -> list[Candidate]:
        named = {
            *beside.article_ids,
            *self._far_copies(article, beside.text_digest, window_days),
            *self._notices(article, beside, limit),
        }
        found = [self._candidate(one) for one in named if one != article.article_id and one in self._held.placed]
        return sorted(found, key=lambda one: (one.article.published_at, one.article.article_id))

    def _candidate(self, article_id: str) -> Candidate:
        held = self._held
        prints, placement = held.fingerprints[article_id], held.placements[held.placed[article_id]]
        return Candidate(held.articles[article_id, prints.version], prints, placement.story_id, placement.relation, 0)

    def _stand(self, placement: Placement, article: Article) -> None:
        """Note by what an article can be found; whoever reads it looks whether it still holds."""
        keys: list[tuple[str, Any]] = [("digest", placement.text_digest), ("child", placement.related_to)]
        if article.wire is not None:
            keys.append(("agency", article.wire.agency))
        for key in keys:
            self._put(self._held.stood.setdefault(key, {}), placement.article_id, True)

    def _leave_behind(self, placement: Placement) -> None:
        """What hangs on an article and stands in another story is to be placed again."""
        held = self._held
        if held.told_in[placement.article_id] != placement.story_id:
            return
        for article_id in held.stood.get(("child", placement.article_id), {}):
            child = held.placements[held.placed[article_id]]
            is_child = child.related_to == placement.article_id and child.story_id != placement.story_id
            if is_child and article_id != placement.article_id:
                self._place_again(article_id)

    def _far_copies(self, article: Article, text_digest: int, window_days: int) -> list[str]:
        held = self._held
        standing = [held.placed[article_id] for article_id in held.stood.get(("digest", text_digest), {})] if text_digest else []
        copies = [
            (held.articles[key[:2]].published_at, key[0])
            for key in standing
            if held.placements[key].text_digest == text_digest and key[0] != article.article_id
        ]
        far = [one for one in sorted(copies) if abs(one[0] - article.published_at) > timedelta(days=window_days)]
        return [article_id for _, article_id in far[:_MOST_COPIES]]

    def _notices(self, article: Article, beside: Beside, limit: int) -> list[str]:
        if article.wire is None:
            return []
        held = self._held
        standing = [held.articles[held.placed[one][:2]] for one in held.stood.get(("agency", article.wire.agency), {})]
        found = [
            one
            for one in standing
            if one.wire is not None
            and one.wire.agency == article.wire.agency
            and (beside.is_notice or one.notice is not None)
            and abs(one.published_at - article.published_at) <= timedelta(days=NOTICE_DAYS)
            and one.article_id != article.article_id
        ]
        found.sort(key=lambda one: one.article_id)
        found.sort(key=lambda one: one.published_at, reverse=True)
        return [one.article_id for one in found[:limit]]

    def carried(self, fingerprints: Fingerprints, window_days: int) -> list[Carried]:
        held, window = self._held, timedelta(days=window_days)
        found: dict[tuple[str, int], set[int]] = defaultdict(set)
        for value in set(fingerprints.hashes):
            near = [
                (at, article_id)
                for article_id, at in held.holders.get(value, {}).items()
                if abs(at - fingerprints.published_at) <= window
            ]
            for at, article_id in heapq.nlargest(FREQUENT, near):
                wire = held.articles[article_id, held.fingerprints[article_id].version].wire
                if wire is not None and article_id != fingerprints.article_id:
                    found[wire.agency, value].add(period(at))
        return [
            Carried(agency, value, tuple(sorted(periods)))
            for (agency, value), periods in sorted(found.items())
            if len(periods) >= 2
        ]

    def story_members(self, story_id: str) -> list[StoryMember]:
        held = self._held
        found = []
        for article_id in held.stories.get(story_id, {}):
            key = held.placed[article_id]
            article = held.articles[key[:2]]
            agency = article.wire.agency if article.wire else ""
            words, relation = held.fingerprints[article_id].words, held.placements[key].relation
            found.append(StoryMember(article_id, article.publisher, agency, words, article.published_at, relation))
        return sorted(found, key=lambda one: (one.published_at, one.article_id))

    def settle_story(self, story_id: str, lead_article_id: str, origin_agency: str, origin_evidence: str) -> None:
        held = self._held
        self._put(held.story_evidence, story_id, origin_evidence)
        for article_id in held.stories.get(story_id, {}):
            key = held.placed[article_id]
            wire = held.articles[key[:2]].wire
            settled = replace(
                held.placements[key], lead_article_id=lead_article_id, origin_agency=wire.agency if wire else origin_agency
            )
            if settled != held.placements[key]:
                self._put(held.placements, key, settled)

    # -- people's words
    def save_story_verdict(self, verdict: StoryVerdict) -> None:
        held = self._held
        if (
            verdict.article_id == verdict.other_article_id
            or not {verdict.article_id, verdict.other_article_id} <= held.latest.keys()
        ):
            raise WarehouseRefused("the warehouse refuses it: a verdict needs two stored articles")
        known = held.story_verdicts.get(verdict.verdict_id)
        if known is not None and known.withdrawn_at == verdict.withdrawn_at:
            return
        stored = storable(verdict) if known is None else replace(known, withdrawn_at=verdict.withdrawn_at)
        self._put(held.story_verdicts, verdict.verdict_id, stored)
        for article_id in (stored.article_id, stored.other_article_id):
            self._place_again(article_id)

    def _place_again(self, article_id: str) -> None:
        edition = article_id, str(self._held.latest.get(article_id))
        if edition in self._held.inputs["deduplicate"]:
            self._change_input("deduplicate", edition, taken_by="", outputs=frozenset())

    def story_verdicts(self, article_id: str) -> list[StoryVerdict]:
        said = [one for one in self._held.story_verdicts.values() if article_id in (one.article_id, one.other_article_id)]
        return sorted(said, key=lambda one: (one.decided_at, one.verdict_id))

    # -- merges and changes
    def save_story_merge(self, merge: StoryMerge) -> None:
        known = self._held.story_merges.get(merge.merge_id)
        stored = storable(merge) if known is None else replace(known, undone_at=merge.undone_at, undone_by=merge.undone_by)
        self._put(self._held.story_merges, merge.merge_id, stored)

    def story_merges(self, story_id: str) -> list[StoryMerge]:
        found = [one for one in self._held.story_merges.values() if story_id in (one.from_story, one.into_story)]
        return sorted(found, key=lambda one: (one.merged_at, one.merge_id))

    def save_text_changes(self, later: Article, earlier: Article, changes: Sequence[Change]) -> None:
        key = later.article_id, later.version
        told = {**self._held.text_changes.get(key, {}), (earlier.article_id, earlier.version): storable(tuple(changes))}
        self._put(self._held.text_changes, key, told)

    def text_changes(self, article_id: str, version: int) -> list[tuple[str, int, tuple[Change, ...]]]:
        told: dict[Any, tuple[Change, ...]] = self._held.text_changes.get((article_id, version), {})
        return [(earlier, of, changes) for (earlier, of), changes in sorted(told.items()) if changes]

    def article_version(self, article_id: str, version: int) -> Article | None:
        return self._held.articles.get((article_id, version))
