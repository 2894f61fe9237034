"""Fingerprints: the same for ever, sure to be shared where a run is shared, few enough to store."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from sanctions_watch.stages.deduplicate.winnow import WINDOW, WORDS_IN_A_GRAM, grams, signed, winnow

WORDS = st.lists(
    st.sampled_from(["a", "ship", "of", "coal", "was", "seen", "near", "the", "port", "at", "night", "by", "two", "men", "from"]),
    max_size=120,
)


def test_hashes_are_those_of_the_first_release() -> None:
    # A changed hash silently loses every story in the warehouse: change the version and re-fingerprint instead.
    assert [signed(value) for value in grams(["two", "ships", "were", "seized", "near", "jeju"], 5)] == [
        5644218703901417808,
        2711476576215863113,
    ]


@given(WORDS, WORDS, WORDS, st.randoms(use_true_random=False))
def test_any_run_of_window_plus_gram_words_shares_a_fingerprint(
    before: list[str], after: list[str], other: list[str], chance: random.Random
) -> None:
    run = [f"w{chance.random()}" for _ in range(WINDOW + WORDS_IN_A_GRAM - 1)]
    one = winnow(grams([*before, *run, *after], WORDS_IN_A_GRAM), WINDOW)
    two = winnow(grams([*other, *run], WORDS_IN_A_GRAM), WINDOW)
    assert set(one) & set(two)


@given(st.lists(st.integers(0, 9) | st.integers(0, 2**64 - 1), max_size=80), st.integers(1, 20))
def test_the_rightmost_smallest_of_every_window_is_kept(hashes: list[int], window: int) -> None:
    width = min(window, len(hashes))
    places = []
    for start in range(len(hashes) - width + 1 if hashes else 0):
        smallest = min(hashes[start : start + width])
        place = max(place for place in range(start, start + width) if hashes[place] == smallest)
        places += [place] if place not in places[-1:] else []
    assert winnow(hashes, window) == [hashes[place] for place in places]


@given(st.lists(st.integers(0, 2**64 - 1), min_size=WINDOW, max_size=200))
def test_a_narrower_window_keeps_what_the_wider_keeps(hashes: list[int]) -> None:
    assert set(winnow(hashes, WINDOW)) <= set(winnow(hashes, 3))


def test_density_is_two_in_a_window() -> None:
    chance = random.Random(3)
    kept = winnow([chance.getrandbits(64) for _ in range(20_000)], WINDOW)
    assert 0.9 < len(kept) / (20_000 * 2 / (WINDOW + 1)) < 1.1


def test_signed_fits_a_bigint() -> None:
    assert (signed(0), signed(2**63 - 1), signed(2**63), signed(2**64 - 1)) == (0, 2**63 - 1, -(2**63), -1)
