"""What two articles have in common, in figures."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress
from operator import mul
from typing import TYPE_CHECKING

from sanctions_watch.stages.deduplicate.align import SHORTEST_RUN, SHORTEST_RUN_UNSPACED, Run, common_runs
from sanctions_watch.stages.deduplicate.background import gram_size, places_of
from sanctions_watch.stages.deduplicate.winnow import WINDOW
from sanctions_watch.stages.deduplicate.words import WEEKDAYS, Words, is_transcript, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sanctions_watch.records import Article

_QUOTED = 0.25  # what a word between quotation marks weighs: everybody at a press conference writes it down
_LEAD_WORDS = 45  # the first paragraph or two, where a dispatch says what is new
_LEAD_CHARACTERS = 90
_OPENING_WORDS = 20
_LEARNED = 0.1  # what a word of a learned background paragraph weighs
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
    shortest = SHORTEST_RUN_UNSPACED if unspaced else SHORTEST_RUN
    lead_words = _LEAD_CHARACTERS if unspaced else _LEAD_WORDS
    runs = common_runs(left.words, right.words, shortest)
    quoted_a, quoted_b = list(left.quoted), list(right.quoted)
    shared_a, shared_b = bytearray(len(left)), bytearray(len(right))
    shared_quoted = 0
    for run in runs:
        shared_a[run.a_start : run.a_end] = b"\x01" * (run.a_end - run.a_start)
        shared_b[run.b_start : run.b_end] = b"\x01" * (run.b_end - run.b_start)
        if run.a_end - run.a_start == run.b_end - run.b_start:  # word by word: quoted in one is quoted in both
            for offset in range(run.a_end - run.a_start):
                is_quoted = left.quoted[run.a_start + offset] or right.quoted[run.b_start + offset]
                quoted_a[run.a_start + offset] = quoted_b[run.b_start + offset] = is_quoted
                shared_quoted += is_quoted
        else:
            shared_quoted += sum(left.quoted[run.a_start : run.a_end])
    shorter = min(len(left), len(right)) or 1
    covered = sum(shared_a)
    weights_a, weights_b = (_weights(words, quoted, background) for words, quoted in ((left, quoted_a), (right, quoted_b)))
    return Common(
        runs=tuple(runs),
        containment=min(1.0, sum(run.equal for run in runs) / shorter),
        narrative_a=_share(shared_a, weights_a, 0, len(left)),
        narrative_b=_share(shared_b, weights_b, 0, len(right)),
        lead_a=_share(shared_a, weights_a, 0, lead_words),
        lead_b=_share(shared_b, weights_b, 0, lead_words),
        quoted=shared_quoted / covered if covered else 0.0,
        is_background=_is_background(shared_a, shared_b) or _is_background(shared_b, shared_a),
        longest=max((run.equal for run in runs), default=0),
        headline=_dice(left.headline, right.headline),
        lead_vocabulary=_dice(left.words[:lead_words], right.words[:lead_words]),
        hours=abs((a.published_at - b.published_at).total_seconds()) / 3600,
        other_weekday=_other_weekday(left.words[:lead_words], right.words[:lead_words]),
        no_common_weekday=_other_weekday(left.words, right.words),
        rooted=max(_rooted(left, shared_a, lead_words), _rooted(right, shared_b, lead_words)),
        learned=sum(map(mul, shared_a, (weight == _LEARNED for weight in weights_a))) / covered if covered else 0.0,
        is_transcript=is_transcript(a) and is_transcript(b),
        numbers=_numbers(left, right),
        named=_named(left, right),
        headline_foreign=_is_foreign(left) and _is_foreign(right),
        a_length=len(left),
        b_length=len(right),
    )


def _weights(words: Words, quoted: Sequence[bool], background: frozenset[int]) -> list[float]:
    """What each word weighs: a quoted one little, one of a learned background paragraph less."""
    weights = [_QUOTED if is_quoted else 1.0 for is_quoted in quoted]
    if background:
        end = 0
        for place in places_of(words, background):
            start = end if end > 0 and place - end <= WINDOW else place  # between two of its fingerprints the paragraph goes on
            end = min(place + gram_size(words), len(weights))
            weights[start:end] = [_LEARNED] * (end - start)
    return weights


def _share(shared: bytearray, weights: Sequence[float], start: int, end: int) -> float:
    """The weighed share of the words of ``[start:end]`` that are shared."""
    total = sum(weights[start:end])
    return sum(map(mul, weights[start:end], shared[start:end])) / total if total else 0.0


def _rooted(words: Words, shared: bytearray, lead_words: int) -> float:
    """Of the lead's telling words, how many stand in what is shared, wherever it stands."""
    lead = {word for word in words.words[:lead_words] if len(word) > 3 or not word.isascii()}
    return len(lead.intersection(compress(words.words, shared))) / len(lead) if lead else 0.0


def _dice(a: Sequence[str], b: Sequence[str]) -> float:
    """Likeness of two sets of words (Dice), words of one or two letters left out."""
    left, right = ({word for word in words if len(word) > 2 or not word.isascii()} for words in (a, b))
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else 0.0


def _is_background(late: bytearray, other: bytearray) -> bool:
    start = late.find(1)
    opening = other[:_OPENING_WORDS]
    return start >= len(late) * _BACKGROUND and sum(opening) < len(opening) / 2


def _other_weekday(a: Sequence[str], b: Sequence[str]) -> bool:
    days_a, days_b = WEEKDAYS.intersection(a), WEEKDAYS.intersection(b)
    return bool(days_a) and bool(days_b) and not days_a & days_b


def _numbers(left: Words, right: Words) -> float:
    fewer, more = sorted(({word for word in words.words if word[0].isdigit()} for words in (left, right)), key=len)
    return len(fewer & more) / len(fewer) if fewer else 1.0


def _telling(words: Words) -> set[str]:
    return {word for word in words.headline if len(word) > 3 or not word.isascii()}


def _named(left: Words, right: Words) -> float:
    telling = _telling(left)
    return len(telling.intersection((*right.words, *right.headline))) / len(telling) if len(telling) >= 4 else 0.0


def _is_foreign(words: Words) -> bool:
    telling = _telling(words)
    return len(telling) >= 3 and not telling.intersection(words.words)
