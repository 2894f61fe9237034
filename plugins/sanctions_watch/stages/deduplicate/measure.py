"""What two articles have in common, in figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanctions_watch.stages.deduplicate.align import SHORTEST_RUN, SHORTEST_RUN_UNSPACED, Run, common_runs
from sanctions_watch.stages.deduplicate.traits import Traits, learned, traits_of
from sanctions_watch.stages.deduplicate.words import is_transcript, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sanctions_watch.records import Article

_PLAIN = 20  # what a word weighs
_QUOTED = 5  # what one between quotation marks weighs: everybody at a press conference writes it down
_LEARNED = 2  # what one of a learned background paragraph weighs
_OPENING_WORDS = 20
_BACKGROUND = 0.4  # of a text: what is shared only from here on is likely to be the agency's background


@dataclass(frozen=True, slots=True)
class Common:
    """What ``a`` and ``b`` share; every share is 0-1.

    ``containment``: equal words, of the shorter text's. ``narrative_a``, ``narrative_b``: of each text's words, with those inside
    quotation marks weighing little. ``lead_a``: of a's lead, how much stands anywhere in b; ``lead_b`` the other way round.
    ``quoted``: of the shared words, how many are quoted in one of the texts.
    ``is_background``: all that is shared stands late in one text, and the other does not open with it.
    """

    runs: tuple[Run, ...]
    containment: float
    narrative_a: float
    narrative_b: float
    lead_a: float
    lead_b: float
    quoted: float
    is_background: bool
    longest: int  # words
    headline: float
    lead_vocabulary: float  # how much of the leads' rarer words is the same, whatever the phrases
    hours: float  # from the earlier to the later
    other_weekday: bool  # both leads name days of the week, none of them the same
    no_common_weekday: bool  # the same, of the whole bodies
    rooted: float  # of the telling words of a lead, how many stand anywhere in what is shared; of the lead that has more
    learned: float  # of the shared words, how many are background that the agency is known to carry
    is_transcript: bool  # both are questions and answers, or speeches, under the speakers' names
    numbers: float  # of the numbers in the text with fewer of them, how many stand in the other; 1 where there are none
    named: float  # of the telling words of a's headline, how many stand in b's headline or body
    headline_foreign: bool  # neither body has a word of its own headline: it is not the article's text
    a_length: int
    b_length: int

    @property
    def narrative(self) -> float:
        """Of the text that has more of itself in the other."""
        return max(self.narrative_a, self.narrative_b)

    @property
    def lead(self) -> float:
        """Of the lead that is better kept."""
        return max(self.lead_a, self.lead_b)


def measure(a: Article, b: Article, background: frozenset[int] = frozenset()) -> Common:
    """Align two articles and say what they share. ``background``: fingerprints whose words weigh little."""
    left, right = words_of(a), words_of(b)
    unspaced = left.is_unspaced and right.is_unspaced
    of_a, of_b = traits_of(a, unspaced=unspaced), traits_of(b, unspaced=unspaced)
    runs = common_runs(left.words, right.words, SHORTEST_RUN_UNSPACED if unspaced else SHORTEST_RUN)
    shared_a, shared_b = bytearray(len(left)), bytearray(len(right))
    for run in runs:
        shared_a[run.a_start : run.a_end] = b"\x01" * (run.a_end - run.a_start)
        shared_b[run.b_start : run.b_end] = b"\x01" * (run.b_end - run.b_start)
    quoted_a, quoted_b, shared_quoted = _quoted_in_either(runs, of_a.quoted, of_b.quoted)
    side_a = _Side(shared_a, quoted_a, learned(left, background))
    side_b = _Side(shared_b, quoted_b, learned(right, background))
    shorter = min(len(left), len(right)) or 1
    covered = shared_a.count(1)
    return Common(
        runs=tuple(runs),
        containment=min(1.0, sum(run.equal for run in runs) / shorter),
        narrative_a=side_a.share(len(left)),
        narrative_b=side_b.share(len(right)),
        lead_a=side_a.share(of_a.lead),
        lead_b=side_b.share(of_b.lead),
        quoted=shared_quoted / covered if covered else 0.0,
        is_background=_is_background(shared_a, shared_b) or _is_background(shared_b, shared_a),
        longest=max((run.equal for run in runs), default=0),
        headline=_dice(of_a.headline, of_b.headline),
        lead_vocabulary=_dice(of_a.lead_vocabulary, of_b.lead_vocabulary),
        hours=abs((a.published_at - b.published_at).total_seconds()) / 3600,
        other_weekday=_differ(of_a.lead_weekdays, of_b.lead_weekdays),
        no_common_weekday=_differ(of_a.weekdays, of_b.weekdays),
        rooted=max(_rooted(of_a, shared_a), _rooted(of_b, shared_b)),
        learned=side_a.learned_shared() / covered if covered else 0.0,
        is_transcript=is_transcript(a) and is_transcript(b),
        numbers=_numbers(of_a.numbers, of_b.numbers),
        named=len(of_a.telling & of_b.told) / len(of_a.telling) if len(of_a.telling) >= 4 else 0.0,
        headline_foreign=of_a.is_foreign and of_b.is_foreign,
        a_length=len(left),
        b_length=len(right),
    )


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two texts, a byte a word: is it shared, is it quoted (in either text), is it learned background?"""

    shared: bytes | bytearray
    quoted: bytes | bytearray
    learned: bytes

    def share(self, end: int) -> float:
        """The weighed share of the first ``end`` words that are shared: a quoted one weighs little, one of learned background less."""
        shared, quoted, learned = (int.from_bytes(mask[:end]) for mask in (self.shared, self.quoted, self.learned))
        length = min(end, len(self.shared))
        total = _weight(length, quoted & ~learned, learned)
        return _weight(shared.bit_count(), shared & quoted & ~learned, shared & learned) / total if total else 0.0

    def learned_shared(self) -> int:
        return (int.from_bytes(self.shared) & int.from_bytes(self.learned)).bit_count()


def _weight(words: int, quoted: int, learned: int) -> int:
    """What so many words weigh together, in parts of ``_PLAIN``, with those of the two masks among them."""
    return _PLAIN * words - (_PLAIN - _QUOTED) * quoted.bit_count() - (_PLAIN - _LEARNED) * learned.bit_count()


def _quoted_in_either(runs: Sequence[Run], quoted_a: bytes, quoted_b: bytes) -> tuple[bytearray, bytearray, int]:
    """The two texts' quoted words, where runs agree word by word those of either; and how many shared words are quoted."""
    told_a, told_b = bytearray(quoted_a), bytearray(quoted_b)
    count = 0
    for run in runs:
        here, there = quoted_a[run.a_start : run.a_end], quoted_b[run.b_start : run.b_end]
        if len(here) == len(there):  # word by word: quoted in one is quoted in both
            either = (int.from_bytes(here) | int.from_bytes(there)).to_bytes(len(here))
            told_a[run.a_start : run.a_end] = told_b[run.b_start : run.b_end] = either
            count += either.count(1)
        else:
            count += here.count(1)
    return told_a, told_b, count


def _rooted(of: Traits, shared: bytearray) -> float:
    """Of the lead's telling words, how many stand in what is shared, wherever it stands."""
    mask = int.from_bytes(shared)
    return sum(places & mask != 0 for places in of.lead_places) / len(of.lead_places) if of.lead_places else 0.0


def _dice(left: frozenset[str], right: frozenset[str]) -> float:
    """Likeness of two sets of words (Dice)."""
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else 0.0


def _is_background(late: bytearray, other: bytearray) -> bool:
    start = late.find(1)
    opening = other[:_OPENING_WORDS]
    return start >= len(late) * _BACKGROUND and opening.count(1) < len(opening) / 2


def _differ(days_a: frozenset[str], days_b: frozenset[str]) -> bool:
    return bool(days_a) and bool(days_b) and not days_a & days_b


def _numbers(a: frozenset[str], b: frozenset[str]) -> float:
    fewer, more = sorted((a, b), key=len)
    return len(fewer & more) / len(fewer) if fewer else 1.0
