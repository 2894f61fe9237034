"""Each stage in three beats: gather its work from the warehouse, decide (pure), apply what was decided.

A stage's work is "has input, has no output of my version", so that every step can be killed, retried, cleared or repeated at any
moment: what was committed is not done again, what was not is found again. One record that cannot be processed goes to quarantine
with its reason, and the batch goes on.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice

from sanctions_watch.errors import ConfigurationError, DeliveryError, EntryError, WarehouseError, WarehouseRefused
from sanctions_watch.ports import Clock, EntryToClean, FeedToPoll, Fetcher, Mailer, Messenger, Signer, Unit, Warehouse
from sanctions_watch.records import (
    Alert,
    Article,
    ArticleToAssess,
    Feed,
    FetchRequest,
    FetchResult,
    Mail,
    MailLinks,
    Message,
    Notification,
    Quarantined,
    Subscriber,
)
from sanctions_watch.stages import alert, assess, clean, collect, deduplicate, extract, select
from sanctions_watch.stages.alert.caps import capped
from sanctions_watch.stages.clean.brought import clean_brought, page_marks
from sanctions_watch.stages.clean.visits import is_page, page_visit
from sanctions_watch.stages.collect.sitemaps import joined, sitemaps_of
from sanctions_watch.stories import CANDIDATES as CANDIDATES  # noqa: PLC0414 - part of the flow's surface
from sanctions_watch.stories import STORY_WINDOW_DAYS as STORY_WINDOW_DAYS  # noqa: PLC0414
from sanctions_watch.stories import Placing

log = logging.getLogger("sanctions_watch")

MOST_HELD = 20_000  # held notifications gathered in one transaction


@dataclass(slots=True)
class Report:
    """What one run of a stage did: how many records it took, made and put into quarantine, and notable facts by name."""

    stage: str
    taken: int = 0
    made: int = 0
    quarantined: int = 0
    notes: dict[str, int] = field(default_factory=dict)

    def note(self, name: str, by: int = 1) -> None:
        """Count something worth a line in the task's summary."""
        self.notes[name] = self.notes.get(name, 0) + by

    def add(self, other: Report) -> None:
        """Take another run of the same stage into this report."""
        self.taken += other.taken
        self.made += other.made
        self.quarantined += other.quarantined
        for name, count in other.notes.items():
            self.note(name, count)

    def summary(self) -> dict[str, int]:
        """Counts only: what goes through XCom and into the log."""
        return {"taken": self.taken, "made": self.made, "quarantined": self.quarantined, **self.notes}


@dataclass(frozen=True, slots=True)
class Flow:
    """The flow on one warehouse, fetcher, mailer and clock. Every method is one stage and may be called by any number of workers."""

    warehouse: Warehouse
    fetcher: Fetcher
    mailer: Mailer | None
    clock: Clock
    messenger: Messenger | None = None
    signer: Signer | None = None  # without one, mails carry no links to act by
    sender: str = "Sanctions Watch <sanctions-watch@localhost>"
    page_url: str = "http://localhost:8080"
    window_days: int = 30
    batch: int = 200
    quote_caps: Mapping[str, int] = field(
        default_factory=dict
    )  # characters of a quote that a mail prints, by publisher; "" for all others

    # ------------------------------------------------------------ collect
    def register(self, feeds: Sequence[Feed] | None, subscribers: Sequence[Subscriber] | None) -> None:
        """Bring the registry of feeds and subscribers up to date; None leaves the last good version in force."""
        with self.warehouse.begin() as unit:
            if feeds is not None:
                unit.save_feeds(feeds, self.clock.now())
            if subscribers is not None:
                unit.save_subscribers(subscribers)

    def feeds_due(self) -> list[str]:
        """The ids of the feeds whose time has come."""
        with self.warehouse.begin() as unit:
            return unit.feeds_due(self.clock.now())

    def collect(self, feed_ids: Sequence[str]) -> Report:
        """Poll these feeds; ``made`` counts entries, or versions of entries, that were new."""
        report = Report("collect")
        with self.warehouse.begin() as unit:
            due = unit.feeds_to_poll(feed_ids, self.clock.now())
            results = self._with_sitemaps(due, self.fetcher.fetch([collect.feed_request(one.feed, one.state) for one in due]))
            now = self.clock.now()  # one for the batch: what came together is taken in the order of its publication
            for one, result in zip(due, results, strict=True):

                def poll(one: FeedToPoll = one, result: FetchResult = result) -> None:
                    visit = collect.collect(one.feed, one.state, result, now, round(result.seconds * 1000))
                    report.made += unit.save_poll(visit)
                    report.note(visit.outcome)
                    log.info("collect.%s feed=%s status=%s %s", visit.outcome, one.feed.feed_id, visit.status, visit.reason)
                    if one.live_story:
                        report.note("live")
                        log.info("collect.live feed=%s story=%s", one.feed.feed_id, one.live_story)
                    before, after = one.state.health.word, visit.state.health
                    if after.word != before and after.word in collect.ALARMS:
                        report.note(f"became_{after.word}")
                        log.warning("collect.alarm feed=%s health=%s %s", one.feed.feed_id, after.word, after.reason)
                    elif after.word != before and before in collect.ALARMS:
                        report.note("revived")
                        log.warning("collect.revived feed=%s was=%s", one.feed.feed_id, before)

                self._guarded(unit, report, one.feed.feed_id, poll)
        return report

    def _with_sitemaps(self, due: Sequence[FeedToPoll], results: Sequence[FetchResult]) -> list[FetchResult]:
        """The answers, an index of sitemaps followed to the newest of them."""
        wanted = {number: sitemaps_of(one.feed, result) for number, (one, result) in enumerate(zip(due, results, strict=True))}
        if not any(wanted.values()):
            return list(results)
        parts = iter(self.fetcher.fetch([request for requests in wanted.values() for request in requests]))
        return [joined(result, list(islice(parts, len(wanted[number])))) for number, result in enumerate(results)]

    # ------------------------------------------------------------ clean
    def clean(self) -> Report:
        """Turn entries into articles; fetch the pages of those that may matter, and of all where the feed is a specialist's.

        A page that could not be fetched is tried again later; when it comes, the article gets a new version.
        """
        report = Report("clean")
        with self.warehouse.begin() as unit:
            work = unit.entries_to_clean(clean.VERSION, min(self.batch, 60))
            self._clean_brought(unit, report, [one for one in work if one.entry.origin != "feed"])
            work = [one for one in work if one.entry.origin == "feed"]
            taken = {one.entry.entry_id for one in work}
            again = [one for one in unit.pages_to_try(self.clock.now(), min(self.batch, 60)) if one.entry.entry_id not in taken]
            pages = self._pages([*self._with_page(work), *again], report)
            now = self.clock.now()  # one for the batch, as in collect
            for one in [*work, *again]:

                def apply(one: EntryToClean = one) -> None:
                    entry, answer = one.entry, pages.get(one.entry.entry_id)
                    if answer is not None:
                        unit.save_page_visit(page_visit(entry, answer, one.page_attempts, now))
                    page = answer if answer is not None and is_page(answer) else None
                    if page is None and one.page_attempts:
                        return  # the article keeps the feed's own words for now
                    previous = unit.latest_article(clean.article_id_of(entry.url, one.feed.publisher, entry.title))
                    article = clean.clean(entry, one.feed, page, previous, now)
                    if previous is None and article.version == 1:
                        known = unit.latest_article(article.article_id)  # the page's canonical address may name another article
                        if known is not None:
                            article = clean.clean(entry, one.feed, page, known, now)
                    unit.save_article(article, entry, clean.VERSION)
                    report.made += 1
                    log.info("clean.cleaned article=%s version=%s entry=%s", article.article_id, article.version, entry.entry_id)

                self._guarded(unit, report, one.entry.entry_id, apply)
        return report

    def _clean_brought(self, unit: Unit, report: Report, work: Sequence[EntryToClean]) -> None:
        """Clean entries of archives and those added by hand, from the pages they came with. Where retention has purged the page, the article stands."""
        pages = unit.archived_pages([one.entry for one in work])
        now = self.clock.now()
        for one in work:

            def apply(one: EntryToClean = one) -> None:
                entry, page = one.entry, pages.get(one.entry.entry_id)
                previous = unit.latest_article(clean.article_id_of(entry.url, one.feed.publisher, entry.title or entry.guid))
                if page is None and previous is None:
                    raise EntryError("its page was purged before it was cleaned", subject=entry.entry_id)
                article = clean_brought(entry, one.feed, page, previous, now) if page else previous
                if previous is None and page and article is not None:
                    known = unit.latest_article(article.article_id)  # the page's canonical address may name another article
                    article = clean_brought(entry, one.feed, page, known, now) if known else article
                assert article is not None  # noqa: S101 - the page or the previous version made it
                unit.save_article(article, entry, clean.VERSION)
                if page and (marks := page_marks(article, page)):
                    unit.save_page_marks(article, marks)
                report.made += 1
                report.note(entry.origin)
                log.info(
                    "clean.%s article=%s version=%s entry=%s", entry.origin, article.article_id, article.version, entry.entry_id
                )

            self._guarded(unit, report, one.entry.entry_id, apply)

    def _with_page(self, work: Sequence[EntryToClean]) -> Iterator[EntryToClean]:
        """Those whose page is wanted: all of specialists' feeds, else where title and summary may matter."""
        for one in work:
            may_matter, reason = select.may_matter(one.entry.title, f"{one.entry.summary} {one.entry.content}"[:20_000])
            if one.entry.url.startswith(("http://", "https://")) and (one.feed.is_specialist or may_matter):
                yield one
            else:
                log.info("clean.no_page entry=%s reason=%s", one.entry.entry_id, reason)

    def _pages(self, wanted: Sequence[EntryToClean], report: Report) -> dict[str, FetchResult]:
        """What came of fetching the page of each entry, by its id."""
        results = self.fetcher.fetch([FetchRequest(one.entry.url) for one in wanted])
        for one, result in zip(wanted, results, strict=True):
            if is_page(result):
                report.note("pages_fetched")
            else:
                report.note("pages_refused_by_robots" if result.is_refused else "pages_failed")
                log.warning("clean.page_failed entry=%s try=%s status=%s %s", one.entry.entry_id, one.page_attempts + 1,
                            result.status, result.error)  # fmt: skip
        return {one.entry.entry_id: result for one, result in zip(wanted, results, strict=True)}

    # ------------------------------------------------------------ select
    def select(self) -> Report:
        """Decide which articles concern the sanctions; ``made`` counts those that do."""
        report = Report("select")
        with self.warehouse.begin() as unit:
            for article in unit.articles_to_select(select.VERSION, self.batch):

                def apply(article: Article = article) -> None:
                    selection = select.select(article)
                    unit.save_selection(selection)
                    report.made += selection.is_selected
                    report.note("near_misses", selection.is_near_miss)
                    log.info("select.%s article=%s score=%.2f %s", "yes" if selection.is_selected else "no",
                             article.article_id, selection.score, "; ".join(selection.reasons))  # fmt: skip

                self._guarded(unit, report, article.article_id, apply)
        return report

    # ------------------------------------------------------------ deduplicate
    def deduplicate(self) -> Report:
        """Place selected articles in their stories; ``made`` counts articles that begin one."""
        report = Report("deduplicate")
        with self.warehouse.begin() as unit:
            placing = Placing(unit, self.clock.now())
            for article in unit.articles_to_place(deduplicate.VERSION, self.batch):

                def apply(article: Article = article) -> None:
                    placement = placing.place(article)
                    report.made += placement.relation == "lead" and not placement.related_to
                    report.note(placement.relation)
                    log.info("deduplicate.%s article=%s story=%s %s", placement.relation, article.article_id,
                             placement.story_id, "; ".join(placement.evidence))  # fmt: skip

                self._guarded(unit, report, article.article_id, apply)
            placing.settle()
        return report

    # ------------------------------------------------------------ extract
    def extract(self) -> Report:
        """Find the claims of selected articles; ``made`` counts claims."""
        report = Report("extract")
        with self.warehouse.begin() as unit:
            articles = unit.articles_to_extract(extract.VERSION, min(self.batch, 100))
            try:
                claims = list(extract.extract(articles))
            except Exception:
                log.exception("extract.batch_failed articles=%s: each on its own", len(articles))
                claims = []
            for number, article in enumerate(articles):

                def apply(article: Article = article, number: int = number) -> None:
                    found = claims[number] if claims else extract.extract([article])[0]
                    unit.save_claims(article, found, extract.VERSION)
                    report.made += len(found)
                    report.note("accepted", sum(claim.status == "accepted" for claim in found))
                    log.info("extract.done article=%s claims=%s", article.article_id, len(found))

                self._guarded(unit, report, article.article_id, apply)
        return report

    # ------------------------------------------------------------ assess
    def assess(self) -> Report:
        """Hold claims against the ledger; ``made`` counts alerts, stored in the transaction of their assessment."""
        report = Report("assess")
        with self.warehouse.begin() as unit:
            for work in unit.articles_to_assess(assess.VERSION, min(self.batch, 50)):

                def apply(work: ArticleToAssess = work) -> None:
                    now = self.clock.now()
                    accused, families = assess.ledger_keys(work)
                    known = unit.allegations_like(accused, families) if accused else []
                    said = unit.rulings([one.allegation_id for one in known])
                    standings = {one: assess.standing(rulings) for one, rulings in said.items()}
                    assessments = assess.assess(work, known, now, window_days=self.window_days, standings=standings)
                    alerts: list[Alert] = []
                    for assessment in assessments:
                        log.info("assess.%s allegation=%s version=%s article=%s %s", assessment.novelty.lower(),
                                 assessment.allegation.allegation_id, assessment.allegation.version, work.article.article_id,
                                 "; ".join(assessment.reasons))  # fmt: skip
                        report.note(assessment.novelty.lower())
                        # That a backfill never mails is assess's rule; it is kept here too, whatever assess may become.
                        if assessment.may_alert and assessment.novelty != "NOTHING" and not work.article.is_backfill:
                            first = unit.has_been_alerted(assessment.allegation.allegation_id)
                            copies = unit.reprints_of(assessment.allegation.story_ids)
                            reprints = len(copies) - len({story for story, _, _ in copies})
                            override = standings.get(assessment.allegation.allegation_id, assess.Standing()).grade
                            told = alert.compose(
                                assessment, work, first_alert_id=first, reprints=max(0, reprints), override=override
                            )
                            alerts.append(capped(told, self.quote_caps))
                    unit.save_assessments(work.article, assessments, alerts, assess.VERSION)
                    report.made += len(alerts)

                self._guarded(unit, report, work.article.article_id, apply)
        return report

    # ------------------------------------------------------------ alert
    def fan_out(self) -> Report:
        """Make a notification for each subscriber whom an alert concerns; ``made`` counts them.

        One worker fans out at a time (the lock "fan_out"): a cap counts what others made.
        """
        report = Report("fan_out")
        with self.warehouse.begin() as unit:
            if not unit.hold("fan_out"):
                report.note("another_worker_fans_out")
                return report
            subscribers = unit.subscribers()
            now = self.clock.now()
            recent = Counter(unit.recently_made(now - timedelta(hours=1)))
            for one in unit.alerts_to_fan_out(self.batch):

                def apply(one: Alert = one) -> None:
                    told = unit.told_about(one.allegation_id) if one.kind == "CORRECTION" else []
                    notifications = alert.fan_out(one, subscribers, now, recent=recent, told=told)
                    unit.save_notifications(one, notifications)
                    recent.update((made.subscriber_id, made.channel) for made in notifications if made.state == "pending")
                    report.made += len(notifications)
                    for made in notifications:
                        report.note(made.state)
                    log.info("alert.fanned_out alert=%s notifications=%s", one.alert_id, len(notifications))

                self._guarded(unit, report, one.alert_id, apply)
        return report

    def digest(self) -> Report:
        """Make the digests that have closed, and of what an outage has piled up; ``made`` counts digests."""
        report = Report("digest")
        with self.warehouse.begin() as unit:
            if not unit.hold("fan_out"):  # what is fanned out meanwhile must not be late for its digest
                report.note("another_worker_fans_out")
                return report
            now = self.clock.now()
            held = unit.held_notifications(now, MOST_HELD)
            delayed = unit.delayed_notifications(now - alert.OUTAGE, MOST_HELD)
            report.taken = len(held)
            for gathered in (alert.gather(held, now), alert.catch_up(delayed, now)):
                self._save_gathered(unit, report, gathered, now)
            for proof in alert.proofs(unit.subscribers(), now):
                unit.save_digest(proof, (), now)
        return report

    def _save_gathered(self, unit: Unit, report: Report, gathered: alert.Gathering, now: datetime) -> None:
        for single in (one for one in gathered.changed if one.state == "pending"):
            unit.save_notification(single, now)
            report.note("released")
        by_digest: dict[tuple[str, str, str], list[Notification]] = {}
        for one in gathered.changed:
            by_digest.setdefault((one.subscriber_id, one.channel, one.digest_key), []).append(one)
        for digest in gathered.digests:
            members = by_digest[digest.subscriber_id, digest.channel, digest.digest_key]
            if unit.save_digest(digest, members, now):
                report.made += 1
                report.note("digested", len(members))
                log.info("digest.made notification=%s key=%s alerts=%s", digest.notification_id, digest.digest_key, len(members))
                continue
            for member in members:  # the digest of this key has gone, as after a clock was set back: these go with a supplement
                unit.save_notification(replace(member, state="held", digest_key=f"{member.digest_key}+", next_attempt_at=now), now)

    def deliver(self) -> Report:
        """Send what waits in the outbox; ``made`` counts messages that were accepted.

        One worker delivers at a time (the lock "deliver"), and "sending" is committed before the server sees the message. So a
        notification found in "sending" was cut off by a crash: it becomes uncertain, and is resent, once a crash, with the same Message-ID.
        """
        report = Report("deliver")
        if self.mailer is None and self.messenger is None:
            log.warning("deliver.no_server: SANCTIONS_WATCH_SMTP_URL is not set, mails wait in the outbox")
            return report
        with self.warehouse.begin() as watch:
            if not watch.hold("deliver"):
                report.note("another_worker_delivers")
                return report
            with self.warehouse.begin() as unit:
                for adrift in unit.adrift_notifications(self.batch):
                    error = "cut off while the server answered"
                    unit.save_notification(replace(adrift, state="uncertain", last_error=error), self.clock.now())
                    report.note("uncertain")
                    log.warning("deliver.uncertain notification=%s: %s", adrift.notification_id, error)
            for _ in range(self.batch):
                watch.hold("deliver")  # raises where the connection, and the lock with it, is gone: another worker delivers now
                sent = self._deliver_one(report)
                if sent is None:
                    break
                report.taken += 1
                report.made += sent
        return report

    def _deliver_one(self, report: Report) -> bool | None:
        """Send the next notification: True when accepted, False when not, None when none is due."""
        with self.warehouse.begin() as unit:
            due = unit.notifications_to_send(self.clock.now(), 1)
            if not due:
                return None
            waiting, about = due[0]
            sending = replace(waiting, state="sending", attempts=waiting.attempts + 1,
                              was_uncertain=waiting.was_uncertain or waiting.state == "uncertain")  # fmt: skip
            message = self._message(unit, sending, about)
            unit.save_notification(sending, self.clock.now())
        error = message if isinstance(message, DeliveryError) else self._send(message)
        after = alert.after_attempt(sending, self.clock.now(), error)
        with self.warehouse.begin() as unit:
            unit.save_notification(after, self.clock.now())
        report.note(after.state)
        log.info("deliver.%s notification=%s attempt=%s %s", after.state, after.notification_id, after.attempts, after.last_error)
        return after.state == "sent"

    def _message(self, unit: Unit, sending: Notification, about: Alert | None) -> Message | DeliveryError:
        """What is to be sent; an error where it cannot be put into words, which no later attempt mends."""
        try:
            if about is not None:
                thread = unit.alert_message_ids(about.allegation_id, sending.subscriber_id)
                links = self._links(sending, about.allegation_id)
                return alert.render(about, sending, sender=self.sender, thread=thread, page_url=self.page_url, links=links)
            alerts, total = unit.digested_alerts(sending, alert.MOST_IN_DIGEST)
            made_at = sending.made_at or self.clock.now()
            proof = unit.watch_proof(made_at - timedelta(days=1), made_at) if sending.digest_key.startswith("daily/") else None
            links = self._links(sending)
            return alert.render_digest(alerts, total, sending, proof, sender=self.sender, page_url=self.page_url, links=links)
        except WarehouseError:
            raise
        except Exception as error:
            log.exception("deliver.unrenderable notification=%s", sending.notification_id)
            return DeliveryError(f"cannot be rendered: {type(error).__name__}: {error}")

    def _links(self, sending: Notification, allegation_id: str = "") -> MailLinks:
        return self.signer.links(sending.subscriber_id, sending.channel, allegation_id) if self.signer else MailLinks()

    def _send(self, message: Message) -> DeliveryError | None:
        try:
            if isinstance(message, Mail):
                if self.mailer is None:
                    raise DeliveryError("SANCTIONS_WATCH_SMTP_URL is not set: set it", is_retryable=True)
                self.mailer.deliver(message)
            else:
                if self.messenger is None:
                    raise DeliveryError("SANCTIONS_WATCH_CHANNELS is not set: name the file of channels", is_retryable=True)
                self.messenger.deliver(message)
        except DeliveryError as error:
            return error
        return None

    # ------------------------------------------------------------ everywhere
    def waiting(self) -> int:
        """How many inputs wait for a stage, and notifications for delivery."""
        with self.warehouse.begin() as unit:
            return unit.counts(self.clock.now()).waiting

    def drain(self, stage: Callable[[], Report]) -> Report:
        """Run a stage until it finds nothing more to take."""
        total = stage()
        last = total
        while last.taken:
            last = stage()
            total.add(last)
        log.info("%s.summary %s", total.stage, " ".join(f"{name}={count}" for name, count in total.summary().items()))
        return total

    def _guarded(self, unit: Unit, report: Report, subject_id: str, apply: Callable[[], None]) -> None:
        """Run one record's decide and apply; what it cannot do goes to quarantine. The only place that catches everything."""
        report.taken += 1
        try:
            with unit.part():
                apply()
        except (ConfigurationError, WarehouseError) as error:
            if not isinstance(error, WarehouseRefused):
                raise
            self._quarantine(unit, report, subject_id, error)
        except Exception as error:  # noqa: BLE001 - the stage boundary
            self._quarantine(unit, report, subject_id, error)

    def _quarantine(self, unit: Unit, report: Report, subject_id: str, error: Exception) -> None:
        log.warning("%s.quarantined subject=%s %s: %s", report.stage, subject_id, type(error).__name__, error, exc_info=error)
        reason = getattr(error, "reason", "") or f"{type(error).__name__}: {error}"
        unit.quarantine(Quarantined(report.stage, subject_id, reason[:500], repr(error)[:4000], self.clock.now()))
        report.quarantined += 1
