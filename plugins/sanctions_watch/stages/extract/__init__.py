"""Extract: which claims an article makes, each with its accused, conduct, attribution chain, modality and exact quotes.

Hybrid. ``candidates`` finds by patterns where a conduct may be told; only those sentences are parsed. ``roles`` finds who did it twice,
by the parse and by word order; ``modality`` whether it is said to have happened at all; ``attribution`` who says so; ``denials`` the
accused's answer; ``grouping`` joins the tellings of one claim. Where both readings of the doer agree a claim is accepted, else it is for
review.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from functools import cache

from spacy.tokens import Doc

from sanctions_watch.records import Article, Claim, MappedRule, Span, claim_id
from sanctions_watch.stages.extract.actors import NORTH_KOREA, cast_of, doubtful_places, survey, terms_of
from sanctions_watch.stages.extract.actors import Candidate as NameCandidate
from sanctions_watch.stages.extract.assertions import (
    MAX_QUOTE,
    Negated,
    carry_accused,
    name_members,
    negated_conducts,
    put_under_condition,
    read_sentence,
)
from sanctions_watch.stages.extract.candidates import Candidate, Hits, find_candidates, find_hits
from sanctions_watch.stages.extract.denials import Denial, find_denial, is_habit, is_own_word, may_deny
from sanctions_watch.stages.extract.grouping import Assertion, group
from sanctions_watch.stages.extract.languages import LANGUAGES, read_claims
from sanctions_watch.stages.extract.law import cited_rule, regime
from sanctions_watch.stages.extract.lexicon import lexicon
from sanctions_watch.stages.extract.model import load_model, parse, recognise
from sanctions_watch.stages.extract.reading import Reading
from sanctions_watch.stages.extract.sentences import Sentence, split
from sanctions_watch.stages.extract.topics import may_tell, topics
from sanctions_watch.taxonomy import conduct, map_rule
from sanctions_watch.text import accused_key

VERSION = "1"

__all__ = ["VERSION", "extract", "load_model"]


def extract(articles: Sequence[Article]) -> list[tuple[Claim, ...]]:
    """The claims of each article, in order. Raises ConfigurationError where the parser or the lexicon is not the reviewed one."""
    prepared = [_Prepared(article) for article in articles]
    queue = [(sentence.text, (place, sentence.index)) for place, one in enumerate(prepared) for sentence in one.to_parse()]
    if queue:
        for doc, (place, index) in parse(queue):
            prepared[place].parses[index] = doc
        recognise([doc for one in prepared for doc in one.to_recognise()])
    return [read_claims(one.article, VERSION) if one.article.language in LANGUAGES else _claims(one) for one in prepared]


class _Prepared:
    """An article between the two passes: read for patterns, waiting for the parses it asked for."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.sentences: tuple[Sentence, ...] = split(article) if article.language in {"", "en"} else ()
        self.hits: tuple[Hits, ...] = find_hits(article.text, self.sentences)
        self.candidates: tuple[tuple[Candidate, ...], ...] = tuple(
            find_candidates(sentence, self.hits[sentence.index], article.text) for sentence in self.sentences
        )
        self.names: dict[str, NameCandidate] = survey(article, self.sentences) if self.sentences else {}
        self.topics = topics(self.sentences, self.hits, self.candidates)
        self.korean = _sentences_on_north_korea(article, self.sentences) if self.topics else frozenset()
        self.parses: dict[int, Doc] = {}

    def to_parse(self) -> list[Sentence]:
        """Sentences with a candidate or a possible denial, and those that name the speaker of one; none where there is no candidate at all."""
        told = {sentence.index for sentence in self.sentences if self.candidates[sentence.index]}
        if not told:
            return []
        denying = {sentence.index for sentence in self.sentences if may_deny(sentence.text)}
        open_ones = {
            sentence.index
            for sentence in self.sentences
            if sentence.index in self.korean and may_tell(self.hits[sentence.index], self.topics)
        }
        return [sentence for sentence in self.sentences if sentence.index in told | denying | open_ones]

    def to_recognise(self) -> list[Doc]:
        """The parsed sentences with a name that its surroundings do not explain."""
        places = doubtful_places(self.names)
        found = []
        for index, doc in self.parses.items():
            sentence = self.sentences[index]
            if bisect_left(places, sentence.start) < bisect_left(places, sentence.end):
                found.append(doc)
        return found


def _sentences_on_north_korea(article: Article, sentences: Sequence[Sentence]) -> frozenset[int]:
    places = [start for start, _, term in terms_of(article) if term.country == NORTH_KOREA]
    return frozenset(sentence.index for sentence in sentences if any(sentence.start <= place < sentence.end for place in places))


def _claims(prepared: _Prepared) -> tuple[Claim, ...]:
    if not prepared.parses:
        return ()
    article = prepared.article
    entities = [(entity.text, entity.label_) for doc in prepared.parses.values() for entity in doc.ents]
    is_at_sea = sum(found.has(("VESSEL",)) for found in prepared.hits) >= 2
    cast = cast_of(article, prepared.names, entities, is_at_sea=is_at_sea)
    reading = Reading(article, prepared.sentences, prepared.hits, prepared.candidates, cast, prepared.parses)
    assertions = [one for index in sorted(reading.parses) for one in read_sentence(reading, index, prepared.topics)]
    carry_accused(assertions)
    put_under_condition(reading, assertions)
    name_members(reading, assertions)
    groups = group(assertions)
    answers = _denials(reading, groups)
    groups = [one for one in groups if not _is_own_account(one, answers)] + answers
    conditions = frozenset(one.followed_by for one in assertions)
    return tuple(_claim(reading, one, conditions) for one in groups)


def _is_own_account(one: Assertion, answers: list[Assertion]) -> bool:
    """Whether all that a claim rests on are sentences in which the accused themselves answer."""
    own = {index for answer in answers if answer.keys & one.keys for index in answer.sentences}
    return bool(own) and set(one.sentences) <= own


def _denials(reading: Reading, groups: list[Assertion]) -> list[Assertion]:
    """The answers of the accused, each on the conduct that it most nearly answers, or that it names itself."""
    told = [one for one in groups if one.is_accepted] or [one for one in groups if one.accused]
    accused = list(dict.fromkeys(actor for one in told for actor in one.accused))
    made: list[Assertion] = []
    for index in sorted(reading.parses):
        if reading.sentences[index].zone != "body":
            continue
        denial = find_denial(reading, index, accused)
        negated = None
        if not is_habit(reading.sentences[index].text):
            negated = next(
                (one for one in negated_conducts(reading, index) if is_own_word(reading, one.accused, one.attributions)), None
            )
        if denial is not None and (told or negated):
            answer = _answer(reading, denial, told, negated)
            if denial.is_explicit or not _is_confirmed(answer, told):
                made.append(answer)
        elif negated is not None:
            made.append(_refusal(reading, index, negated))
    return group(made)


def _refusal(reading: Reading, index: int, negated: Negated) -> Assertion:
    """An answer that says what was not done, on no allegation of this article: "Russia has issued no new permits", its ambassador said."""
    sentence = reading.sentences[index]
    return Assertion(
        sentence=index,
        is_headline=False,
        accused=negated.accused,
        conduct=negated.conduct,
        modality="denied",
        spans=[Span(sentence.start, min(sentence.end, sentence.start + MAX_QUOTE))],
        attributions=negated.attributions,
        is_accepted=True,
        confidence=0.7,
        reasons=("says itself that it did not",),
        themes=negated.themes,
    )


def _is_confirmed(answer: Assertion, told: list[Assertion]) -> bool:
    """Whether the one who answers has been found guilty or has admitted it: what is said then is mitigation."""
    return any(one.modality == "confirmed" and one.keys & answer.keys for one in told)


def _answer(reading: Reading, denial: Denial, told: list[Assertion], negated: Negated | None) -> Assertion:
    if not told and negated is not None:
        return _refusal(reading, denial.sentence, negated)
    keys = {accused_key(actor.name, actor.kind, actor.country) for actor in denial.accused}
    own = [one for one in told if one.keys & keys] or told
    before = [one for one in own if min(one.sentences) <= denial.sentence] or own
    told_of = {name for name, found in reading.hits[denial.sentence].by_class.items() if found}
    answered = max(before, key=lambda one: (bool(told_of & one.themes), len(one.spans) + one.weight / 10, -min(one.sentences)))
    sentence = reading.sentences[denial.sentence]
    end = min(sentence.end, sentence.start + MAX_QUOTE)
    return Assertion(
        sentence=denial.sentence,
        is_headline=False,
        accused=denial.accused,
        conduct=answered.conduct,
        modality="denied",
        spans=[Span(sentence.start, end)],
        attributions=(denial.voice.attribution(),),
        is_accepted=True,
        confidence=0.85 if denial.is_explicit else 0.7,
        reasons=(f"{denial.voice.verb}: an answer to {answered.conduct}",),
    )


# What was done "over four decades" began before any rule: a reader decides what of it is alleged now.
_DECADES = re.compile(
    r"\b(?:over|for|in|during) (?:the (?:past|last) )?(?:\w+ )?decades\b|\bsince the (?:19[5-9]0|[5-9]0)s\b", re.IGNORECASE
)


def _claim(reading: Reading, one: Assertion, conditions: frozenset[int]) -> Claim:
    article = reading.article
    texts = [reading.sentences[index].text for index in one.sentences]
    nearby = [
        reading.sentences[index + 1].text
        for index in one.sentences
        if index + 1 < len(reading.sentences) and _same_paragraph(reading, index)
    ]
    cited = cited_rule(texts)
    if not cited and one.modality != "denied":
        wider = cited_rule(nearby) or _cited_for(reading, one, conditions)
        cited = wider if _bears_on(wider, one.conduct) else _the_only_one(reading, one)
    law = regime(texts, article.text)
    spans = tuple(one.spans[:1] + sorted(one.spans[1:], key=lambda span: span.start))
    is_accepted = one.is_accepted and bool(one.accused) and not all(_DECADES.search(text) for text in texts)
    return Claim(
        claim_id=claim_id(article.article_id, spans, one.accused, one.conduct, one.modality),
        article_id=article.article_id,
        version=article.version,
        accused=one.accused,
        conduct=one.conduct,
        modality=one.modality,
        spans=spans,
        attributions=one.attributions,
        status="accepted" if is_accepted else "review",
        confidence=one.confidence,
        reasons=one.reasons,
        counterparts=one.counterparts,
        object=one.object,
        quantities=one.quantities,
        place=one.place,
        period=one.period,
        cited_rule=cited,
        mapped_rule=_rule(one, article, cited, " ".join(texts)),
        regime=law,
        marks=one.marks,
        extractor_version=VERSION,
    )


def _cited_for(reading: Reading, one: Assertion, conditions: frozenset[int]) -> str:
    """The resolution that another sentence names for what the claim is about: one that speaks of the same things, or of nothing in particular close by."""
    for sentence in reading.sentences:
        cited = cited_rule([sentence.text])
        if not cited or sentence.index in conditions:
            continue
        found = reading.hits[sentence.index].by_class
        near = min(abs(sentence.index - place) for place in one.sentences) <= 3
        if one.themes & found.keys() or (near and not (_all_themes() & found.keys())):
            return cited
    return ""


@cache
def _all_themes() -> frozenset[str]:
    return frozenset(name for frame in lexicon().frames if not frame.loose for name in frame.theme)


def _the_only_one(reading: Reading, one: Assertion) -> str:
    """The one resolution that the article names, where it is the one that forbids the conduct on its day; "" elsewhere."""
    cited = {cited_rule([sentence.text]) for sentence in reading.sentences} - {""}
    if len(cited) != 1:
        return ""
    name = cited.pop()
    return name if _rule(one, reading.article, "", "").rule.startswith(name.removeprefix("UNSCR ")) else ""


def _bears_on(cited: str, conduct_id: str) -> bool:
    """Whether the taxonomy knows the resolution as one on this conduct: only then a citation elsewhere in the article is taken for it."""
    return bool(cited) and any(rule.paragraph.startswith(cited.removeprefix("UNSCR ")) for rule in conduct(conduct_id).rules)


def _same_paragraph(reading: Reading, index: int) -> bool:
    return reading.sentences[index + 1].paragraph == reading.sentences[index].paragraph


def _rule(one: Assertion, article: Article, cited: str, text: str) -> MappedRule:
    on: date = one.period.last if one.period is not None and one.period.last is not None else article.published_at.date()
    return map_rule(one.conduct, min(on, article.published_at.date()), cited, text)
