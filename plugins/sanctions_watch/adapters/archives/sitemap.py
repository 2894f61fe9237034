"""The pages that a sitemap lists between two days, through the fetcher: bounded, guarded, polite, and as robots.txt allows."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from sanctions_watch.adapters.archives.choice import Choice, archived, html_type, is_html, time_of
from sanctions_watch.errors import EntryError
from sanctions_watch.ports import Clock, Fetcher, Reading
from sanctions_watch.records import FetchRequest, FetchResult, Page
from sanctions_watch.urls import absolute_url, canonical_url

_MAX_SITEMAP = 50_000_000  # bytes, the bound of sitemaps.org
_MAX_MAPS = 500
_MAX_PAGES = 500_000
_AT_ONCE = 20


@dataclass(frozen=True, slots=True, order=True)
class _Listed:
    """A page as a sitemap lists it; in the order in which pages are read."""

    changed: str  # as written, cut to a day: "" where it is not told
    url: str


class SitemapReader:
    """A position is the day and the address of a page; pages come in the order of their days."""

    kind: Literal["warc", "jsonl", "folder", "sitemap"] = "sitemap"

    def __init__(self, url: str, choice: Choice, clock: Clock, fetcher: Fetcher) -> None:
        self.source = canonical_url(url) or url
        self.fingerprint = ""  # it grows; what is known is not stored twice
        self.total = 0
        self._choice, self._clock, self._fetcher = choice, clock, fetcher

    def read(self, after: str) -> Iterator[Reading]:
        listed = sorted(set(self._listed()))
        self.total = len(listed)
        day, _, url = after.partition(" ")
        waiting = [(number, one) for number, one in enumerate(listed, 1) if not after or one > _Listed(day, url)]
        for start in range(0, len(waiting), _AT_ONCE):
            part = waiting[start : start + _AT_ONCE]
            results = self._fetcher.fetch([FetchRequest(one.url) for _, one in part])
            for (number, one), result in zip(part, results, strict=True):
                yield self._reading(number, one, result)

    def _reading(self, number: int, one: _Listed, result: FetchResult) -> Reading:
        position = f"{one.changed} {one.url}"
        if result.error or result.status != 200:
            return Reading(position, number, bad=f"{one.url}: {result.error or f'HTTP {result.status}'}")
        if not is_html(result.body, result.content_type):
            return Reading(position, number, skipped="no page")
        now = self._clock.now()
        changed_at = time_of(one.changed) if one.changed else None
        url = canonical_url(result.final_url) or one.url
        page = Page(url, html_type(result.content_type), result.body, min(changed_at or now, now))
        return Reading(position, number, archived(self._choice.feed_of(url), page, now, guid=one.url))

    def _listed(self) -> Iterator[_Listed]:
        """The pages of this sitemap and of those it names, as far as they are wanted."""
        waiting, seen, pages = [self.source], {self.source}, 0
        while waiting:
            url = waiting.pop()
            for kind, found, written in self._locations(url, is_first=url == self.source):
                address = absolute_url(url, found)
                changed_at = time_of(written) if written else None
                if not address:
                    continue
                if kind == "sitemap":
                    # A sitemap that was last changed before the first day lists nothing changed after it.
                    is_past = changed_at is not None and self._choice.since is not None and changed_at.date() < self._choice.since
                    if not is_past and address not in seen and len(seen) < _MAX_MAPS:
                        seen.add(address)
                        waiting.append(address)
                elif self._choice.wants(changed_at) and pages < _MAX_PAGES:
                    pages += 1
                    yield _Listed(written[:10] if changed_at else "", address)

    def _locations(self, url: str, *, is_first: bool) -> Iterator[tuple[str, str, str]]:
        """(page or sitemap, address, lastmod as written) of one sitemap. Raises EntryError where the first one cannot be read."""
        [result] = self._fetcher.fetch([FetchRequest(url, purpose="feed", max_bytes=_MAX_SITEMAP)])
        problem = result.error or ("" if result.status == 200 else f"HTTP {result.status}")
        tree = None if problem else _tree(result.body)
        if tree is None and is_first:
            raise EntryError(problem or "it is no sitemap", subject=url)
        for node in tree.iterchildren() if tree is not None else ():
            name = etree.QName(node).localname if isinstance(node.tag, str) else ""
            told = {etree.QName(part).localname: (part.text or "").strip() for part in node if isinstance(part.tag, str)}
            if name in ("url", "sitemap") and told.get("loc"):
                yield ("sitemap" if name == "sitemap" else "page"), told["loc"], told.get("lastmod") or _news_date(node)


def _news_date(node: etree._Element) -> str:
    return next((found.text or "" for found in node.iter("{*}publication_date")), "").strip()


def _tree(body: bytes) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        if body[:2] == b"\x1f\x8b":
            body = zlib.decompressobj(wbits=31).decompress(body, _MAX_SITEMAP)
        return etree.fromstring(body, parser)
    except (etree.LxmlError, ValueError, zlib.error):
        return None
