"""From raw items to Entries: absolute links, plain titles, believable dates, bounded lengths, ids that stay."""

from __future__ import annotations

import hashlib
import html
import re
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from sanctions_watch.records import Entry, Feed, identify
from sanctions_watch.stages.collect.dates import read_date
from sanctions_watch.stages.collect.reading import Item, Reading
from sanctions_watch.text import squeeze
from sanctions_watch.urls import MAX_URL, absolute_url, canonical_url, url_key

# Characters; far above what is honest, far below what hurts.
_TITLE, _SUMMARY, _CONTENT, _NAME = 1_000, 100_000, 1_000_000, 300
_ROLLING = timedelta(minutes=10)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
# PostgreSQL takes no NUL, no encoder takes a lone surrogate, and the other controls mean nothing in text.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_].*)?\Z", re.DOTALL)


def entries_of(reading: Reading, feed: Feed, url: str, now: datetime) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """The entries of a reading (the first of those that share an id), and in words what was odd about them."""
    base = absolute_url(url, reading.base) or url
    crowded = _crowded(reading.items, base, {url_key(base), url_key(url), url_key(feed.url)})
    entries: dict[str, Entry] = {}
    nameless = 0
    for item in reading.items:
        entry = _entry(item, feed, base, now, crowded)
        if entry is None:
            nameless += 1
        else:
            entries.setdefault(entry.entry_id, entry)
    faults = [f"{nameless} entries had neither address nor title"] if nameless else []
    if shared := _shared_guids(reading.items):
        faults.append(f"{shared} entries share a guid: their addresses tell them apart")
    undated = sum(entry.published_at is None and entry.updated_at is None for entry in entries.values())
    if entries and undated == len(entries) and reading.form != "page":
        faults.append("no entry has a date that can be believed")
    return tuple(_without_rolling_dates(list(entries.values()), now) if entries else ()), tuple(faults)


def _crowded(items: tuple[Item, ...], base: str, homes: set[str]) -> set[str]:
    """Addresses that tell no entry from another: the feed's own, the site's start, and what several guids point to."""
    pairs = {(url_key(absolute_url(base, item.url.strip())), item.guid.strip()) for item in items if item.url.strip()}
    counts = Counter(key for key, _ in pairs)
    return homes | {key for key, count in counts.items() if count > 1 or "/" not in key}


def _shared_guids(items: tuple[Item, ...]) -> int:
    """How many entries have a guid that stands for more than one address: a generator's fault, and no identity."""
    counts = Counter(guid for guid, _ in {(item.guid, canonical_url(item.url) or item.url) for item in items if item.guid})
    return sum(count for count in counts.values() if count > 1)


def _identity(guid: str, address: str, title: str, crowded: set[str]) -> str:
    """What makes two deliveries one entry: its address where it has one of its own, else its guid, else its title.

    The address, for it is what publishers keep: there are feeds whose guids change at every poll, or come to everything they send, and
    an entry with another guid, other tracking, on the mobile or the AMP site is still the same. What changed is a new version of it.
    """
    key = url_key(address)
    return key if key and key not in crowded else url_key(guid) or guid or key or title


def _entry(item: Item, feed: Feed, base: str, now: datetime, crowded: set[str]) -> Entry | None:
    guid = _fit(item.guid, MAX_URL).strip()
    url = absolute_url(base, item.url.strip()) if item.url.strip() else ""
    if not url and canonical_url(guid):
        url = guid
    title = plain(item.title, _TITLE)
    address = canonical_url(url)
    key = _identity(guid, address, title, crowded)
    if not key or not (address or title):
        return None
    summary, content = _fit(item.summary, _SUMMARY), _fit(item.content, _CONTENT)
    published, updated = (read_date(written, feed.country, now) for written in (item.published, item.updated))
    language = _LANGUAGE.match(item.language.strip().lower())
    return Entry(
        entry_id=identify(feed.feed_id, key),
        feed_id=feed.feed_id,
        url=url,
        guid=guid,
        title=title,
        summary=summary,
        content="" if content == summary else content,
        author=plain(item.author, _NAME),
        credit=plain(item.credit, _NAME),
        language=language[1] if language else feed.language,
        published_at=published or updated,
        updated_at=updated,
        seen_at=now,
        content_sha256=_digest(url, title, summary, content, updated or published),
    )


def _without_rolling_dates(entries: list[Entry], now: datetime) -> list[Entry]:
    """Some feeds stamp every entry with the moment they are asked; such a date says nothing, and would make every entry new at each poll."""
    stamps = {entry.updated_at or entry.published_at for entry in entries}
    stamp = stamps.pop()
    if len(entries) < 3 or stamps or stamp is None or abs(now - stamp) > _ROLLING:
        return entries
    return [
        replace(
            entry,
            published_at=None if entry.published_at == stamp else entry.published_at,
            updated_at=None,
            content_sha256=_digest(entry.url, entry.title, entry.summary, entry.content, None),
        )
        for entry in entries
    ]


def plain(text: str, limit: int) -> str:
    """One line of plain text out of what may be HTML, escaped once or twice."""
    said = _fit(text, 4 * limit)
    for _ in range(2):
        said = html.unescape(said)
    return squeeze(_UNFIT.sub(" ", _TAG.sub(" ", said) if "<" in said else said))[:limit]


def _fit(text: str, limit: int) -> str:
    return _UNFIT.sub(" ", text[:limit])


def _digest(url: str, title: str, summary: str, content: str, dated: datetime | None) -> str:
    """What makes this version of an entry: its words, its address, and its date, for many feeds show a correction by nothing else."""
    parts = (
        url_key(url),
        title,
        squeeze(summary),
        "" if content == summary else squeeze(content),
        dated.isoformat() if dated else "",
    )
    return hashlib.sha256("\x1f".join(parts).encode("utf-8")).hexdigest()
