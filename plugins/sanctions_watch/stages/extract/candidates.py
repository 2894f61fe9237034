"""Candidate conduct mentions: where an event word and a theme word of one frame stand together, and North Korea is party to it.

Patterns only, before the parse: a sentence without a candidate is never parsed. What the words mean together is in
``include/lexicon/conduct_patterns.yaml``; who did it is for roles.py, whether it is said to have happened for modality.py.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sanctions_watch.stages.extract.actors import Cast
from sanctions_watch.stages.extract.lexicon import Frame, Lexicon, Word, lexicon, matches, words
from sanctions_watch.stages.extract.sentences import Sentence

_WORD = re.compile(r"\w+")
# "a North Korean striker": people by the look of the word; the classes cannot list every trade.
_NORTH_KOREAN_PERSON = re.compile(
    r"\b(?:North|N\.) Korean (?:[a-z-]{2,20} ){0,2}?([a-z]{2,20}(?:er|or|ist|ian|man|men|ers|ors|ists|ians|ee|ees|ant|ants|woman|women|chef|chefs))\b"
)
_NOT_A_PERSON = words(
    "water border paper computer other over tanker freighter trawler carrier container number letter minister ambassador leader officer soldier hacker hackers order power tractor"
    " liner bomber fighter launcher rocker reactor helicopter cruiser destroyer cover under after never sector restaurant plant waiter's consumer member members leaders officers minister ministers offer matter"
    " defector defectors player's manner chapter semiconductor refugee committee customer customers dealer dealers broker brokers trader traders supplier suppliers buyer buyers seller sellers smuggler smugglers exporter exporters importer importers operator operators"
)


_MOST = 120  # candidates of one sentence; real ones have fewer than forty


@dataclass(frozen=True, slots=True)
class Hit:
    """A class word in a sentence; offsets into the article's text."""

    name: str
    part: str  # verb, noun or phrase
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A conduct that a sentence may tell of."""

    frame: Frame
    sentence: int
    event: Hit
    theme: Hit


@dataclass(frozen=True)
class Hits:
    """The class words of one sentence."""

    by_class: dict[str, tuple[Hit, ...]]

    def of(self, names: Sequence[str]) -> list[Hit]:
        """Hits of any of the classes, in order of the text."""
        return sorted((hit for name in names for hit in self.by_class.get(name, ())), key=lambda hit: (hit.start, -hit.end))

    def has(self, names: Sequence[str]) -> bool:
        """Whether any of the classes has a hit."""
        return any(self.by_class.get(name) for name in names)


def find_hits(text: str, sentences: Sequence[Sentence]) -> tuple[Hits, ...]:
    """The class words of every sentence; of overlapping hits of one class the longest."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter whose lower case is longer (İ): offsets would slip
        lowered = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    tables: list[defaultdict[str, list[Hit]]] = [defaultdict(list) for _ in sentences]
    index = 0
    found = sorted(matches(lexicon().words, lowered), key=lambda match: (match[0], -match[1]))
    for start, end, memberships in found:
        while index < len(sentences) and sentences[index].end <= start:
            index += 1
        if index == len(sentences):
            break
        if start < sentences[index].start or end > sentences[index].end:
            continue
        word: Word
        for word in memberships:
            hits = tables[index][word.name]
            if hits and hits[-1].end >= end and hits[-1].part == word.part:
                continue
            hits.append(Hit(word.name, word.part, start, end))
    for sentence, table in zip(sentences, tables, strict=True):
        known = {(hit.start, hit.end) for hit in table.get("WORKER", ())}
        for match in _NORTH_KOREAN_PERSON.finditer(text, sentence.start, sentence.end):
            start, end = match.span(1)
            if not {match.group(1), match.group(1).removesuffix("s")} & _NOT_A_PERSON and all(
                end <= first or start >= last for first, last in known
            ):
                table["WORKER"].append(Hit("WORKER", "noun", start, end))
    return tuple(Hits({name: tuple(hits) for name, hits in table.items()}) for table in tables)


def north_korean(cast: Cast, sentence: Sentence) -> bool:
    """Whether the sentence itself names North Korea in any form."""
    return cast.has_north_korea(sentence.start, sentence.end)


def find_candidates(sentence: Sentence, hits: Hits, text: str) -> tuple[Candidate, ...]:
    """Every frame that the sentence's words satisfy, with its nearest event and theme."""
    known: Lexicon = lexicon()
    found = []
    for frame in known.frames:
        if (frame.also and not hits.has(frame.also)) or (frame.without and hits.has(frame.without)):
            continue
        events = hits.of(frame.event)
        themes = hits.of(frame.theme)
        if not events or not themes:
            continue
        found += [Candidate(frame, sentence.index, event, theme) for event, theme in _pairs(frame, events, themes, text)]
    return tuple(found[:_MOST])


def _pairs(frame: Frame, events: list[Hit], themes: list[Hit], text: str) -> list[tuple[Hit, Hit]]:
    """Event and theme no more than the frame's gap apart (in words), each event with its nearest themes first."""
    pairs = []
    for event in events:
        near = []
        for theme in themes:
            if theme.start < event.end and event.start < theme.end and (theme.name == event.name or event.part == "verb"):
                continue
            if text[event.start - 1 : event.start] == "-" or (event.part == "verb" and text[event.end : event.end + 1] == "-"):
                continue
            between = text[min(event.end, theme.end) : max(event.start, theme.start)]
            distance = len(_WORD.findall(between))
            if distance <= frame.gap:
                near.append((distance + (3 if theme.start < event.start else 0), theme.start, theme))
        pairs += [(event, theme) for _, _, theme in sorted(near, key=lambda item: item[:2])[:3]]
    return pairs
