"""Sentences of languages other than English: by their full stops where they have their own, else past abbreviations and ordinals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from sanctions_watch.records import Article, Zone, ZoneKind
from sanctions_watch.stages.extract.lexicon import words

_CLOSING = "[\"'”’»“」』）)]*"
_EAST = re.compile(rf"[。！？]+{_CLOSING}(?=[^」』”])|[.!?]+{_CLOSING}(?=\s|$)")
_WEST = re.compile(rf"(?P<word>[^\W_]*)[.!?…]+\s?{_CLOSING}(?=\s+[«„“\"–—-]*\s?[^\W_a-zа-яß-öø-ÿ])")
# What may stand before a full stop that ends no sentence.
_ABBREVIATIONS = words(
    "г гг ул им т д др млн млрд тыс руб долл проф стр см м"
    " mm mme mlle dr me st ste p art cf env etc no n"
    " bzw ca nr abs hr fr prof str u z b a o d usw evtl inkl mio mrd vgl jan feb apr aug sept okt nov dez"
)
_MONTHS = re.compile(r"\s+(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b")
_LINE = re.compile(r"[^\n]+")
LONGEST = 600  # characters; what is longer is cut, so that it can be a span


@dataclass(frozen=True, slots=True)
class Stretch:
    """A sentence; ``start`` and ``end`` are offsets into ``Article.text``."""

    zone: ZoneKind
    start: int
    end: int
    text: str


def cut(article: Article) -> list[Stretch]:
    """The sentences of headline and body in order, each at most ``LONGEST`` characters."""
    zones = article.zones or (Zone("body", 0, len(article.text)),)
    east = article.language in {"ko", "ja", "zh"}
    found = []
    for zone in zones:
        for line in _LINE.finditer(article.text, zone.start, zone.end):
            ends = [line.start(), *_ends(article.text, line.start(), line.end(), east), line.end()]
            found += [
                _trimmed(article.text, zone.kind, start, min(last, start + LONGEST))
                for first, last in pairwise(ends)
                for start in range(first, last, LONGEST)
            ]
    return [one for one in found if one.text]


def _ends(text: str, start: int, end: int, east: bool) -> Iterator[int]:
    for match in (_EAST if east else _WEST).finditer(text, start, end):
        if east or not _is_abbreviation(text, match):
            yield match.end()


def _is_abbreviation(text: str, match: re.Match[str]) -> bool:
    word = match["word"]
    if not match.group()[len(word) :].startswith("."):
        return False
    if word.isdigit():
        return _MONTHS.match(text, match.end()) is not None
    return word.casefold() in _ABBREVIATIONS or (len(word) == 1 and word.isupper())


def _trimmed(text: str, kind: ZoneKind, start: int, end: int) -> Stretch:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Stretch(kind, start, end, text[start:end])
