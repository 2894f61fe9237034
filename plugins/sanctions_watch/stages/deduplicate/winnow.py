"""Winnowed fingerprints: few hashes an article, chosen so that two texts with a common run share some.

Schleimer, Wilkerson, Aiken: Winnowing: local algorithms for document fingerprinting (SIGMOD 2003). Of every ``window`` neighbouring
k-gram hashes the smallest is kept, the rightmost of equals; any common run of ``window + k - 1`` words is then sure to share one.
What is smallest in a window of 16 is smallest in any window inside it that holds it: so short texts may be read with a narrower
window and still meet the long ones.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    _Hashes = TypeVar("_Hashes", int, np.ndarray)

WORDS_IN_A_GRAM = 5
CHARACTERS_IN_A_GRAM = 9  # of scripts without spaces
WINDOW = 16
_SHORT = ((150, 3), (300, 6), (600, 10))  # (words, window): short texts keep enough fingerprints for a cut third to share three

_MASK = (1 << 64) - 1
_BASE = 0x9E3779B97F4A7C15  # odd, so multiplication is a bijection on 64 bits


@lru_cache(maxsize=131072)
def _of_word(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def _mixed(value: _Hashes) -> _Hashes:
    """The finalizer of SplitMix64 (Steele, Lea, Flood 2014), of one number or of each: every bit of the input moves every bit of the output."""
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    mixed: _Hashes = value ^ (value >> 31)
    return mixed


def signed(value: int) -> int:
    """An unsigned 64-bit number as PostgreSQL's bigint."""
    return value - (1 << 64) if value >> 63 else value


@lru_cache(maxsize=4096)
def _of_words(words: tuple[str, ...]) -> np.ndarray:
    import numpy as np

    return np.fromiter(map(_of_word, words), np.uint64, len(words))


def gram_hashes(words: Sequence[str], size: int) -> np.ndarray:
    """The polynomial hash of every run of ``size`` words, as an array of unsigned 64-bit numbers."""
    import numpy as np

    hashes = _of_words(tuple(words))
    runs = max(0, len(words) - size + 1)
    rolling: np.ndarray = np.zeros(runs, np.uint64)
    for place in range(size):
        rolling = rolling * np.uint64(_BASE) + hashes[place : place + runs]
    return rolling


def grams(words: Sequence[str], size: int) -> list[int]:
    """The unsigned 64-bit hash of every run of ``size`` words."""
    hashes: list[int] = _mixed(gram_hashes(words, size)).tolist()
    return hashes


def signed_grams(words: Sequence[str], size: int) -> list[int]:
    """``grams`` as PostgreSQL's bigint."""
    import numpy as np

    hashes: list[int] = _mixed(gram_hashes(words, size)).view(np.int64).tolist()
    return hashes


def window_for(words: int) -> int:
    """How many neighbouring grams one fingerprint stands for, in a text of so many words."""
    return next((window for limit, window in _SHORT if words <= limit), WINDOW)


def winnow(hashes: Sequence[int], window: int) -> list[int]:
    """The smallest of every ``window`` neighbouring hashes, each place once, in the text's order."""
    import numpy as np

    if not len(hashes):
        return []
    values = np.array(hashes, np.uint64)
    window = min(window, len(values))
    windows = np.lib.stride_tricks.sliding_window_view(values[::-1], window)  # turned round: of equals the first is the rightmost
    smallest = len(values) - 1 - (np.argmin(windows, axis=1) + np.arange(len(windows)))
    places = smallest[::-1]
    kept: list[int] = values[places[np.concatenate(([True], places[1:] != places[:-1]))]].tolist()
    return kept


def name_hash(words: Sequence[str]) -> int:
    """The hash of a whole headline, apart from those of body text: a correction or kill finds the dispatch it names by it."""
    return _mixed(_of_word("\x1fheadline\x1f" + " ".join(words)))
