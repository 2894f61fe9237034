"""The report's lines on an HTML page.

Two readings are held against each other: trafilatura's, the best of those measured, and the plain one of where on the page whole sentences
stand. Where they agree on the lines, the page's own order and blocks are kept up to trafilatura's last line; where trafilatura has lost its
way (tables for layout, a page of little boxes), the sentences decide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise

import trafilatura
from lxml import etree
from lxml.html import HtmlElement

from sanctions_watch.records import Removed, RemovedKind
from sanctions_watch.stages.clean import lines as shape
from sanctions_watch.stages.clean.walls import is_gate

_MAX_LINES = 5_000
_DROPPED = (
    "//script|//style|//noscript|//template|//iframe|//svg|//button|//select|//textarea|//nav|//dialog|//object|//video|//audio|//input|//form"
    "|//*[starts-with(name(), 'amp-') and not(starts-with(name(), 'amp-img')) and not(starts-with(name(), 'amp-story'))]"
)
_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_ADVERTISEMENT_TOKENS = frozenset({"ad", "ads", "advert", "adverts", "advertisement", "adslot", "adholder", "sponsor", "sponsored"})
_TEASER_TOKENS = frozenset({
    "promo", "outbrain", "taboola", "related", "recommended", "recommendations", "recirc", "newsletter", "subscribe", "subscription", "signup", "share", "sharing", "social", "comments",
    "comment", "disqus", "breadcrumb", "breadcrumbs", "crumb", "crumbs", "mostread", "popular", "trending", "tags", "taglist", "copyright", "paywall", "cookie", "cookies", "consent",
    "teaser", "teasers", "videoblock", "videoplayer", "mediaplayer", "audioplayer", "linksblock", "authorbio", "aboutauthor", "govbanner", "latest", "headlines", "readmore", "moreon", "morein", "morefrom", "topstories", "skip", "toolbar", "tools",
})  # fmt: skip
_CAPTION_TOKENS = frozenset({
    "caption", "figcaption", "imagecaption", "photocaption", "wpcaption", "photocredit", "imagecredit", "imagedesc", "photodesc", "imgdesc", "txtdesc", "imgtxt", "phototxt", "mediacopyright", "mediacaption",
})  # fmt: skip
_PICTURE_TOKENS = frozenset({"photo", "image", "img", "picture", "pic", "thumb", "thumbnail"})
_BLOCKS = frozenset({
    "p", "div", "section", "article", "main", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "tbody", "thead", "tr", "td", "th", "dd", "dt",
    "dl", "header", "footer", "aside", "figure", "figcaption", "body", "html", "address", "center", "hr", "br", "title", "caption",
})  # fmt: skip
_EXTRACTOR_ERRORS = (ValueError, TypeError, AttributeError, LookupError, RecursionError, etree.LxmlError, AssertionError)
_INSIDE = "boolean(ancestor::article or ancestor::main or ancestor::*[contains(@itemprop, 'articleBody')])"


@dataclass(frozen=True, slots=True)
class Block:
    """A line of the page: its text, how much of it is link, the element it stands in."""

    text: str
    linked: int
    element: HtmlElement

    @property
    def is_link(self) -> bool:
        """Whether the line is a link and no sentence: a way to another page."""
        is_sentence = shape.is_story(self.text) and not (self.text.rstrip().endswith("?") and self.linked >= len(self.text))
        return self.linked * 5 >= len(self.text) * 4 and not is_sentence

    @property
    def weight(self) -> int:
        """Its words, where it is a sentence of the page's own."""
        return shape.words(self.text) if shape.is_story(self.text) and self.linked * 2 < len(self.text) else 0


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was taken out of a page: its captions, what stood inside the article, and all the page had shown before."""

    captions: tuple[str, ...]
    removed: tuple[Removed, ...]
    shown: str


def prune(tree: HtmlElement) -> Pruned:
    """Take out of the tree what is marked as no part of the report."""
    for element in tree.xpath(_DROPPED):
        _drop(element)
    shown = tree.text_content()
    whole = len(shown)
    captions = [text for text in (shape.spaced(alt) for alt in tree.xpath("//img/@alt")) if shape.words(text) >= 4]
    removed: list[Removed] = []
    for element in tree.xpath(
        "//figure|//figcaption|//aside|//table[.//img]|//li[.//img]|//*[@class or @id or @data-component or @role='complementary']"
    ):
        if element.getparent() is None or element.tag in {"html", "body", "article", "main", "h1"}:
            continue
        kind = _kind(element)
        text = shape.spaced(element.text_content()) if kind else ""
        # A name is a hint; what holds much of the page is the page.
        if kind is None or len(text) * 3 > whole or (kind == "caption" and len(text) > 900):
            continue
        if kind == "teaser" and _is_standfirst(element, text):
            continue
        if text and kind == "caption":
            captions.append(text)
        if text and element.xpath(_INSIDE):
            removed.append(Removed(kind, text[:1_000]))
        _drop(element)
    return Pruned(tuple(captions[:200]), tuple(removed[:100]), shown)


def _drop(element: HtmlElement) -> None:
    """Take an element out and leave the text behind it; that text goes too where lxml cannot join it."""
    parent = element.getparent()
    if parent is None:
        return
    try:
        element.drop_tree()
    except ValueError:
        parent.remove(element)


def _is_standfirst(element: HtmlElement, text: str) -> bool:
    """Whether it is a sentence beside the headline, whatever its class: German desks call their standfirst a teaser."""
    parent = element.getparent()
    return shape.is_story(text) and parent.find("h1") is not None and not element.xpath("boolean(.//a)")


def _kind(element: HtmlElement) -> RemovedKind | None:
    """As what an element is taken out, None to keep it."""
    if element.tag in {"figure", "figcaption"}:
        return "caption"
    if element.tag in {"table", "li"} and element.xpath("boolean(.//img)"):
        text = shape.spaced(element.text_content())
        return "caption" if len(text) <= 300 and not element.xpath("boolean(.//p[2]|.//tr[4]|.//table)") else None
    if element.tag == "aside" or element.get("role") == "complementary":
        return "teaser"
    names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('data-component') or ''}"
    for name in names[:2_000].split()[:14]:
        parts = [part.lower() for part in _TOKEN.findall(name)][:6]
        joined = {"".join(parts), *parts, *("".join(pair) for pair in pairwise(parts))}
        if joined & _CAPTION_TOKENS or (joined & _PICTURE_TOKENS and _is_picture(element)):
            return "caption"
        if joined & _ADVERTISEMENT_TOKENS:
            return "advertisement"
        if joined & _TEASER_TOKENS:
            return "teaser"
    return None


def _is_picture(element: HtmlElement) -> bool:
    """Whether an element holds a picture and a few words, and no paragraph."""
    return element.xpath("boolean(.//img or .//amp-img or .//picture) and not(.//p)") and len(element.text_content()) <= 300


def body_lines(tree: HtmlElement, found_blocks: Sequence[Block], url: str, told: str) -> tuple[list[str], list[Removed]]:
    """The report's lines on a pruned page, and the links that were left out of them. ``told`` is the body that JSON-LD gives, "" for none."""
    own = _container(tree, found_blocks)
    found = _trafilatura(tree, url)
    chosen = _choose(own, found)
    removed = [Removed("teaser", block.text[:300]) for block in chosen if block.is_link][:50]
    lines = [block.text for block in chosen if not block.is_link] if chosen else found
    if told and "<" not in told and len(shape.spaced(told)) > 1.5 * max(80, sum(len(line) for line in lines if not is_gate(line))):
        return shape.split(told)[:_MAX_LINES], []
    return lines[:_MAX_LINES], removed


def _choose(own: list[Block], found: Sequence[str]) -> list[Block]:
    """The page's own blocks up to the last that trafilatura has too; all of them where it has something else; none where there is no sentence."""
    told = sum(block.weight for block in own)
    if not told:
        return []
    keys = {shape.key(line) for line in found}
    shared = [number for number, block in enumerate(own) if shape.key(block.text) in keys]
    if not shared:
        return own if told >= 60 or not found else []
    own_keys = {shape.key(block.text) for block in own}
    agreed = sum(shape.words(line) for line in found if shape.key(line) in own_keys)
    kept = own[: shared[-1] + 1]
    is_trusted = agreed * 5 >= 4 * sum(map(shape.words, found)) and sum(block.weight for block in kept) * 2 >= told
    return kept if is_trusted else own


def _trafilatura(tree: HtmlElement, url: str) -> list[str]:
    try:
        document = trafilatura.bare_extraction(
            deepcopy(tree),
            url=url or None,
            fast=True,
            include_comments=False,
            include_tables=True,
            include_images=False,
            with_metadata=False,
        )
    except _EXTRACTOR_ERRORS:
        return []
    text = getattr(document, "text", None) if document is not None else None
    return shape.split(re.sub(r"(?m)^(?:- |\| ?)|\|$", "", text)) if text else []


def _container(tree: HtmlElement, found: Sequence[Block]) -> list[Block]:
    """The blocks of the narrowest element that holds most of the page's sentences."""
    weights: dict[HtmlElement, int] = {}
    for block in found:
        if block.weight:
            for element in (block.element, *block.element.iterancestors()):
                weights[element] = weights.get(element, 0) + block.weight
    node = _start(tree, weights)
    while True:
        heaviest = max(node, key=lambda child: weights.get(child, 0), default=None)
        if heaviest is None or weights.get(heaviest, 0) * 10 < weights.get(node, 0) * 7 or not weights.get(heaviest, 0):
            break
        node = heaviest
    inside = set(node.iter())
    return [block for block in found if block.element in inside]


def _start(tree: HtmlElement, weights: dict[HtmlElement, int]) -> HtmlElement:
    """Where to begin: the element that the page calls its article, where that holds a good part of the sentences."""
    for path in ("//*[contains(@itemprop, 'articleBody')]", "//article"):
        marked = max(tree.xpath(path), key=lambda element: weights.get(element, 0), default=None)
        if marked is not None and weights.get(marked, 0) * 5 >= weights.get(tree, 0) * 2 > 0:
            return marked
    return tree


def blocks(tree: HtmlElement) -> list[Block]:
    """The lines of an element in their order, one for each block; the cells of a table of facts stay in one line."""
    found: list[Block] = []
    parts: list[str] = []
    stack: list[HtmlElement] = [tree]
    cells = _cells(tree)
    linked = links = 0

    def add(text: str | None) -> None:
        nonlocal linked
        if text:
            parts.append(text)
            linked += len(shape.spaced(text)) if links else 0

    def flush() -> None:
        nonlocal linked
        text = shape.spaced("".join(parts)).strip("| ")
        if text:
            found.append(Block(text, linked, stack[-1]))
        parts.clear()
        linked = 0

    for event, node in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        if event in {"comment", "pi"}:
            add(node.tail)
            continue
        is_block = node.tag in _BLOCKS and node not in cells
        if event == "start":
            if is_block:
                flush()
                stack.append(node)
            links += node.tag == "a"
            add(node.text)
        else:
            if is_block:
                flush()
                stack.pop()
            links -= node.tag == "a"
            parts.append(" | " if node in cells else "")
            add(node.tail if node is not tree else None)
    flush()
    return found


def _cells(tree: HtmlElement) -> set[HtmlElement]:
    """The cells of tables of facts: several to a row, all short, no table within."""
    cells: set[HtmlElement] = set()
    for table in tree.xpath("//table[not(.//table)]")[:200]:
        rows = [row.xpath("./td|./th") for row in table.xpath(".//tr")[:2_000]]
        inside = [cell for row in rows for cell in row]
        if sum(len(row) >= 2 for row in rows) >= 2 and all(len(cell.text_content()) <= 160 for cell in inside):
            cells.update(inside)
    return cells
