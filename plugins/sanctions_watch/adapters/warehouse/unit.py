"""One transaction on PostgreSQL: every method of ``ports.Unit``, each a question in ``include/sql/queries``."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from sanctions_watch.adapters.frequent import FEW, FREQUENT
from sanctions_watch.adapters.storable import storable
from sanctions_watch.adapters.warehouse.archives import ArchivesPart
from sanctions_watch.adapters.warehouse.codec import as_text, encode, encode_text
from sanctions_watch.adapters.warehouse.codec import read as _read
from sanctions_watch.adapters.warehouse.failures import told_plainly
from sanctions_watch.adapters.warehouse.feeds import FeedsPart
from sanctions_watch.adapters.warehouse.queries import query
from sanctions_watch.adapters.warehouse.stories import StoriesPart
from sanctions_watch.errors import WarehouseError, WarehouseRefused
from sanctions_watch.ports import Counts, EntryToClean
from sanctions_watch.records import (
    Actor,
    Alert,
    Allegation,
    Article,
    ArticleToAssess,
    Assessment,
    Candidate,
    Channel,
    Claim,
    Entry,
    Feed,
    Fingerprints,
    Notification,
    Placement,
    Poll,
    Quarantined,
    Ruling,
    Selection,
    Silence,
    Span,
    Subscriber,
    WatchProof,
    identify,
)
from sanctions_watch.stages.deduplicate.background import PERIOD_SECONDS
from sanctions_watch.text import accused_key, family


class PostgresUnit(FeedsPart, StoriesPart, ArchivesPart):
    """One transaction. Raises WarehouseRefused where a record breaks a rule, WarehouseError where the warehouse cannot be used."""

    def __init__(self, connection: Connection, ensure_month: Callable[[date], None], lanes: Sequence[bool] = (False, True)) -> None:
        """``ensure_month`` makes the partitions of a month, outside of this transaction; ``lanes`` as in ``take_inputs.sql``."""
        self._lanes = list(lanes)
        self._connection = connection
        self._ensure_month = ensure_month
        self._assessing: dict[tuple[str, int], str] = {}  # the extraction that was handed out for each article version

    # -- collect
    def save_feeds(self, feeds: Iterable[Feed], now: datetime) -> None:
        self._run("save_feeds", feeds=encode_text(list(feeds)), now=now)

    def save_poll(self, poll: Poll) -> int:
        visit = {
            name: encode(getattr(poll, name)) for name in ("feed_id", "polled_at", "outcome", "reason", "status", "duration_ms")
        }
        rows = self._run("save_poll", poll=as_text(visit), entries=encode_text(poll.entries), state=encode_text(poll.state))
        if poll.payload:
            self._ensure_month(poll.polled_at.date())
            self._run(
                "save_payload",
                feed_id=poll.feed_id,
                polled_at=poll.polled_at,
                body=zlib.compress(poll.payload),
                body_bytes=len(poll.payload),
            )
        return int(rows[0]["new_entries"])

    # -- clean
    def entries_to_clean(self, version: str, limit: int) -> list[EntryToClean]:
        taken = self._take("clean", version, limit)
        rows = self._run("entries_by_key", entry_ids=[one for one, _ in taken], contents=[content for _, content in taken])
        return [EntryToClean(_read(Entry, row["entry"]), _read(Feed, row["feed"])) for row in rows]

    def latest_article(self, article_id: str) -> Article | None:
        rows = self._run("latest_articles", article_ids=[article_id])
        return _read(Article, rows[0]["article"]) if rows else None

    def save_article(self, article: Article, entry: Entry | None, cleaner_version: str) -> None:
        is_new = self._run("save_article", article=encode_text(article))[0]["is_new"]
        if not is_new:
            stored = self._run("article_content", article_id=article.article_id, version=article.version)
            if not stored or stored[0]["content_sha256"] != article.content_sha256:
                raise WarehouseError(
                    f"article {article.article_id}: another worker has stored another text as version {article.version}: try again"
                )
        elif article.version > 1:
            self._run("drop_obsolete_inputs", article_id=article.article_id)
        if entry is not None:
            self._run("mark_taken", stage="clean", subject_id=entry.entry_id, edition=entry.content_sha256, version=cleaner_version)

    # -- select
    def articles_to_select(self, version: str, limit: int) -> list[Article]:
        return self._articles("select", version, limit)

    def save_selection(self, selection: Selection) -> None:
        self._run("save_selection", selection=encode_text(selection))

    # -- deduplicate
    def articles_to_place(self, version: str, limit: int) -> list[Article]:
        self._run("serialise", stage="deduplicate")
        articles = self._articles("deduplicate", version, limit)
        for month in {article.published_at.date().replace(day=1) for article in articles}:
            self._ensure_month(month)
        return articles

    def candidates(self, fingerprints: Fingerprints, window_days: int, limit: int) -> list[Candidate]:
        window = timedelta(days=window_days)
        rows = self._run(
            "candidates",
            article_id=fingerprints.article_id,
            hashes=list(fingerprints.hashes),
            first_at=fingerprints.published_at - window,
            last_at=fingerprints.published_at + window,
            frequent=FREQUENT,
            few=FEW,
            period_seconds=PERIOD_SECONDS,
            limit=limit,
        )
        return [
            Candidate(
                _read(Article, {name: value for name, value in row["article"].items() if name != "stored_at"}),
                _read(Fingerprints, row["fingerprints"]),
                row["story_id"],
                row["relation"],
                row["shared"],
            )
            for row in rows
        ]

    def previous_placement(self, article_id: str) -> Placement | None:
        rows = self._run("previous_placement", article_id=article_id)
        return _read(Placement, rows[0]["placement"]) if rows else None

    def save_placement(self, placement: Placement, fingerprints: Fingerprints) -> None:
        self._run(
            "retire_placement",
            article_id=placement.article_id,
            version=placement.version,
            deduplicator_version=placement.deduplicator_version,
        )
        self._run("save_placement", placement=encode_text(placement))
        self._run("save_fingerprints", fingerprints=encode_text(fingerprints))

    # -- extract
    def articles_to_extract(self, version: str, limit: int) -> list[Article]:
        return self._articles("extract", version, limit)

    def save_claims(self, article: Article, claims: Sequence[Claim], extractor_version: str) -> None:
        for claim in claims:
            if (claim.article_id, claim.version) != (article.article_id, article.version):
                raise WarehouseRefused(f"claim {claim.claim_id} is not of article {article.article_id} version {article.version}")
        extraction_id = identify("extraction", article.article_id, str(article.version), extractor_version)
        written = as_text([_written_claim(article, claim) for claim in claims])
        key = {"article_id": article.article_id, "version": article.version, "extractor_version": extractor_version}
        self._run("supersede_extractions", **key)
        self._run("save_extraction", extraction_id=extraction_id, claims=len(claims), **key)
        self._run("delete_claims", extraction_id=extraction_id)
        if claims:
            self._run("save_claims", extraction_id=extraction_id, claims=written)
        self._run("drop_obsolete_inputs", article_id=article.article_id)

    # -- assess
    def articles_to_assess(self, version: str, limit: int) -> list[ArticleToAssess]:
        self._run("serialise", stage="assess")
        taken = self._take("assess", version, limit)
        rows = self._run(
            "articles_to_assess",
            article_ids=[article for article, _ in taken],
            extraction_ids=[extraction for _, extraction in taken],
        )
        work = []
        for row in rows:
            article = _read(Article, row["article"])
            self._assessing[article.article_id, article.version] = row["extraction_id"]
            work.append(
                ArticleToAssess(
                    article=article,
                    placement=_read(Placement, row["placement"]),
                    claims=tuple(_read(Claim, claim) for claim in row["claims"]),
                    previous_claims=tuple(_read(Claim, claim) for claim in row["previous_claims"]),
                    is_reprocessed=row["is_reprocessed"],
                )
            )
        return work

    def allegations_like(self, accused_keys: Iterable[str], families: Iterable[str]) -> list[Allegation]:
        rows = self._run("allegations_like", accused_keys=list(accused_keys), families=list(families))
        return [_read(Allegation, row["allegation"]) for row in rows]

    def has_been_alerted(self, allegation_id: str) -> str:
        rows = self._run("first_alert", allegation_id=allegation_id)
        return str(rows[0]["alert_id"]) if rows else ""

    def reprints_of(self, story_ids: Iterable[str]) -> list[tuple[str, str, str]]:
        rows = self._run("reprints_of", story_ids=list(story_ids))
        return [(row["story_id"], row["article_id"], row["publisher"]) for row in rows]

    def save_assessments(
        self, article: Article, assessments: Sequence[Assessment], alerts: Sequence[Alert], assessor_version: str
    ) -> None:
        extraction_id = self._extraction_in_hand(article)
        for assessment in assessments:
            accused = assessment.allegation.accused
            row = self._run(
                "save_assessment",
                assessment=encode_text(assessment),
                extraction_id=extraction_id,
                accused_key=accused_key(accused.name, accused.kind, accused.country),
                family=family(assessment.allegation.conduct),
            )[0]
            if not row["is_latest"]:
                raise WarehouseRefused(
                    f"allegation {assessment.allegation.allegation_id}: "
                    f"version {assessment.allegation.version} is older than the ledger's"
                )
        if alerts:
            self._run("save_alerts", alerts=encode_text(list(alerts)))
        self._run("mark_assessed", extraction_id=extraction_id, assessor_version=assessor_version)

    def rulings(self, allegation_ids: Iterable[str]) -> dict[str, tuple[Ruling, ...]]:
        found: dict[str, tuple[Ruling, ...]] = {}
        for row in self._run("rulings", allegation_ids=list(allegation_ids)):
            found[row["allegation_id"]] = (*found.get(row["allegation_id"], ()), _read(Ruling, row["ruling"]))
        return found

    def save_ruling(self, ruling: Ruling) -> None:
        if not self._run("save_ruling", ruling=encode_text(ruling)):
            raise WarehouseRefused(f"allegation {ruling.allegation_id} is not stored: nothing can be said of it")

    def save_review(self, subject_kind: str, subject_id: str, decision: str, *, reason: str, said_by: str, now: datetime) -> None:
        if not self._run("save_review", subject_kind=subject_kind, subject_id=subject_id, decision=decision, reason=reason,
                         said_by=said_by, now=now):  # fmt: skip
            raise WarehouseRefused(f"{subject_kind} {subject_id} is not stored: nothing can be said of it")

    # -- alert and deliver
    def save_subscribers(self, subscribers: Iterable[Subscriber]) -> None:
        self._run("save_subscribers", subscribers=encode_text(list(subscribers)))

    def subscribers(self) -> list[Subscriber]:
        return [_read(Subscriber, row["subscriber"]) for row in self._run("subscribers")]

    def save_silence(self, subscriber_id: str, silence: Silence, made_by: str, now: datetime) -> None:
        if not self._run("save_silence", subscriber_id=subscriber_id, silence=encode_text(silence), made_by=made_by, now=now):
            raise WarehouseRefused(f"subscriber {subscriber_id} is not stored: nothing can be silenced")

    def save_opt_out(self, subscriber_id: str, channel: Channel, *, is_out: bool, said_by: str, now: datetime) -> None:
        if not self._run("save_opt_out", subscriber_id=subscriber_id, channel=channel, is_out=is_out, said_by=said_by, now=now):
            raise WarehouseRefused(f"subscriber {subscriber_id} is not stored: their word cannot be")

    def alerts_to_fan_out(self, limit: int) -> list[Alert]:
        return [_read(Alert, row["alert"]) for row in self._run("alerts_to_fan_out", limit=limit)]

    def save_notifications(self, alert: Alert, notifications: Sequence[Notification]) -> None:
        if notifications:
            self._run("save_notifications", notifications=encode_text(list(notifications)))
        if not self._run("mark_fanned_out", alert_id=alert.alert_id):
            raise WarehouseRefused(f"alert {alert.alert_id} is not stored: its notifications cannot be")

    def notifications_to_send(self, now: datetime, limit: int) -> list[tuple[Notification, Alert | None]]:
        rows = self._run("notifications_to_send", now=now, limit=limit)
        return [(_read(Notification, row["notification"]), _read(Alert, row["alert"]) if row["alert"] else None) for row in rows]

    def adrift_notifications(self, limit: int) -> list[Notification]:
        return [_read(Notification, row["notification"]) for row in self._run("adrift_notifications", limit=limit)]

    def recently_made(self, since: datetime) -> dict[tuple[str, Channel], int]:
        return {(row["subscriber_id"], row["channel"]): row["made"] for row in self._run("recently_made", since=since)}

    def told_about(self, allegation_id: str) -> list[tuple[str, Channel]]:
        return [(row["subscriber_id"], row["channel"]) for row in self._run("told_about", allegation_id=allegation_id)]

    def held_notifications(self, now: datetime, limit: int) -> list[Notification]:
        return [_read(Notification, row["notification"]) for row in self._run("held_notifications", now=now, limit=limit)]

    def delayed_notifications(self, made_before: datetime, limit: int) -> list[Notification]:
        rows = self._run("delayed_notifications", made_before=made_before, limit=limit)
        return [_read(Notification, row["notification"]) for row in rows]

    def save_digest(self, digest: Notification, members: Sequence[Notification], now: datetime) -> bool:
        self._run("save_notifications", notifications=encode_text([digest]))
        if not self._run("open_digest", notification_id=digest.notification_id):
            return False
        if members:
            self._save_states(members, now)
        return True

    def digested_alerts(self, digest: Notification, limit: int) -> tuple[list[Alert], int]:
        rows = self._run("digested_alerts", subscriber_id=digest.subscriber_id, channel=digest.channel,
                         digest_key=digest.digest_key, limit=limit)  # fmt: skip
        return [_read(Alert, row["alert"]) for row in rows], rows[0]["total"] if rows else 0

    def watch_proof(self, since: datetime, until: datetime) -> WatchProof:
        return WatchProof(**self._run("watch_proof", since=since, until=until)[0])

    def alert_message_ids(self, allegation_id: str, subscriber_id: str) -> list[str]:
        rows = self._run("alert_message_ids", allegation_id=allegation_id, subscriber_id=subscriber_id)
        return [row["message_id"] for row in rows]

    def save_notification(self, notification: Notification, now: datetime) -> None:
        self._save_states([notification], now)

    def _save_states(self, notifications: Sequence[Notification], now: datetime) -> None:
        rows = self._run("save_notification", notifications=encode_text(list(notifications)), now=now)
        missing = {one.notification_id for one in notifications} - {row["notification_id"] for row in rows}
        if missing:
            raise WarehouseRefused(f"notification {min(missing)} is not stored: it cannot be updated")

    # -- everywhere
    @contextmanager
    def part(self) -> Iterator[None]:
        with told_plainly(), self._connection.begin_nested():
            yield

    def hold(self, name: str) -> bool:
        return bool(self._run("hold", name=name)[0]["is_held"])

    def quarantine(self, record: Quarantined) -> None:
        self._run("quarantine", quarantined=encode_text(record))

    def counts(self, now: datetime) -> Counts:
        return Counts(**self._run("counts", now=now, lanes=self._lanes)[0])

    # -- how
    def _run(self, name: str, /, **parameters: Any) -> list[Mapping[str, Any]]:
        with told_plainly():
            result = self._connection.execute(query(name), parameters)
            return [dict(row) for row in result.mappings()] if result.returns_rows else []

    def _take(self, stage: str, version: str, limit: int) -> list[tuple[str, str]]:
        taken: list[tuple[str, str]] = []
        for is_backfill in self._lanes:
            room = {"limit": limit - len(taken), "is_backfill": is_backfill}
            rows = self._run("take_inputs", stage=stage, version=version, **room) if room["limit"] > 0 else []
            taken += [(row["subject_id"], row["edition"]) for row in rows]
        return taken

    def _articles(self, stage: str, version: str, limit: int) -> list[Article]:
        article_ids = [article_id for article_id, _ in self._take(stage, version, limit)]
        return [_read(Article, row["article"]) for row in self._run("latest_articles", article_ids=article_ids)]

    def _extraction_in_hand(self, article: Article) -> str:
        """The extraction that articles_to_assess gave out, which another worker may have superseded since; else the newest."""
        key = article.article_id, article.version
        if key not in self._assessing:
            rows = self._run("newest_extraction", article_id=article.article_id, version=article.version)
            if not rows:
                raise WarehouseRefused(
                    f"article {article.article_id} version {article.version} was never extracted: it cannot be assessed"
                )
            self._assessing[key] = rows[0]["extraction_id"]
        return self._assessing[key]


def _written_claim(article: Article, claim: Claim) -> dict[str, Any]:
    """The claim as JSON, with the words of each span and the key of each actor beside them."""
    written: dict[str, Any] = encode(claim)
    for span, told in zip(claim.spans, written["spans"], strict=True):
        told["quote"] = _quote(article, span)
    for attribution, told in zip(claim.attributions, written["attributions"], strict=True):
        if attribution.span is not None:
            told["span"]["quote"] = _quote(article, attribution.span)
    for actors, told_actors in ((claim.accused, written["accused"]), (claim.counterparts, written["counterparts"])):
        for actor, told in zip(actors, told_actors, strict=True):
            told["accused_key"] = _key(actor)
    return written


def _quote(article: Article, span: Span) -> str:
    return storable(article.text[max(0, span.start) : max(0, span.end)])


def _key(actor: Actor) -> str:
    return storable(accused_key(actor.name, actor.kind, actor.country))
