"""OPML: what feed readers exchange their lists in. Feeds in and out, every problem at once.

What OPML has no attribute for stands in ``category`` (OPML 2.0: slash-delimited, comma-separated): "/kind/agency,/country/US". Lists of
other readers carry none of it; their folders are taken for the kind where they name one. The file is data of strangers: no entity of
theirs is ever resolved, and size and depth are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import fields
from datetime import date
from itertools import chain, count
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from lxml import etree

from sanctions_watch.errors import ConfigurationError
from sanctions_watch.records import Feed
from sanctions_watch.stages.collect.registry import KINDS, read_row, twins
from sanctions_watch.urls import url_key

MAX_BYTES = 5_000_000
MAX_DEPTH = 20
MAX_OUTLINES = 20_000
_SAID_BY_ATTRIBUTES = {"feed_id", "url", "publisher", "language"}
_TYPES = {"atom": "atom", "rss": "rss", "json": "json", "jsonfeed": "json"}


def write_opml(feeds: Iterable[Feed], title: str = "Sanctions Watch: feeds") -> str:
    """The list as OPML 2.0, a folder for each kind. ``read_opml`` reads the same feeds back."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    folders: dict[str, Any] = {}
    for feed in feeds:
        folder = folders.get(feed.kind)
        if folder is None:
            folder = folders[feed.kind] = etree.SubElement(body, "outline", text=feed.kind)
        etree.SubElement(
            folder, "outline", type="rss", text=feed.publisher, xmlUrl=feed.url, language=feed.language, category=_categories(feed)
        )
    written: bytes = etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8")
    return written.decode()


def _categories(feed: Feed) -> str:
    said = [f"/id/{feed.feed_id}"]
    for one in fields(Feed):
        value = getattr(feed, one.name)
        if one.name in _SAID_BY_ATTRIBUTES or (value == one.default and one.name != "kind"):
            continue
        said.append(f"/{one.name}" if value is True else f"/{one.name}/{quote(str(value), safe=' ')}")
    return ",".join(said)


def read_opml(data: bytes, source: str) -> tuple[tuple[Feed, ...], tuple[str, ...]]:
    """The feeds of an OPML file, and everything that is wrong with it; what is wrong is left out.

    ``source`` opens each message. A feed without an id gets one made of its address. Raises ConfigurationError where nothing can be read.
    """
    body = _body(data, source)
    feeds: list[Feed] = []
    problems: list[str] = []
    by_id: dict[str, Feed] = {}
    by_address: dict[str, Feed] = {}
    for number, (outline, folder) in enumerate(_outlines(body, source, problems), 1):
        row = _row(outline, folder, by_id)
        feed, found = read_row(row, f"{source}, outline {number}", {})
        problems += found
        if feed is not None:
            key = url_key(feed.url)
            known = [one for one in (by_id.get(feed.feed_id), by_address.get(key)) if one is not None]
            problems += twins([*known[:1], feed], source)
            if not known:
                feeds.append(feed)
                by_id[feed.feed_id] = by_address[key] = feed
    if not feeds and not problems:
        problems = [f"{source} lists no feed: an outline of one has xmlUrl"]
    return tuple(feeds), tuple(problems)


def _body(data: bytes, source: str) -> Any:
    if len(data) > MAX_BYTES:
        raise ConfigurationError([f"{source} is larger than {MAX_BYTES} bytes: split it"])
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", data.replace(b"\x00", b""), re.IGNORECASE):
        raise ConfigurationError([f"{source} declares entities or a document type, which no OPML needs: remove the declaration"])
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ConfigurationError([f"{source} is not readable XML: {' '.join(str(error).split())[:200]}"]) from error
    body = root.find("body") if str(root.tag).lower() == "opml" else None
    if body is None:
        raise ConfigurationError([f"{source} is no OPML: its root is <{str(root.tag)[:40]}>, or it has no <body>"])
    return body


def _outlines(body: Any, source: str, problems: list[str]) -> Iterator[tuple[Any, str]]:
    """(outline of a feed, text of the folder around it), in the order of the file; without recursion, whatever the depth."""
    waiting: list[tuple[Any, str, int]] = [(one, "", 1) for one in reversed(body.findall("outline"))]
    listed = 0
    while waiting:
        outline, folder, depth = waiting.pop()
        if outline.get("xmlUrl") is not None or outline.get("type", "").lower() in _TYPES:
            listed += 1
            if listed > MAX_OUTLINES:
                problems.append(f"{source} lists more than {MAX_OUTLINES} feeds: the rest was left out")
                return
            yield outline, folder
        if depth >= MAX_DEPTH and len(outline):
            problems.append(f"{source}: outlines more than {MAX_DEPTH} deep were left out: flatten the list")
            continue
        inner = outline.get("text") or outline.get("title") or folder
        waiting += [(one, inner, depth + 1) for one in reversed(outline.findall("outline"))]


def _row(outline: Any, folder: str, ids: Container[str]) -> dict[str, object]:
    """The outline as a row of the registry file."""
    said = _said(outline.get("category", ""))
    url = (outline.get("xmlUrl") or "").strip()
    language = re.match(r"[a-z]{2}(?![a-z])", outline.get("language", "").lower())
    row: dict[str, object] = {
        "id": said.pop("id", "") or _id(url, ids),
        "url": url,
        "publisher": " ".join((outline.get("text") or outline.get("title") or _host(url)).split()),
        "format": _TYPES.get(outline.get("version", "").lower().rstrip("0123456789."), "auto"),
    }
    if language:
        row["language"] = language[0]
    kind = re.sub(r"[\s-]+", "_", folder.strip().lower())
    row |= {"kind": next((known for known in KINDS if kind in {known, f"{known}s"}), "newspaper")}
    return row | {name: value for name, value in said.items() if name in _FEED_FIELDS}


_FEED_FIELDS = {one.name for one in fields(Feed)}


def _said(category: str) -> dict[str, object]:
    """What our own categories say; others' are passed over."""
    said: dict[str, object] = {}
    for part in category.split(","):
        name, _, value = part.strip().removeprefix("/").partition("/")
        if name.startswith("is_"):
            said[name] = True
        elif name == "verified_on":
            said[name] = _date(value)
        elif value:
            said[name] = unquote(value)
    return said


def _date(value: str) -> date | str:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value


def _id(url: str, ids: Container[str]) -> str:
    """A short name made of the host and, where that is taken, of the path."""
    host = re.sub(r"^(?:www|rss|feeds?)\.", "", _host(url)) or "feed"
    base = re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-")[:40] or "feed"
    path = re.sub(r"[^a-z0-9]+", "-", url.lower().partition(host.lower())[2]).strip("-")[:20].strip("-")
    candidates = [base if len(base) > 1 else f"feed-{base}", *([f"{base}-{path}"] if path else [])]
    return next(one for one in chain(candidates, (f"{base}-{number}" for number in count(2))) if one not in ids)


def _host(url: str) -> str:
    """The host of an address, "" where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
