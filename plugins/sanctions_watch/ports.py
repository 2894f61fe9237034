"""What the flow needs of the world, as Protocols: a warehouse, a fetcher, a mailer, a clock.

``adapters`` holds the real ones; ``adapters/memory.py`` a warehouse in memory, held to the same contract tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from sanctions_watch.records import (
    Alert,
    Allegation,
    Archived,
    Article,
    ArticleToAssess,
    Assessment,
    Backfill,
    Candidate,
    Carried,
    Change,
    Channel,
    Claim,
    Entry,
    Feed,
    FeedOrder,
    FeedState,
    FetchRequest,
    FetchResult,
    Fingerprints,
    Mail,
    MailLinks,
    Notification,
    Page,
    PageMark,
    PageVisit,
    Placement,
    Poll,
    Post,
    Quarantined,
    Ruling,
    Selection,
    Silence,
    StoryMember,
    StoryMerge,
    StoryVerdict,
    Subscriber,
    WatchProof,
)

Lane = Literal["live", "backfill"]


class Clock(Protocol):
    """The only source of "now": it drives every window, schedule and retention, and can be a virtual one."""

    def now(self) -> datetime:
        """The time, UTC."""
        ...


class Fetcher(Protocol):
    """Reads addresses on the web, politely and within bounds."""

    def fetch(self, requests: Sequence[FetchRequest]) -> list[FetchResult]:
        """One answer a request, in the same order; failures are data. Never raises for what a server does."""
        ...


class Mailer(Protocol):
    """Hands a message to the mail server."""

    def deliver(self, mail: Mail) -> None:
        """Returns when the server has accepted it. Raises DeliveryError otherwise."""
        ...


class Signer(Protocol):
    """Makes the signed addresses of a mail."""

    def links(self, subscriber_id: str, channel: Channel, allegation_id: str = "") -> MailLinks:
        """Those of a mail to this subscriber about this allegation; "" of a digest."""
        ...


class Messenger(Protocol):
    """Posts a message to a webhook or to Slack."""

    def deliver(self, post: Post) -> None:
        """Returns when the receiver has accepted it. Raises DeliveryError otherwise."""
        ...


@dataclass(frozen=True, slots=True)
class FeedToPoll:
    """A feed whose turn it is, with its state."""

    feed: Feed
    state: FeedState
    live_story: str = ""  # the id of a live story that it carries: it is polled every minute


@dataclass(frozen=True, slots=True)
class EntryToClean:
    """An entry without an article of this cleaner's version, or whose page is to be tried again; and its feed."""

    entry: Entry
    feed: Feed
    page_attempts: int = 0  # how often its page was tried in vain


NOTICE_DAYS = 14  # how far apart a notice and the dispatch that it names are sought


@dataclass(frozen=True, slots=True)
class Beside:
    """By what, beside its fingerprints, placed articles may concern the one in hand."""

    article_ids: frozenset[str] = frozenset()  # named by a person or by its earlier version
    text_digest: int = 0  # exact copies outside the window have the same; 0 looks for none
    is_notice: bool = False  # it speaks about another dispatch of its agency


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the warehouse holds: what the launcher and the page show."""

    feeds_polled: int = 0
    polls: int = 0
    entries: int = 0
    articles: int = 0
    selected: int = 0
    stories: int = 0
    claims: int = 0
    allegations: int = 0
    alerts: int = 0
    mails_sent: int = 0
    quarantined: int = 0
    waiting: int = 0  # inputs that a stage has yet to take, and notifications yet to go


class Unit(Protocol):
    """One transaction. What it reads to work on stays locked for other workers until it ends (``FOR UPDATE SKIP LOCKED``).

    Every ``..._to_...`` method answers "has input, has no output of this version, is not in quarantine", oldest first, at most ``limit``.
    Every ``save_...`` is idempotent: the same record twice leaves one row.
    """

    # -- collect
    def save_feeds(self, feeds: Iterable[Feed], now: datetime) -> None:
        """Register or update feeds; a new one is due at once. Feeds that are no longer named are paused, not removed."""
        ...

    def feeds_due(self, now: datetime) -> list[str]:
        """The ids of the active feeds whose time has come, the longest overdue first. Locks nothing.

        A feed that carries a live story is due every minute, unless it is unhurried or failing. A story is live for three hours after an
        alert, and after a new article where an alert came within three days. A person's order to poll makes any registered feed due.
        """
        ...

    def feeds_to_poll(self, feed_ids: Sequence[str], now: datetime) -> list[FeedToPoll]:
        """Those of ``feed_ids`` that are still due, locked; one that another worker holds is left out."""
        ...

    def save_poll(self, poll: Poll) -> int:
        """Store the visit, its entries and the feed's state; answers how many entries (or versions of entries) were new."""
        ...

    def save_feed_order(self, order: FeedOrder) -> None:
        """Store a person's word on a feed; the last one counts, whatever the registry says. Raises WarehouseRefused for an unknown feed."""
        ...

    def feed_orders(self) -> list[FeedOrder]:
        """Every order that still stands: the last pause or retire of a feed that was not resumed since."""
        ...

    # -- clean
    def pages_to_try(self, now: datetime, limit: int) -> list[EntryToClean]:
        """Entries whose page is waiting to be tried again and whose time has come, locked, the longest overdue first."""
        ...

    def save_page_visit(self, visit: PageVisit) -> None:
        """Store what became of fetching a page, in place of what was known of that entry."""
        ...

    def page_visit(self, entry_id: str) -> PageVisit | None: ...

    def entries_to_clean(self, version: str, limit: int) -> list[EntryToClean]: ...

    def latest_article(self, article_id: str) -> Article | None:
        """The highest version of an article."""
        ...

    def save_article(self, article: Article, entry: Entry | None, cleaner_version: str) -> None:
        """Store the article where its (article_id, version) is new, and that this entry content has been cleaned."""
        ...

    # -- select, deduplicate, extract, assess: each takes the latest version of an article
    def articles_to_select(self, version: str, limit: int) -> list[Article]: ...

    def save_selection(self, selection: Selection) -> None: ...

    def articles_to_place(self, version: str, limit: int) -> list[Article]:
        """Selected articles (of any selector version) without a placement. Serialises with every other placing transaction."""
        ...

    def candidates(self, fingerprints: Fingerprints, window_days: int, limit: int) -> list[Candidate]:
        """Placed articles (latest versions, other than this one) published within the window that share fingerprints, most shared first."""
        ...

    def previous_placement(self, article_id: str) -> Placement | None:
        """Where the latest placed version of this article stands."""
        ...

    def candidates_beside(self, article: Article, beside: Beside, window_days: int, limit: int) -> list[Candidate]:
        """Placed articles that fingerprints in the window do not find, the earliest first.

        They are exact copies outside of it (at most five), those that are named, and at most ``limit`` that the article's agency sent
        within NOTICE_DAYS: for a notice any article, else notices.
        """
        ...

    def carried(self, fingerprints: Fingerprints, window_days: int) -> list[Carried]:
        """The periods in which other articles that credit an agency carried these fingerprints; only of those carried in two or more."""
        ...

    def save_placement(self, placement: Placement, fingerprints: Fingerprints) -> None:
        """Store where an article stands. What it displaces, and what hangs on it in another story, waits for deduplicate again."""
        ...

    def story_members(self, story_id: str) -> list[StoryMember]:
        """The articles that stand in a story now, the earliest first."""
        ...

    def settle_story(self, story_id: str, lead_article_id: str, origin_agency: str, origin_evidence: str) -> None:
        """Write a story's lead and origin, into its members' placements too; one that credits an agency itself keeps that."""
        ...

    def save_story_verdict(self, verdict: StoryVerdict) -> None:
        """Store a person's word, or that it was withdrawn; both articles wait for deduplicate again."""
        ...

    def story_verdicts(self, article_id: str) -> list[StoryVerdict]:
        """What people said of an article and another, the earliest first, withdrawn words included."""
        ...

    def save_story_merge(self, merge: StoryMerge) -> None: ...

    def story_merges(self, story_id: str) -> list[StoryMerge]:
        """The merges that a story took part in, the earliest first."""
        ...

    def save_text_changes(self, later: Article, earlier: Article, changes: Sequence[Change]) -> None: ...

    def text_changes(self, article_id: str, version: int) -> list[tuple[str, int, tuple[Change, ...]]]:
        """(article_id, version, changes) of every earlier text that this article version changed."""
        ...

    def article_version(self, article_id: str, version: int) -> Article | None:
        """One stored version of an article."""
        ...

    def articles_to_extract(self, version: str, limit: int) -> list[Article]: ...

    def save_claims(self, article: Article, claims: Sequence[Claim], extractor_version: str) -> None:
        """Replace this extractor version's claims of this article version, and note that it was extracted (also with none)."""
        ...

    def articles_to_assess(self, version: str, limit: int) -> list[ArticleToAssess]:
        """Placed and extracted articles without an assessment of this version, in the order of first_seen_at, then published_at.

        Serialises with every other assessing transaction: the ledger is one. Only claims of the newest extraction are given.
        """
        ...

    def allegations_like(self, accused_keys: Iterable[str], families: Iterable[str]) -> list[Allegation]:
        """The latest version of every allegation against one of these accused (``accused_key``) in one of these conduct families."""
        ...

    def has_been_alerted(self, allegation_id: str) -> str:
        """The id of the allegation's first alert, "" where there is none."""
        ...

    def reprints_of(self, story_ids: Iterable[str]) -> list[tuple[str, str, str]]:
        """(story_id, article_id, publisher) of every article of these stories."""
        ...

    def save_assessments(
        self, article: Article, assessments: Sequence[Assessment], alerts: Sequence[Alert], assessor_version: str
    ) -> None:
        """Store assessments, the allegation versions they make, and their alerts, in this one transaction; mark the article assessed."""
        ...

    def rulings(self, allegation_ids: Iterable[str]) -> dict[str, tuple[Ruling, ...]]:
        """What analysts have said of these allegations, the earliest first; those of whom nothing was said are left out."""
        ...

    def save_ruling(self, ruling: Ruling) -> None:
        """Store what an analyst says. Raises WarehouseRefused where there is no such allegation."""
        ...

    def save_review(self, subject_kind: str, subject_id: str, decision: str, *, reason: str, said_by: str, now: datetime) -> None:
        """Store what an analyst says ("right" or "wrong") of a "claim" or an "article". Raises WarehouseRefused where there is none."""
        ...

    # -- alert and deliver
    def save_subscribers(self, subscribers: Iterable[Subscriber]) -> None:
        """Register or update subscribers; those no longer named become inactive."""
        ...

    def subscribers(self) -> list[Subscriber]:
        """The active ones, without the ways they have opted out of, and with the silences said on the page after those of the file."""
        ...

    def save_silence(self, subscriber_id: str, silence: Silence, made_by: str, now: datetime) -> None:
        """What a subscriber does not want to hear of for a while. Raises WarehouseRefused for one who is not known."""
        ...

    def save_opt_out(self, subscriber_id: str, channel: Channel, *, is_out: bool, said_by: str, now: datetime) -> None:
        """That a subscriber wants no more messages of a channel, or wants them again. Raises WarehouseRefused for one who is not known."""
        ...

    def alerts_to_fan_out(self, limit: int) -> list[Alert]:
        """Alerts that have not been fanned out to notifications, oldest first, locked."""
        ...

    def save_notifications(self, alert: Alert, notifications: Sequence[Notification]) -> None:
        """Store them (unique on subscriber, channel, alert) and mark the alert fanned out (also with none)."""
        ...

    def recently_made(self, since: datetime) -> dict[tuple[str, Channel], int]:
        """How many notifications that go at once each (subscriber_id, channel) got after ``since``."""
        ...

    def told_about(self, allegation_id: str) -> list[tuple[str, Channel]]:
        """Each (subscriber_id, channel) that was, or is being, told of an allegation."""
        ...

    def notifications_to_send(self, now: datetime, limit: int) -> list[tuple[Notification, Alert | None]]:
        """Pending and uncertain ones whose time has come, oldest first, locked; a digest has no alert of its own."""
        ...

    def adrift_notifications(self, limit: int) -> list[Notification]:
        """Those left in "sending". Whoever holds the lock "deliver" knows that their worker died between DATA and our commit."""
        ...

    def held_notifications(self, now: datetime, limit: int) -> list[Notification]:
        """Those held for a digest that has closed by ``now``, the earliest first, locked."""
        ...

    def delayed_notifications(self, made_before: datetime, limit: int) -> list[Notification]:
        """Pending ones of an alert, made by ``made_before``, tried and certainly not accepted, locked: what an outage piles up."""
        ...

    def save_digest(self, digest: Notification, members: Sequence[Notification], now: datetime) -> bool:
        """Store a digest, where it is new, with the state of its members. False, and nothing stored, where one of its key has gone already."""
        ...

    def digested_alerts(self, digest: Notification, limit: int) -> tuple[list[Alert], int]:
        """The first alerts of a digest, oldest first, and how many there are in all."""
        ...

    def watch_proof(self, since: datetime, until: datetime) -> WatchProof:
        """What was watched in that while."""
        ...

    def alert_message_ids(self, allegation_id: str, subscriber_id: str) -> list[str]:
        """The Message-IDs already sent to this subscriber about this allegation, oldest first: the mail thread."""
        ...

    def save_notification(self, notification: Notification, now: datetime) -> None:
        """Update one notification's state."""
        ...

    # -- archives, and articles added by hand
    def backfill(self, backfill_id: str) -> Backfill | None:
        """How far the reading of an archive has come, locked until this transaction ends."""
        ...

    def save_backfill(self, backfill: Backfill) -> None:
        """Store how far it has come."""
        ...

    def save_archived(self, archived: Sequence[Archived]) -> int:
        """Store entries with their pages and feeds; answers how many entries (or versions of entries) were new. Their feeds are never polled."""
        ...

    def archived_pages(self, entries: Sequence[Entry]) -> dict[str, Page]:
        """The pages that these entries came with, by entry_id; none of those that retention has purged."""
        ...

    def save_page_marks(self, article: Article, marks: Sequence[PageMark]) -> None:
        """Store where the pages of a document begin in this article version."""
        ...

    def page_marks(self, article: Article) -> list[PageMark]:
        """Where they begin, in order; empty for an article without pages."""
        ...

    # -- everywhere
    def part(self) -> AbstractContextManager[None]:
        """A part of the transaction (a savepoint): where its block raises, what it saved is undone, the exception goes on, and the unit can too."""
        ...

    def hold(self, name: str) -> bool:
        """Take the lock of that name until this transaction ends; False where another transaction holds it. A killed worker's lock is free at once."""
        ...

    def quarantine(self, record: Quarantined) -> None:
        """Store what could not be processed; that stage does not take it again until it is released."""
        ...

    def counts(self, now: datetime) -> Counts: ...


class Warehouse(Protocol):
    """Where everything is kept."""

    def begin(self) -> AbstractContextManager[Unit]:
        """A transaction: committed at the end of the block, rolled back where the block raises. Raises WarehouseError."""
        ...

    def in_lane(self, lane: Lane) -> Warehouse:
        """The same warehouse, whose units give out, and count as waiting, the work of that lane only.

        By itself a warehouse gives out all work: what came live first, what came by a backfill after it.
        """
        ...


# ---------------------------------------------------------------- archives


@dataclass(frozen=True, slots=True)
class Reading:
    """One record of an archive: an article's page, one that is left out, or one that cannot be read. Reading can go on behind ``position``."""

    position: str
    done: int  # parts read so far, in the measure of ``ArchiveReader.total``
    archived: Archived | None = None
    skipped: str = ""  # why it is left out
    bad: str = ""  # why it cannot be read


class ArchiveReader(Protocol):
    """An archive of pages or articles, read record by record in an order that does not change."""

    source: str
    kind: Literal["warc", "jsonl", "folder", "sitemap"]
    fingerprint: str  # another one: another content
    total: int  # parts in all, 0 where it is not known

    def read(self, after: str) -> Iterator[Reading]:
        """Every record behind the position ``after``, "" for all; a bad one is a Reading. Raises EntryError where nothing can be read."""
        ...
