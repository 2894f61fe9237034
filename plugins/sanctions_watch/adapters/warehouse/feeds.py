"""Whose turn it is: feeds, persons' orders about them, pages to try again. The part of ``PostgresUnit`` on these."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sanctions_watch.adapters.warehouse.codec import encode, encode_text, read
from sanctions_watch.ports import EntryToClean, FeedToPoll
from sanctions_watch.records import Entry, Feed, FeedOrder, FeedState, PageVisit
from sanctions_watch.stages.collect.schedule import LIVE_ALERT, LIVE_EVERY, LIVE_FOR


class FeedsPart:
    """Methods of ``ports.Unit``; ``PostgresUnit`` has the connection they run on."""

    _run: Callable[..., list[Mapping[str, Any]]]

    def feeds_due(self, now: datetime) -> list[str]:
        return [row["feed_id"] for row in self._run("feeds_due", now=now, **_live(now))]

    def feeds_to_poll(self, feed_ids: Sequence[str], now: datetime) -> list[FeedToPoll]:
        rows = self._run("feeds_to_poll", feed_ids=list(feed_ids), now=now, **_live(now))
        return [FeedToPoll(read(Feed, row["feed"]), read(FeedState, row["state"]), row["live_story"]) for row in rows]

    def save_feed_order(self, order: FeedOrder) -> None:
        written = encode(order)
        self._run("save_feed_order", **{**written, "ordered_at": order.ordered_at})

    def feed_orders(self) -> list[FeedOrder]:
        return [read(FeedOrder, row["feed_order"]) for row in self._run("feed_orders")]

    # -- pages
    def pages_to_try(self, now: datetime, limit: int) -> list[EntryToClean]:
        rows = self._run("pages_to_try", now=now, limit=limit)
        return [EntryToClean(read(Entry, row["entry"]), read(Feed, row["feed"]), row["attempts"]) for row in rows]

    def save_page_visit(self, visit: PageVisit) -> None:
        self._run("save_page_visit", visit=encode_text(visit))

    def page_visit(self, entry_id: str) -> PageVisit | None:
        rows = self._run("page_visit", entry_id=entry_id)
        return read(PageVisit, rows[0]["visit"]) if rows else None


def _live(now: datetime) -> dict[str, datetime]:
    return {"live_at": now - LIVE_EVERY, "moved_since": now - LIVE_FOR, "alerted_since": now - LIVE_ALERT}
