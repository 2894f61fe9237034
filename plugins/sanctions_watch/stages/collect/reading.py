"""What a feed's bytes say: RSS, RDF, Atom, JSON Feed, a news sitemap or the links of a page, as raw items of one shape."""

from __future__ import annotations

import io
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any
from urllib.parse import urlsplit
from xml.sax import SAXException

import feedparser
from bs4 import BeautifulSoup, Tag
from lxml import etree

from sanctions_watch.records import FeedFormat
from sanctions_watch.stages.collect.decoding import decode
from sanctions_watch.stages.collect.markup import MAX_ENTRIES, Markup, Unfit, bounded, tidy
from sanctions_watch.text import squeeze
from sanctions_watch.urls import absolute_url, canonical_url, site_of

MAX_ITEMS = MAX_ENTRIES
_BLANK = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
_HEAD = 100_000  # characters of a page that are looked through for its title
_MAX_LINKS = 500
_BESIDE = 60  # nodes
# What feedparser and the parsers under it have been seen to raise on damaged input; anything of these is "cannot be parsed".
_PARSER_ERRORS = (ValueError, TypeError, AttributeError, LookupError, AssertionError, RuntimeError, ArithmeticError, SAXException)
_HTML_ROOTS = frozenset({"html", "head", "body", "div", "script", "p", "title", "meta", "center", "h1"})
_FEED_ROOTS = frozenset({"rss", "feed", "rdf", "channel"})
_FURNITURE = ["nav", "header", "footer", "aside", "form", "script", "style", "noscript", "template"]


@dataclass(frozen=True, slots=True)
class Item:
    """One entry as its feed writes it: nothing resolved, bounded or believed yet."""

    url: str = ""
    guid: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    author: str = ""
    credit: str = ""
    language: str = ""
    published: str = ""
    updated: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The items of a feed, the form it has, what had to be forgiven, and why it is no feed (``broken``, "" where it is one)."""

    items: tuple[Item, ...] = ()
    form: str = ""
    base: str = ""  # what relative links are relative to, where the feed says so
    faults: tuple[str, ...] = field(default=())
    broken: str = ""


def read(body: bytes, form: FeedFormat, url: str, content_type: str, max_bytes: int, language: str = "") -> Reading:
    """The items in ``body``. Never raises: what is no feed is ``broken``, with the reason in words.

    ``language`` (ISO 639-1) helps where a feed does not say what encoding it is written in.
    """
    faults: list[str] = []
    if body[:2] == b"\x1f\x8b":
        body, fault = _unzip(body, max_bytes)
        faults.append(fault)
    if not body.strip(_BLANK):
        return Reading(broken="an empty answer", faults=tuple(faults))
    if form == "page":
        reading = _page(body, url)
    else:
        text, fault = decode(body, content_type, language)
        faults += [fault] if fault else []
        reading = _read(text.lstrip("\ufeff\x00 \t\r\n"), form, url)
    cut = len(reading.items) - MAX_ITEMS
    if cut > 0:
        faults.append(f"{cut} entries beyond the first {MAX_ITEMS} were left out")
    return replace(reading, items=reading.items[:MAX_ITEMS], faults=(*faults, *reading.faults))


def _read(text: str, form: FeedFormat, url: str) -> Reading:
    """The items of whatever the text begins like."""
    if text[:1] in {"{", "["} or form == "json":
        return _json(text)
    try:
        made = tidy(text)
        if made.root in {"urlset", "sitemapindex"}:
            reading = _sitemap(made)
        elif made.root in _HTML_ROOTS:
            reading = Reading(broken=_html_instead(made.text, url))
        else:
            reading = _feedparser(bounded(made), url)
    except Unfit as error:
        return Reading(broken=str(error))
    return replace(reading, faults=(*made.faults, *reading.faults))


def _unzip(body: bytes, max_bytes: int) -> tuple[bytes, str]:
    """The content of a gzip file that came without its header, up to ``max_bytes``."""
    opener = zlib.decompressobj(wbits=31)
    try:
        return opener.decompress(body, max_bytes), "gzip without a Content-Encoding header"
    except zlib.error as error:
        return b"", f"damaged gzip ({error})"


def _html_instead(text: str, url: str) -> str:
    """Why an HTML page came, as far as it can be told: its title, and the feed that it names."""
    soup = _soup(text[:_HEAD])
    if soup is None:
        return "an HTML page instead of a feed"
    title = squeeze(soup.title.get_text())[:80] if soup.title else ""
    named = ""
    for link in soup.find_all("link", rel="alternate"):
        if any(kind in str(link.get("type", "")) for kind in ("rss", "atom", "feed+json")):
            named = absolute_url(url, str(link.get("href", "")))
            break
    said = f' titled "{title}"' if title else ""
    return f"an HTML page{said} instead of a feed{f'; it names the feed {named}' if named else ''}"


def _soup(body: bytes | str) -> BeautifulSoup | None:
    try:
        return BeautifulSoup(body, "lxml")
    except _PARSER_ERRORS:
        return None


# ---------------------------------------------------------------- RSS, RDF, Atom


def _feedparser(made: Markup, url: str) -> Reading:
    headers = {"content-location": url, "content-type": "application/xml; charset=utf-8"}
    try:
        # A stream, never the bytes themselves: feedparser would take short ones for the name of a file.
        stream = io.BytesIO(made.text.encode("utf-8", "replace"))
        parsed = feedparser.parse(stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
        items = tuple(_item(entry) for entry in parsed.entries)
        form, base = str(parsed.get("version") or ""), str(parsed.feed.get("link") or "")
    except _PARSER_ERRORS as error:
        return Reading(broken=f"cannot be parsed ({type(error).__name__})")
    if not items and not form and made.root not in _FEED_ROOTS:
        return Reading(broken="neither RSS, Atom, JSON Feed nor a sitemap")
    if not items:
        return Reading(form=form, broken="a feed without a single entry")
    return Reading(items, form or made.root, base)


def _item(entry: Any) -> Item:
    contents = [part for part in entry.get("content") or [] if isinstance(part, dict)]
    content = max((str(part.get("value") or "") for part in contents), key=len, default="")
    language = next((str(part.get("language") or "") for part in contents), "")
    source = entry.get("source") or {}
    authors = [str(one.get("name") or "") for one in entry.get("authors") or [] if isinstance(one, dict)]
    return Item(
        url=str(entry.get("feedburner_origlink") or entry.get("link") or ""),
        guid=str(entry.get("id") or ""),
        title=str(entry.get("title") or ""),
        summary=str(entry.get("summary") or ""),
        content=content,
        author=", ".join(name for name in authors if name) or str(entry.get("author") or ""),
        # Not media:credit: that is the picture's.
        credit="; ".join(part for part in [str(source.get("title") or ""), str(entry.get("dc_source") or "")] if part),
        language=str(entry.get("language") or language),
        published=str(dict.get(entry, "published") or dict.get(entry, "created") or ""),
        updated=str(dict.get(entry, "updated") or ""),  # dict's own: feedparser's answers with the publication date
    )


# ---------------------------------------------------------------- JSON Feed


def _json(text: str) -> Reading:
    """JSON Feed 1.0 and 1.1 (jsonfeed.org), and lists of items that call themselves nothing."""
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Reading(broken=f"not JSON ({str(error)[:80]})")
    rows = tree.get("items") if isinstance(tree, dict) else tree
    if not isinstance(rows, list):
        return Reading(broken='JSON without a list "items"')
    items = tuple(_json_item(row) for row in rows[: MAX_ITEMS + 1] if isinstance(row, dict))
    if not items:
        return Reading(broken="a feed without a single entry")
    version = str(tree.get("version") or "") if isinstance(tree, dict) else ""
    dropped = len(rows[: MAX_ITEMS + 1]) - len(items)
    faults = [f"{dropped} items are not objects"] if dropped else []
    if "jsonfeed.org" not in version:
        faults.append("JSON that does not call itself a JSON Feed")
    return Reading(items, "json feed", str(tree.get("home_page_url") or "") if isinstance(tree, dict) else "", tuple(faults))


def _json_item(row: dict[str, Any]) -> Item:
    def said(*keys: str) -> str:
        return next((str(row[key]) for key in keys if isinstance(row.get(key), (str, int, float)) and row[key] != ""), "")

    authors = row.get("authors") if isinstance(row.get("authors"), list) else [row.get("author")]
    names = [str(one.get("name") or "") for one in authors or [] if isinstance(one, dict)]
    return Item(
        url=said("url", "external_url"),
        guid=said("id"),
        title=said("title"),
        summary=said("summary"),
        content=said("content_html", "content_text"),
        author=", ".join(name for name in names if name),
        credit=said("source", "_source", "credit"),
        language=said("language"),
        published=said("date_published"),
        updated=said("date_modified"),
    )


# ---------------------------------------------------------------- news sitemap


def _sitemap(made: Markup) -> Reading:
    """sitemaps.org 0.9 with Google's news extension."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(made.text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return Reading(broken=f"a sitemap that cannot be parsed ({squeeze(str(error))[:80]})")
    if root is None:
        return Reading(broken="a sitemap that cannot be parsed")
    if _local(root) == "sitemapindex":
        return Reading(broken="an index of sitemaps, of which none could be read")
    items = []
    for url in root.iterchildren():
        said = {
            _local(part): squeeze("".join(part.itertext())) for part in url.iter() if isinstance(part.tag, str) and not len(part)
        }
        if said.get("loc"):
            title = said.get("title") or _slug(said["loc"])
            dates = said.get("publication_date", ""), said.get("lastmod", "")
            items.append(Item(said["loc"], title=title, language=said.get("language", ""), published=dates[0], updated=dates[1]))
        if len(items) > MAX_ITEMS:
            break
    faults = ("not well-formed, read as far as it goes",) if len(parser.error_log) else ()
    return Reading(tuple(items), "sitemap", faults=faults, broken="" if items else "a sitemap without a single address")


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _slug(url: str) -> str:
    """The words of an address's last part, for want of a title."""
    try:
        last = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    except ValueError:
        return ""
    return re.sub(r"[-_+]+", " ", re.sub(r"\.\w{2,5}\Z", "", last))


# ---------------------------------------------------------------- page watch


def _page(body: bytes, url: str) -> Reading:
    """The links of a page to pages of the same site, for publishers without a feed."""
    soup = _soup(body)
    if soup is None:
        return Reading(broken="a page that cannot be parsed")
    base_tag = soup.find("base", href=True)
    base = absolute_url(url, str(base_tag.get("href"))) if isinstance(base_tag, Tag) else ""
    for furniture in soup.find_all(_FURNITURE):
        furniture.decompose()
    items = tuple(_links(soup, base or url))
    return Reading(items, "page", base, broken="" if items else "a page without a link to a text of its own")


def _links(soup: BeautifulSoup, base: str) -> Iterator[Item]:
    seen = {canonical_url(base)}
    for link in soup.find_all("a", href=True):
        address = canonical_url(absolute_url(base, str(link.get("href"))))
        title = squeeze(link.get_text(" "))
        # Menus say one or two words; a headline says more, in any script.
        if not address or address in seen or site_of(address) != site_of(base) or len(title) < (6 if not title.isascii() else 15):
            continue
        seen.add(address)
        time = _time_beside(link)
        written = str(time.get("datetime") or time.get_text()) if isinstance(time, Tag) else ""
        yield Item(url=address, title=title, published=written)
        if len(seen) > _MAX_LINKS:
            return


def _time_beside(link: Tag) -> Tag | None:
    """The time element among the first few that stand with a link: a whole page may be its parent."""
    beside = link.parent.descendants if link.parent else ()
    return next((one for one in islice(beside, _BESIDE) if isinstance(one, Tag) and one.name == "time"), None)
