"""What a text holds, sentence by sentence: which kinds of terms stand where."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from sanctions_watch.stages.select.lexicon import Hit, Kind, Lexicon, fold

# A full stop after a single capital ("U.N.", "N. Korea") ends nothing.
_END = re.compile(r"(?<![ .(][A-Z])(?<!^[A-Z])[.!?…][\"”’»')\]]{0,2}\s+|(?<=[a-z])\.(?=[A-Z][a-z])|[。！？]|\n\s*")
_HEADLINE_WEIGHT = 4.0
_PLAIN_HEADLINE_WEIGHT = 2.0  # a headline without any term is a feature's, and proves little
_THINGS = int("01" * 32, 2)  # the bit of a frame's things; that of its deeds stands one higher
_MAX_CHARACTERS = 40_000
_MAX_SENTENCES = 80  # the rest of a very long text says nothing about what its news is


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of the text with the kinds of terms in it; ``weight`` by where it stands, headline first."""

    start: int
    end: int
    weight: float
    is_headline: bool
    kinds: Kind
    hits: tuple[Hit, ...]


def sentences(text: str, body_start: int, lexicon: Lexicon) -> list[Sentence]:
    """The headline and the sentences of the body, with their terms."""
    text = text[:_MAX_CHARACTERS]
    bounds = list(_bounds(text, min(body_start, len(text))))
    starts = [start for start, _ in bounds]
    held: list[list[Hit]] = [[] for _ in bounds]
    for hit in lexicon.find(fold(text)):
        index = bisect_right(starts, hit.start) - 1
        if index >= 0 and hit.start < bounds[index][1] and not _is_direction(hit, text):
            held[index].append(hit)
    found: list[Sentence] = []
    rank = 0
    for (start, end), hits in zip(bounds, held, strict=True):
        is_headline = start < body_start
        kinds, frames = Kind.NONE, 0
        for hit in hits:
            kinds |= hit.term.kind
            frames |= hit.term.frames
        if frames & (frames >> 1) & _THINGS:
            kinds |= Kind.FRAME
        found.append(
            Sentence(
                start,
                end,
                (_HEADLINE_WEIGHT if kinds else _PLAIN_HEADLINE_WEIGHT) if is_headline else _weight(rank),
                is_headline,
                kinds,
                tuple(hits),
            )
        )
        rank += not is_headline
    return found


def _is_direction(hit: Hit, text: str) -> bool:
    """Whether "the north" is a direction: the country is written with a capital."""
    return bool(hit.term.kind & Kind.AGAIN) and hit.term.phrase.startswith("the north") and "North" not in text[hit.start : hit.end]


def _bounds(text: str, body_start: int) -> Iterator[tuple[int, int]]:
    if text[:body_start].strip():
        yield 0, body_start
    start, count = body_start, 0
    for match in _END.finditer(text, body_start):
        if text[start : match.end()].strip(" \n\t\u00a0.-–—*#>"):
            yield start, match.end()
            count += 1
            if count >= _MAX_SENTENCES:
                return
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


def _weight(rank: int) -> float:
    """News stand on top: the first three sentences weigh most."""
    if rank < 3:
        return 2.0
    return 1.0 if rank < 12 else 0.5
