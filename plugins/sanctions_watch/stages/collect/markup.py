"""XML made fit for a parser: bounded in depth, elements, attributes and entries, without entities of its own, well-formed.

feedparser reads nearly anything, but some malformed documents take it a time that grows with the square of their size. So nothing
reaches it that was not counted here, and what is malformed and large is mended by lxml first.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.entities import html5
from itertools import islice
from xml.parsers import expat

from lxml import etree

MAX_ENTRIES = 10_000
MAX_DEPTH = 200
MAX_ELEMENTS = 200_000
MAX_ATTRIBUTES = 256  # of one element
_LOOSE = 100_000  # characters of malformed XML that feedparser may mend itself
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]+")
_CONTROL_NUMBER = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]|[dD][89a-fA-F][0-9a-fA-F]{2}|[fF]{3}[eEfF]));"
)
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_BARE = re.compile(r"&(?!#?[A-Za-z0-9]{1,31};)")
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]{0,60})")
_DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,400}\?>")
_ENTRY = re.compile(r"<(?:[A-Za-z]\w{0,20}:)?(?:item|entry)(?=[\s>/])")
# Names are looked through for mail addresses, in a time that grows with the square of their length.
_LONG_NAME = re.compile(
    r"(<(?:\w{1,20}:)?(?:author|creator|contributor|managingEditor|webMaster|name|email|owner|publisher)\b[^<>]{0,300}>\s*(?:<!\[CDATA\[)?)([^<\]]{1000})[^<\]]+",
    re.IGNORECASE,
)


class Unfit(Exception):
    """The document is beyond a bound, with the reason in words."""


@dataclass(slots=True)
class Markup:
    """XML as text, and what had to be forgiven."""

    text: str
    faults: list[str] = field(default_factory=list)

    @property
    def root(self) -> str:
        """The local name of the first element, in lower case; "" where there is none."""
        found = _ROOT.search(self.text, 0, 40_000)
        return found[1].rpartition(":")[2].lower() if found else ""


def tidy(text: str) -> Markup:
    """The document without what stands before it, control characters, and a document type. Raises Unfit."""
    made = Markup(_DECLARATION.sub("", text.lstrip("\ufeff \t\r\n")).lstrip())
    if not made.text.startswith("<") and 0 < (start := made.text.find("<")) < 10_000:
        made.text = made.text[start:]
        made.faults.append("other characters stood before the feed")
        made.text = _DECLARATION.sub("", made.text)
    made.text, count = _CONTROL.subn(" ", made.text)
    made.text, more = _CONTROL_NUMBER.subn(" ", made.text)
    if count + more:
        made.faults.append("control characters were left out")
    _without_doctype(made)
    made.text = _LONG_NAME.sub(r"\1\2", _NAMED.sub(_character, made.text))
    return made


def _without_doctype(made: Markup) -> None:
    """Entities of a feed's own are a way to make much of little, or to ask for other files: none is known to need them."""
    started = _DOCTYPE.search(made.text, 0, 10_000)
    root = _ROOT.search(made.text)
    if started is None or (root is not None and root.start() < started.start()):
        return
    inner, end = made.text.find("[", started.end()), made.text.find(">", started.end())
    if 0 <= inner < end:
        closed = re.compile(r"\]\s{0,100}>").search(made.text, inner)
        end = closed.end() - 1 if closed else -1
        made.faults.append("entities of its own were left out")
    if end < 0:
        raise Unfit("a document type that never ends")
    made.text = made.text[: started.start()] + made.text[end + 1 :]


def _character(name: re.Match[str]) -> str:
    """What a named entity of HTML stands for; XML's own five stay."""
    found = html5.get(f"{name[1]};", "")
    return name[0] if not found or found in "<>&\"'" else found


def bounded(made: Markup) -> Markup:
    """At most ``MAX_ENTRIES`` entries, and well-formed where it is large. Raises Unfit beyond the other bounds."""
    _cut(made)
    if (fault := _count(made.text)) is None:
        return made
    if "&" in made.text and _count(escaped := _BARE.sub("&amp;", made.text)) is None:
        made.text = escaped
        made.faults.append("ampersands were not escaped")
        return made
    if made.text.count("<") > 2 * MAX_ELEMENTS:
        raise Unfit(f"more than {MAX_ELEMENTS} elements")
    made.faults.append(f"not well-formed, read as far as it goes ({fault})")
    if len(made.text) > _LOOSE:
        made.text = _mended(made.text)
        _count(made.text)
    return made


def _cut(made: Markup) -> None:
    beyond = next(islice(_ENTRY.finditer(made.text), MAX_ENTRIES, None), None)
    if beyond is None:
        return
    root = _ROOT.search(made.text)
    left_out = sum(1 for _ in _ENTRY.finditer(made.text, beyond.start()))
    closing = "</channel></rss>" if made.root == "rss" else f"</{root[1]}>" if root else ""
    made.text = made.text[: beyond.start()] + closing
    made.faults.append(f"{left_out} entries beyond the first {MAX_ENTRIES} were left out")


def _count(text: str) -> str | None:
    """Why the text is not well-formed, None where it is. Raises Unfit beyond the bounds."""
    depth = elements = 0

    def start(_: str, attributes: list[str]) -> None:
        nonlocal depth, elements
        depth += 1
        elements += 1
        if depth > MAX_DEPTH:
            raise Unfit(f"elements stand more than {MAX_DEPTH} deep in one another")
        if elements > MAX_ELEMENTS:
            raise Unfit(f"more than {MAX_ELEMENTS} elements")
        if len(attributes) > 2 * MAX_ATTRIBUTES:
            raise Unfit(f"an element with more than {MAX_ATTRIBUTES} attributes")

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate("utf-8", "\x1f")
    parser.ordered_attributes = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        return html.unescape(str(error))[:120]
    return None


def _mended(text: str) -> str:
    """Well-formed again, as far as it goes. Raises Unfit where nothing can be saved."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(_BARE.sub("&amp;", text).encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unfit("cannot be parsed") from error
    if root is None:
        raise Unfit("cannot be parsed")
    return str(etree.tostring(root, encoding="unicode"))
