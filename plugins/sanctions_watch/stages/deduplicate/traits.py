"""What measuring asks of each text again and again, worked out once a text.

Masks are numbers of one byte a word, the first word the highest byte: 1 where it holds. ``mask & other`` then counts in one step what two
masks have in common (``int.bit_count``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sanctions_watch.stages.deduplicate.background import gram_size, places_of
from sanctions_watch.stages.deduplicate.winnow import WINDOW
from sanctions_watch.stages.deduplicate.words import WEEKDAYS, Words, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sanctions_watch.records import Article

_LEAD_WORDS = 45  # the first paragraph or two, where a dispatch says what is new
_LEAD_CHARACTERS = 90


@dataclass(frozen=True, slots=True, eq=False)
class Traits:
    """Of one text, with ``lead`` as many words long as a lead is taken to be."""

    lead: int
    quoted: bytes
    headline: frozenset[str]  # words of more than two letters
    lead_vocabulary: frozenset[str]  # the same
    told: frozenset[str]  # every word of headline and body
    numbers: frozenset[str]
    weekdays: frozenset[str]
    lead_weekdays: frozenset[str]
    telling: frozenset[str]  # of the headline's words, the longer ones
    is_foreign: bool  # the headline tells something, and the body nothing of it
    lead_places: tuple[int, ...]  # for each longer word of the lead, a mask of where it stands in the text


def traits_of(article: Article, *, unspaced: bool) -> Traits:
    """The traits of an article's words; ``unspaced``: its lead is counted in characters."""
    return _traits(words_of(article), unspaced)


@lru_cache(maxsize=4096)
def _traits(words: Words, unspaced: bool) -> Traits:
    length = _LEAD_CHARACTERS if unspaced else _LEAD_WORDS
    lead = words.words[:length]
    telling = frozenset(_telling(words.headline))
    return Traits(
        lead=length,
        quoted=bytes(words.quoted),
        headline=_longer(words.headline),
        lead_vocabulary=_longer(lead),
        told=frozenset((*words.words, *words.headline)),
        numbers=frozenset(word for word in words.words if word[0].isdigit()),
        weekdays=WEEKDAYS.intersection(words.words),
        lead_weekdays=WEEKDAYS.intersection(lead),
        telling=telling,
        is_foreign=len(telling) >= 3 and not telling.intersection(words.words),
        lead_places=_places(words.words, set(_telling(lead))),
    )


def _telling(words: Iterable[str]) -> Iterable[str]:
    return (word for word in words if len(word) > 3 or not word.isascii())


def _longer(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word for word in words if len(word) > 2 or not word.isascii())


def _places(words: tuple[str, ...], sought: set[str]) -> tuple[int, ...]:
    masks = {word: bytearray(len(words)) for word in sought}
    for place, word in enumerate(words):
        if word in masks:
            masks[word][place] = 1
    return tuple(int.from_bytes(mask) for mask in masks.values())


def learned(words: Words, background: frozenset[int]) -> bytes:
    """Which words stand in a learned background paragraph: 1 for those."""
    return _learned(words, background) if background else bytes(len(words))


@lru_cache(maxsize=4096)
def _learned(words: Words, background: frozenset[int]) -> bytes:
    found = bytearray(len(words))
    end = 0
    for place in places_of(words, background):
        start = end if end > 0 and place - end <= WINDOW else place  # between two of its fingerprints the paragraph goes on
        end = min(place + gram_size(words), len(found))
        found[start:end] = b"\x01" * (end - start)
    return bytes(found)
