"""The part of the warehouse in memory that knows whose turn it is: feeds, persons' orders about them, pages to try again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sanctions_watch.adapters.storable import storable
from sanctions_watch.errors import WarehouseRefused
from sanctions_watch.ports import EntryToClean, FeedToPoll
from sanctions_watch.records import FeedOrder, FeedState, PageVisit
from sanctions_watch.stages.collect.schedule import LIVE_ALERT, LIVE_EVERY, LIVE_FOR

if TYPE_CHECKING:
    from sanctions_watch.adapters.memory import MemoryWarehouse


class MemoryFeeds:
    """Methods of ``ports.Unit``; ``MemoryUnit`` has what they stand on."""

    _held: MemoryWarehouse
    _put: Callable[..., None]
    _lock: Callable[[str, Any], bool]

    def feeds_due(self, now: datetime) -> list[str]:
        live = self._live_feeds(now)
        due = [state for state in self._held.states.values() if self._is_due(state, now, state.feed_id in live)]
        return [state.feed_id for state in sorted(due, key=lambda state: (state.next_poll_at, state.feed_id))]

    def feeds_to_poll(self, feed_ids: Sequence[str], now: datetime) -> list[FeedToPoll]:
        wanted, live = set(feed_ids), self._live_feeds(now)
        return [
            FeedToPoll(self._held.feeds[feed_id], self._held.states[feed_id], live.get(feed_id, ""))
            for feed_id in self.feeds_due(now)
            if feed_id in wanted and self._lock("feed", feed_id)
        ]

    def _is_due(self, state: FeedState, now: datetime, is_live: bool) -> bool:
        held = self._held
        if state.feed_id in held.paused or ("collect", state.feed_id) in held.quarantined:
            return False
        visited = state.last_polled_at
        asked = self._last_order(state.feed_id, "poll")
        if asked is not None and (visited is None or asked.ordered_at > visited):
            return True
        standing = self._last_order(state.feed_id, "pause", "retire", "resume")
        if standing is not None and standing.word != "resume":
            return False
        if state.retired_at is not None and (standing is None or standing.ordered_at <= state.retired_at):
            return False
        is_live_turn = is_live and state.failures == 0 and visited is not None and visited <= now - LIVE_EVERY
        return state.next_poll_at <= now or is_live_turn

    def _last_order(self, feed_id: str, *words: str) -> FeedOrder | None:
        given = [order for order in self._held.feed_orders.values() if order.feed_id == feed_id and order.word in words]
        return max(reversed(given), key=lambda order: order.ordered_at, default=None)

    def _live_feeds(self, now: datetime) -> dict[str, str]:
        """The feeds that carry a live story, and one such story: as core.live_feeds has it."""
        held = self._held
        moved_since, alerted_since = now - LIVE_FOR, now - LIVE_ALERT
        stories: set[str] = set()
        for alert in held.alerts.values():
            story = held.told_in.get(held.assessments[alert.assessment_id].article_id)
            if story is None or alert.created_at <= alerted_since:
                continue
            versions = [one for (article_id, _), one in held.articles.items() if article_id in held.stories[story]]
            if alert.created_at > moved_since or any(one.first_seen_at > moved_since and not one.is_backfill for one in versions):
                stories.add(story)
        found: dict[str, str] = {}
        for story in sorted(stories, reverse=True):
            for article_id in held.stories[story]:
                entry_id = held.articles[article_id, held.placed[article_id][1]].entry_id
                if entry_id in held.first_entries:
                    found[held.entries[entry_id, held.first_entries[entry_id]].feed_id] = story
        return {
            feed_id: story
            for feed_id, story in found.items()
            if not held.feeds[feed_id].is_unhurried and not held.feeds[feed_id].is_sample
        }

    def save_feed_order(self, order: FeedOrder) -> None:
        if order.feed_id not in self._held.feeds:
            raise WarehouseRefused(f"the warehouse refuses it: feed {order.feed_id} is not registered")
        key = order.feed_id, order.word, order.ordered_at
        if key not in self._held.feed_orders:
            self._put(self._held.feed_orders, key, storable(order))

    def feed_orders(self) -> list[FeedOrder]:
        last = {feed_id: self._last_order(feed_id, "pause", "retire", "resume") for feed_id in sorted(self._held.feeds)}
        return [order for order in last.values() if order is not None and order.word != "resume"]

    # -- pages
    def pages_to_try(self, now: datetime, limit: int) -> list[EntryToClean]:
        held = self._held
        due = sorted(
            (visit.next_try_at, visit.entry_id, visit)
            for visit in held.page_visits.values()
            if self._is_page_due(visit, now) and visit.next_try_at is not None
        )
        found: list[EntryToClean] = []
        for _, entry_id, visit in due:
            if len(found) < limit and self._lock("page", entry_id):
                entry = held.entries[entry_id, visit.content_sha256]
                found.append(EntryToClean(entry, held.feeds[entry.feed_id], visit.attempts))
        return found

    def _is_page_due(self, visit: PageVisit, now: datetime) -> bool:
        is_waiting = visit.state == "waiting" and visit.next_try_at is not None and visit.next_try_at <= now
        return is_waiting and ("clean", visit.entry_id) not in self._held.quarantined

    def save_page_visit(self, visit: PageVisit) -> None:
        if (visit.entry_id, visit.content_sha256) not in self._held.entries:
            raise WarehouseRefused(f"the warehouse refuses it: entry {visit.entry_id} is not stored")
        self._put(self._held.page_visits, visit.entry_id, storable(visit))

    def page_visit(self, entry_id: str) -> PageVisit | None:
        return self._held.page_visits.get(entry_id)
