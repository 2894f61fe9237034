"""What is taken from an archive, and whose it is: every reader makes its entries here, so that one page is one entry whatever held it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from sanctions_watch.errors import ConfigurationError
from sanctions_watch.records import Archived, Entry, Feed, Origin, Page, identify
from sanctions_watch.urls import canonical_url, site_of, url_key

MAX_BODY = 8_000_000  # bytes of one page, unpacked
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|div|p|title|meta)\b", re.IGNORECASE)
_HTML_TYPES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True)
class Choice:
    """Which records are wanted: published (or captured) from ``since`` to ``until``, both included; and whose they are.

    Where no ``publisher`` is named, it is the registered feed's on whose site the page stands, else the site's name.
    """

    publisher: str = ""
    since: date | None = None
    until: date | None = None
    feeds: Sequence[Feed] = ()
    _by_site: dict[str, Feed] = field(default_factory=dict, init=False, repr=False, compare=False)
    _by_name: dict[str, Feed] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for feed in self.feeds:
            self._by_site.setdefault(site_of(feed.url), feed)
            self._by_name.setdefault(feed.publisher, feed)

    @property
    def key(self) -> str:
        """What makes two readings of one source two."""
        return f"{self.publisher}|{self.since or ''}|{self.until or ''}"

    def wants(self, at: datetime | None) -> bool:
        """Whether a record of this time is wanted; one without a time is."""
        day = at.astimezone(UTC).date() if at else None
        return day is None or ((self.since is None or day >= self.since) and (self.until is None or day <= self.until))

    def feed_of(self, url: str, named: str = "") -> Feed:
        """The feed that stands for a publisher: what the registry knows of it, under an id that is never polled."""
        site = site_of(url)
        known = self._by_name.get(self.publisher or named) or (None if self.publisher or named else self._of_site(site))
        publisher = self.publisher or named or (known.publisher if known else site) or "unknown publisher"
        facts = known or Feed("", "", publisher, language="")
        feed_id = f"archive-{identify('archive', publisher)[:12]}"
        return replace(
            facts, feed_id=feed_id, url=f"archive:{publisher}", publisher=publisher, is_specialist=False, is_sample=False
        )

    def _of_site(self, site: str) -> Feed | None:
        """The registered feed on this site, or on the site that it is a part of."""
        while site:
            if site in self._by_site:
                return self._by_site[site]
            site = site.partition(".")[2] if site.count(".") > 1 else ""
        return None


def archived(
    feed: Feed,
    page: Page,
    now: datetime,
    *,
    guid: str = "",
    title: str = "",
    author: str = "",
    language: str = "",
    published_at: datetime | None = None,
    origin: Origin = "backfill",
) -> Archived:
    """The entry that a page makes. The same page read again is the same entry."""
    url = canonical_url(page.url)
    key = url_key(url) or guid or hashlib.sha256(page.body).hexdigest()
    digest = hashlib.sha256(f"{title}\x1f{published_at}\x1f".encode("utf-8", "surrogatepass") + page.body).hexdigest()
    entry = Entry(
        entry_id=identify("entry", feed.feed_id, key),
        feed_id=feed.feed_id,
        url=url,
        guid=guid or url or key,
        title=title,
        summary="",
        content="",
        author=author,
        credit="",
        language=language,
        published_at=published_at,
        updated_at=page.captured_at,
        seen_at=now,
        content_sha256=digest,
        origin=origin,
    )
    return Archived(entry, feed, page)


def is_html(body: bytes, content_type: str) -> bool:
    """Whether this is a page, by its bytes and, where they do not tell, by what the server called them."""
    head = body[:4096]
    return bool(_HTML.search(head)) or (content_type.lower().startswith(_HTML_TYPES) and b"<" in head)


def html_type(content_type: str) -> str:
    """The content type to keep for a page: the server's where it is one of a page (its charset counts), else the plain one."""
    return content_type[:200] if content_type.lower().startswith(_HTML_TYPES) else "text/html"


def time_of(written: str) -> datetime | None:
    """An ISO 8601 time, UTC where no zone is told; None where there is none."""
    try:
        time = datetime.fromisoformat(written.strip())
    except ValueError:
        return None
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


def read_day(written: str) -> date | None:
    """A day as people give it, YYYY-MM-DD; None for nothing. Raises ConfigurationError."""
    try:
        return date.fromisoformat(written.strip()) if written.strip() else None
    except ValueError as error:
        raise ConfigurationError([f"{written!r} is not a day: write it as 2018-08-04"]) from error
