"""The case that a text makes, whatever it calls it: conduct, its law and what became of it, told near North Korea's name.

News of a court, a port or an insurer may say neither "sanction" nor "North Korea" in most of its sentences. So neighbouring sentences are read
together, and what counts is how much of the text stands in such a window and how strong the strongest is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sanctions_watch.stages.select.evidence import Sentence
from sanctions_watch.stages.select.lexicon import Kind

_NAMES = Kind.NORTH_KOREA | Kind.ACTOR
_LAW = Kind.LAW | Kind.LAW_STRONG
_ASIDE = Kind.SPORT | Kind.CULTURE | Kind.WEATHER | Kind.OTHER_SENSE | Kind.RIGHTS
_REACH = 2  # sentences from a window's middle to the nearest name
_LEAD = 4
# How far each kind shows that something was done, or done about it; they add up as independent signs do.
_SIGNS = (
    (Kind.BODY, 0.8),
    (Kind.ENFORCEMENT, 0.7),
    (Kind.BREACH, 0.6),
    (Kind.CONCEALMENT, 0.6),
    (Kind.CAUGHT, 0.6),
    (Kind.ALLEGATION, 0.5),
    (Kind.BODY_GENERAL, 0.3),
)


@dataclass(frozen=True, slots=True)
class Case:
    """What windows of three sentences near North Korea's name tell, each 0 to 1.

    ``told``: the share of the text, by weight, with a conduct and signs of a deed; ``charged``: the same with the law; ``strongest``: the
    strongest window around a name; ``ruled``: how surely a conduct stands beside the very rule that forbids it.
    """

    told: float
    charged: float
    strongest: float
    ruled: float

    @property
    def logit(self) -> float:
        """Above 0 where the case is the news: over a third of the text in windows that tell it, or half as much with the law beside it."""
        return 9 * (self.told + 0.8 * self.charged - 0.36) + 1.5 * (self.strongest - 0.6) + 3 * self.ruled


NO_CASE = Case(0.0, 0.0, 0.0, 0.0)


def case(sentences: Sequence[Sentence]) -> Case:
    """The case of a text; none where, without a rule, North Korea is named in passing or others more than it."""
    names = _named(sentences)
    told = charged = strongest = ruled = 0.0
    for index, sentence in enumerate(sentences):
        if not any(names[max(0, index - _REACH) : index + _REACH + 1]):
            continue
        kinds = _window(sentences, names, index)
        conduct, law, deed = _conduct(kinds), _law(kinds), _deed(kinds)
        doubt = _doubt(kinds)
        told += sentence.weight * conduct * deed * doubt
        charged += sentence.weight * conduct * law * deed * doubt
        if any(names[max(0, index - 1) : index + 2]) and kinds & Kind.BAN and not kinds & (Kind.PROGRAMME | Kind.OTHER_NEWS):
            ruled = max(ruled, doubt * max(0.0, (conduct - 0.35) / 0.65))
        if names[index]:
            strongest = max(strongest, conduct * max(law, 0.9 * deed) * doubt)
    if not ruled and _is_in_passing(sentences, names):
        return NO_CASE
    total = sum(sentence.weight for sentence in sentences)
    return Case(told / total, charged / total, strongest, ruled)


def _named(sentences: Sequence[Sentence]) -> list[bool]:
    """Whether each sentence names North Korea, or says "the North" after it has been named."""
    found: list[bool] = []
    for sentence in sentences:
        found.append(bool(sentence.kinds & _NAMES) or (bool(sentence.kinds & Kind.AGAIN) and any(found)))
    return found


def _is_in_passing(sentences: Sequence[Sentence], names: Sequence[bool]) -> bool:
    named = sum(names)
    if named <= 1 and len(sentences) > _LEAD and not any(names[:_LEAD]):
        return True
    others = sum(sentence.weight for sentence in sentences if sentence.kinds & Kind.OTHER_REGIME)
    return others > sum(sentence.weight for sentence, name in zip(sentences, names, strict=True) if name)


def _window(sentences: Sequence[Sentence], names: Sequence[bool], index: int) -> Kind:
    """The kinds of a sentence and its neighbours; what is said of another state's sanctions is left out."""
    kinds = Kind.NONE
    for near in range(max(0, index - 1), min(len(sentences), index + 2)):
        if names[near] or not sentences[near].kinds & Kind.OTHER_REGIME:
            kinds |= sentences[near].kinds
    return kinds


def _conduct(kinds: Kind) -> float:
    if kinds & Kind.CONDUCT:
        return 1.0
    if kinds & Kind.FRAME:
        return 0.8
    return 0.35 if kinds & Kind.WEAK_CONDUCT else 0.0


def _law(kinds: Kind) -> float:
    if kinds & Kind.LAW_STRONG:
        return 1.0
    return 0.8 if kinds & _LAW else 0.0


def _deed(kinds: Kind) -> float:
    missing = 1.0
    for kind, sign in _SIGNS:
        if kinds & kind:
            missing *= 1 - sign
    return 1 - missing


def _doubt(kinds: Kind) -> float:
    if kinds & _ASIDE and not kinds & Kind.LAW_STRONG:
        return 0.4
    return 0.5 if kinds & Kind.TECHNIQUE and not kinds & _LAW else 1.0
