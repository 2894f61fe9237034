"""The passages that two articles have in common, as offsets in their texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanctions_watch.stages.deduplicate.align import SHORTEST_RUN, SHORTEST_RUN_UNSPACED, common_runs
from sanctions_watch.stages.deduplicate.words import Words, words_of

if TYPE_CHECKING:
    from sanctions_watch.records import Article


@dataclass(frozen=True, slots=True)
class Passage:
    """``a.text[a_start:a_end]`` says what ``b.text[b_start:b_end]`` says, but for spelling and a few words that an editor changed."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int
    equal: int  # words that are equal in both


def passages(a: Article, b: Article) -> tuple[Passage, ...]:
    """The aligned passages of two articles, in the order of the first."""
    left, right = words_of(a), words_of(b)
    shortest = SHORTEST_RUN_UNSPACED if left.is_unspaced and right.is_unspaced else SHORTEST_RUN
    return tuple(
        Passage(
            left.offsets[run.a_start],
            _end(a.text, left, run.a_end),
            right.offsets[run.b_start],
            _end(b.text, right, run.b_end),
            run.equal,
        )
        for run in common_runs(left.words, right.words, shortest)
    )


def _end(text: str, words: Words, end: int) -> int:
    """Where the word before ``end`` ends in the text, with its full stop or closing mark."""
    start = words.offsets[end - 1]
    limit = words.offsets[end] if end < len(words) else len(text)
    return start + len(text[start:limit].split("\n", 1)[0].rstrip())
