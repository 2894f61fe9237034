"""From an assessment to an alert: everything a mail prints, in words, frozen and bounded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sanctions_watch import taxonomy
from sanctions_watch.records import (
    Alert,
    AlertQuote,
    Allegation,
    ArticleToAssess,
    Assessment,
    Attribution,
    Claim,
    Fact,
    Grade,
    MappedRule,
    Modality,
    Ruling,
    identify,
)
from sanctions_watch.text import fold, squeeze

MAX_QUOTES = 4
MAX_QUOTE = 700  # characters
MAX_FACTS = 24  # new, and as many known ones
MAX_FACT = 240
MAX_CHAINS = 4
MAX_ENTITIES = 40
MAX_LINE = 300
NO_ANSWER = "no comment seen"

_FIRMNESS: tuple[Modality, ...] = ("confirmed", "documented", "alleged", "conditional", "withdrawn", "denied")
_PLURALS = frozenset(
    {"police", "people", "officials", "sources", "diplomats", "experts", "investigators", "prosecutors", "authorities", "monitors",
     "researchers", "analysts", "inspectors", "records", "documents", "reports", "lawmakers", "officers", "observers", "customs"}
)  # fmt: skip


def compose(
    assessment: Assessment, work: ArticleToAssess, *, first_alert_id: str, reprints: int, override: Ruling | None = None
) -> Alert:
    """The alert for an assessment. ``first_alert_id`` is the allegation's first alert ("" for none), ``reprints`` counts copies.

    ``override`` is the grade that an analyst gave instead of the proposed one.
    """
    allegation, article = assessment.allegation, work.article
    claims = _claims(assessment, work)
    rule, rule_note = _rule(allegation, claims, work)
    grade = allegation.grade
    new = assessment.new_facts
    known = tuple(fact for fact in allegation.facts if fact not in new)
    title = taxonomy.subject_title(allegation.conduct)
    return Alert(
        alert_id=identify("alert", assessment.assessment_id),
        assessment_id=assessment.assessment_id,
        allegation_id=allegation.allegation_id,
        allegation_version=allegation.version,
        kind=assessment.novelty,
        created_at=assessment.assessed_at,
        headline=_headline(assessment, claims, work, rule.rule),
        accused=clip(allegation.accused.name, 120),
        accused_kind=allegation.accused.kind,
        conduct=allegation.conduct,
        conduct_title=title,
        summary=_summary(assessment, claims, title),
        new_facts=_bounded(new),
        known_facts=_bounded(known) if assessment.novelty != "NEW" else (),
        quotes=_quotes(claims, new, work),
        source_chain=_chains(claims, work),
        roots=tuple(clip(root, 120) for root in allegation.roots[:12]),
        articles=len(allegation.article_ids),
        publishers=len(allegation.publishers),
        reprints=reprints,
        grade=override.grade if override else _proposed(grade),
        grade_by=override.said_by if override else "",
        grade_reasons=tuple(clip(reason, MAX_LINE) for reason in _grade_reasons(grade, override)),
        rule=rule.rule,
        rule_note=clip(rule_note, 2 * MAX_LINE),
        exemption=clip(rule.exemption, 2 * MAX_LINE),
        modality=_modality(claims),
        answer=_answer(allegation),
        language=article.language,
        regime=next((claim.regime for claim in claims if claim.regime != "UN"), "UN"),
        first_alert_id=first_alert_id,
        is_sample=article.is_sample,
        accused_country=allegation.accused.country,
        entities=_entities(allegation, claims),
    )


def _proposed(grade: Grade | None) -> str:
    return str(grade) if grade else "F6"


def _grade_reasons(grade: Grade | None, override: Ruling | None) -> Iterable[str]:
    if override:
        yield f"given by {override.said_by} on {override.said_at.date().isoformat()}: {override.reason}; proposed was {_proposed(grade)}"
    yield from grade.reasons if grade else ()


def _entities(allegation: Allegation, claims: Sequence[Claim]) -> tuple[str, ...]:
    """Everybody and every vessel that the allegation names, with IMO numbers, each once: what watch lists are held against."""
    actors = [allegation.accused, *(actor for claim in claims for actor in (*claim.accused, *claim.counterparts))]
    names = [name for actor in actors for name in (actor.name, actor.imo and f"IMO {actor.imo}")]
    names += [claim.object for claim in claims] + [fact.value for fact in allegation.facts if fact.kind == "party"]
    return tuple(dict.fromkeys(clip(name, 120) for name in names if name))[:MAX_ENTITIES]


def clip(text: str, most: int) -> str:
    """The text on one line, cut at ``most`` characters with an ellipsis."""
    line = squeeze(text)
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _claims(assessment: Assessment, work: ArticleToAssess) -> list[Claim]:
    wanted = set(assessment.claim_ids)
    return [claim for claim in work.claims if claim.claim_id in wanted]


def _headline(assessment: Assessment, claims: Sequence[Claim], work: ArticleToAssess, rule: str) -> str:
    """The subject's middle. It always says who says so: an allegation never stands there as a fact."""
    allegation = assessment.allegation
    who, verb = _speaker(assessment, claims, work)
    about = f"{clip(allegation.accused.name, 60)}, {taxonomy.subject_title(allegation.conduct)}"
    return f"{_capital(clip(who, 48))} {_agreeing(verb, who)}: {about}{f' ({rule})' if rule else ''}"


def _speaker(assessment: Assessment, claims: Sequence[Claim], work: ArticleToAssess) -> tuple[str, str]:
    new = assessment.new_facts
    house = work.placement.origin_agency or work.article.publisher or "the publisher"
    if assessment.novelty == "DENIAL":
        return next((fact.value for fact in new if fact.kind == "denial"), assessment.allegation.accused.name), "denies"
    if assessment.novelty == "CORRECTION":
        if not _takes_back(new):
            return house, "corrects"
        withdrawing = next((claim for claim in claims if claim.modality == "withdrawn" and claim.attributions), None)
        return (withdrawing.attributions[0].name if withdrawing else house), "withdraws"
    named = [fact for fact in new if fact.kind == "root" and not fact.key.startswith("~")]
    voices = [fact for fact in new if fact.kind == "accuser"]
    if assessment.novelty == "NEW" and named:
        return assessment.allegation.roots[0], "alleges"
    for fact in (*named, *voices):
        return fact.value, "alleges"
    if assessment.novelty == "NEW":
        return assessment.allegation.roots[0].removesuffix(" (names no source)"), "alleges"
    return _teller(claims, new) or house, "alleges"


def _teller(claims: Sequence[Claim], new: Sequence[Fact]) -> str:
    """Who says what is new, where nobody new says it; "" where the text names nobody."""
    bringing = {fact.claim_id for fact in new}
    for claim in claims:
        named = [step for step in claim.attributions if step.kind not in {"document", "unnamed"} and not step.is_inferred]
        if claim.claim_id in bringing and named:
            return named[-1].name
    return ""


def _takes_back(facts: Iterable[Fact]) -> bool:
    return any(fact.kind == "wording" and fact.key.startswith(("killed:", "withdrawn:")) for fact in facts)


def _agreeing(verb: str, who: str) -> str:
    words = fold(who).split()
    head = words[words.index("of") - 1] if "of" in words[1:] else (words[-1] if words else "")  # "Panel of Experts": one panel
    if head not in _PLURALS:
        return verb
    return {"denies": "deny", "alleges": "allege", "corrects": "correct", "withdraws": "withdraw"}[verb]


def _summary(assessment: Assessment, claims: Sequence[Claim], title: str) -> str:
    allegation, new = assessment.allegation, assessment.new_facts
    name = clip(allegation.accused.name, 120)
    since = f"{allegation.first_published_at.day} {allegation.first_published_at:%B %Y}"
    match assessment.novelty:
        case "NEW":
            told = f"Nobody was known to have alleged this before: {name}, {title}{_with_whom(allegation)}."
        case "DENIAL":
            who = next((fact.value for fact in new if fact.kind == "denial"), name)
            told = f"{_capital(clip(who, 120))} {_agreeing('denies', who)} what has been alleged since {since}: {name}, {title}."
        case "CORRECTION":
            what = "; ".join(fact.value for fact in new if fact.kind == "wording") or "what was told has been corrected"
            state = " Nothing else that we know supports it: treat it as withdrawn." if allegation.state == "withdrawn" else ""
            told = f"{_capital(clip(what, MAX_LINE))}: {name}, {title}, alleged since {since}.{state}"
        case _:
            number = len({fact.value for fact in new})  # a root that accuses is one
            count = f"{number} new facts" if number != 1 else "A new fact"
            told = f"{count} in what has been alleged since {since}: {name}, {title}{_with_whom(allegation)}."
    if any("ambiguous_accuser" in claim.marks for claim in claims):
        told += " The text leaves open who accuses: read the quote."
    return told


def _with_whom(allegation: Allegation) -> str:
    parties = [fact.value for fact in allegation.facts if fact.kind == "party"]
    return f" (with {clip(', '.join(parties[:3]), 160)})" if parties else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _bounded(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    return tuple(Fact(fact.kind, fact.key, clip(fact.value, MAX_FACT), fact.claim_id) for fact in facts[:MAX_FACTS])


def _quotes(claims: Sequence[Claim], new: Sequence[Fact], work: ArticleToAssess) -> tuple[AlertQuote, ...]:
    """The quotes that carry what is new first, each text once."""
    bringing = {fact.claim_id for fact in new}
    article = work.article
    quotes: dict[str, AlertQuote] = {}
    for claim in sorted(claims, key=lambda claim: (claim.claim_id not in bringing, claim.spans[0].start if claim.spans else 0)):
        words = " […] ".join(squeeze(article.text[span.start : span.end]) for span in claim.spans[:3])
        if words and words not in quotes:
            quotes[words] = AlertQuote(
                clip(words, MAX_QUOTE), _said_by(claim, work), article.publisher, article.url, article.published_at
            )
    whole = [told for words, told in quotes.items() if not any(words != other and words in other for other in quotes)]
    return tuple(whole[:MAX_QUOTES]) or (_notice(work),)


def _notice(work: ArticleToAssess) -> AlertQuote:
    """What a kill or a correction says itself, where no claim is left to quote."""
    article = work.article
    speaker = work.placement.origin_agency or article.publisher
    return AlertQuote(clip(article.body or article.title, MAX_LINE), speaker, article.publisher, article.url, article.published_at)


def _said_by(claim: Claim, work: ArticleToAssess) -> str:
    people = [step for step in claim.attributions if step.kind not in {"publisher", "agency", "document"}]
    step = next(iter(people or claim.attributions), None)
    return clip(_step(step), 120) if step else clip(work.article.publisher, 120)


def _step(step: Attribution) -> str:
    return f"{step.name} (inferred)" if step.is_inferred else step.name


def _chains(claims: Sequence[Claim], work: ArticleToAssess) -> tuple[str, ...]:
    """One line a chain, nearest first: publisher ← agency ← speaker ← document; a chain within a longer one is left out."""
    start = [work.article.publisher, work.placement.origin_agency]
    chains: dict[str, None] = {}
    for claim in claims:
        steps: list[str] = []
        for name in (*start, *(_step(step) for step in claim.attributions)):
            if name and all(fold(name) != fold(step) for step in steps):
                steps.append(squeeze(name))
        chains[" ← ".join(steps) + (" (denies)" if claim.modality == "denied" else "")] = None
    kept = [chain for chain in chains if not any(chain != other and other.startswith(chain) for other in chains)]
    return tuple(clip(chain, MAX_LINE) for chain in kept[:MAX_CHAINS])


def _rule(allegation: Allegation, claims: Sequence[Claim], work: ArticleToAssess) -> tuple[MappedRule, str]:
    """The paragraph, and what is to be said of it: that it is our mapping, whether it was checked, what the speaker cites."""
    of_allegation = [claim for claim in work.previous_claims if claim.claim_id in allegation.claim_ids]
    mapped = sorted(
        (claim for claim in (*claims, *of_allegation) if claim.mapped_rule is not None and claim.conduct == allegation.conduct),
        key=lambda claim: not claim.is_violation,
    )
    cited = next((claim.cited_rule for claim in (*mapped, *claims) if claim.cited_rule), "")
    first = mapped[0].mapped_rule if mapped else None
    rule = first or taxonomy.map_rule(allegation.conduct, work.article.published_at.date(), cited)
    notes = ["mapped by us"]
    if not rule.is_verified:
        notes.append("the paragraph's number is not verified")
    if not rule.is_in_force:
        notes.append("not in force then")
    if rule.note:
        notes.append(rule.note)
    if cited and fold(cited) not in fold(rule.note):
        notes.append(f"the speaker cites {cited}")
    return rule, "; ".join(notes)


def _modality(claims: Sequence[Claim]) -> Modality:
    return min((claim.modality for claim in claims), key=_FIRMNESS.index, default="alleged")


def _answer(allegation: Allegation) -> str:
    denials = [fact.value for fact in allegation.facts if fact.kind == "denial"]
    return f"denied by {clip(', '.join(denials[:4]), MAX_LINE)}" if denials else NO_ANSWER
