"""The warehouse in memory, behind the same port and held to the same contract tests: for the command, the library and tests.

One thread at a time is inside a transaction; others wait at ``begin``. A thread may open a second transaction inside a first, as
``pipeline.deliver`` does: locks then hold between the two, but each sees at once what the other has written.
"""

from __future__ import annotations

import heapq
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sanctions_watch.adapters.frequent import FEW, FREQUENT
from sanctions_watch.adapters.memory_archives import MemoryArchives
from sanctions_watch.adapters.memory_feeds import MemoryFeeds
from sanctions_watch.adapters.memory_stories import MemoryStories
from sanctions_watch.adapters.storable import storable
from sanctions_watch.errors import WarehouseError, WarehouseRefused
from sanctions_watch.ports import Counts, EntryToClean, Lane
from sanctions_watch.records import (
    Alert,
    Allegation,
    Article,
    ArticleToAssess,
    Assessment,
    Backfill,
    Candidate,
    Change,
    Channel,
    Claim,
    Entry,
    Feed,
    FeedHealth,
    FeedOrder,
    FeedState,
    Fingerprints,
    Notification,
    Page,
    PageMark,
    PageVisit,
    Placement,
    Poll,
    Quarantined,
    Rhythm,
    Ruling,
    Selection,
    Silence,
    Span,
    StoryMerge,
    StoryVerdict,
    Subscriber,
    WatchProof,
    identify,
)
from sanctions_watch.text import accused_key, family

MAX_QUOTE = 600
_QUARANTINE_STAGES = ("backfill", "collect", "clean", "select", "deduplicate", "extract", "assess", "fan_out", "deliver")

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_Edition = tuple[str, str]  # subject_id and edition: an entry's content, an article's version, or (for assess) an extraction


@dataclass(frozen=True, slots=True)
class _Input:
    first_seen_at: datetime
    published_at: datetime
    taken_by: str = ""
    outputs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Extraction:
    extraction_id: str
    article_id: str
    claims: tuple[Claim, ...]
    is_superseded: bool = False
    assessed_by: frozenset[str] = frozenset()


class MemoryWarehouse:
    """The port's Warehouse, gone with the process."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.locked: dict[tuple[str, Any], MemoryUnit] = {}
        self.feeds: dict[str, Feed] = {}
        self.paused: dict[str, bool] = {}
        self.states: dict[str, FeedState] = {}
        self.feed_orders: dict[tuple[str, str, datetime], FeedOrder] = {}
        self.page_visits: dict[str, PageVisit] = {}
        self.polls: dict[tuple[str, datetime], str] = {}
        self.entries: dict[_Edition, Entry] = {}
        self.first_entries: dict[str, str] = {}
        self.backfills: dict[str, Backfill] = {}
        self.pages: dict[_Edition, Page] = {}
        self.page_marks: dict[tuple[str, int], tuple[PageMark, ...]] = {}
        self.lanes: tuple[bool, ...] = (False, True)
        self.inputs: dict[str, dict[_Edition, _Input]] = {
            stage: {} for stage in ("clean", "select", "deduplicate", "extract", "assess")
        }
        self.never_taken: dict[str, dict[_Edition, bool]] = {stage: {} for stage in self.inputs}
        self.taken_by: dict[tuple[str, str], dict[_Edition, bool]] = {}
        self.latest: dict[str, int] = {}
        self.articles: dict[tuple[str, int], Article] = {}
        self.selections: dict[tuple[str, int, str], Selection] = {}
        self.placements: dict[tuple[str, int, str], Placement] = {}
        self.placed: dict[str, tuple[str, int, str]] = {}
        self.stories: dict[str, dict[str, bool]] = {}
        self.told_in: dict[str, str] = {}
        self.story_evidence: dict[str, str] = {}
        self.story_verdicts: dict[str, StoryVerdict] = {}
        self.story_merges: dict[str, StoryMerge] = {}
        self.text_changes: dict[tuple[str, int], dict[tuple[str, int], tuple[Change, ...]]] = {}
        self.stood: dict[tuple[str, Any], dict[str, bool]] = {}  # (what, key) -> articles whose placement ever had it
        self.fingerprints: dict[str, Fingerprints] = {}
        self.holders: dict[int, dict[str, datetime]] = {}
        self.extractions: dict[str, _Extraction] = {}
        self.extracted: dict[tuple[str, int], dict[str, bool]] = {}
        self.newest: dict[tuple[str, int], str] = {}
        self.ledger: dict[str, Allegation] = {}
        self.accused: dict[str, dict[str, bool]] = {}
        self.assessments: dict[str, Assessment] = {}
        self.rulings: dict[str, tuple[Ruling, ...]] = {}
        self.reviews: dict[int, tuple[object, ...]] = {}
        self.alerts: dict[str, Alert] = {}
        self.fanned_out: dict[str, bool] = {}
        self.subscribers: dict[str, Subscriber] = {}
        self.notifications: dict[str, Notification] = {}
        self.notified: dict[tuple[str, str, str], str] = {}
        self.silences: dict[int, tuple[str, Silence]] = {}
        self.opt_outs: dict[tuple[str, str], bool] = {}
        self.state_since: dict[str, datetime] = {}
        self.quarantined: dict[tuple[str, str], Quarantined] = {}

    def in_lane(self, lane: Lane) -> MemoryWarehouse:
        """The same records, for the work of one lane."""
        other = copy(self)
        other.lanes = (lane == "backfill",)
        return other

    @contextmanager
    def begin(self) -> Iterator[MemoryUnit]:
        with self.lock:
            unit = MemoryUnit(self, self.lanes)
            try:
                yield unit
            except BaseException:
                unit.undo(0)
                raise
            finally:
                for key in [key for key, holder in self.locked.items() if holder is unit]:
                    del self.locked[key]


class MemoryUnit(MemoryFeeds, MemoryStories, MemoryArchives):
    """One transaction: every write leaves what undoes it in a journal."""

    def __init__(self, warehouse: MemoryWarehouse, lanes: Sequence[bool]) -> None:
        self._held = warehouse
        self._lanes = tuple(lanes)
        self._journal: list[Callable[[], object]] = []
        self._assessing: dict[tuple[str, int], str] = {}

    # -- collect
    def save_feeds(self, feeds: Iterable[Feed], now: datetime) -> None:
        held = self._held
        named = {feed.feed_id: feed for feed in storable(tuple(feeds))}
        for feed_id, feed in named.items():
            known = held.feeds.get(feed_id)
            if known is None:
                self._put(held.states, feed_id, FeedState(feed_id, feed.url, now))
            elif known.url != feed.url:
                old = held.states[feed_id]
                self._put(
                    held.states,
                    feed_id,
                    replace(old, url=feed.url, next_poll_at=now, etag="", last_modified="", body_sha256="", etag_lies=False,
                            failures=0.0, failing_since=None, last_error="", retired_at=None, rhythm=Rhythm(), known_ids=(), not_modified_at=None,
                            stale_news=0, health=FeedHealth()),
                )  # fmt: skip
            self._put(held.feeds, feed_id, feed)
        for feed_id in held.feeds:
            if (feed_id in held.paused) != (feed_id not in named):
                if feed_id in named:
                    self._drop(held.paused, feed_id)
                else:
                    self._put(held.paused, feed_id, True)

    def save_poll(self, poll: Poll) -> int:
        held = self._held
        if poll.feed_id not in held.feeds or any(entry.feed_id not in held.feeds for entry in poll.entries):
            raise WarehouseRefused(f"the warehouse refuses it: feed {poll.feed_id} is not registered")
        new = 0
        for entry in storable(poll.entries):
            key = entry.entry_id, entry.content_sha256
            if key not in held.entries:
                new += 1
                self._put(held.entries, key, entry)
                if entry.entry_id not in held.first_entries:
                    self._put(held.first_entries, entry.entry_id, entry.content_sha256)
                self._offer("clean", key, entry.seen_at, entry.published_at or entry.seen_at)
        if (poll.feed_id, poll.polled_at) not in held.polls:
            self._put(held.polls, (poll.feed_id, poll.polled_at), poll.outcome)
        if poll.state.feed_id in held.states:
            self._put(held.states, poll.state.feed_id, storable(poll.state))
        return new

    # -- clean
    def entries_to_clean(self, version: str, limit: int) -> list[EntryToClean]:
        entries = [self._held.entries[key] for key in self._take("clean", version, limit)]
        return [EntryToClean(entry, self._held.feeds[entry.feed_id]) for entry in entries]

    def latest_article(self, article_id: str) -> Article | None:
        version = self._held.latest.get(article_id)
        return None if version is None else self._held.articles[article_id, version]

    def save_article(self, article: Article, entry: Entry | None, cleaner_version: str) -> None:
        held = self._held
        key = article.article_id, article.version
        if key not in held.articles:
            self._put(held.articles, key, storable(article))
            if article.version > held.latest.get(article.article_id, 0):
                for stage in ("select", "deduplicate", "extract", "assess"):
                    self._drop_obsolete(stage, article.article_id)
                self._put(held.latest, article.article_id, article.version)
                self._offer("select", (article.article_id, str(article.version)), article.first_seen_at, article.published_at)
        elif held.articles[key].content_sha256 != article.content_sha256:
            raise WarehouseError(
                f"article {article.article_id}: another worker has stored another text as version {article.version}: try again"
            )
        if entry is not None:
            self._mark_taken("clean", (entry.entry_id, entry.content_sha256), cleaner_version)

    # -- select
    def articles_to_select(self, version: str, limit: int) -> list[Article]:
        return self._articles("select", version, limit)

    def save_selection(self, selection: Selection) -> None:
        article = self._stored(selection.article_id, selection.version)
        self._put(self._held.selections, (selection.article_id, selection.version, selection.selector_version), storable(selection))
        standing = self._held.placed.get(selection.article_id)
        # a new version of what stands in a story may be the notice that takes it back
        if selection.is_selected or (standing is not None and standing[1] < selection.version):
            self._offer_latest("deduplicate", article)
        self._mark_taken("select", (selection.article_id, str(selection.version)), selection.selector_version)

    # -- deduplicate
    def articles_to_place(self, version: str, limit: int) -> list[Article]:
        self._serialise("deduplicate")
        return self._articles("deduplicate", version, limit)

    def candidates(self, fingerprints: Fingerprints, window_days: int, limit: int) -> list[Candidate]:
        held = self._held
        window = timedelta(days=window_days)
        first, last = fingerprints.published_at - window, fingerprints.published_at + window
        shared: Counter[str] = Counter()
        telling: set[str] = set()
        for fingerprint in set(fingerprints.hashes):
            near = [(at, article_id) for article_id, at in held.holders.get(fingerprint, {}).items() if first <= at <= last]
            if len(near) > FREQUENT:
                near = heapq.nlargest(FEW, near)
            else:
                telling.update(article_id for _, article_id in near)
            shared.update(article_id for _, article_id in near)
        del shared[fingerprints.article_id]
        echoes = [(count, held.fingerprints[one].published_at, one) for one, count in shared.items() if one not in telling]
        kept = telling.union(one for _, _, one in heapq.nlargest(FEW, echoes))
        order = sorted(
            ((article_id, count) for article_id, count in shared.items() if article_id in held.placed and article_id in kept),
            key=lambda one: (-one[1], held.fingerprints[one[0]].published_at, one[0]),
        )
        found = []
        for article_id, count in order[:limit]:
            prints = held.fingerprints[article_id]
            placement = held.placements[held.placed[article_id]]
            found.append(
                Candidate(held.articles[article_id, prints.version], prints, placement.story_id, placement.relation, count)
            )
        return found

    def previous_placement(self, article_id: str) -> Placement | None:
        key = self._held.placed.get(article_id)
        return None if key is None else self._held.placements[key]

    def save_placement(self, placement: Placement, fingerprints: Fingerprints) -> None:
        held = self._held
        article = self._stored(placement.article_id, placement.version)
        if placement.lead_article_id not in held.latest:
            raise WarehouseRefused(f"the warehouse refuses it: the lead article {placement.lead_article_id} is not stored")
        placement = storable(placement)
        key = placement.article_id, placement.version, placement.deduplicator_version
        if held.placements.get(key) != placement or held.placed.get(placement.article_id) != key:
            self._put(held.placements, key, placement)
            for displaced in placement.displaces:
                edition = displaced, str(held.latest.get(displaced))
                if displaced != placement.article_id and edition in held.inputs["deduplicate"]:
                    self._change_input("deduplicate", edition, taken_by="", outputs=frozenset())
            self._make_current(placement, key)
            self._leave_behind(placement)
        self._save_fingerprints(fingerprints)
        self._offer_latest("extract", article)
        self._mark_taken("deduplicate", (placement.article_id, str(placement.version)), placement.deduplicator_version)

    def _make_current(self, placement: Placement, key: tuple[str, int, str]) -> None:
        held = self._held
        standing = held.placed.get(placement.article_id)
        if standing is not None and standing[1] > placement.version:
            return
        story = held.told_in.get(placement.article_id)
        if story is not None:
            self._drop(held.stories[story], placement.article_id)
        self._put(held.told_in, placement.article_id, placement.story_id)
        self._put(held.placed, placement.article_id, key)
        self._put(held.stories.setdefault(placement.story_id, {}), placement.article_id, True)
        self._stand(placement, held.articles[key[:2]])

    def _save_fingerprints(self, fingerprints: Fingerprints) -> None:
        held = self._held
        known = held.fingerprints.get(fingerprints.article_id)
        if known == fingerprints or (known is not None and known.version > fingerprints.version):
            return
        for stale in set(known.hashes if known else ()):
            self._drop(held.holders[stale], fingerprints.article_id)
        for fresh in set(fingerprints.hashes):
            self._put(held.holders.setdefault(fresh, {}), fingerprints.article_id, fingerprints.published_at)
        self._put(held.fingerprints, fingerprints.article_id, fingerprints)

    # -- extract
    def articles_to_extract(self, version: str, limit: int) -> list[Article]:
        return self._articles("extract", version, limit)

    def save_claims(self, article: Article, claims: Sequence[Claim], extractor_version: str) -> None:
        held = self._held
        stored = self._stored(article.article_id, article.version)
        _check_claims(stored, article, claims)
        extraction_id = identify("extraction", article.article_id, str(article.version), extractor_version)
        key = article.article_id, article.version
        known = held.extractions.get(extraction_id)
        if known is None:
            if key in held.newest:
                self._supersede(held.extractions[held.newest[key]])
            self._put(held.newest, key, extraction_id)
            self._put(held.extracted.setdefault(key, {}), extraction_id, True)
            known = _Extraction(extraction_id, article.article_id, ())
        self._put(held.extractions, extraction_id, replace(known, claims=storable(tuple(claims))))
        if not known.is_superseded and held.latest[article.article_id] == article.version:
            self._offer("assess", (article.article_id, extraction_id), stored.first_seen_at, stored.published_at)
        self._mark_taken("extract", (article.article_id, str(article.version)), extractor_version)

    def _supersede(self, extraction: _Extraction) -> None:
        self._put(self._held.extractions, extraction.extraction_id, replace(extraction, is_superseded=True))
        edition = extraction.article_id, extraction.extraction_id
        if edition in self._held.inputs["assess"]:
            self._drop_input("assess", edition)

    # -- assess
    def articles_to_assess(self, version: str, limit: int) -> list[ArticleToAssess]:
        held = self._held
        self._serialise("assess")
        work = []
        for article_id, extraction_id in self._take("assess", version, limit):
            extraction = held.extractions[extraction_id]
            article = held.articles[article_id, held.latest[article_id]]
            placement = held.placements[held.placed[article_id]]
            self._assessing[article_id, article.version] = extraction_id
            work.append(
                ArticleToAssess(
                    article=article,
                    placement=placement,
                    claims=extraction.claims,
                    previous_claims=self._previous_claims(article, placement),
                    is_reprocessed=any(
                        held.extractions[known].assessed_by for known in held.extracted[article_id, article.version]
                    ),
                )
            )  # fmt: skip
        return work

    def _previous_claims(self, article: Article, placement: Placement) -> tuple[Claim, ...]:
        held = self._held
        before: list[tuple[datetime, _Extraction]] = []
        earlier = [version for version in range(1, article.version) if (article.article_id, version) in held.newest]
        if earlier:
            key = article.article_id, max(earlier)
            before.append((held.articles[key].published_at, held.extractions[held.newest[key]]))
        if placement.relation in ("correction_of", "kill_of"):
            for other_id in held.stories.get(placement.story_id, {}):
                key = other_id, held.placed[other_id][1]
                if (
                    other_id != article.article_id
                    and key in held.newest
                    and held.articles[key].published_at <= article.published_at
                ):
                    before.append((held.articles[key].published_at, held.extractions[held.newest[key]]))
        before.sort(key=lambda one: (one[0], one[1].extraction_id))
        return tuple(claim for _, extraction in before for claim in extraction.claims)

    def allegations_like(self, accused_keys: Iterable[str], families: Iterable[str]) -> list[Allegation]:
        held = self._held
        wanted = set(families)
        known = {one for key in accused_keys for one in held.accused.get(key, ())}
        found = [held.ledger[one] for one in known if family(held.ledger[one].conduct) in wanted]
        return sorted(found, key=lambda allegation: (allegation.first_published_at, allegation.allegation_id))

    def has_been_alerted(self, allegation_id: str) -> str:
        return next((alert.alert_id for alert in self._held.alerts.values() if alert.allegation_id == allegation_id), "")

    def reprints_of(self, story_ids: Iterable[str]) -> list[tuple[str, str, str]]:
        held = self._held
        found = [
            (story_id, held.articles[article_id, held.placed[article_id][1]])
            for story_id in set(story_ids)
            for article_id in held.stories.get(story_id, ())
        ]
        found.sort(key=lambda one: (one[0], one[1].published_at, one[1].article_id))
        return [(story_id, article.article_id, article.publisher) for story_id, article in found]

    def save_assessments(
        self, article: Article, assessments: Sequence[Assessment], alerts: Sequence[Alert], assessor_version: str
    ) -> None:
        held = self._held
        key = article.article_id, article.version
        extraction_id = self._assessing.get(key) or held.newest.get(key)
        if extraction_id is None:
            raise WarehouseRefused(
                f"article {article.article_id} version {article.version} was never extracted: it cannot be assessed"
            )
        for assessment in storable(tuple(assessments)):
            if assessment.assessment_id not in held.assessments:
                self._save_assessment(assessment)
        for alert in storable(tuple(alerts)):
            if alert.assessment_id not in held.assessments or alert.allegation_id not in held.ledger:
                raise WarehouseRefused(f"the warehouse refuses it: alert {alert.alert_id} has no stored assessment")
            if alert.alert_id not in held.alerts:
                self._put(held.alerts, alert.alert_id, alert)
        extraction = held.extractions[extraction_id]
        self._put(held.extractions, extraction_id, replace(extraction, assessed_by=extraction.assessed_by | {assessor_version}))
        self._mark_taken("assess", (article.article_id, extraction_id), assessor_version)

    def _save_assessment(self, assessment: Assessment) -> None:
        held = self._held
        allegation = assessment.allegation
        known = held.ledger.get(allegation.allegation_id)
        if known is not None and known.version > allegation.version:
            raise WarehouseRefused(
                f"allegation {allegation.allegation_id}: version {allegation.version} is older than the ledger's"
            )
        self._put(held.assessments, assessment.assessment_id, assessment)
        self._put(held.ledger, allegation.allegation_id, allegation)
        for one, sign in ((known, False), (allegation, True)):
            if one is not None:
                named = held.accused.setdefault(accused_key(one.accused.name, one.accused.kind, one.accused.country), {})
                self._put(named, one.allegation_id, True) if sign else self._drop(named, one.allegation_id)

    def rulings(self, allegation_ids: Iterable[str]) -> dict[str, tuple[Ruling, ...]]:
        held = self._held
        return {one: held.rulings[one] for one in allegation_ids if one in held.rulings}

    def save_ruling(self, ruling: Ruling) -> None:
        held = self._held
        if ruling.allegation_id not in held.ledger:
            raise WarehouseRefused(f"allegation {ruling.allegation_id} is not stored: nothing can be said of it")
        self._put(held.rulings, ruling.allegation_id, (*held.rulings.get(ruling.allegation_id, ()), storable(ruling)))

    def save_review(self, subject_kind: str, subject_id: str, decision: str, *, reason: str, said_by: str, now: datetime) -> None:
        held = self._held
        known = (
            held.latest
            if subject_kind == "article"
            else {one.claim_id for told in held.extractions.values() for one in told.claims}
        )
        if subject_kind not in ("claim", "article") or decision not in ("right", "wrong") or subject_id not in known:
            raise WarehouseRefused(f"{subject_kind} {subject_id} is not stored: nothing can be said of it")
        self._put(held.reviews, len(held.reviews), storable((subject_kind, subject_id, decision, reason, said_by, now)))

    # -- alert and deliver
    def save_subscribers(self, subscribers: Iterable[Subscriber]) -> None:
        held = self._held
        named = {subscriber.subscriber_id: subscriber for subscriber in storable(tuple(subscribers))}
        for subscriber_id, known in list(held.subscribers.items()):
            if known.is_active and subscriber_id not in named:
                self._put(held.subscribers, subscriber_id, replace(known, is_active=False))
        for subscriber_id, subscriber in named.items():
            self._put(held.subscribers, subscriber_id, subscriber)

    def subscribers(self) -> list[Subscriber]:
        active = (self._reachable(subscriber) for subscriber in self._held.subscribers.values() if subscriber.is_active)
        return sorted(active, key=lambda subscriber: subscriber.subscriber_id)

    def _reachable(self, subscriber: Subscriber) -> Subscriber:
        out = {
            channel: "" for channel in ("mail", "webhook", "slack") if self._held.opt_outs.get((subscriber.subscriber_id, channel))
        }
        said = tuple(silence for whose, silence in self._held.silences.values() if whose == subscriber.subscriber_id)
        return replace(
            subscriber,
            email=out.get("mail", subscriber.email),
            webhook=out.get("webhook", subscriber.webhook),
            slack=out.get("slack", subscriber.slack),
            silences=subscriber.silences + said,
        )

    def save_silence(self, subscriber_id: str, silence: Silence, made_by: str, now: datetime) -> None:  # noqa: ARG002 - kept by the real one
        if subscriber_id not in self._held.subscribers:
            raise WarehouseRefused(f"subscriber {subscriber_id} is not stored: nothing can be silenced")
        self._put(self._held.silences, len(self._held.silences), (subscriber_id, storable(silence)))

    def save_opt_out(self, subscriber_id: str, channel: Channel, *, is_out: bool, said_by: str, now: datetime) -> None:  # noqa: ARG002 - kept by the real one
        if subscriber_id not in self._held.subscribers:
            raise WarehouseRefused(f"subscriber {subscriber_id} is not stored: their word cannot be")
        self._put(self._held.opt_outs, (subscriber_id, channel), is_out)

    def alerts_to_fan_out(self, limit: int) -> list[Alert]:
        waiting = sorted(self._unfanned(), key=lambda alert: alert.created_at)
        return _first(limit, (alert for alert in waiting if self._lock("alert", alert.alert_id)))

    def save_notifications(self, alert: Alert, notifications: Sequence[Notification]) -> None:
        held = self._held
        if alert.alert_id not in held.alerts:
            raise WarehouseRefused(f"alert {alert.alert_id} is not stored: its notifications cannot be")
        for notification in storable(tuple(notifications)):
            self._add_notification(notification)
        self._put(held.fanned_out, alert.alert_id, True)

    def _add_notification(self, notification: Notification) -> None:
        held = self._held
        if notification.subscriber_id not in held.subscribers or not (
            notification.is_digest or notification.alert_id in held.alerts
        ):
            raise WarehouseRefused(f"the warehouse refuses it: subscriber {notification.subscriber_id} is not stored")
        key = notification.subscriber_id, notification.channel, notification.alert_id or f"digest {notification.digest_key}"
        if key not in held.notified and notification.notification_id not in held.notifications:
            self._put(held.notified, key, notification.notification_id)
            self._put(held.notifications, notification.notification_id, notification)
            self._put(held.state_since, notification.notification_id, notification.made_at or notification.next_attempt_at)

    def recently_made(self, since: datetime) -> dict[tuple[str, Channel], int]:
        made: dict[tuple[str, Channel], int] = {}
        for one in self._held.notifications.values():
            if one.made_at and one.made_at > since and not one.is_digest and not one.digest_key and one.state != "silenced":
                key = one.subscriber_id, one.channel
                made[key] = made.get(key, 0) + 1
        return made

    def told_about(self, allegation_id: str) -> list[tuple[str, Channel]]:
        held = self._held
        return sorted({
            (one.subscriber_id, one.channel)
            for one in held.notifications.values()
            if one.alert_id and held.alerts[one.alert_id].allegation_id == allegation_id and one.state not in ("silenced", "failed")
        })  # fmt: skip

    def notifications_to_send(self, now: datetime, limit: int) -> list[tuple[Notification, Alert | None]]:
        held = self._held
        order = {alert_id: number for number, alert_id in enumerate(held.alerts)}
        due = [
            (notification, held.alerts.get(notification.alert_id))
            for notification in held.notifications.values()
            if notification.state in ("pending", "uncertain")
            and notification.next_attempt_at <= now
            and ("deliver", notification.notification_id) not in held.quarantined
        ]

        def age(one: tuple[Notification, Alert | None]) -> tuple[datetime, int, str]:
            notification, alert = one
            since = alert.created_at if alert else notification.made_at or notification.next_attempt_at
            return since, order[alert.alert_id] if alert else len(order), notification.notification_id

        due.sort(key=age)
        return _first(limit, (one for one in due if self._lock("notification", one[0].notification_id)))

    def held_notifications(self, now: datetime, limit: int) -> list[Notification]:
        waiting = [one for one in self._held.notifications.values() if one.state == "held" and one.next_attempt_at <= now]
        waiting.sort(key=lambda one: (one.next_attempt_at, one.subscriber_id, one.channel, one.digest_key, one.notification_id))
        return _first(limit, (one for one in waiting if self._lock("notification", one.notification_id)))

    def delayed_notifications(self, made_before: datetime, limit: int) -> list[Notification]:
        late = [
            (one.made_at, one.notification_id, one)
            for one in self._held.notifications.values()
            if one.state == "pending" and one.alert_id and one.attempts and not one.was_uncertain
            and one.made_at and one.made_at <= made_before
        ]  # fmt: skip
        return _first(limit, (one for _, _, one in sorted(late) if self._lock("notification", one.notification_id)))

    def save_digest(self, digest: Notification, members: Sequence[Notification], now: datetime) -> bool:
        self._add_notification(storable(digest))
        known = self._held.notifications.get(digest.notification_id)
        if known is None or known.state != "pending" or known.was_uncertain:
            return False
        for member in members:
            self.save_notification(member, now)
        return True

    def digested_alerts(self, digest: Notification, limit: int) -> tuple[list[Alert], int]:
        held = self._held
        order = {alert_id: number for number, alert_id in enumerate(held.alerts)}
        members = [
            held.alerts[one.alert_id]
            for one in held.notifications.values()
            if one.state == "digested"
            and (one.subscriber_id, one.channel, one.digest_key) == (digest.subscriber_id, digest.channel, digest.digest_key)
        ]
        members.sort(key=lambda alert: (alert.created_at, order[alert.alert_id]))
        return members[:limit], len(members)

    def watch_proof(self, since: datetime, until: datetime) -> WatchProof:
        held = self._held
        visits = sorted(
            (polled_at, feed_id, told) for (feed_id, polled_at), told in held.polls.items() if since < polled_at <= until
        )
        last = {feed_id: outcome for _, feed_id, outcome in visits}
        seen = [key for key in held.latest.items() if since < held.articles[key].first_seen_at <= until]
        chosen = {(article_id, version) for (article_id, version, _), told in held.selections.items() if told.is_selected}
        return WatchProof(
            since,
            until,
            feeds=sum(state.retired_at is None and not held.paused.get(feed_id) for feed_id, state in held.states.items()),
            polled=len(last),
            failed=sum(outcome in ("unavailable", "broken", "retired") for outcome in last.values()),
            polls=len(visits),
            articles=len(seen),
            selected=sum(key in chosen for key in seen),
        )

    def adrift_notifications(self, limit: int) -> list[Notification]:
        held = self._held
        adrift = [notification for notification in held.notifications.values() if notification.state == "sending"]
        adrift.sort(key=lambda one: (held.state_since[one.notification_id], one.notification_id))
        return _first(limit, (one for one in adrift if self._lock("notification", one.notification_id)))

    def alert_message_ids(self, allegation_id: str, subscriber_id: str) -> list[str]:
        held = self._held
        order = {alert_id: number for number, alert_id in enumerate(held.alerts)}
        sent = [
            (notification.sent_at, order[notification.alert_id], notification.message_id)
            for notification in held.notifications.values()
            if notification.state == "sent"
            and notification.alert_id
            and notification.subscriber_id == subscriber_id
            and held.alerts[notification.alert_id].allegation_id == allegation_id
        ]
        return [message_id for _, _, message_id in sorted(sent, key=lambda one: (one[0] is None, one[0], one[1]))]

    def save_notification(self, notification: Notification, now: datetime) -> None:
        held = self._held
        known = held.notifications.get(notification.notification_id)
        if known is None:
            raise WarehouseRefused(f"notification {notification.notification_id} is not stored: it cannot be updated")
        if known.state != notification.state:
            self._put(held.state_since, notification.notification_id, now)
        stored = replace(storable(notification), was_uncertain=known.was_uncertain or notification.was_uncertain)
        self._put(held.notifications, notification.notification_id, stored)

    # -- everywhere
    @contextmanager
    def part(self) -> Iterator[None]:
        start = len(self._journal)
        try:
            yield
        except BaseException:
            self.undo(start)
            raise

    def hold(self, name: str) -> bool:
        return self._lock("hold", name)

    def quarantine(self, record: Quarantined) -> None:
        if record.stage not in _QUARANTINE_STAGES:
            raise WarehouseRefused(f"the warehouse refuses it: {record.stage} is no stage")
        self._put(self._held.quarantined, (record.stage, record.subject_id), storable(record))

    def counts(self, now: datetime) -> Counts:
        held = self._held
        return Counts(
            feeds_polled=sum(state.last_polled_at is not None for state in held.states.values()),
            polls=len(held.polls),
            entries=len(held.first_entries),
            articles=len(held.latest),
            selected=len({one for (one, version, _), told in held.selections.items() if told.is_selected and held.latest[one] == version}),
            stories=sum(bool(story) for story in held.stories.values()),
            claims=sum(
                len(held.extractions[held.newest[key]].claims) for key in held.latest.items() if key in held.newest
            ),
            allegations=len(held.ledger),
            alerts=len(held.alerts),
            mails_sent=sum(notification.state == "sent" for notification in held.notifications.values()),
            quarantined=len(held.quarantined),
            waiting=sum(
                self._is_open(stage, edition)
                and any(self._is_of_lane(stage, edition, is_backfill=lane) for lane in self._lanes)
                for stage, waiting in held.never_taken.items() for edition in waiting
            )
            + len(self._unfanned())
            + sum(self._is_page_due(visit, now) for visit in held.page_visits.values())
            + sum(notification.state in ("pending", "sending", "uncertain") for notification in held.notifications.values()),
        )  # fmt: skip

    def undo(self, start: int) -> None:
        """Take back what was written since the journal had this length."""
        while len(self._journal) > start:
            self._journal.pop()()

    # -- how
    def _put(self, mapping: dict[_Key, _Value], key: _Key, value: _Value) -> None:
        if key in mapping:
            old = mapping[key]
            self._journal.append(lambda: mapping.__setitem__(key, old))
        else:
            self._journal.append(lambda: mapping.__delitem__(key))
        mapping[key] = value

    def _drop(self, mapping: dict[_Key, _Value], key: _Key) -> None:
        old = mapping.pop(key)
        self._journal.append(lambda: mapping.__setitem__(key, old))

    def _lock(self, kind: str, key: Any) -> bool:
        return self._held.locked.setdefault((kind, key), self) is self

    def _serialise(self, stage: str) -> None:
        if not self._lock("stage", stage):
            raise WarehouseError(f"another transaction is in the way, try again: it works on {stage}")

    def _offer(self, stage: str, edition: _Edition, first_seen_at: datetime, published_at: datetime) -> None:
        if edition not in self._held.inputs[stage]:
            self._put(self._held.inputs[stage], edition, _Input(first_seen_at, published_at))
            self._put(self._held.never_taken[stage], edition, True)

    def _offer_latest(self, stage: str, article: Article) -> None:
        if self._held.latest[article.article_id] == article.version:
            self._offer(stage, (article.article_id, str(article.version)), article.first_seen_at, article.published_at)

    def _mark_taken(self, stage: str, edition: _Edition, version: str) -> None:
        known = self._held.inputs[stage].get(edition)
        if known is not None:
            self._change_input(stage, edition, taken_by=version, outputs=known.outputs | {version})

    def _change_input(self, stage: str, edition: _Edition, *, taken_by: str, outputs: frozenset[str]) -> None:
        known = self._held.inputs[stage][edition]
        self._drop_input(stage, edition)
        self._put(self._held.inputs[stage], edition, replace(known, taken_by=taken_by, outputs=outputs))
        self._put(self._with(stage, taken_by), edition, True)

    def _drop_input(self, stage: str, edition: _Edition) -> None:
        self._drop(self._with(stage, self._held.inputs[stage][edition].taken_by), edition)
        self._drop(self._held.inputs[stage], edition)

    def _drop_obsolete(self, stage: str, article_id: str) -> None:
        version = self._held.latest.get(article_id)
        if version is None:
            return
        extraction_id = self._held.newest.get((article_id, version), "")
        edition = (article_id, extraction_id if stage == "assess" else str(version))
        if edition in self._held.inputs[stage]:
            self._drop_input(stage, edition)

    def _with(self, stage: str, taken_by: str) -> dict[_Edition, bool]:
        return self._held.taken_by.setdefault((stage, taken_by), {}) if taken_by else self._held.never_taken[stage]

    def _take(self, stage: str, version: str, limit: int) -> list[_Edition]:
        """What came live, then what came by a backfill."""
        taken: list[_Edition] = []
        for is_backfill in self._lanes:
            taken += self._take_in_lane(stage, version, limit - len(taken), is_backfill=is_backfill)
        return taken

    def _is_of_lane(self, stage: str, edition: _Edition, *, is_backfill: bool) -> bool:
        held = self._held
        if stage == "clean":
            return (held.entries[edition].origin == "backfill") is is_backfill
        return held.articles[edition[0], held.latest[edition[0]]].is_backfill is is_backfill

    def _take_in_lane(self, stage: str, version: str, limit: int, *, is_backfill: bool) -> list[_Edition]:
        """What no version has taken, then what only others have: the oldest first."""
        held = self._held
        others = sorted(by for of, by in held.taken_by if of == stage and by != version)
        found: list[_Edition] = []
        for editions in [held.never_taken[stage], *(held.taken_by[stage, by] for by in others)]:
            if len(found) >= limit:
                break
            waiting = [
                edition
                for edition in editions
                if version not in held.inputs[stage][edition].outputs
                and self._is_open(stage, edition)
                and self._is_of_lane(stage, edition, is_backfill=is_backfill)
            ]
            waiting.sort(key=lambda edition: self._age(stage, edition))
            found += _first(limit - len(found), (edition for edition in waiting if self._lock(stage, edition)))
        return sorted(found, key=lambda edition: self._age(stage, edition))

    def _age(self, stage: str, edition: _Edition) -> tuple[datetime, datetime, _Edition]:
        waiting = self._held.inputs[stage][edition]
        return waiting.first_seen_at, waiting.published_at, edition

    def _is_open(self, stage: str, edition: _Edition) -> bool:
        is_ready = stage != "assess" or edition[0] in self._held.placed
        return is_ready and (stage, edition[0]) not in self._held.quarantined

    def _articles(self, stage: str, version: str, limit: int) -> list[Article]:
        return [self._held.articles[article_id, int(edition)] for article_id, edition in self._take(stage, version, limit)]

    def _stored(self, article_id: str, version: int) -> Article:
        article = self._held.articles.get((article_id, version))
        if article is None:
            raise WarehouseRefused(f"the warehouse refuses it: article {article_id} has no version {version}")
        return article

    def _unfanned(self) -> list[Alert]:
        held = self._held
        return [
            alert
            for alert_id, alert in held.alerts.items()
            if alert_id not in held.fanned_out and ("fan_out", alert_id) not in held.quarantined
        ]


def _first(limit: int, these: Iterator[_Value]) -> list[_Value]:
    """At most ``limit`` of these, without asking for one more (asking takes its lock)."""
    return [one for _, one in zip(range(limit), these, strict=False)]


def _check_claims(stored: Article, article: Article, claims: Sequence[Claim]) -> None:
    if len({claim.claim_id for claim in claims}) < len(claims):
        raise WarehouseRefused(f"the warehouse refuses it: article {article.article_id} has two claims of one id")
    for claim in claims:
        if (claim.article_id, claim.version) != (article.article_id, article.version):
            raise WarehouseRefused(f"claim {claim.claim_id} is not of article {article.article_id} version {article.version}")
        attributed = [attribution.span for attribution in claim.attributions if attribution.span is not None]
        for span in (*claim.spans, *attributed):
            if not _is_quote(stored, article, span) or (span in claim.spans and span.end - span.start > MAX_QUOTE):
                raise WarehouseRefused(
                    f"the warehouse refuses it: the quote at {span.start}-{span.end} of claim {claim.claim_id} "
                    "is not what the stored text holds there"
                )


def _is_quote(stored: Article, article: Article, span: Span) -> bool:
    return 0 <= span.start < span.end <= len(stored.text) and stored.text[span.start : span.end] == storable(
        article.text[span.start : span.end]
    )
