"""How far the sanctions on North Korea are the news of a text, from its sentences, with the reasons."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sanctions_watch.stages.select.case import Case, case
from sanctions_watch.stages.select.evidence import Sentence
from sanctions_watch.stages.select.lexicon import Kind
from sanctions_watch.taxonomy import subject_title

THRESHOLD = 0.5
NEAR_MISS = 0.35
_LEAD = 4  # sentences of the body that are its lead

_NAMES = Kind.NORTH_KOREA | Kind.ACTOR
_DEED = Kind.BREACH | Kind.ENFORCEMENT | Kind.BODY


@dataclass(frozen=True, slots=True)
class Verdict:
    """A score of 0 to 1 and what made it, in words."""

    score: float
    reasons: tuple[str, ...]


def relevance(kinds: Kind) -> float:
    """How far one sentence about North Korea tells of its sanctions, 0 to 1."""
    law, strong = bool(kinds & (Kind.LAW | Kind.LAW_STRONG)), bool(kinds & Kind.LAW_STRONG)
    conduct, weak, frame = bool(kinds & Kind.CONDUCT), bool(kinds & Kind.WEAK_CONDUCT), bool(kinds & Kind.FRAME)
    breach, enforcement, said = bool(kinds & Kind.BREACH), bool(kinds & Kind.ENFORCEMENT), bool(kinds & Kind.ALLEGATION)
    body, general = bool(kinds & Kind.BODY), bool(kinds & Kind.BODY_GENERAL)
    measure, programme = bool(kinds & Kind.MEASURE), bool(kinds & Kind.PROGRAMME)
    if kinds & Kind.CYBER and not (law or conduct or frame or enforcement or body):
        return 0.1
    deed = breach or enforcement or body or general
    value = 0.0
    if law:
        value = 0.8 if strong else 0.55
        if programme and not (conduct or frame or body or enforcement):
            value = 0.75 if measure and strong else 0.6
        elif conduct or frame or body or enforcement or breach or (measure and strong):
            value = 1.0
        elif weak or measure:
            value += 0.15
    elif conduct and deed:
        value = 0.95
    elif frame and deed:
        value = 0.85
    elif (conduct or frame) and said:
        value = 0.75
    elif weak and (enforcement or body or (breach and (general or said))):
        value = 0.7
    elif conduct or body:
        value = 0.6
    elif frame:
        value = 0.5
    elif breach and enforcement:
        value = 0.65
    elif weak and (breach or general or said):
        value = 0.4
    elif (enforcement or breach) and general:
        value = 0.35
    elif weak or breach or enforcement:
        value = 0.15
    if kinds & (Kind.SPORT | Kind.CULTURE | Kind.WEATHER | Kind.OTHER_SENSE) and not (conduct and deed):
        value *= 0.5
    if kinds & Kind.TECHNIQUE and not law and not enforcement:
        value *= 0.4
    if kinds & Kind.RIGHTS and not (strong or conduct):
        value *= 0.3  # resolutions on human rights are others
    if kinds & Kind.OTHER_REGIME and not strong:
        value *= 0.6
    return value


def specific(kinds: Kind) -> float:
    """How far a sentence tells of a conduct, an enforcement or a measure, not only that there are sanctions or tests."""
    if (
        kinds & Kind.PROGRAMME
        and not kinds & (Kind.CONDUCT | Kind.FRAME | Kind.BODY)
        and not (kinds & Kind.LAW_STRONG and kinds & Kind.BREACH)
    ):
        return 0.0
    value = relevance(kinds)
    return value if value >= 0.5 else 0.0


def charge(kinds: Kind) -> float:
    """Whether a sentence holds a deed and the law that forbids it: 1 with North Korea's name in it, 0.6 without, else 0."""
    if kinds & Kind.PROGRAMME or not kinds & (Kind.LAW | Kind.LAW_STRONG):
        return 0.0
    if kinds & _NAMES and kinds & (Kind.CONDUCT | Kind.FRAME):
        return 1.0
    return 0.6 if kinds & (Kind.CONDUCT | Kind.FRAME | Kind.BREACH | Kind.ENFORCEMENT) else 0.0


def judge(sentences: Sequence[Sentence]) -> Verdict:
    """The score of a text that names North Korea, with its reasons."""
    total = sum(sentence.weight for sentence in sentences)
    named = sum(sentence.weight for sentence in sentences if sentence.kinds & _NAMES) / total
    others = (
        sum(sentence.weight for sentence in sentences if sentence.kinds & Kind.OTHER_REGIME and not sentence.kinds & _NAMES) / total
    )
    is_main = _is_main(sentences, named, others)
    told, before, elsewhere = 0.0, 0.0, 0.0
    head, lead = 0.0, [0.0, 0.0]
    for index, sentence in enumerate(sentences):
        here = bool(sentence.kinds & _NAMES) or (bool(sentence.kinds & Kind.AGAIN) and (before > 0 or is_main))
        other = bool(sentence.kinds & Kind.OTHER_REGIME) and not here
        if other and sentence.kinds & (Kind.LAW | Kind.LAW_STRONG):
            elsewhere += sentence.weight
        near = 1.0 if here else 0.0 if other else 0.85 if is_main else before * 0.8
        told += sentence.weight * near * relevance(sentence.kinds)
        before = 1.0 if here else 0.0 if other else before * 0.6
        if sentence.is_headline:
            head = near * specific(sentence.kinds)
        elif index <= _LEAD:
            lead.append(near * specific(sentence.kinds))
    share, rival = told / total, elsewhere / total
    first, second = sorted(lead, reverse=True)[:2]
    charged = max(charge(sentence.kinds) for sentence in sentences[: _LEAD + 1]) if is_main else 0.0
    against = list(_counter_evidence(sentences, total))
    raw = (
        10 * (share - 0.26)
        + 1.5 * (min(named, 0.5) - 0.3)
        + 1.5 * (first - 0.5)
        + 1.0 * second
        + 1.0 * head
        + 0.8 * charged
        - 3 * rival
        - 1.5 * (not is_main)
        - sum(weight for weight, _ in against)
    )
    made = case(sentences)
    charges = made.logit - 2 * sum(weight for weight, _ in against)
    score = 1 / (1 + math.exp(-max(raw, charges)))
    reasons = [*_for(sentences, share), *_case_in_words(made), *(words for _, words in against)]
    if not is_main:
        reasons.append("against: North Korea is not what it is chiefly about")
    if rival > 0.1:
        reasons.append("against: sanctions on others are told in much of it")
    return Verdict(round(score, 4), tuple(reasons))


def _is_main(sentences: Sequence[Sentence], named: float, others: float) -> bool:
    """Whether North Korea is what the text is about: in the headline, or in a telling sentence of the lead, and others not more so."""
    if others > named:
        return False
    if sentences[0].is_headline and sentences[0].kinds & _NAMES:
        return True
    if named < 0.08 or (named < 0.5 and named < 1.5 * others):
        return False
    return any(
        sentence.kinds & _NAMES and (named >= 0.5 or relevance(sentence.kinds & ~Kind.OTHER_REGIME) > 0.5)
        for sentence in sentences[: _LEAD + 1]
    )


def _counter_evidence(sentences: Sequence[Sentence], total: float) -> Iterable[tuple[float, str]]:
    evident = Kind.CONDUCT | Kind.LAW_STRONG | Kind.BODY
    law_early = any(sentence.kinds & (Kind.LAW | evident) for sentence in sentences[:3])
    for kind, words, weight in (
        (Kind.SPORT, "sport", 3.0),
        (Kind.CULTURE, "film, books, travel", 3.0),
        (Kind.WEATHER, "weather and disasters", 2.0),
        (Kind.TECHNIQUE, "how an attack on computers works", 3.0),
        (Kind.RIGHTS, "human rights", 3.0),
        (Kind.OTHER_NEWS, "summits, drills, defectors and other news of North Korea", 2.0),
        (Kind.OTHER_SENSE, "sanction in another sense", 3.0),
    ):
        share = sum(sentence.weight for sentence in sentences if sentence.kinds & kind and not sentence.kinds & evident) / total
        if share > 0.05:
            yield weight * share, f"against: {words} ({share:.0%} of the text by weight)"
    tests = sum(sentence.weight for sentence in sentences if sentence.kinds & Kind.PROGRAMME) / total
    if tests > 0.25 and not law_early:
        yield 1.5, "against: a launch or test without the law in headline or lead"


def _for(sentences: Sequence[Sentence], share: float) -> Iterable[str]:
    where = "in the headline and " if sentences[0].is_headline and sentences[0].kinds & _NAMES else ""
    yield f"North Korea named {where}in {sum(bool(sentence.kinds & _NAMES) for sentence in sentences)} of {len(sentences)} sentences"
    for kinds, words in (
        (Kind.LAW | Kind.LAW_STRONG, "law"),
        (Kind.BODY | Kind.BODY_GENERAL, "body"),
        (Kind.BREACH, "breach"),
        (Kind.ENFORCEMENT, "enforcement"),
    ):
        if said := _said(sentences, kinds):
            yield f"{words}: {said}"
    conducts = Counter(
        hit.term.conduct
        for sentence in sentences
        for hit in sentence.hits
        if hit.term.conduct and hit.term.kind & (Kind.CONDUCT | Kind.WEAK_CONDUCT | Kind.PROGRAMME)
    )
    if conducts:
        yield "conduct: " + ", ".join(f"{subject_title(name)} ({name})" for name, _ in conducts.most_common(3))
    yield f"{share:.0%} of the text, headline and lead first, tells of the sanctions"


def _case_in_words(made: Case) -> Iterable[str]:
    if made.told:
        yield f"conduct and what came of it, near North Korea's name, fill {made.told:.0%} of the text; {made.charged:.0%} with the law beside it"
    if made.ruled:
        yield "a conduct stands beside the rule that forbids it"


def _said(sentences: Sequence[Sentence], kinds: Kind) -> str:
    """The first terms of these kinds, each with the best place where it stands."""
    found: dict[str, str] = {}
    for index, sentence in enumerate(sentences):
        place = "headline" if sentence.is_headline else "lead" if index <= 3 else "body"
        for hit in sentence.hits:
            if hit.term.kind & kinds:
                found.setdefault(hit.term.phrase, place)
    return ", ".join(f"{phrase} ({place})" for phrase, place in list(found.items())[:4])
