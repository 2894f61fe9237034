"""Where two texts say the same in the same words, whatever the order of their paragraphs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def common_runs(a: Sequence[str], b: Sequence[str], shortest: int = SHORTEST_RUN) -> list[Run]:
    """The common runs of two texts, longest first taken, none overlapping another in either text; in ``a``'s order.

    Greedy string tiling (Wise 1993), seeded by grams of the shortest run, so that its time grows with the texts' lengths.
    """
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
    return _joined(_tiles(found, len(a), len(b), shortest))


def _tiles(found: list[tuple[int, int, int]], a_length: int, b_length: int, shortest: int) -> list[Run]:
    """Of overlapping runs the longer keeps the ground; what is left of the other stays if it is long enough."""
    taken_a, taken_b = bytearray(a_length), bytearray(b_length)
    tiles: list[Run] = []
    for length, i, j in sorted(found, key=lambda run: (-run[0], run[1], run[2])):
        start = 0
        while start < length:
            while start < length and (taken_a[i + start] or taken_b[j + start]):
                start += 1
            end = start
            while end < length and not taken_a[i + end] and not taken_b[j + end]:
                end += 1
            if end - start >= shortest:
                tiles.append(Run(i + start, i + end, j + start, j + end, end - start))
                taken_a[i + start : i + end] = taken_b[j + start : j + end] = b"\x01" * (end - start)
            start = end
    return sorted(tiles, key=lambda run: run.a_start)


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
