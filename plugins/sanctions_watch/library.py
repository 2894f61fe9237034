"""The flow as a library, without a database and without Airflow: rows in, records out.

>>> from sanctions_watch import analyze
>>> [analysis] = analyze([Row(title="…", text="…")])
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, cast

from sanctions_watch.adapters.memory import MemoryWarehouse
from sanctions_watch.clock import FixedClock
from sanctions_watch.errors import EntryError
from sanctions_watch.pipeline import Flow
from sanctions_watch.records import (
    Alert,
    Article,
    Claim,
    FetchRequest,
    FetchResult,
    Message,
    Notification,
    Placement,
    Selection,
    Subscriber,
    identify,
)
from sanctions_watch.stages import clean, deduplicate, extract, select

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BATCH = 64  # articles parsed together; results are given out after each batch


@dataclass(frozen=True, slots=True)
class Row:
    """An article as a row of plain text. ``published_at`` is aware; without it, dates in the text stay unresolved."""

    title: str
    text: str
    id: str = ""
    url: str = ""
    publisher: str = ""
    published_at: datetime | None = None

    @classmethod
    def read(cls, given: Any) -> Row:
        """A row from decoded JSON. Raises EntryError that names the field."""
        if not isinstance(given, Mapping):
            raise EntryError("is not a JSON object")
        fields = {}
        for name in ("title", "text", "url", "publisher"):
            value = given.get(name)
            if value is not None and not isinstance(value, str):
                raise EntryError(f"{name} is not text")
            fields[name] = value or ""
        return cls(**fields, id=str(given.get("id", "")), published_at=_time(given.get("published_at")))


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the flow says of one article by itself."""

    article: Article
    selection: Selection
    claims: tuple[Claim, ...]


def clean_row(row: Row) -> Article:
    """The row's cleaned article. Raises EntryError where nothing readable is left."""
    return clean.clean_text(
        url=row.url,
        publisher=row.publisher,
        title=row.title,
        text=row.text,
        published_at=row.published_at,
        now=row.published_at or datetime.now(UTC),
        article_id=identify("row", row.id) if row.id else "",
    )


def analyze(rows: Iterable[Row]) -> Iterator[Analysis]:
    """Clean, select and extract each row, in order. Raises EntryError for a row without readable text."""
    waiting = iter(rows)
    while batch := [clean_row(row) for row in islice(waiting, _BATCH)]:
        yield from analyze_articles(batch)


def analyze_articles(articles: list[Article]) -> Iterator[Analysis]:
    """Select and extract cleaned articles, in order; claims are looked for in selected ones only."""
    selections = [select.select(article) for article in articles]
    chosen = [article for article, selection in zip(articles, selections, strict=True) if selection.is_selected]
    claims = dict(zip((article.article_id for article in chosen), extract.extract(chosen), strict=True))
    for article, selection in zip(articles, selections, strict=True):
        yield Analysis(article, selection, claims.get(article.article_id, ()))


def cluster(articles: list[Article]) -> list[Placement]:
    """The story of each article among all of them, whatever their order; answers in the order given."""
    return deduplicate.cluster(articles)


class NoFetcher:
    """A replay reads nothing from the web."""

    def fetch(self, requests: Any) -> list[FetchResult]:
        """A failure for each request."""
        given: list[FetchRequest] = list(requests)
        return [FetchResult(request, _EPOCH, error="a replay reads nothing from the web", failure="hard") for request in given]


def replay(rows: Iterable[Row]) -> Iterator[tuple[Row, tuple[Alert, ...]]]:
    """The alerts each row would have raised when it was published, on an empty ledger, in the order given."""
    clock = FixedClock(_EPOCH)
    warehouse = MemoryWarehouse()
    flow = Flow(warehouse=warehouse, fetcher=NoFetcher(), mailer=None, clock=clock)
    for row in rows:
        clock.time = max(clock.time, row.published_at or clock.time)
        try:
            article = clean_row(row)
        except EntryError:  # nothing to read, so nothing to alert
            yield row, ()
            continue
        with warehouse.begin() as unit:
            unit.save_article(article, None, clean.VERSION)
        for stage in (flow.select, flow.deduplicate, flow.extract, flow.assess):
            flow.drain(stage)
        with warehouse.begin() as unit:
            alerts = unit.alerts_to_fan_out(1000)
            for alert in alerts:
                unit.save_notifications(alert, [])
        yield row, tuple(alerts)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that would have been sent, and when."""

    at: datetime
    message: Message
    notification: Notification


class _Carrier:
    """Takes every message of a replay."""

    def __init__(self, clock: FixedClock) -> None:
        self._clock = clock
        self.taken: list[tuple[datetime, Message]] = []

    def deliver(self, message: Any) -> None:
        """Keep it."""
        self.taken.append((self._clock.time, message))


def replay_messages(rows: Iterable[Row], subscribers: Sequence[Subscriber]) -> Iterator[Sent]:
    """What these subscribers would have got for an archive, and when, digests included: the way to try a watch list.

    The rows are taken in their order, each when it was published; between them the clock runs on by the hour, so that digests close.
    """
    clock = FixedClock(_EPOCH)
    carrier = _Carrier(clock)
    flow = Flow(MemoryWarehouse(), NoFetcher(), carrier, clock, messenger=carrier)
    flow.register(None, subscribers)
    wants_hours = any(subscriber.wants_proof for subscriber in subscribers)
    for row in rows:
        at = max(clock.time, row.published_at or clock.time)
        yield from _until(flow, carrier, at, wants_hours=wants_hours and clock.time > _EPOCH)
        clock.time = at
        try:
            article = clean_row(row)
        except EntryError:
            continue
        with flow.warehouse.begin() as unit:
            unit.save_article(article, None, clean.VERSION)
        for stage in (flow.select, flow.deduplicate, flow.extract, flow.assess, flow.fan_out):
            flow.drain(stage)
        yield from _sent(flow, carrier)
    yield from _until(flow, carrier, clock.time + timedelta(days=8), wants_hours=False)


def _until(flow: Flow, carrier: _Carrier, end: datetime, *, wants_hours: bool) -> Iterator[Sent]:
    """Let the clock run to ``end``, stopping at every full hour at which something may be due."""
    clock = cast("FixedClock", flow.clock)
    while (hour := clock.time.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)) <= end:
        with flow.warehouse.begin() as unit:
            if not (wants_hours or unit.held_notifications(end, 1)):
                return
        clock.time = hour
        flow.digest()
        yield from _sent(flow, carrier)


def _sent(flow: Flow, carrier: _Carrier) -> Iterator[Sent]:
    flow.drain(flow.deliver)
    warehouse = cast("MemoryWarehouse", flow.warehouse)
    by_message = {one.message_id: one for one in warehouse.notifications.values()} | warehouse.notifications
    for at, message in carrier.taken:
        yield Sent(at, message, by_message[message.message_id])
    carrier.taken.clear()


def _time(written: Any) -> datetime | None:
    if written is None or written == "":
        return None
    try:
        time = datetime.fromisoformat(str(written))
    except ValueError as error:
        raise EntryError(f"published_at={written!r} is not an ISO 8601 time") from error
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
