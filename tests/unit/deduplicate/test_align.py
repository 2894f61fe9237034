"""Common runs: whatever the order, never overlapping, found in time that grows with the texts."""

from __future__ import annotations

import itertools
import time

from hypothesis import given
from hypothesis import strategies as st

from sanctions_watch.stages.deduplicate.align import _grams_of, _runs, _runs_beside_refrains, common_runs

WORDS = st.lists(st.sampled_from("abcdef"), max_size=60)


def test_swapped_paragraphs_are_two_runs() -> None:
    a = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    runs = common_runs(a, a[5:] + a[:5])
    assert [(run.a_start, run.b_start, run.equal) for run in runs] == [(0, 5, 5), (5, 0, 5)]


def test_a_changed_word_does_not_break_a_run() -> None:
    a = ["the", "tanker", "met", "the", "ships", "off", "the", "coast", "of", "jeju", "on", "eleven", "nights"]
    b = [*a[:5], "near", "the", "eastern", *a[7:]]
    (run,) = common_runs(a, b)
    assert (run.a_start, run.a_end, run.b_end) == (0, len(a), len(b))
    assert run.equal == len(a) - 2


@given(WORDS, WORDS)
def test_runs_never_overlap_and_hold_equal_words(a: list[str], b: list[str]) -> None:
    runs = common_runs(a, b)
    for start, end in (("a_start", "a_end"), ("b_start", "b_end")):
        spans = sorted((getattr(run, start), getattr(run, end)) for run in runs)
        assert all(left[1] <= right[0] for left, right in itertools.pairwise(spans))
    for run in runs:
        assert run.equal <= min(run.a_end - run.a_start, run.b_end - run.b_start)
        assert a[run.a_start : run.a_start + 4] == b[run.b_start : run.b_start + 4]


@given(st.lists(st.integers(), min_size=4, max_size=60, unique=True))
def test_a_text_is_all_its_own(a: list[int]) -> None:
    words = [str(number) for number in a]
    assert sum(run.equal for run in common_runs(words, words)) == len(words)


@given(st.lists(st.sampled_from("abcdefghijkl"), min_size=4, max_size=90), WORDS, st.integers(0, 80), st.integers(4, 40))
def test_runs_are_found_at_once_as_they_are_word_by_word(a: list[str], other: list[str], start: int, length: int) -> None:
    b = [*other, *a[start : start + length], *other[:3]]
    at_once = _grams_of(tuple(b), 4)
    if 0 < at_once.most <= 24:
        assert sorted(_runs(_grams_of(tuple(a), 4), at_once, 4)) == sorted(_runs_beside_refrains(a, b, 4))


def test_long_and_repetitive_texts_end_soon() -> None:
    started = time.perf_counter()
    common_runs(["ha"] * 20_000, ["ha"] * 20_000)
    common_runs(["a", "b", "c", "d", "e"] * 4_000, ["a", "b", "c", "d", "e"] * 4_000)
    assert time.perf_counter() - started < 3
