"""The nouns of the flow, in its order: each a frozen dataclass that holds the id of what it came from.

    feed bytes -> Entry -> Article -> Selection -> Story -> Claim -> Assessment -> Alert -> Notification
       collect     clean    select   deduplicate  extract  assess      alert     deliver

Times are timezone-aware UTC datetimes, dates are ``datetime.date``, ids are lower-case hexadecimal text made by ``identify``,
offsets count Python characters of ``Article.text``. Collections are tuples, so that a record can be a key.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal


def identify(*parts: str) -> str:
    """A deterministic id: 24 hexadecimal characters of the SHA-256 over the parts, kept apart by a unit separator."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


# ---------------------------------------------------------------- collect

FeedFormat = Literal["auto", "rss", "atom", "json", "sitemap", "page"]
Reliability = Literal["A", "B", "C", "D", "E", "F"]
Origin = Literal["feed", "backfill", "by_hand"]


@dataclass(frozen=True, slots=True)
class Feed:
    """An address that lists entries, as reviewed data (``include/feeds.yaml``)."""

    feed_id: str  # a short name, "upi-world"
    url: str
    publisher: str
    language: str = "en"  # ISO 639-1
    country: str = ""  # ISO 3166-1 alpha-2 of the publisher
    kind: str = "newspaper"  # agency, newspaper, broadcaster, specialist, government, un, state_media
    format: FeedFormat = "auto"
    reliability: Reliability = "F"  # Admiralty A-F; F: cannot be judged
    is_specialist: bool = False  # every entry's page is fetched, not only those that may matter
    is_sample: bool = False  # of the bundled replay: its mails are marked SAMPLE
    is_unhurried: bool = False  # never polled every minute, not even while a story it carries is live
    note: str = ""  # what a person should know about it
    verified_on: date | None = None  # when a person last saw it answer as a feed; None: not tried


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a feed's entries come, counted in slots of ten minutes and as of ``until``; older counts weigh less.

    ``hours`` and ``weekdays`` (Monday first) hold the counts by hour and day in UTC, ``days`` the time they were counted in.
    """

    hours: tuple[float, ...] = ()
    weekdays: tuple[float, ...] = ()
    days: float = 0.0
    until: datetime | None = None  # the last entry counted, or the first visit where none was


HealthWord = Literal["new", "well", "failing", "wrong", "quiet", "retired"]


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """How a feed does, in one word and in words, since when.

    failing: no answer; wrong: it answers, but not as a feed that goes on; quiet: silent against its own rhythm.
    """

    word: HealthWord = "new"
    since: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FeedState:
    """What polling has taught about one feed. ``failures`` is weighed: hard 1, soft 0.5, temporary 0.25."""

    feed_id: str
    url: str  # where it is polled now: 301 and 308 move it
    next_poll_at: datetime
    etag: str = ""
    last_modified: str = ""
    body_sha256: str = ""
    etag_lies: bool = False  # it said 304 or kept its ETag while the body had changed
    interval_seconds: int = 900
    failures: float = 0.0
    failing_since: datetime | None = None  # the first failure since the last good answer
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None
    last_entry_at: datetime | None = None  # when an unseen entry last came
    last_error: str = ""
    retired_at: datetime | None = None  # 410; a person's word stands in FeedOrder
    rhythm: Rhythm = Rhythm()
    known_ids: tuple[str, ...] = ()  # marks of the entries of the last answer, the newest first
    not_modified_at: datetime | None = None  # when it last said 304
    stale_news: int = 0  # answers in a row whose unseen entries were all dated days back
    health: FeedHealth = FeedHealth()


@dataclass(frozen=True, slots=True)
class FeedOrder:
    """A person's word on a feed, above the registry and what polling has taught.

    pause and retire hold until resume; poll asks for one visit now. A retired feed is one that nobody expects back.
    """

    feed_id: str
    word: Literal["pause", "retire", "resume", "poll"]
    ordered_by: str
    ordered_at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One GET. ``max_bytes`` bounds the decompressed body."""

    url: str
    purpose: Literal["feed", "page", "robots"] = "page"
    etag: str = ""
    last_modified: str = ""
    max_bytes: int = 8_000_000


@dataclass(frozen=True, slots=True)
class FetchResult:
    """The answer to a FetchRequest; a failure is data (``error``), not an exception, so that a batch goes on.

    ``status`` is 0 where there was no answer. ``failure`` weighs an error: hard, soft or temporary.
    """

    request: FetchRequest
    fetched_at: datetime
    status: int = 0
    final_url: str = ""
    moved_to: str = ""  # the end of an unbroken chain of 301 and 308, else ""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    retry_after_seconds: int | None = None
    body: bytes = b""
    error: str = ""
    failure: Literal["", "hard", "soft", "temporary"] = ""
    is_refused: bool = False  # robots.txt does not allow it: the page was not asked for
    max_age_seconds: int | None = None  # how long the answer calls itself good (Cache-Control)
    seconds: float = 0.0  # from the first request to the end, the wait for its turn left out


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed as delivered. A changed entry keeps its id and gets another ``content_sha256``."""

    entry_id: str
    feed_id: str
    url: str
    guid: str
    title: str
    summary: str  # text or HTML, as delivered
    content: str  # full content where the feed carries it, HTML or text
    author: str
    credit: str  # dc:source, media:credit, source element
    language: str
    published_at: datetime | None
    updated_at: datetime | None
    seen_at: datetime  # when this version of it was first collected
    content_sha256: str
    origin: Origin = "feed"  # a backfill fills the ledger and never mails


@dataclass(frozen=True, slots=True)
class Page:
    """The page an entry came with, for it cannot be fetched again: of an archive, or added by hand.

    ``content_type`` is text/html, or text/plain; there a form feed parts the pages of a document.
    """

    url: str
    content_type: str
    body: bytes
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class PageMark:
    """Where a page of a document begins in ``Article.text``."""

    page: int  # from 1
    start: int


@dataclass(frozen=True, slots=True)
class Archived:
    """An entry that did not come from a feed: with its publisher as a feed that is never polled, and its page."""

    entry: Entry
    feed: Feed
    page: Page


@dataclass(frozen=True, slots=True)
class Backfill:
    """How far the reading of one archive has come. ``position`` is the reader's, ``done`` of ``total`` parts are read (0: unknown)."""

    backfill_id: str
    source: str
    kind: Literal["warc", "jsonl", "folder", "sitemap"]
    fingerprint: str  # of the source; where it has changed, reading starts again
    started_at: datetime
    updated_at: datetime
    position: str = ""
    done: int = 0
    total: int = 0
    records: int = 0
    entries: int = 0  # stored, not known before
    skipped: int = 0
    bad: int = 0
    finished_at: datetime | None = None


PollOutcome = Literal["changed", "unchanged", "not_modified", "unavailable", "broken", "retired"]


@dataclass(frozen=True, slots=True)
class Poll:
    """One visit to a feed: what came, what was new, and the state after it."""

    feed_id: str
    polled_at: datetime
    outcome: PollOutcome
    reason: str  # in words, also where all went well
    status: int
    duration_ms: int
    entries: tuple[Entry, ...]
    state: FeedState
    payload: bytes = b""  # kept compressed where outcome is "changed"
    form: str = ""  # what it was read as: "rss20", "atom10", "json feed", "sitemap", "page"
    unseen: int = 0  # entries that the answer before did not list


@dataclass(frozen=True, slots=True)
class PageVisit:
    """What became of fetching an entry's page, for the entry's content in hand: one per entry.

    waiting: it is tried again at ``next_try_at``; given_up: the article keeps the feed's own words.
    """

    entry_id: str
    content_sha256: str
    state: Literal["fetched", "waiting", "given_up"]
    attempts: int
    last_tried_at: datetime
    next_try_at: datetime | None = None
    status: int = 0
    error: str = ""


# ---------------------------------------------------------------- clean

ZoneKind = Literal["headline", "body"]
RemovedKind = Literal["advertisement", "caption", "teaser", "boilerplate", "dateline", "credit", "wall"]
NoticeKind = Literal["update", "writethru", "correction", "refile", "kill", "embargo"]


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of ``Article.text``. Zones follow one another and leave out nothing but white space."""

    kind: ZoneKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Removed:
    """What cleaning took out, and as what: nothing disappears without a trace."""

    kind: RemovedKind
    text: str


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """A date the article may have been published at; ``source``: feed, json_ld, meta, time, dateline, url, given."""

    source: str
    value: datetime
    written: str = ""


@dataclass(frozen=True, slots=True)
class WireCredit:
    """The agency an article carries copy of, and where that was seen (dateline, byline, end_line, json_ld, feed, page)."""

    agency: str  # UPI, AFP, AP, Reuters, Yonhap, Kyodo, TASS, Xinhua, Interfax, dpa, EFE, ANI, KCNA, RIA
    seen_in: str
    written: str = ""
    place: str = ""  # of the dateline, as written


@dataclass(frozen=True, slots=True)
class Notice:
    """What a desk says about its own dispatch: WRITETHRU, CORRECTED-, KILL ..."""

    kind: NoticeKind
    written: str


@dataclass(frozen=True, slots=True)
class Article:
    """The cleaned text behind an entry, from one publisher.

    ``text`` is the headline, an empty line, then the body's paragraphs with an empty line between them.
    A new text under the same ``article_id`` is a new ``version`` (1, 2, ...).
    """

    article_id: str
    version: int
    entry_id: str  # of the entry it was first cleaned from; "" for one added by hand
    url: str  # canonical
    publisher: str
    language: str
    title: str
    text: str
    published_at: datetime
    first_seen_at: datetime
    content_sha256: str
    zones: tuple[Zone, ...] = ()
    removed: tuple[Removed, ...] = ()
    byline: str = ""
    dates: tuple[DateCandidate, ...] = ()
    has_date_conflict: bool = False
    wire: WireCredit | None = None
    notice: Notice | None = None
    feed_kind: str = ""
    feed_reliability: Reliability = "F"
    is_sample: bool = False
    is_backfill: bool = False  # fills the ledger, never mails
    cleaner_version: str = ""

    @property
    def body(self) -> str:
        """The text without its headline."""
        starts = [zone.start for zone in self.zones if zone.kind == "body"]
        return self.text[min(starts) :] if starts else ""

    @property
    def body_start(self) -> int:
        """Where the body begins in ``text``; its length where there is no body."""
        return min((zone.start for zone in self.zones if zone.kind == "body"), default=len(self.text))


# ---------------------------------------------------------------- select


@dataclass(frozen=True, slots=True)
class Selection:
    """Whether an article concerns the sanctions, and why or why not, in words."""

    article_id: str
    version: int
    is_selected: bool
    is_near_miss: bool
    score: float  # 0-1
    reasons: tuple[str, ...]
    selector_version: str = ""


# ---------------------------------------------------------------- deduplicate

Relation = Literal[
    "lead",
    "copy",
    "cut",
    "edited",
    "headline_changed",
    "house_intro",
    "update_of",
    "correction_of",
    "kill_of",
    "merged_from",
    "republished",
]


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """The winnowed hashes of an article's words (signed 64 bits, as PostgreSQL's bigint), and its length in words."""

    article_id: str
    version: int
    hashes: tuple[int, ...]
    words: int
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that shares fingerprints with the one in hand."""

    article: Article
    fingerprints: Fingerprints
    story_id: str
    relation: Relation
    shared: int


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article belongs: its story, its relation to it, and the evidence in words."""

    article_id: str
    version: int
    story_id: str
    relation: Relation
    related_to: str  # article_id it was compared with; "" for the first of a story
    lead_article_id: str  # of the story after this placement
    origin_agency: str  # "" where nobody credits one
    containment: float  # 0-1, of the shorter in the longer
    evidence: tuple[str, ...]
    deduplicator_version: str = ""
    displaces: tuple[str, ...] = ()  # articles that are to be placed again now that this one is there
    text_digest: int = (
        0  # of all words of the body (signed 64 bits): the same for exact copies, whenever printed; 0 for an empty body
    )


@dataclass(frozen=True, slots=True)
class Carried:
    """In which five-day periods articles that credit an agency carried a fingerprint: what comes back for weeks is background."""

    agency: str
    fingerprint: int
    periods: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StoryMember:
    """What is needed of an article to say who leads its story and which agency it came from."""

    article_id: str
    publisher: str
    agency: str  # that the article itself credits; "" where it credits none
    words: int
    published_at: datetime
    relation: Relation


@dataclass(frozen=True, slots=True)
class StoryVerdict:
    """A person's word that two articles are one report, or that they are not: it outlasts every placement until withdrawn."""

    verdict_id: str
    kind: Literal["split", "merge"]
    article_id: str
    other_article_id: str
    decided_by: str
    reason: str
    decided_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoryMerge:
    """Two stories that turned out to be one: the head of one was placed in the other."""

    merge_id: str
    from_story: str
    into_story: str
    article_id: str  # the head that moved
    related_to: str  # the article it turned out to be a version of
    moved: tuple[str, ...]  # every article of ``from_story`` then
    evidence: tuple[str, ...]
    merged_at: datetime
    undone_at: datetime | None = None
    undone_by: str = ""


ChangeKind = Literal["headline", "number", "name", "words"]


@dataclass(frozen=True, slots=True)
class Change:
    """One place where two texts differ: the earlier one's ``before`` became the later one's ``after``; either may be empty."""

    kind: ChangeKind
    before: str
    after: str
    before_start: int  # offsets in the earlier and the later ``Article.text``
    before_end: int
    after_start: int
    after_end: int


# ---------------------------------------------------------------- extract

ActorKind = Literal["state", "company", "person", "vessel", "bank", "organisation", "unknown"]
SourceKind = Literal["publisher", "agency", "official", "government", "organisation", "document", "person", "unnamed"]
Modality = Literal["alleged", "conditional", "documented", "confirmed", "denied", "withdrawn"]
Stance = Literal["asserts", "reports", "documents", "doubts", "denies", "confirms"]
VIOLATION_MODALITIES: frozenset[str] = frozenset({"alleged", "conditional", "documented", "confirmed"})


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody named, in Latin script; ``country`` is ISO 3166-1 alpha-2, always there for a state."""

    name: str
    kind: ActorKind
    country: str = ""
    imo: str = ""  # of a vessel, as written
    imo_is_valid: bool | None = None  # its check digit; None without a number


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of ``Article.text``: ``text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Attribution:
    """One step of who says it, nearest speaker first; the last is the root."""

    name: str
    kind: SourceKind
    verb: str
    stance: Stance
    span: Span | None  # None only where ``is_inferred``
    is_inferred: bool = False


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit; ``written`` as in the text."""

    value: float | None
    unit: str
    written: str


@dataclass(frozen=True, slots=True)
class Period:
    """When it was done: as written, and resolved against the publication date."""

    written: str
    first: date | None
    last: date | None
    precision: Literal["day", "week", "month", "quarter", "year", "unknown"]


@dataclass(frozen=True, slots=True)
class MappedRule:
    """The UN paragraph "mapped by us"; ``is_in_force`` on the conduct's date."""

    rule: str  # "2375 OP17"
    is_in_force: bool
    is_verified: bool
    exemption: str = ""
    note: str = ""  # e.g. that the speaker cites another rule


@dataclass(frozen=True, slots=True)
class Claim:
    """One assertion in one article that somebody did, does or is about to do what a sanction forbids (or its denial)."""

    claim_id: str
    article_id: str
    version: int
    accused: tuple[Actor, ...]
    conduct: str  # taxonomy id
    modality: Modality
    spans: tuple[Span, ...]  # the first is the chief quote; each at most 600 characters
    attributions: tuple[Attribution, ...]
    status: Literal["accepted", "review"]
    confidence: float  # 0-1
    reasons: tuple[str, ...]
    counterparts: tuple[Actor, ...] = ()
    object: str = ""
    quantities: tuple[Quantity, ...] = ()
    place: str = ""
    period: Period | None = None
    cited_rule: str = ""  # "UNSCR 2375", as the speaker names it
    mapped_rule: MappedRule | None = None
    regime: str = "UN"  # UN, US, EU, KR, JP ...: the law it is alleged under
    marks: tuple[str, ...] = ()  # evasion marks: identity_fraud, front, ambiguous_accuser ...
    extractor_version: str = ""

    @property
    def root(self) -> str:
        """The last source that is known, "" without one."""
        return self.attributions[-1].name if self.attributions else ""

    @property
    def is_violation(self) -> bool:
        """Whether it says that a violation took place (and not, say, that it did not)."""
        return self.modality in VIOLATION_MODALITIES


def claim_id(article_id: str, spans: tuple[Span, ...], accused: tuple[Actor, ...], conduct: str, modality: str) -> str:
    """The claim's id, the same for every extractor version that finds the same words about the same actor and conduct."""
    places = ",".join(f"{span.start}-{span.end}" for span in spans)
    names = ",".join(sorted(actor.country if actor.kind == "state" else actor.name.casefold() for actor in accused))
    return identify("claim", article_id, places, names, conduct, "denied" if modality == "denied" else "said")


# ---------------------------------------------------------------- assess

FactKind = Literal["accuser", "root", "number", "date", "place", "party", "document", "denial", "wording"]
Novelty = Literal["NEW", "UPDATE", "DENIAL", "CORRECTION", "NOTHING"]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known about an allegation, and which claim brought it."""

    kind: FactKind
    key: str  # normalised: two facts with one key are one fact
    value: str  # as an analyst reads it
    claim_id: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """A proposed Admiralty grade: source reliability A-F, information credibility 1-6, with its reasons."""

    reliability: Reliability
    credibility: Literal["1", "2", "3", "4", "5", "6"]
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.reliability}{self.credibility}"


@dataclass(frozen=True, slots=True)
class Allegation:
    """The claims about the same accused, conduct and episode, whoever makes them, as known at its ``version``."""

    allegation_id: str
    version: int
    accused: Actor
    conduct: str
    counterpart: str  # normalised key, "" where none is told
    event_key: str  # of event-like conduct: what happened when and where; "" for a lasting one
    first_published_at: datetime
    last_published_at: datetime
    facts: tuple[Fact, ...] = ()
    claim_ids: tuple[str, ...] = ()
    article_ids: tuple[str, ...] = ()
    story_ids: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()  # independent roots, most telling first
    grade: Grade | None = None
    is_in_force: bool = True
    state: Literal["open", "withdrawn"] = "open"


@dataclass(frozen=True, slots=True)
class ArticleToAssess:
    """What assess needs of one article: its claims, and where it stands among the stories."""

    article: Article
    placement: Placement
    claims: tuple[Claim, ...]
    previous_claims: tuple[Claim, ...] = ()  # of the article's version before, and of what it corrects or kills
    is_reprocessed: bool = False  # assessed before by an older version of the rules: never mails


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one article does to one allegation. ``allegation`` is the state after it."""

    assessment_id: str
    article_id: str
    article_version: int
    claim_ids: tuple[str, ...]
    novelty: Novelty
    new_facts: tuple[Fact, ...]
    reasons: tuple[str, ...]
    allegation: Allegation
    assessed_at: datetime
    may_alert: bool  # False for backfill, re-processing, rules not in force then, only review claims
    assessor_version: str = ""


RulingKind = Literal["confirm", "dismiss", "reopen", "grade"]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What an analyst says of an allegation. The last of a kind stands; none is ever changed."""

    allegation_id: str
    kind: RulingKind
    reason: str
    said_by: str
    said_at: datetime
    grade: str = ""  # with kind "grade": the Admiralty grade, "" for the proposed one again


# ---------------------------------------------------------------- alert and deliver


@dataclass(frozen=True, slots=True)
class AlertQuote:
    """A quote as the mail prints it."""

    text: str
    speaker: str
    publisher: str
    url: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Alert:
    """What subscribers should know: everything a mail prints, frozen when the assessment was stored."""

    alert_id: str
    assessment_id: str
    allegation_id: str
    allegation_version: int
    kind: Novelty
    created_at: datetime
    headline: str  # the subject's middle: "WSJ alleges: Russia, new work permits (2375 OP17)"
    accused: str
    accused_kind: ActorKind
    conduct: str
    conduct_title: str
    summary: str
    new_facts: tuple[Fact, ...]
    known_facts: tuple[Fact, ...]
    quotes: tuple[AlertQuote, ...]
    source_chain: tuple[str, ...]  # nearest first, "publisher ← agency ← speaker ← document"
    roots: tuple[str, ...]
    articles: int
    publishers: int
    reprints: int
    grade: str
    grade_reasons: tuple[str, ...]
    rule: str
    rule_note: str
    exemption: str
    modality: Modality
    answer: str  # the accused's denial or "no comment seen"
    language: str
    regime: str = "UN"
    first_alert_id: str = ""  # of the allegation's first alert: the mail thread
    is_sample: bool = False
    accused_country: str = ""  # ISO 3166-1 alpha-2, what a route's "RU" is held against
    entities: tuple[str, ...] = ()  # everybody and every vessel named in it, and IMO numbers: watch lists are held against it
    grade_by: str = ""  # the analyst who gave the grade; "" where it is proposed by rule


Delivery = Literal["immediate", "hourly", "daily", "weekly"]
Channel = Literal["mail", "webhook", "slack"]


@dataclass(frozen=True, slots=True)
class Route:
    """Which alerts a subscriber wants, and how. Empty tuples mean "all"."""

    conducts: tuple[str, ...] = ()  # ids or families, "labour" or "labour.new_permits"
    accused: tuple[str, ...] = ()  # names or alpha-2 codes
    kinds: tuple[str, ...] = ()  # NEW, UPDATE, DENIAL, CORRECTION
    languages: tuple[str, ...] = ()
    minimum_grade: str = "F6"
    entities: tuple[str, ...] = ()  # names or IMO numbers, wherever in the allegation they stand
    delivery: Delivery = "immediate"
    at: str = "07:00"  # of a daily or weekly digest, in the subscriber's time
    weekday: str = "monday"  # of a weekly digest


@dataclass(frozen=True, slots=True)
class Silence:
    """What a subscriber does not want to hear of until ``until``. Empty tuples mean "all". Corrections are heard all the same."""

    until: datetime
    reason: str
    conducts: tuple[str, ...] = ()
    accused: tuple[str, ...] = ()
    allegations: tuple[str, ...] = ()  # ids


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody who is told of alerts (``include/subscribers.yaml``), by mail, webhook or Slack."""

    subscriber_id: str
    name: str
    email: str = ""
    routes: tuple[Route, ...] = (Route(),)
    is_active: bool = True
    webhook: str = ""  # the name of a channel of the file SANCTIONS_WATCH_CHANNELS
    slack: str = ""  # likewise
    timezone: str = "UTC"  # IANA
    quiet_hours: str = ""  # "22:00-06:30", in the subscriber's time: what comes then waits for its end
    cap_per_hour: int = 20  # mails at once; what is more comes as one summary
    wants_proof: bool = False  # a daily line on what was watched, also on a day without news
    silences: tuple[Silence, ...] = ()

    @property
    def addresses(self) -> tuple[tuple[Channel, str], ...]:
        """Every way to reach them."""
        ways: tuple[tuple[Channel, str], ...] = (("mail", self.email), ("webhook", self.webhook), ("slack", self.slack))
        return tuple((channel, address) for channel, address in ways if address)


NotificationState = Literal["pending", "sending", "sent", "failed", "uncertain", "held", "digested", "silenced"]


@dataclass(frozen=True, slots=True)
class Notification:
    """One delivery, remembered: of an alert, unique on (subscriber, channel, alert), or of a digest, unique on (subscriber, channel, digest).

    One that is held waits in ``digest_key`` until ``next_attempt_at``; then it is digested: part of the digest of that key.
    """

    notification_id: str
    alert_id: str  # "" of a digest
    subscriber_id: str
    channel: Channel
    address: str
    state: NotificationState
    message_id: str  # RFC 5322, deterministic
    attempts: int
    next_attempt_at: datetime
    last_error: str = ""
    sent_at: datetime | None = None
    was_uncertain: bool = False  # resent with the same Message-ID; never unsaid
    digest_key: str = ""  # "daily/2018-08-05": which digest it waits for, went into, or is
    held_for: str = ""  # why it did not go at once, or why the digest was made, in words
    made_at: datetime | None = None
    unanswered: int = 0  # attempts that the server left without an answer after the message

    @property
    def is_digest(self) -> bool:
        """Whether it carries several alerts."""
        return not self.alert_id


@dataclass(frozen=True, slots=True)
class WatchProof:
    """What was watched in a while: that nothing came is told apart from nobody having looked."""

    since: datetime
    until: datetime
    feeds: int = 0  # that are watched
    polled: int = 0  # of them, at least once
    failed: int = 0  # of them, in their last poll
    polls: int = 0
    articles: int = 0
    selected: int = 0


@dataclass(frozen=True, slots=True)
class Mail:
    """A rendered message, ready for SMTP. ``headers`` holds what is not among the fields."""

    message_id: str
    sender: str
    recipient: str
    subject: str
    text: str
    html: str
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class MailLinks:
    """The signed addresses that a mail carries."""

    unsubscribe: str = ""  # takes a POST without a log-in (RFC 8058)
    actions: tuple[tuple[str, str], ...] = ()  # (confirm | dismiss | silence, address): each leads to a page that asks again


@dataclass(frozen=True, slots=True)
class Post:
    """A message to an HTTP address: what a webhook or Slack gets."""

    message_id: str  # the notification's id, the same at every attempt: receivers know a repetition by it
    channel: Channel
    address: str  # the channel's name; the deployment knows its address and secret
    content_type: str
    body: str  # JSON


Message = Mail | Post


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One record that a stage could not process."""

    stage: str
    subject_id: str
    reason: str
    detail: str
    quarantined_at: datetime
