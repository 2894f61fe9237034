"""Background paragraphs, learned: what an agency's dispatches carry again and again tells nothing of one of them.

A fingerprint is background of an agency when dispatches that credit it carry the fingerprint in at least three periods of five days.
Periods and not stories are counted: newspapers print one dispatch for up to four days, so that its copies fill at most two periods; and
the count does not depend on which articles are taken for one story, nor on the order in which they came.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from sanctions_watch.stages.deduplicate.winnow import CHARACTERS_IN_A_GRAM, WORDS_IN_A_GRAM, signed_grams

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sanctions_watch.records import Article, Carried, Fingerprints
    from sanctions_watch.stages.deduplicate.words import Words

PERIOD_SECONDS = 5 * 86_400
OCCASIONS = 3  # periods that make a fingerprint background

Background = dict[str, frozenset[int]]  # by agency: the fingerprints of its background


def period(when: datetime) -> int:
    """The number of the five-day period since 1970 that a time falls into."""
    return int(when.timestamp() // PERIOD_SECONDS)


def learn(carried: Iterable[Carried]) -> Background:
    """Which fingerprints are background of which agency, given in which periods each was carried."""
    found: dict[str, set[int]] = defaultdict(set)
    for one in carried:
        if len(set(one.periods)) >= OCCASIONS:
            found[one.agency].add(one.fingerprint)
    return {agency: frozenset(prints) for agency, prints in found.items()}


def learn_with(article: Article, fingerprints: Fingerprints, carried: Iterable[Carried]) -> tuple[Background, frozenset[int]]:
    """The background as it is with this article among the others, and the fingerprints that became background through it."""
    agency, own = (article.wire.agency if article.wire else ""), period(article.published_at)
    known: dict[tuple[str, int], frozenset[int]] = {(one.agency, one.fingerprint): frozenset(one.periods) for one in carried}
    fresh: set[int] = set()
    for value in fingerprints.hashes if agency else ():
        before = known.get((agency, value), frozenset())
        if len(before) == OCCASIONS - 1 and own not in before:
            fresh.add(value)
        known[agency, value] = before | {own}
    found: dict[str, set[int]] = defaultdict(set)
    for (name, value), periods in known.items():
        if len(periods) >= OCCASIONS:
            found[name].add(value)
    return {name: frozenset(values) for name, values in found.items()}, frozenset(fresh)


def of_pair(background: Mapping[str, frozenset[int]], a: Article, b: Article) -> frozenset[int]:
    """The background of the agencies that either of two articles credits."""
    empty: frozenset[int] = frozenset()
    of_a, of_b = (background.get(one.wire.agency, empty) if one.wire is not None else empty for one in (a, b))
    return of_a if of_a is of_b or not of_b else _union(of_a, of_b)


@lru_cache(maxsize=256)
def _union(a: frozenset[int], b: frozenset[int]) -> frozenset[int]:
    return a | b


def gram_size(words: Words) -> int:
    """How many words, or characters of a script without spaces, make one gram of this text."""
    return CHARACTERS_IN_A_GRAM if words.is_unspaced else WORDS_IN_A_GRAM


def places_of(words: Words, background: frozenset[int]) -> list[int]:
    """Where the grams of these fingerprints begin in a text, in its order."""
    return [place for place, value in enumerate(signed_grams(words.words, gram_size(words))) if value in background]
