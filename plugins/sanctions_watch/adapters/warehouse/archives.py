"""Archives, articles added by hand and the pages they came with. The part of ``PostgresUnit`` on these."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sanctions_watch.adapters.warehouse.codec import as_text, decode, encode, encode_text
from sanctions_watch.records import Archived, Article, Backfill, Entry, Page, PageMark


class ArchivesPart:
    """Methods of ``ports.Unit``; ``PostgresUnit`` has the connection they run on."""

    _run: Callable[..., list[Mapping[str, Any]]]
    _ensure_month: Callable[[date], None]

    def backfill(self, backfill_id: str) -> Backfill | None:
        rows = self._run("backfill", backfill_id=backfill_id)
        return decode(Backfill, rows[0]["backfill"]) if rows else None

    def save_backfill(self, backfill: Backfill) -> None:
        self._run("save_backfill", backfill=encode_text(backfill))

    def save_archived(self, archived: Sequence[Archived]) -> int:
        if not archived:
            return 0
        for month in {one.entry.seen_at.date().replace(day=1) for one in archived}:
            self._ensure_month(month)
        feeds = {one.feed.feed_id: one.feed for one in archived}
        rows = self._run(
            "save_archived",
            feeds=encode_text(list(feeds.values())),
            entries=encode_text([one.entry for one in archived]),
            now=min(one.entry.seen_at for one in archived),
        )
        fresh = {(row["entry_id"], row["content_sha256"]) for row in rows}
        for one in archived:
            key = one.entry.entry_id, one.entry.content_sha256
            if key in fresh:
                fresh.discard(key)
                self._save_page(one)
        return len(rows)

    def _save_page(self, one: Archived) -> None:
        page = one.page
        self._run(
            "save_page",
            entry_id=one.entry.entry_id,
            content=one.entry.content_sha256,
            feed_id=one.feed.feed_id,
            stored_at=one.entry.seen_at,
            captured_at=page.captured_at,
            url=encode(page.url),
            content_type=encode(page.content_type),
            body=zlib.compress(page.body),
            body_bytes=len(page.body),
        )

    def archived_pages(self, entries: Sequence[Entry]) -> dict[str, Page]:
        keys = {"entry_ids": [one.entry_id for one in entries], "contents": [one.content_sha256 for one in entries]}
        rows = self._run("archived_pages", **keys) if entries else []
        return {
            row["entry_id"]: Page(row["url"], row["content_type"], zlib.decompress(row["body"]), row["captured_at"]) for row in rows
        }

    def save_page_marks(self, article: Article, marks: Sequence[PageMark]) -> None:
        self._run("save_page_marks", article_id=article.article_id, version=article.version, marks=as_text(encode(list(marks))))

    def page_marks(self, article: Article) -> list[PageMark]:
        rows = self._run("page_marks", article_id=article.article_id, version=article.version)
        return [PageMark(row["page"], row["start_offset"]) for row in rows]
