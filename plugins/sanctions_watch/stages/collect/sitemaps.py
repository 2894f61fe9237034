"""An index of sitemaps is followed one step: to the newest few of its sitemaps, read as if they were one."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace

from lxml import etree

from sanctions_watch.records import Feed, FetchRequest, FetchResult
from sanctions_watch.stages.collect.decoding import decode
from sanctions_watch.stages.collect.markup import Unfit, tidy
from sanctions_watch.urls import absolute_url, site_of

_MOST = 3  # of the index's sitemaps
_START = 4_000  # bytes in which an index says that it is one
_PARSER = {"resolve_entities": False, "no_network": True, "recover": True, "huge_tree": False}


def sitemaps_of(feed: Feed, result: FetchResult) -> tuple[FetchRequest, ...]:
    """What to ask next where the answer is an index of sitemaps: the newest by its own dates, of the same site; else nothing."""
    body = _plain(result)
    if feed.format not in {"auto", "sitemap"} or b"<sitemapindex" not in body[:_START]:
        return ()
    rows: list[tuple[str, int, str]] = []
    for one in _children(body, "sitemap"):
        said = {_local(part): (part.text or "").strip() for part in one}
        address = absolute_url(result.final_url, said.get("loc", ""))
        if address and site_of(address) == site_of(result.final_url):
            rows.append((said.get("lastmod", ""), len(rows), address))
    newest = sorted(rows, key=lambda row: (row[0], -row[1]), reverse=True)[:_MOST]
    return tuple(FetchRequest(address, "feed", max_bytes=result.request.max_bytes) for _, _, address in newest)


def joined(index: FetchResult, parts: Sequence[FetchResult]) -> FetchResult:
    """The index's answer with the addresses of its sitemaps in its place; as it was where none of them came."""
    whole = etree.Element("urlset")
    for part in parts:
        if not part.error and part.status == 200:
            whole.extend(_children(_plain(part), "url"))
    return replace(index, body=etree.tostring(whole, encoding="utf-8")) if len(whole) else index


def _plain(result: FetchResult) -> bytes:
    """The body, unzipped within the bound: sitemaps often come as files with the ending .gz."""
    if result.body[:2] != b"\x1f\x8b":
        return result.body
    try:
        return zlib.decompressobj(wbits=31).decompress(result.body, result.request.max_bytes)
    except zlib.error:
        return b""


def _children(body: bytes, name: str) -> list[etree._Element]:
    try:
        # Not the bytes as they came: libxml2 keeps what no UTF-8 is in a name, and lxml raises when the name is asked for.
        text = tidy(decode(body, "", "")[0]).text
        root = etree.fromstring(text.encode("utf-8", "replace"), etree.XMLParser(**_PARSER))
    except (etree.XMLSyntaxError, ValueError, Unfit):
        return []
    return [] if root is None else [one for one in root if _local(one) == name]


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
