"""What placing needs beside the index: learned background, people's words, merges, changes. The part of ``PostgresUnit`` on stories."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sanctions_watch.adapters.frequent import FREQUENT
from sanctions_watch.adapters.warehouse.codec import encode_text, read
from sanctions_watch.ports import NOTICE_DAYS, Beside
from sanctions_watch.records import (
    Article,
    Candidate,
    Carried,
    Change,
    Fingerprints,
    StoryMember,
    StoryMerge,
    StoryVerdict,
)
from sanctions_watch.stages.deduplicate.background import PERIOD_SECONDS


class StoriesPart:
    """Methods of ``ports.Unit``; ``PostgresUnit`` has the connection they run on."""

    _run: Callable[..., list[Mapping[str, Any]]]

    def candidates_beside(self, article: Article, beside: Beside, window_days: int, limit: int) -> list[Candidate]:
        window, notices = timedelta(days=window_days), timedelta(days=NOTICE_DAYS)
        rows = self._run(
            "candidates_beside",
            article_id=article.article_id,
            others=sorted(beside.article_ids),
            text_digest=beside.text_digest,
            first_at=article.published_at - window,
            last_at=article.published_at + window,
            agency=article.wire.agency if article.wire else "",
            is_notice=beside.is_notice,
            notices_from=article.published_at - notices,
            notices_to=article.published_at + notices,
            limit=limit,
        )
        return [
            Candidate(read(Article, row["article"]), read(Fingerprints, row["fingerprints"]), row["story_id"], row["relation"], 0)
            for row in rows
        ]

    def carried(self, fingerprints: Fingerprints, window_days: int) -> list[Carried]:
        window = timedelta(days=window_days)
        rows = self._run(
            "carried",
            article_id=fingerprints.article_id,
            hashes=list(fingerprints.hashes),
            first_at=fingerprints.published_at - window,
            last_at=fingerprints.published_at + window,
            frequent=FREQUENT,
            period_seconds=PERIOD_SECONDS,
        )
        return [Carried(row["agency"], row["fingerprint"], tuple(row["periods"])) for row in rows]

    def story_members(self, story_id: str) -> list[StoryMember]:
        return [read(StoryMember, row["member"]) for row in self._run("story_members", story_id=story_id)]

    def settle_story(self, story_id: str, lead_article_id: str, origin_agency: str, origin_evidence: str) -> None:
        self._run(
            "settle_story",
            story_id=story_id,
            lead_article_id=lead_article_id,
            origin_agency=origin_agency,
            origin_evidence=origin_evidence,
        )

    # -- people's words
    def save_story_verdict(self, verdict: StoryVerdict) -> None:
        self._run("save_story_verdict", verdict=encode_text(verdict))

    def story_verdicts(self, article_id: str) -> list[StoryVerdict]:
        return [read(StoryVerdict, row["verdict"]) for row in self._run("story_verdicts", article_id=article_id)]

    # -- merges and changes
    def save_story_merge(self, merge: StoryMerge) -> None:
        self._run("save_story_merge", merge=encode_text(merge))

    def story_merges(self, story_id: str) -> list[StoryMerge]:
        return [read(StoryMerge, row["merge"]) for row in self._run("story_merges", story_id=story_id)]

    def save_text_changes(self, later: Article, earlier: Article, changes: Sequence[Change]) -> None:
        self._run(
            "save_text_changes",
            article_id=later.article_id,
            version=later.version,
            earlier_article_id=earlier.article_id,
            earlier_version=earlier.version,
            changes=encode_text(list(changes)),
        )

    def text_changes(self, article_id: str, version: int) -> list[tuple[str, int, tuple[Change, ...]]]:
        rows = self._run("text_changes", article_id=article_id, version=version)
        return [
            (row["earlier_article_id"], row["earlier_version"], tuple(read(Change, change) for change in row["changes"]))
            for row in rows
        ]

    def article_version(self, article_id: str, version: int) -> Article | None:
        rows = self._run("article_version", article_id=article_id, version=version)
        return read(Article, rows[0]["article"]) if rows else None
