"""What an HTML page says: the report's lines, its headline, and all it tells about itself.

``body`` finds the lines; here stands the rest: headline, byline, dates, address, language and organisations, as the page gives them for
readers and for machines.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import trafilatura
from lxml import etree, html
from lxml.html import HtmlElement

from sanctions_watch.records import DateCandidate, Removed
from sanctions_watch.stages.clean import lines as shape
from sanctions_watch.stages.clean.body import Block, blocks, body_lines, prune
from sanctions_watch.stages.clean.dates import candidate
from sanctions_watch.stages.clean.walls import Wall, is_gate, wall_of
from sanctions_watch.stages.clean.wire import credit_of
from sanctions_watch.urls import absolute_url, canonical_url, site_of

_MAX_HTML = 4_000_000
_MAX_TAGS = 100_000  # of a page that is cleaned in seconds; large news pages have ten thousand
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")  # a browser shows nothing for them, in the middle of words too
# What no XML tree may hold, as it is and as a character reference: lxml keeps it, and then cannot set it again.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,10}))(?![0-9a-fA-F]);?")
# What browsers read for what pages say (WHATWG Encoding Standard).
_BROWSER = {"gb2312": "gb18030", "gbk": "gb18030", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "shift_jis": "cp932", "x-sjis": "cp932",
            "iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}  # fmt: skip
_BY = re.compile(r"\A(?:(?:posted |written |reported |words |text |story )?by|von|par|por|texto?|автор)\s*:?\s+", re.IGNORECASE)
_TITLE_MARK = re.compile(r"\s(?:[|«»–—-]|::)\s")
_ARTICLE_TYPES = (
    "article",
    "liveblogposting",
    "newsarticle",
    "reportagenewsarticle",
    "analysisnewsarticle",
    "blogposting",
    "report",
    "backgroundnewsarticle",
    "opinionnewsarticle",
)
_DATE_METAS = (
    "article:published_time", "og:article:published_time", "datepublished", "date", "pubdate", "publishdate", "publish-date", "publication_date", "dc.date", "dc.date.issued",
    "dc.date.created", "dcterms.created", "dcterms.issued", "dcterms.date", "citation_publication_date", "citation_date", "sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime", "article.published", "published_at", "originalpublicationdate",
)  # fmt: skip
_AUTHOR_METAS = (
    "author",
    "article:author",
    "parsely-author",
    "byl",
    "dc.creator",
    "sailthru.author",
    "dcterms.creator",
    "citation_author",
)
# Classes that hold a writer's name; as whole names, since "by" is part of many.
_AUTHOR_CLASSES = ("byline", "author", "writer", "reporter", "by", "posted-by", "journalist", "article-author", "byline-name")
_BLOCKS = frozenset({"p", "div", "section", "article", "main", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "tr", "td", "th", "dd", "dt",
                     "dl", "header", "footer", "aside", "figure", "figcaption", "body", "html", "form", "address", "center", "hr", "br"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """A page taken apart. ``lines`` are not sifted yet; ``captions`` are texts that the page marks as such."""

    lines: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()  # what stands between headline and report: byline, dates
    standfirst: str = ""  # that one of ``opening`` which is the report's
    captions: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()
    titles: tuple[str, ...] = ()  # the best first
    byline: str = ""
    site: str = ""
    language: str = ""
    canonical: str = ""
    dates: tuple[DateCandidate, ...] = ()
    organisations: tuple[str, ...] = field(default=())
    wall: Wall = ""  # what the page is in place of an article; with "paywall", ``lines`` may hold the article's beginning


def is_html(body: bytes, content_type: str) -> bool:
    """Whether a body is an HTML page, by what it begins with where the server calls it otherwise."""
    head = body[:2_000].lstrip(b"\xef\xbb\xbf\x00 \t\r\n").lower()
    if head.startswith((b"%pdf", b"\x89png", b"\xff\xd8", b"pk\x03\x04", b"gif8", b"{", b"[")):
        return False
    return b"<" in head and (
        "html" in content_type.lower() or b"<html" in head or b"<!doctype" in head or b"<body" in head or b"<p" in head
    )


def read_page(body: bytes, url: str, content_type: str = "") -> Page:
    """The parts of an HTML page; an empty Page where there is nothing to read. Never raises."""
    tree = _tree(decode(body[:_MAX_HTML], content_type))
    if tree is None:
        return Page()
    nodes = list(_json_ld(tree))
    metas = _metas(tree)
    canonical = _canonical(tree, metas, url)
    dates = tuple(_dates(tree, nodes, metas))
    titles = tuple(_titles(tree, nodes, metas))
    site = shape.spaced(metas.get("og:site_name", "") or next(_names(nodes, "publisher"), ""))[:100]
    byline = _byline(tree, nodes, metas, site)
    language = str(
        tree.get("lang") or metas.get("og:locale", "") or metas.get("content-language", "") or _first(nodes, "inLanguage")
    )
    organisations = tuple(_names(nodes, "sourceOrganization", "creditText", "author", "publisher"))
    pruned = prune(tree)
    shown = blocks(tree)
    found, links = body_lines(tree, shown, url, _first(nodes, "articleBody"))
    wall = wall_of(titles, found, pruned.shown)
    if wall:
        return Page(titles=titles if wall == "paywall" else (), wall=wall)
    gates = [line for line in found if is_gate(line)]
    if len(gates) < 2 and _first(nodes, "isAccessibleForFree").lower() != "false":
        gates = []  # one such line may be a sentence of the report's
    found = [line for line in found if line not in gates]
    opening, standfirst = _opening(shown, titles, found, metas.get("og:description", "") or metas.get("description", ""))
    return Page(
        lines=tuple(found),
        opening=tuple(opening),
        standfirst=standfirst,
        captions=pruned.captions,
        removed=(*pruned.removed, *links, *(Removed("wall", f"paywall: {line}") for line in gates)),
        titles=titles,
        byline=byline,
        site=site,
        language=language,
        canonical=canonical,
        dates=dates,
        organisations=organisations,
    )


def fragment_lines(fragment: str) -> list[str]:
    """The lines of a feed's summary or content, which may be HTML or plain text."""
    if "<" not in fragment and "&" not in fragment:
        return shape.split(fragment)
    tree = _tree(f"<html><body><div>{fragment}</div></body></html>")
    if tree is None:
        return []
    prune(tree)
    return [block.text for block in blocks(tree)]


def decode(body: bytes, content_type: str) -> str:
    """The text of a page: its byte order mark, the server's charset, its own, UTF-8, or what the bytes look like."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    header = _HEADER_CHARSET.search(content_type)
    meta = _CHARSET.search(body[:4_096])
    named = [header[1] if header else "", meta[1].decode("ascii") if meta else "", "utf-8"]
    for name in filter(None, named):
        try:
            return body.decode(_BROWSER.get(name.lower(), name))
        except (UnicodeError, LookupError):
            continue
    guessed: str = trafilatura.utils.decode_file(body)
    return guessed


def _tree(text: str) -> HtmlElement | None:
    try:
        text = "<".join(text.split("<", _MAX_TAGS + 1)[: _MAX_TAGS + 1])
        return html.fromstring(_DECLARATION.sub("", _REFERENCE.sub(_allowed, _FORBIDDEN.sub(" ", _INVISIBLE.sub("", text)))))
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _allowed(reference: re.Match[str]) -> str:
    """A character reference, or a space where it names what no tree may hold; 128 to 159 mean Windows-1252, as browsers read them."""
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    if 0x80 <= number < 0xA0:
        return bytes([number]).decode("cp1252", "replace")
    return " " if number > 0x10FFFF or _FORBIDDEN.match(chr(number)) else reference[0]


# ---------------------------------------------------------------- what the page says about itself


def _json_ld(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """The nodes of the page's JSON-LD that describe an article."""
    for script in tree.xpath("//script[contains(@type, 'ld+json')]")[:20]:
        try:
            said = json.loads((script.text_content() or "").strip(), strict=False)
        except (ValueError, RecursionError):
            continue
        queue, seen = [said], 0
        while queue and seen < 300:
            node = queue.pop(0)
            seen += 1
            if isinstance(node, list):
                queue += node[:100]
            elif isinstance(node, dict):
                kinds = node.get("@type")
                names = {str(kind).lower() for kind in (kinds if isinstance(kinds, list) else [kinds])}
                if names & set(_ARTICLE_TYPES):
                    yield node
                queue += [
                    value
                    for key, value in node.items()
                    if key in {"@graph", "mainEntity", "mainEntityOfPage"} and isinstance(value, (dict, list))
                ]


def _first(nodes: list[dict[str, Any]], key: str) -> str:
    return next((str(node[key]) for node in nodes if isinstance(node.get(key), str) and node[key]), "")


def _names(nodes: list[dict[str, Any]], *keys: str) -> Iterator[str]:
    """The names of people or organisations under these keys, whatever shape they are given in."""
    for key in keys:
        for node in nodes:
            value = node.get(key)
            for one in value if isinstance(value, list) else [value]:
                name = one.get("name") if isinstance(one, dict) else one
                if isinstance(name, str) and name.strip():
                    yield shape.spaced(name)[:200]


def _metas(tree: HtmlElement) -> dict[str, str]:
    """The page's meta elements by lower-case name; the first of a name counts."""
    found: dict[str, str] = {}
    for meta in tree.xpath("//meta[@content]")[:400]:
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv") or ""
        if name:
            found.setdefault(name.lower(), meta.get("content") or "")
    return found


def _canonical(tree: HtmlElement, metas: dict[str, str], url: str) -> str:
    """The page's own address of itself: on the same site, and not its front page; "" where it names none that can be believed."""
    links = [*tree.xpath("//link[contains(concat(' ', @rel, ' '), ' canonical ')]/@href")[:3], metas.get("og:url", "")]
    for link in links:
        found = canonical_url(absolute_url(url, link)) if link else ""
        if not found or (found.count("/") <= 3 and found.endswith("/")):
            continue
        if not url or _domain(found) == _domain(url):
            return found
    return ""


def _domain(url: str) -> str:
    """The last two names of a host, or three where the second is a registry's ("co.kr"): what a publisher's hosts share."""
    names = site_of(url).partition(":")[0].split(".")
    return ".".join(names[-3:] if len(names) > 2 and len(names[-2]) <= 3 and len(names[-1]) == 2 else names[-2:])


def _titles(tree: HtmlElement, nodes: list[dict[str, Any]], metas: dict[str, str]) -> Iterator[str]:
    """Headlines, the best first: the only h1 (of the article), JSON-LD, og:title, the title element."""
    for path in ("//article//h1|//main//h1", "//h1"):
        found = [shape.spaced(h1.text_content()) for h1 in tree.xpath(path)[:5]]
        found = [one for one in found if one]
        if len(found) == 1:
            yield found[0]
    title = tree.xpath("string(//title)")
    for one in (_first(nodes, "headline"), metas.get("og:title", ""), metas.get("twitter:title", ""), title):
        if one.strip():
            yield shape.spaced(one)


def _byline(tree: HtmlElement, nodes: list[dict[str, Any]], metas: dict[str, str], site: str) -> str:
    """Who wrote it, without "By"; "" where the page does not say. A site that names itself as its author says nobody."""
    for one in _said_authors(tree, nodes, metas):
        name = _BY.sub("", shape.spaced(one[:2_000]))
        if name and len(name) <= 150 and not name.startswith(("http", "@")) and shape.key(name) != shape.key(site):
            name = re.split(r"\s(?:on|am|le|el)\s(?=\W*(?:\w+ )?\d)", name)[0]
            return name if credit_of(name) else re.split(r"\s+for\s+", name)[0]
    return ""


def _said_authors(tree: HtmlElement, nodes: list[dict[str, Any]], metas: dict[str, str]) -> Iterator[str]:
    """All that may name the writer, the best first; the page is searched only where its data say nothing."""
    yield ", ".join(dict.fromkeys(_names(nodes, "author")))
    yield from (metas.get(name, "") for name in _AUTHOR_METAS)
    paths = (
        "//*[@rel='author']",
        "//*[contains(@itemprop, 'author')]",
        "//*[contains(@class, 'byline') or contains(@class, 'author')]",
        f"//*[{' or '.join(f'@class={name!r}' for name in _AUTHOR_CLASSES)}]",
    )
    for path in paths:
        yield from (element.text_content() for element in tree.xpath(path)[:2])


def _dates(tree: HtmlElement, nodes: list[dict[str, Any]], metas: dict[str, str]) -> Iterator[DateCandidate]:
    """The page's own publication dates; never those of teasers, which stand in lists, asides and footers."""
    yield from candidate("json_ld", _first(nodes, "datePublished"))
    for name in _DATE_METAS:
        found = candidate("meta", metas.get(name, ""))
        if found:
            yield from found
            break
    outside = "not(ancestor::aside or ancestor::nav or ancestor::footer or ancestor::li or ancestor::*[contains(@class, 'related') or contains(@class, 'teaser')])"
    for path in (f"//*[contains(@itemprop, 'datePublished') and {outside}]", f"//article//time[{outside}]", f"//time[{outside}]"):
        for element in tree.xpath(path)[:1]:
            found = candidate("time", element.get("datetime") or element.get("content") or element.text_content())
            if found:
                yield from found
                return


def _opening(shown: Sequence[Block], titles: Sequence[str], lines: Sequence[str], description: str) -> tuple[list[str], str]:
    """The lines between the headline and the report, none where either is not found on the page; and the standfirst among them."""
    if not lines:
        return [], ""
    first, known = shape.key(lines[0]), {shape.key(part) for title in titles for part in (title, *_TITLE_MARK.split(title))}
    between: list[str] | None = None
    standfirst = ""
    for block in shown:
        key = shape.key(block.text)
        if key == first and between is not None:
            return between[:12], standfirst
        if key in known:
            between, standfirst = [], ""
        elif between is not None:
            if shape.is_story(block.text) and not block.linked and (not between or key == shape.key(description)):
                standfirst = standfirst or block.text
            between.append(block.text)
    return [], ""
