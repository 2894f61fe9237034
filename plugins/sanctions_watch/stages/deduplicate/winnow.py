"""Winnowed fingerprints: few hashes an article, chosen so that two texts with a common run share some.

Schleimer, Wilkerson, Aiken: Winnowing: local algorithms for document fingerprinting (SIGMOD 2003). Of every ``window`` neighbouring
k-gram hashes the smallest is kept, the rightmost of equals; any common run of ``window + k - 1`` words is then sure to share one.
What is smallest in a window of 16 is smallest in any window inside it that holds it: so short texts may be read with a narrower
window and still meet the long ones.
"""

from __future__ import annotations

import hashlib
from collections import deque
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WORDS_IN_A_GRAM = 5
CHARACTERS_IN_A_GRAM = 9  # of scripts without spaces
WINDOW = 16
_SHORT = ((150, 3), (300, 6), (600, 10))  # (words, window): short texts keep enough fingerprints for a cut third to share three

_MASK = (1 << 64) - 1
_BASE = 0x9E3779B97F4A7C15  # odd, so multiplication is a bijection on 64 bits


@lru_cache(maxsize=131072)
def _of_word(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def _mixed(value: int) -> int:
    """The finalizer of SplitMix64 (Steele, Lea, Flood 2014): every bit of the input moves every bit of the output."""
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


def signed(value: int) -> int:
    """An unsigned 64-bit number as PostgreSQL's bigint."""
    return value - (1 << 64) if value >> 63 else value


def grams(words: Sequence[str], size: int) -> list[int]:
    """The unsigned 64-bit hash of every run of ``size`` words."""
    highest = pow(_BASE, size, 1 << 64)
    out: list[int] = []
    rolling = 0
    hashes = [_of_word(word) for word in words]
    for place, value in enumerate(hashes):
        rolling = (rolling * _BASE + value) & _MASK
        if place >= size:
            rolling = (rolling - hashes[place - size] * highest) & _MASK
        if place >= size - 1:
            out.append(_mixed(rolling))
    return out


def window_for(words: int) -> int:
    """How many neighbouring grams one fingerprint stands for, in a text of so many words."""
    return next((window for limit, window in _SHORT if words <= limit), WINDOW)


def winnow(hashes: Sequence[int], window: int) -> list[int]:
    """The smallest of every ``window`` neighbouring hashes, each place once, in the text's order."""
    kept: list[int] = []
    smallest: deque[int] = deque()  # places whose hashes rise
    last = -1
    for place, value in enumerate(hashes):
        while smallest and hashes[smallest[-1]] >= value:
            smallest.pop()
        smallest.append(place)
        if smallest[0] <= place - window:
            smallest.popleft()
        if place >= min(window, len(hashes)) - 1 and smallest[0] != last:
            last = smallest[0]
            kept.append(hashes[last])
    return kept


def name_hash(words: Sequence[str]) -> int:
    """The hash of a whole headline, apart from those of body text: a correction or kill finds the dispatch it names by it."""
    return _mixed(_of_word("\x1fheadline\x1f" + " ".join(words)))
