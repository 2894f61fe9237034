"""The part of the warehouse in memory that keeps archives, articles added by hand, and the pages they came with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sanctions_watch.adapters.storable import storable
from sanctions_watch.errors import WarehouseError
from sanctions_watch.records import Archived, Article, Backfill, Entry, Page, PageMark

if TYPE_CHECKING:
    from sanctions_watch.adapters.memory import MemoryWarehouse


class MemoryArchives:
    """Methods of ``ports.Unit``; ``MemoryUnit`` has what they stand on."""

    _held: MemoryWarehouse
    _put: Callable[..., None]
    _lock: Callable[..., bool]
    _offer: Callable[[str, tuple[str, str], datetime, datetime], None]
    _stored: Callable[[str, int], Article]

    def backfill(self, backfill_id: str) -> Backfill | None:
        if not self._lock("backfill", backfill_id):
            raise WarehouseError("another transaction is in the way, try again: it reads the same archive")
        return self._held.backfills.get(backfill_id)

    def save_backfill(self, backfill: Backfill) -> None:
        self._put(self._held.backfills, backfill.backfill_id, storable(backfill))

    def save_archived(self, archived: Sequence[Archived]) -> int:
        held, new = self._held, 0
        for one in archived:
            entry, feed = storable(one.entry), storable(one.feed)
            if feed.feed_id not in held.feeds:
                self._put(held.feeds, feed.feed_id, feed)
                self._put(held.paused, feed.feed_id, True)
            key = entry.entry_id, entry.content_sha256
            if key in held.entries:
                continue
            new += 1
            self._put(held.entries, key, entry)
            self._put(held.pages, key, storable(one.page))
            if entry.entry_id not in held.first_entries:
                self._put(held.first_entries, entry.entry_id, entry.content_sha256)
            self._offer("clean", key, entry.seen_at, entry.published_at or entry.updated_at or entry.seen_at)
        return new

    def archived_pages(self, entries: Sequence[Entry]) -> dict[str, Page]:
        found = {entry.entry_id: self._held.pages.get((entry.entry_id, entry.content_sha256)) for entry in entries}
        return {entry_id: page for entry_id, page in found.items() if page is not None}

    def save_page_marks(self, article: Article, marks: Sequence[PageMark]) -> None:
        self._stored(article.article_id, article.version)
        self._put(self._held.page_marks, (article.article_id, article.version), tuple(marks))

    def page_marks(self, article: Article) -> list[PageMark]:
        return list(self._held.page_marks.get((article.article_id, article.version), ()))
