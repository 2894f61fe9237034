"""The claims of one article in another language than English."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from sanctions_watch.records import Actor, Article, Attribution, Claim, Modality, Period, Span, claim_id
from sanctions_watch.stages.extract.languages.deeds import Deed, deeds
from sanctions_watch.stages.extract.languages.doers import NORTH_KOREA, Mention, doers, mentions
from sanctions_watch.stages.extract.languages.lexicon import LANGUAGES, Lexicon, lexicon
from sanctions_watch.stages.extract.languages.sentences import Stretch, cut
from sanctions_watch.stages.extract.languages.voices import modality, voices
from sanctions_watch.stages.extract.law import cited_resolutions
from sanctions_watch.taxonomy import conduct, map_rule
from sanctions_watch.text import accused_key

_YEAR = re.compile(r"(?<!\d)(20[0-3]\d)(?=\s?(?:년|年|г\.|году|годах))|\b(?:en|im Jahr|seit)\s(20[0-3]\d)\b")


@dataclass(frozen=True, slots=True)
class Telling:
    """One sentence that tells a conduct of one doer; ``stretch`` is the sentence."""

    stretch: Stretch
    accused: Actor
    conduct: str
    modality: Modality
    chain: tuple[Attribution, ...]
    is_accepted: bool
    reasons: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str, bool]:
        """What makes two tellings one claim."""
        return accused_key(self.accused.name, self.accused.kind, self.accused.country), self.conduct, self.modality == "denied"


def read_claims(article: Article, version: str) -> tuple[Claim, ...]:
    """The claims of an article in one of ``LANGUAGES``, in the order of the text; ``version`` is the extractor's."""
    if article.language not in LANGUAGES:
        return ()
    words = lexicon(article.language)
    if not words.north_korea.search(article.text):
        return ()
    stretches = cut(article)
    names = [mentions(one.text, words) for one in stretches]
    tellings: list[Telling] = []
    for place, stretch in enumerate(stretches):
        breach = any(words.breach.search(near.text) for near in stretches[place : place + 2] if near.zone == stretch.zone)
        before = stretches[place - 1] if place and stretches[place - 1].zone == stretch.zone else None
        named = _with_anaphora(stretch, words, names, place)
        tellings += _tellings(article, words, stretch, before, named, is_breach=breach)
    denials = _denials(words, stretches, names, tellings)
    told = sorted(tellings + denials, key=lambda one: one.key)
    claims = [_claim(article, words, list(group), version) for _, group in groupby(told, key=lambda one: one.key)]
    return tuple(sorted(claims, key=lambda one: one.spans[0].start))


def _with_anaphora(stretch: Stretch, words: Lexicon, names: list[list[Mention]], place: int) -> list[Mention]:
    """What the sentence names, and "the company" as the one company that the article has named by then."""
    own = names[place]
    match = words.anaphora.search(stretch.text)
    if match is None or any(one.start < match.end() and match.start() < one.end for one in own):
        return own
    before = [one for row in names[:place] for one in row] + [one for one in own if one.end <= match.start()]
    meant = {one.actor for one in before if one.actor.kind in {"company", "bank", "vessel"}}
    if len(meant) != 1 or any(one.start >= match.end() and one.actor in meant for one in own):
        return own
    mention = Mention(meant.pop(), match.start(), match.end() - _particle(words, match.group()))
    return sorted([one for one in own if one.actor != mention.actor] + [mention], key=lambda one: one.start)


def _particle(words: Lexicon, written: str) -> int:
    """How long the particle is at a form's end."""
    return int(words.language in {"ko", "ja"} and written[-1:] in "는은가이がは")


def _tellings(
    article: Article, words: Lexicon, stretch: Stretch, before: Stretch | None, named: list[Mention], *, is_breach: bool
) -> list[Telling]:
    """What one sentence tells; of North Korea spoken of in the sentence before only, it is for review."""
    text = stretch.text
    is_on_subject = words.north_korea.search(text) is not None
    is_near_subject = before is not None and words.north_korea.search(before.text) is not None
    if not named or not (is_on_subject or is_near_subject) or words.traps.search(text):
        return []
    told = _without_shadows(deeds(text, words, doers(text, words, named)))
    sole = len({(one.doer.actor, one.frame.conduct) for one in told}) == 1
    made = []
    for one in told:
        chain = voices(article, stretch, words, (one.start, one.end), before)
        doubt = _doubt(stretch, one, is_sole=sole, is_breach=is_breach, is_on_subject=is_on_subject)
        reasons = (f"{words.language}: {doubt or 'one doer, one conduct, told as done'}", *_written(text, one))
        firmness = modality(text, words, chain)
        made.append(Telling(stretch, one.doer.actor, one.frame.conduct, firmness, chain, not doubt, reasons))
    return made


def _written(text: str, one: Deed) -> tuple[str, ...]:
    """The name as the text has it, where the claim gives it in other letters."""
    written = text[one.doer.start : one.doer.end]
    return () if one.doer.actor.kind == "state" or written == one.doer.actor.name else (f"written {written}",)


def _without_shadows(told: list[Deed]) -> list[Deed]:
    """One frame for each deed: the first of the lexicon's, which lists the narrower conduct first; of one doer, the first deed of a conduct."""
    kept: list[Deed] = []
    for one in told:
        if not any(one.doer == other.doer and one.end == other.end for other in kept):
            kept.append(one)
    return kept


def _doubt(stretch: Stretch, one: Deed, *, is_sole: bool, is_breach: bool, is_on_subject: bool) -> str:
    """Why a reader should decide; "" where the sentence leaves no doubt."""
    if not is_sole:
        return "several possible doers or conducts"
    if stretch.zone != "body":
        return "told in the headline only"
    if not is_on_subject:
        return "North Korea stands in the sentence before"
    if one.frame.needs_breach and not is_breach:
        return f"{one.frame.conduct} is lawful in part, and no breach is spoken of"
    return ""


def _denials(words: Lexicon, stretches: list[Stretch], names: list[list[Mention]], told: list[Telling]) -> list[Telling]:
    """Answers to the one allegation that the article makes; where it makes several, only of the one whose accused is named."""
    alleged = {one.key: one for one in told if one.is_accepted}
    found = []
    for stretch, named in zip(stretches, names, strict=True):
        if stretch.zone != "body" or not words.denial.search(stretch.text):
            continue
        own = {one.actor for one in named if one.actor.country != NORTH_KOREA or one.actor in {telling.accused for telling in told}}
        meant = [one for one in alleged.values() if one.accused in own] or list(alleged.values())
        strangers = {actor for actor in own if actor.kind == "state"} - {one.accused for one in meant}
        if len(meant) == 1 and not (strangers and meant[0].accused not in own) and meant[0].stretch != stretch:
            found.append(_denial(words, stretch, meant[0]))
    return found


def _denial(words: Lexicon, stretch: Stretch, answered: Telling) -> Telling:
    match = words.denier.search(stretch.text)
    verb = words.denial.search(stretch.text)
    name, span = answered.accused.name, None
    if match is not None:
        group = next((key for key in match.groupdict() if match[key]), 0)
        name = match[group].strip()
        span = Span(stretch.start + match.start(group), stretch.start + match.end(group))
    said = verb.group() if verb else ""
    step = Attribution(name, "official", said, "denies", span, is_inferred=span is None)
    reasons = (f"{words.language}: an answer to {answered.conduct}",)
    return replace(answered, stretch=stretch, modality="denied", chain=(step,), is_accepted=True, reasons=reasons)


_FIRMNESS: dict[str, int] = {"confirmed": 3, "documented": 2, "alleged": 1}


def _claim(article: Article, words: Lexicon, told: list[Telling], version: str) -> Claim:
    chief = next((one for one in told if one.is_accepted), told[0])
    accepted = [one for one in told if one.is_accepted]
    firmest = max(accepted or told, key=lambda one: _FIRMNESS.get(one.modality, 0)).modality
    ordered = [chief, *(one for one in told if one is not chief)]
    spans = tuple(dict.fromkeys(Span(one.stretch.start, one.stretch.end) for one in ordered))
    period = _period(chief.stretch.text, words, article.published_at.date())
    on = period.last if period is not None and period.last is not None else article.published_at.date()
    cited = _cited(article, chief)
    return Claim(
        claim_id=claim_id(article.article_id, spans, (chief.accused,), chief.conduct, firmest),
        article_id=article.article_id,
        version=article.version,
        accused=(chief.accused,),
        conduct=chief.conduct,
        modality=firmest,
        spans=spans,
        attributions=chief.chain,
        status="accepted" if accepted else "review",
        confidence=0.75 if accepted else 0.4,
        reasons=tuple(dict.fromkeys(reason for one in ordered for reason in one.reasons)),
        period=period,
        cited_rule=cited,
        mapped_rule=map_rule(chief.conduct, min(on, article.published_at.date()), cited, chief.stretch.text),
        extractor_version=version,
    )


def _cited(article: Article, chief: Telling) -> str:
    """The resolution that the sentence names; else the only one of the article, where it bears on the conduct."""
    own = cited_resolutions(_spelled(chief.stretch.text))
    if own:
        return f"UNSCR {own[0]}"
    named = cited_resolutions(_spelled(article.text)) if chief.modality != "denied" else []
    bears = len(named) == 1 and any(rule.paragraph.startswith(named[0]) for rule in conduct(chief.conduct).rules)
    return f"UNSCR {named[0]}" if bears else ""


def _spelled(text: str) -> str:
    """A resolution's name in the form that ``law`` knows."""
    return re.sub(r"(?:[Рр]езолюци\w+|[Rr]ésolutions?|決議|决议|결의)\s?(?:№\s?)?", "resolution ", text)


def _period(text: str, words: Lexicon, published: date) -> Period | None:
    """The year a sentence names, or speaks of as last or this year; None elsewhere."""
    for years, pattern in words.periods:
        match = pattern.search(text)
        if match:
            return _year(match.group(), published.year + years, published)
    match = _YEAR.search(text)
    return _year(match.group(), int(match[1] or match[2]), published) if match else None


def _year(written: str, year: int, published: date) -> Period:
    return Period(written.strip(), date(year, 1, 1), min(date(year, 12, 31), max(published, date(year, 1, 1))), "year")
