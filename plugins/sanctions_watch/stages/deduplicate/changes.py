"""What changed between two versions of a text, so that a person can read it: words, numbers, names, the headline."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from sanctions_watch.records import Change, ChangeKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sanctions_watch.records import Article

# A number with its marks, a character of a script without spaces, or a word.
_TOKEN = re.compile(
    r"\d(?:[\d.,:]*\d)?|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W\d](?:[\w'’-]*\w)?"
)
_NUMBER_WORDS = frozenset(
    [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
        "hundred",
        "thousand",
        "million",
        "billion",
        "dozen",
    ]
)
_SENTENCE_ENDS = (".", "!", "?", "\n", "“", '"', ":", "。")
_MOST_TOKENS = 4000  # beyond it the matcher passes over frequent words, so that its time stays bounded

_Token = tuple[str, int, int]


def changes(before: Article, after: Article) -> tuple[Change, ...]:
    """Every place where the later text differs in a word, in its order; punctuation and white space alone are no change."""
    headline = _compare(before.text, after.text, (0, before.body_start), (0, after.body_start))
    body = _compare(before.text, after.text, (before.body_start, len(before.text)), (after.body_start, len(after.text)))
    return (*(replace(change, kind="headline") for change in headline), *body)


def _compare(before: str, after: str, old: tuple[int, int], new: tuple[int, int]) -> Iterator[Change]:
    left, right = _tokens(before, *old), _tokens(after, *new)
    autojunk = max(len(left), len(right)) > _MOST_TOKENS
    matcher = SequenceMatcher(None, [token for token, _, _ in left], [token for token, _, _ in right], autojunk=autojunk)
    for i, i_end, j, j_end in _blocks(matcher, left):
        start, end = _stretch(left, i, i_end, old[0])
        later_start, later_end = _stretch(right, j, j_end, new[0])
        kind = _kind(before, after, left[i:i_end], right[j:j_end])
        yield Change(kind, before[start:end], after[later_start:later_end], start, end, later_start, later_end)


def _tokens(text: str, start: int, end: int) -> list[_Token]:
    return [(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text, start, end)]


def _blocks(matcher: SequenceMatcher[str], left: Sequence[_Token]) -> Iterator[tuple[int, int, int, int]]:
    """The differing stretches; two with a single short word between them are read as one."""
    held: tuple[int, int, int, int] | None = None
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        is_near = held is not None and i - held[1] <= 1 and j - held[3] <= 1 and (i == held[1] or len(left[held[1]][0]) <= 3)
        if held is not None and is_near:
            held = (held[0], i_end, held[2], j_end)
            continue
        if held is not None:
            yield held
        held = (i, i_end, j, j_end)
    if held is not None:
        yield held


def _stretch(tokens: Sequence[_Token], start: int, end: int, lowest: int) -> tuple[int, int]:
    """The offsets of ``tokens[start:end]``; where that is nothing, the place where it would stand."""
    if start < end:
        return tokens[start][1], tokens[end - 1][2]
    place = tokens[start - 1][2] if start else lowest
    return place, place


def _kind(before: str, after: str, old: Sequence[_Token], new: Sequence[_Token]) -> ChangeKind:
    told = {token for token, _, _ in old} ^ {token for token, _, _ in new}
    if any(token[0].isdigit() or token.casefold() in _NUMBER_WORDS for token in told):
        return "number"
    named = [(before, token) for token in old] + [(after, token) for token in new]
    if any(token[0] in told and token[0][:1].isupper() and not _opens(text, token[1]) for text, token in named):
        return "name"
    return "words"


def _opens(text: str, start: int) -> bool:
    """Whether a word opens a sentence, where a capital says nothing."""
    ahead = text[max(0, start - 3) : start].rstrip(" ")
    return not ahead or ahead.endswith(_SENTENCE_ENDS)
