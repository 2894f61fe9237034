"""Where two texts say the same in the same words, whatever the order of their paragraphs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sanctions_watch.stages.deduplicate.winnow import gram_hashes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

SHORTEST_RUN = 4  # words: shorter ones are the language's, not the writer's
SHORTEST_RUN_UNSPACED = 8  # characters
_WIDEST_GAP = 3  # words between two runs, on both sides, that an editor or a scanner has changed
_MOST_PLACES = 24  # of one gram in a text: more is a refrain


@dataclass(frozen=True, slots=True)
class Run:
    """``a[a_start:a_end]`` says what ``b[b_start:b_end]`` says: equal words, but for the few changed between joined runs."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int
    equal: int  # words that are equal in both


@dataclass(frozen=True, slots=True)
class _Grams:
    """The hashed grams of a text in its order, and the same sorted, with their places."""

    told: np.ndarray
    ordered: np.ndarray
    places: np.ndarray
    most: int  # how often the most frequent one stands in the text


def common_runs(a: Sequence[str], b: Sequence[str], shortest: int = SHORTEST_RUN) -> list[Run]:
    """The common runs of two texts, longest first taken, none overlapping another in either text; in ``a``'s order.

    Greedy string tiling (Wise 1993), seeded by grams of the shortest run, so that its time grows with the texts' lengths.
    """
    mine, theirs = _grams_of(tuple(a), shortest), _grams_of(tuple(b), shortest)
    if not len(mine.told) or not len(theirs.told):
        return []
    found = _runs(mine, theirs, shortest) if theirs.most <= _MOST_PLACES else _runs_beside_refrains(a, b, shortest)
    return _joined(_tiles(found, len(a), len(b), shortest))


@lru_cache(maxsize=4096)
def _grams_of(words: tuple[str, ...], size: int) -> _Grams:
    import numpy as np

    told = gram_hashes(words, size)
    places = np.argsort(told, kind="stable")
    ordered = told[places]
    firsts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1]))) if len(told) else told
    return _Grams(told, ordered, places, int(np.diff(firsts, append=len(told)).max()) if len(told) else 0)


def _runs(mine: _Grams, theirs: _Grams, shortest: int) -> list[tuple[int, int, int]]:
    """(length, place in a, place in b) of every common run that cannot be made longer: neighbouring seeds on one diagonal."""
    import numpy as np

    first = np.searchsorted(theirs.ordered, mine.told)
    if theirs.most == 1:
        i = np.flatnonzero(theirs.ordered[np.minimum(first, len(theirs.ordered) - 1)] == mine.told)
        j = theirs.places[first[i]]
    else:
        counts = np.searchsorted(theirs.ordered, mine.told, side="right") - first
        i = np.repeat(np.arange(len(counts)), counts)
        j = theirs.places[np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(len(i))]
    if not len(i):
        return []
    key = (j - i + len(mine.told)) * (len(mine.told) + 1) + i  # by diagonal, then by place: neighbours differ by one
    if theirs.most > 1:
        order = np.argsort(key)
        key, i, j = key[order], i[order], j[order]
    breaks = np.flatnonzero(key[1:] - key[:-1] != 1) + 1
    starts, ends = [0, *breaks.tolist()], [*breaks.tolist(), len(key)]
    return [(end - start + shortest - 1, int(i[start]), int(j[start])) for start, end in zip(starts, ends, strict=True)]


def _runs_beside_refrains(a: Sequence[str], b: Sequence[str], shortest: int) -> list[tuple[int, int, int]]:
    """The same where grams of ``b`` are refrains, which seed no run but may stand inside one."""
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for j in range(len(b) - shortest + 1):
        places[tuple(b[j : j + shortest])].append(j)
    found: list[tuple[int, int, int]] = []
    reached: dict[int, int] = {}  # diagonal -> the end in a of the last run found on it
    for i in range(len(a) - shortest + 1):
        seeds = places.get(tuple(a[i : i + shortest]), ())
        if len(seeds) > _MOST_PLACES:
            continue
        for j in seeds:
            if reached.get(j - i, -1) > i:
                continue
            length = shortest
            while i + length < len(a) and j + length < len(b) and a[i + length] == b[j + length]:
                length += 1
            reached[j - i] = i + length
            found.append((length, i, j))
    return found


def _tiles(found: list[tuple[int, int, int]], a_length: int, b_length: int, shortest: int) -> list[Run]:
    """Of overlapping runs the longer keeps the ground; what is left of the other stays if it is long enough."""
    taken_a, taken_b = bytearray(a_length), bytearray(b_length)
    tiles: list[Run] = []
    for length, i, j in sorted(found, key=lambda run: (-run[0], run[1], run[2])):
        start = 0
        while start < length:
            if taken_a[i + start] or taken_b[j + start]:
                start += 1
                continue
            end = min(_next_taken(taken_a, i + start, i + length) - i, _next_taken(taken_b, j + start, j + length) - j)
            if end - start >= shortest:
                tiles.append(Run(i + start, i + end, j + start, j + end, end - start))
                taken_a[i + start : i + end] = taken_b[j + start : j + end] = b"\x01" * (end - start)
            start = end
    return sorted(tiles, key=lambda run: run.a_start)


def _next_taken(taken: bytearray, start: int, end: int) -> int:
    """The first taken place of ``[start:end]``, else its end."""
    place = taken.find(1, start, end)
    return end if place < 0 else place


def _joined(tiles: list[Run]) -> list[Run]:
    """Neighbours with at most a few changed words between them, in both texts, become one run."""
    joined: list[Run] = []
    for run in tiles:
        last = joined[-1] if joined else None
        if last and 0 <= run.a_start - last.a_end <= _WIDEST_GAP and 0 <= run.b_start - last.b_end <= _WIDEST_GAP:
            joined[-1] = Run(last.a_start, run.a_end, last.b_start, run.b_end, last.equal + run.equal)
        else:
            joined.append(run)
    return joined
