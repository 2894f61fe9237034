"""From a parsed sentence to what it asserts: candidates that hold, each with who did it, who says so, how firmly, and the details."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Token

from sanctions_watch.records import Actor, Attribution, Modality, Span
from sanctions_watch.stages.extract.actors import NORTH_KOREA, state_actor
from sanctions_watch.stages.extract.attribution import AMBIGUOUS, chain
from sanctions_watch.stages.extract.candidates import Candidate
from sanctions_watch.stages.extract.coreference import Resolved, owner_state, resolve
from sanctions_watch.stages.extract.grouping import Assertion
from sanctions_watch.stages.extract.lexicon import Frame, lexicon, words
from sanctions_watch.stages.extract.modality import Standing, has_subject_norm, standing
from sanctions_watch.stages.extract.parties import Link, link
from sanctions_watch.stages.extract.periods import period
from sanctions_watch.stages.extract.quantities import quantities
from sanctions_watch.stages.extract.reading import Reading
from sanctions_watch.stages.extract.roles import AGENTIVE, Doer, doers_by_order, doers_by_parse, givers, receivers
from sanctions_watch.stages.extract.syntax import children, distance, is_negated, is_one_of, is_passive, is_theme_of, object_of
from sanctions_watch.stages.extract.topics import open_candidates
from sanctions_watch.text import family

MAX_QUOTE = 600
_MIN_LINK = 0.35  # below it a word of breach must stand near, too
_LEAST_LINK = 0.25
_SELF = 3  # as if three edges apart: one word that is both event and theme tells less than a verb with its object
_TWO_SIDED = frozenset({"arms.export", "arms.training"})
_ACQUIRING = frozenset({"ACQUIRE"})
_ACCUSING_PAPER = re.compile(r"\b(?:indictment|charge sheet|complaint|lawsuit|arrest warrant)\b", re.IGNORECASE)
_THE_ONE = re.compile(r"The (\w+) (?:has |have |had )?(?:since |also )?(?:been |was |were |pleaded |admitted )")
_CONFIRMED = re.compile(
    r"\b(?:pleaded guilty|found guilty|convicted|sentenced|jailed|fined|admitted|confessed|guilty plea)\b", re.IGNORECASE
)
_DOCUMENTING = frozenset({"Panel of Experts", "Multilateral Sanctions Monitoring Team", "International Atomic Energy Agency"})


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate that the parse lets stand."""

    candidate: Candidate
    event: Token
    theme: Token
    link: Link
    score: float


def read_sentence(reading: Reading, index: int, frames: tuple[Frame, ...] = ()) -> list[Assertion]:
    """What one parsed sentence asserts; one assertion per conduct and doer. ``frames`` are the article's topics (topics.py)."""
    found: list[Assertion] = []
    seen: list[Scored] = []
    for scored in _standing_candidates(reading, index, reading.candidates[index]):
        if any(_overlaps(scored, other) for other in seen):
            continue
        made = _assertion(reading, index, scored)
        if made is None:
            continue
        seen.append(scored)
        twin = next((one for one in found if one.conduct == made.conduct and (one.keys == made.keys or one.keys & made.keys)), None)
        if twin is None and not any(family(one.conduct) == family(made.conduct) and one.keys & made.keys for one in found):
            found.append(made)
    return _without_asides(found, seen) or _told_openly(reading, index, frames)


def _without_asides(found: list[Assertion], seen: list[Scored]) -> list[Assertion]:
    """Without what only describes the subject of another telling: "companies hiring North Koreans are joint ventures" tells of the ventures."""
    mains = {scored.event.i for scored in seen}
    asides = {
        scored.event.i
        for scored in seen
        if scored.event.dep_ in {"acl", "relcl"} and scored.event.head.dep_ == "nsubj" and scored.event.head.head.i in mains
    }
    return (
        [one for one, scored in zip(found, seen, strict=True) if scored.event.i not in asides]
        if asides and len(found) == len(seen)
        else found
    )


_CONDITION = re.compile(
    r"^[\"“'‘]?(?:(?:and|but) )?(?:if|should|were) (?:these|this|those|that|they|the|such|so|it|true|confirmed|proven|proved|accurate|correct)\b.{0,200}?\b(?:violat\w+|breach\w*|contraven\w+|run counter|against|illegal|unlawful|infring\w+)",
    re.IGNORECASE | re.DOTALL,
)


def carry_accused(assertions: list[Assertion]) -> None:
    """A telling without a doer of its own goes on about those accused of the same conduct just before ("700 new permits issued this year")."""
    for place, one in enumerate(assertions):
        if one.accused or one.is_headline or one.link < 0.6:
            continue
        earlier = [
            other
            for other in assertions[:place]
            if other.conduct == one.conduct and other.is_accepted and not other.is_headline and one.sentence - other.sentence <= 6
        ]
        if earlier:
            one.accused, one.is_accepted = earlier[-1].accused, True
            one.confidence = round(min(one.confidence, 0.6), 2)
            one.reasons = (*one.reasons, "goes on about those accused before")


def put_under_condition(reading: Reading, assertions: list[Assertion]) -> None:
    """What is told, and then followed by "if these reports prove accurate, that would be a violation", is conditional, with both sentences for its quote."""
    for sentence in reading.sentences:
        if sentence.index == 0 or not _CONDITION.match(sentence.text):
            continue
        before = reading.sentences[sentence.index - 1]
        if before.paragraph != sentence.paragraph and not sentence.quotes:
            continue
        for one in assertions:
            if one.sentence == before.index and one.modality in {"alleged", "documented"}:
                one.modality = "conditional"
                one.spans.append(Span(sentence.start, min(sentence.end, sentence.start + MAX_QUOTE)))
                one.followed_by = sentence.index
                one.reasons = (*one.reasons, "the sentence after puts it under a condition")


_MEMBERS = re.compile(
    r"^(?:They|These|Those|Among them|The (?:companies|firms|ships|vessels|banks|tenants|buyers|others|four|three|two|five|nine|employers|shipowners)) (?:include|included|are|were|is|was)\b"
)


def name_members(reading: Reading, assertions: list[Assertion]) -> None:
    """As in "They include a film studio, Mediasynth": names given to those whom the sentence before accused in general."""
    for sentence in reading.sentences:
        if not _MEMBERS.match(sentence.text):
            continue
        names = [
            mention.actor
            for mention in reading.cast.between(sentence.start, sentence.end)
            if mention.form == "name" and mention.actor.kind in {"company", "bank", "vessel"}
        ]
        for one in assertions:
            if (
                names
                and one.sentence == sentence.index - 1
                and one.is_accepted
                and all(actor.kind == "state" for actor in one.accused)
            ):
                one.accused += tuple(actor for actor in dict.fromkeys(names) if actor not in one.accused)
                one.spans.append(Span(sentence.start, min(sentence.end, sentence.start + MAX_QUOTE)))


@dataclass(frozen=True, slots=True)
class Negated:
    """A conduct that a sentence says did not take place: what, by whom, and who says so."""

    conduct: str
    accused: tuple[Actor, ...]
    attributions: tuple[Attribution, ...]
    themes: frozenset[str]


def negated_conducts(reading: Reading, index: int) -> list[Negated]:
    """What a parsed sentence says its actor did not do, best candidate first."""
    found: list[Negated] = []
    for scored in _standing_candidates(reading, index, reading.candidates[index]):
        placed = _placed(reading, index, scored)
        if placed.is_claim or not placed.reason.startswith(("negated", "denied")) or scored.candidate.frame.negated:
            continue
        if any(
            child.lower_ in {"will", "would", "wo", "'ll"}
            for token in (scored.event, *scored.event.ancestors)
            for child in token.children
            if child.dep_ == "aux"
        ):
            continue
        named, _, _ = _doers(reading, index, scored)
        steps, _ = chain(reading, index, scored.event)
        if named:
            found.append(Negated(_conduct(scored, named), named, steps, frozenset(scored.candidate.frame.theme)))
    return found


def _told_openly(reading: Reading, index: int, frames: tuple[Frame, ...]) -> list[Assertion]:
    """Tellings of the article's topics whose object no class knows; only where North Korea stands in the same clause, the way the rule needs."""
    for scored in _standing_candidates(reading, index, open_candidates(reading, index, frames)):
        frame, party = scored.candidate.frame, scored.link
        if (
            (party.strength < 0.75 and scored.event.lemma_ not in AGENTIVE)
            or (frame.nk not in ("party", party.way) and not (frame.other and party.way) and scored.event.lemma_ not in AGENTIVE)
            or (frame.nk_theme and not party.owns_theme)
        ):
            continue
        made = _assertion(reading, index, scored)
        if made is not None and made.accused and not made.is_fallback:
            made.weight, made.confidence = 1, round(made.confidence - 0.15, 2)
            return [made]
    return []


def _standing_candidates(reading: Reading, index: int, candidates: Iterable[Candidate]) -> list[Scored]:
    """Candidates whose words hang together and that North Korea is party to, best first."""
    scored = []
    for candidate in candidates:
        event = _event_token(reading, candidate)
        theme = reading.head_within(index, candidate.theme.start, candidate.theme.end)
        if event is None or theme is None or _in_name(reading, candidate) or not _parts_fit(candidate, event, theme):
            continue
        apart = distance(event, theme)
        if candidate.frame.loose:
            if apart > candidate.frame.reach:
                continue
        elif not is_theme_of(theme, event) and not (0 < theme.i - event.i <= 3 and apart <= 3):
            continue
        party = link(reading, candidate, event, theme)
        if not _is_party(candidate, party, reading, index):
            continue
        scored.append(Scored(candidate, event, theme, party, candidate.frame.weight * 10 + party.strength * 5 - (apart or _SELF)))
    return sorted(scored, key=lambda one: -one.score)


def _event_token(reading: Reading, candidate: Candidate) -> Token | None:
    """The event's verb or noun: the first word of "take part in", the last of "test-fired"."""
    hit = candidate.event
    if "-" in reading.article.text[hit.start : hit.end]:
        return reading.head_within(candidate.sentence, hit.start, hit.end)
    return reading.token_at(candidate.sentence, hit.start)


def _parts_fit(candidate: Candidate, event: Token, theme: Token) -> bool:
    if (
        candidate.event.part == "noun"
        and event.lemma_ in AGENTIVE
        and event.dep_ not in {"nsubj", "nsubjpass", "attr", "appos", "oprd"}
        and not is_one_of(event.head, lexicon().verbs["accusing"])
    ):
        return False
    if event.lemma_ in AGENTIVE and theme.dep_ == "compound" and theme.head.i == event.i:
        return False  # "an arms exporter": what somebody is, not what was done
    if _is_let_do_else(candidate, event, theme) or _modifies_another(theme):
        return False
    if theme.lower_ in {"korean", "koreans"} and theme.dep_ in {"amod", "compound"}:
        return False
    if (
        candidate.event.part == "noun"
        and event.dep_ == "compound"
        and event.head.i > event.i
        and event.head.pos_ in {"NOUN", "PROPN"}
        and event.head.i != theme.i
    ):
        return False
    if candidate.event.part == "noun" and candidate.frame.only and event.dep_ in {"conj", "appos"} and event.head.pos_ == "NOUN":
        return False
    if (
        candidate.event.part == "verb"
        and event.dep_ in {"amod", "compound"}
        and event.head.i > event.i
        and not _is_gerund(event)
        and not (event.head.head.lemma_ == "have" and event.head.head.i < event.i)
    ):
        return False
    if (
        event.lemma_ in {"carry", "set", "give", "take", "bring"}
        and event.i + 1 < len(event.doc)
        and event.nbor().lower_ in {"out", "off", "up", "place"}
        and " " not in candidate_text(candidate, event)
    ):
        return False
    if candidate.event.part == "verb" and _is_gerund(event):
        return True
    if candidate.event.part == "verb" and event.pos_ not in {"VERB", "AUX", "ADJ"} and event.tag_ not in {"VBG", "VBN", "VBD"}:
        return False
    if candidate.event.part == "noun" and event.pos_ not in {"NOUN", "PROPN", "ADJ"} and event.tag_ != "VBG":
        return False
    if candidate.theme.part == "noun" and theme.pos_ == "VERB" and candidate.theme.end - candidate.theme.start == len(theme.text):
        return False
    return not (candidate.event.part == "verb" and event.tag_ == "NN")


_COMING = words("work enter come stay go in arrive start join build land return remain toil live labour labor take")


def _is_let_do_else(candidate: Candidate, event: Token, theme: Token) -> bool:
    """As in "lets the North Koreans rent out two buildings": what is let is no entry and no work."""
    verb = theme.head
    return (
        candidate.frame.frame_id == "admitting"
        and event.lemma_ in {"let", "allow"}
        and theme.dep_ == "nsubj"
        and verb.i != event.i
        and verb.lemma_ not in _COMING
    )


_TWO_MEANINGS = words("tank mine gun shell motor lead bag kit land label spirit watch bottle bridge")


def _modifies_another(theme: Token) -> bool:
    """As in "tank trucks", "gun control", "watch list": the word only says what kind of other thing it is."""
    return theme.lemma_ in _TWO_MEANINGS and theme.dep_ == "compound" and theme.head.i > theme.i


def candidate_text(candidate: Candidate, event: Token) -> str:
    """The words of the event hit: more than one where the lexicon knows the phrasal verb."""
    width = candidate.event.end - candidate.event.start
    return event.text if width <= len(event.text) else event.text + " +"


def _is_gerund(event: Token) -> bool:
    """As in "accused of shipping kerosene", where the tagger takes "shipping" for a noun."""
    return (
        event.lower_.endswith("ing")
        and event.tag_ == "NN"
        and event.i > 0
        and (
            event.nbor(-1).lower_ in {"of", "for", "with", "by", "in", "from", "to", "deny", "denies", "denied", "admitted"}
            or any(child.lower_ in {"of", "out"} and child.i > event.i for child in event.children)
        )
    )


def _in_name(reading: Reading, candidate: Candidate) -> bool:
    """Whether event or theme is only part of somebody's name ("Gold" of the ship Gold Advance)."""
    for hit in (candidate.event, candidate.theme):
        mention = reading.cast.covering(hit.start)
        if mention is not None and mention.form == "name" and mention.end - mention.start > hit.end - hit.start:
            return True
    return False


def _is_party(candidate: Candidate, party: Link, reading: Reading, index: int) -> bool:
    frame = candidate.frame
    if frame.nk == "source" and party.way == "destination" and not frame.other:
        return False
    if frame.nk == "destination" and party.way == "source":
        return False
    if frame.nk_theme and party.strength == 1.0 and not party.owns_theme and party.way == "destination":
        return False
    if (
        frame.nk_theme
        and not party.owns_theme
        and (party.strength >= 0.6 or candidate.theme.name in {"WORKER", "CREW"})
        and not _is_taken_up(candidate, reading, index)
    ):
        return False
    if (frame.nk_theme or frame.nk == "source") and not party.owns_theme and _is_of_others(candidate, reading, index):
        return False
    if frame.way and party.way != frame.nk:
        return False
    if party.strength < frame.link:
        return False
    if (
        frame.other
        and party.strength >= 0.6
        and not party.way
        and not party.owns_theme
        and not reading.hits[index].has(("BREACH",))
    ):
        return False
    if frame.needs_breach and not _breach_near(reading, index, 0 if frame.strict else 1 if party.strength < 0.6 else 4):
        return False
    if party.strength < _MIN_LINK and not _breach_near(reading, index):
        return False
    return party.strength >= _LEAST_LINK


def _is_of_others(candidate: Candidate, reading: Reading, index: int) -> bool:
    """Whether the theme is another state's: "U.S. troops", "Russian coal"."""
    theme = reading.head_within(index, candidate.theme.start, candidate.theme.end)
    owner = (
        owner_state(reading, index, theme, is_place_enough=False) if theme is not None and candidate.theme.part == "noun" else None
    )
    return owner not in {None, NORTH_KOREA}


def _is_taken_up(candidate: Candidate, reading: Reading, index: int) -> bool:
    """Whether the theme goes on with North Koreans told of just before: "the 29 men", "Upwards of 11,000 troops"."""
    if candidate.frame.frame_id in {"troops", "diplomats"}:
        return True
    theme = reading.token_at(index, candidate.theme.end - 1)
    is_definite = theme is not None and any(child.lower_ in {"the", "these", "those", "such"} for child in theme.lefts)
    return (
        is_definite and index > 0 and reading.cast.has_north_korea(reading.sentences[index - 1].start, reading.sentences[index].end)
    )


def _breach_near(reading: Reading, index: int, reach: int = 1) -> bool:
    """Whether a word of breach or of the law stands within so many sentences."""
    return any(
        reading.hits[other].has(("BREACH", "HACKER", "OVER_CAP"))
        for other in range(max(0, index - reach), min(len(reading.hits), index + reach + 1))
    )


def _overlaps(one: Scored, other: Scored) -> bool:
    """Whether two candidates are two names for one happening."""
    same_event = one.event.i == other.event.i
    same_theme = one.theme.i == other.theme.i
    return same_event or (same_theme and (one.event.i == other.event.i or distance(one.event, other.event) <= 3))


def _assertion(reading: Reading, index: int, scored: Scored) -> Assertion | None:
    candidate, event = scored.candidate, scored.event
    frame = candidate.frame
    placed = _placed(reading, index, scored)
    if not placed.is_claim:
        return None
    parsed, agreed, how = _accused(reading, index, scored)
    steps, found_by = chain(reading, index, event)
    if _speaks_for_itself(steps, parsed):
        return None
    conduct = _conduct(scored, parsed)
    modality = _modality(reading, index, placed, steps, parsed)
    counterparts = _counterparts(reading, index, event, parsed)
    if scored.link.strength < 0.6 and not frame.only and _is_between_others(parsed, counterparts):
        return None
    if (
        frame.conduct.startswith("labour.")
        and not reading.hits[index].has(("BREACH",))
        and all(_is_korea(actor) for actor in parsed)
        and not frame.accused
    ):
        return None
    if conduct in _TWO_SIDED:
        parsed += tuple(actor for actor in counterparts if actor.kind == "state" and actor not in parsed and _both_blamed(parsed))
    sentence = reading.sentences[index]
    reasons = (
        f"{frame.frame_id}: {event.text} + {scored.theme.text}",
        *how,
        *found_by,
        *([placed.reason] if placed.reason else []),
    )
    confidence = round(min(0.97, (0.55 if agreed else 0.3) + 0.2 * scored.link.strength + 0.04 * frame.weight), 2)
    return Assertion(
        sentence=index,
        is_headline=sentence.zone == "headline",
        accused=parsed,
        conduct=conduct,
        modality=modality,
        spans=[_quote(reading, index, event)],
        attributions=steps,
        is_accepted=agreed and bool(parsed) and not _is_unsure(reading, scored, parsed),
        confidence=confidence,
        reasons=reasons,
        weight=frame.weight,
        themes=frozenset(frame.theme),
        is_anaphoric=any(child.lower_ in {"the", "these", "those", "such"} for child in scored.theme.lefts),
        link=scored.link.strength,
        is_fallback=how[0].startswith("nobody else"),
        counterparts=tuple(actor for actor in counterparts if actor not in parsed),
        object=_object(scored),
        quantities=quantities(sentence.text),
        place=_place(reading, index),
        period=period(_told_about(reading, index, event), reading.article.published_at.date()),
        marks=(*_marks(reading, index, scored), *(["ambiguous_accuser"] if AMBIGUOUS in found_by else [])),
    )


def _is_unsure(reading: Reading, scored: Scored, accused: tuple[Actor, ...]) -> bool:
    """Whether nothing says what the accused are, and North Korea is only known from the context."""
    return scored.link.strength < 0.6 and all(actor in reading.cast.weak for actor in accused)


def _is_korea(actor: Actor) -> bool:
    return actor.kind == "state" and actor.country == NORTH_KOREA


def _is_between_others(accused: tuple[Actor, ...], counterparts: tuple[Actor, ...]) -> bool:
    """Whether goods go between two states of which none is North Korea: trade that the article only mentions."""
    states = [actor for actor in (*accused, *counterparts) if actor.kind == "state"]
    return (
        bool(accused)
        and all(actor.kind == "state" for actor in accused)
        and len(states) > len(accused)
        and not any(_is_korea(actor) for actor in states)
    )


def _speaks_for_itself(steps: tuple[Attribution, ...], accused: tuple[Actor, ...]) -> bool:
    """What a company or a person says of its own doings is its answer, not an accusation, unless it admits it."""
    return (
        bool(steps)
        and steps[-1].stance not in {"confirms", "documents"}
        and any(actor.kind != "state" and actor.name == steps[-1].name for actor in accused)
    )


def _placed(reading: Reading, index: int, scored: Scored) -> Standing:
    """Whether the conduct is said to have happened. For a duty not done, only the negated verb tells it."""
    frame = scored.candidate.frame
    placed = standing(reading, index, scored.event, negation_is_conduct=frame.negated)
    if not placed.is_claim:
        return placed
    if _is_long_past(reading, index, scored.event):
        return Standing("no", "long past: before any rule")
    if has_subject_norm(scored.event):
        return Standing("no", "a rule does it")
    if frame.negated and any(child.dep_ == "xcomp" and child.lemma_ in _NO_DUTY for child in scored.event.children):
        return Standing("no", "a refusal to comment")
    if frame.negated and not _is_undone(scored.event):
        return Standing("no", "the duty was done")
    return placed


_LONG_AGO = re.compile(
    r"\b(?:in|during|since|throughout) the (?:early |mid-?|late )?(?:19[4-9]0s|[4-9]0s|fifties|sixties|seventies|eighties|nineties|Cold War)\b|\b(?:in|since|until|by|of) (?:19\d\d|200[0-5])\b|\bdecades ago\b|\bused to\b|\bin Soviet (?:days|times)\b",
    re.IGNORECASE,
)


def _is_long_past(reading: Reading, index: int, event: Token) -> bool:
    """Whether a sentence dates its event before the first resolution of 2006, or says that it "once" was so."""
    text = _told_about(reading, index, event)
    if _LONG_AGO.search(text) and not re.search(r"\b20(?:0[6-9]|[1-9]\d)\b", text):
        return True
    return any(
        child.lower_ == "once" and child.i < event.i
        for token in [event, *event.ancestors]
        for child in token.children
        if child.dep_ == "advmod"
    )


_UNDONE_LEMMAS = frozenset(
    {
        "fail",
        "refuse",
        "ignore",
        "neglect",
        "lapse",
        "decline",
        "withhold",
        "stonewall",
        "rebuff",
        "failure",
        "refusal",
        "silence",
        "stop",
        "cease",
        "overstay",
    }
)


_NO_DUTY = frozenset({"confirm", "comment", "name", "say", "elaborate", "speak", "identify", "discuss", "give", "rule", "deny"})
_CEASING = frozenset({"stop", "halt", "abandon", "end", "freeze", "suspend", "scrap", "dismantle", "cease"})


def _is_undone(event: Token) -> bool:
    """Whether a duty is said not to be done: the verb is negated, means not doing, or hangs on one that does."""
    if (event.lemma_ in _UNDONE_LEMMAS and event.lemma_ not in _CEASING) or is_negated(event):
        return True
    if any(
        child.lower_ in {"none", "neither", "nothing", "nobody"}
        or (child.dep_ in {"dobj", "nsubj", "nsubjpass"} and is_negated(child))
        for child in event.children
    ):
        return True
    head = event.head
    return event.dep_ in {"xcomp", "pcomp", "acl", "conj", "dobj"} and head.lemma_ in _UNDONE_LEMMAS


def _accused(reading: Reading, index: int, scored: Scored) -> tuple[tuple[Actor, ...], bool, tuple[str, ...]]:
    """Who is accused, whether both readings agree, and why."""
    frame = scored.candidate.frame
    if frame.only:
        return _only(reading, index, scored)
    found, agreed, how = _doers(reading, index, scored)
    if frame.patient:
        patients = tuple(
            actor
            for actor in _patients(reading, index, scored.event)
            if actor.kind in frame.patient and actor.country != NORTH_KOREA and actor not in found
        )
        if patients and not found:
            agreed, how = True, ("who was visited or let in", *how)
        found += patients
    if frame.adds:
        own = () if any(_is_korea(actor) for actor in found) else (state_actor(frame.adds),)
        return (*own, *(actor for actor in found if actor.kind != "state" or _is_korea(actor))), True, how
    return found, agreed, how


def _only(reading: Reading, index: int, scored: Scored) -> tuple[tuple[Actor, ...], bool, tuple[str, ...]]:
    """The one state whose conduct a frame is about; nobody where somebody else is said to do it ("Japan launched a satellite")."""
    state = state_actor(scored.candidate.frame.only)
    doers = [doer for doer in doers_by_parse(scored.event) if not _is_goods(doer.noun, scored.theme)]
    named = [one.actor for doer in doers for one in resolve(reading, index, doer.noun) if one.role in {"", "accused"}]
    if named and all(actor.country != state.country for actor in named):
        return (), False, ("somebody else does it",)
    if not named and scored.link.strength < 0.45:
        return (), False, ("nobody is named",)
    return (state,), True, ("only this state does it",)


def _patients(reading: Reading, index: int, event: Token) -> list[Actor]:
    """Who an event is done to: its object, or the subject of what it lets happen."""
    nouns = children(event, "dobj", "obj", "nsubjpass") + [
        noun for verb in children(event, "ccomp", "xcomp") for noun in children(verb, "nsubj")
    ]
    return [one.actor for noun in nouns for one in resolve(reading, index, noun) if one.role in {"", "accused"}]


def _doers(reading: Reading, index: int, scored: Scored) -> tuple[tuple[Actor, ...], bool, tuple[str, ...]]:
    frame, event = scored.candidate.frame, scored.event
    doers = [doer for doer in doers_by_parse(event) if not _is_goods(doer.noun, scored.theme)]
    by_parse = _named(reading, index, doers, frame)
    by_order = [actor for actor in doers_by_order(reading, index, event) if _may_be_accused(actor)]
    if by_parse:
        overlap = any(actor in by_order for actor in by_parse) or any(
            _is_within(reading, index, doer.noun, actor) for doer in doers for actor in by_order
        )
        firm = any(doer.construction in {"subject", "agent", "accused", "control", "relative", "possessor"} for doer in doers)
        agreed = overlap or (not by_order and firm)
        note = "parse and word order agree" if overlap else "parse alone" if not by_order else "parse and word order disagree"
        return tuple(by_parse), agreed, (f"doer by {doers[0].construction}", note)
    other_side = _other_side(reading, index, scored) if not doers else ()
    if other_side:
        return other_side, True, ("who got or gave it: nobody else is said to have acted",)
    fallback = _fallback(reading, index, scored, doers)
    if fallback and (not by_order or _acts_itself(event, scored.theme)):
        return fallback, True, ("nobody else is named: North Korea's own side of it",)
    if by_order:
        inside = any(_stands_in(reading, index, doer, actor) for doer in doers for actor in by_order)
        return (
            tuple(by_order),
            inside,
            ("word order, within the noun phrase that the parse has for the doer" if inside else "word order alone",),
        )
    return (), False, ("nobody is named",)


_GIVING = frozenset({"SUPPLY", "MOVE", "CARRY", "VESSEL_DEAL", "PROCURE"})


def _other_side(reading: Reading, index: int, scored: Scored) -> tuple[Actor, ...]:
    """Who is named as buyer of North Korea's goods, or as source of goods for it, where the passive names nobody who acted: "ingots were sold to X"."""
    frame, event = scored.candidate.frame, scored.event
    if not is_passive(event) or scored.link.strength < 0.75:
        return ()
    nouns: list[Token] = []
    if frame.nk == "source" and scored.candidate.event.name in _GIVING:
        nouns = receivers(event)
    elif frame.nk == "destination":
        nouns = givers(event)
    found = [
        one.actor for noun in nouns for one in resolve(reading, index, noun) if one.role in {"", "accused"} and one.how != "behind"
    ]
    return tuple(actor for actor in dict.fromkeys(found) if actor.country != NORTH_KOREA)


def _is_within(reading: Reading, index: int, noun: Token, actor: Actor) -> bool:
    """Whether an actor is only named inside the noun phrase that the parse has for the doer."""
    start = reading.offset(index, noun.doc[noun.left_edge.i])
    end = reading.offset(index, noun.right_edge) + len(noun.right_edge.text)
    return noun.right_edge.i - noun.left_edge.i > 2 and any(one.actor == actor for one in reading.cast.between(start, end))


def _is_goods(noun: Token, theme: Token) -> bool:
    """Whether a subject is what moves, not who moves it: "nine million shells went to Russia"."""
    return noun.i == theme.i or (
        theme.head.i != theme.i
        and theme in list(noun.subtree)
        and theme.dep_ in {"pobj", "conj", "compound"}
        and noun.lemma_ in _MEASURES
    )


_MEASURES = words(
    "tonne ton barrel litre container round piece shipment delivery cargo load dollar worth number amount volume third half quarter most some much bottle"
)


def _acts_itself(event: Token, theme: Token) -> bool:
    """Whether the theme is the doer: "three North Korean programmers working under a stolen name"."""
    return any(doer.noun.i == theme.i for doer in doers_by_parse(event))


def _stands_in(reading: Reading, index: int, doer: Doer, actor: Actor) -> bool:
    """Whether the parse's doer is a phrase that holds the word which stands for the actor."""
    return any(
        token.pos_ in {"NOUN", "PROPN"} and any(one.actor == actor for one in resolve(reading, index, token))
        for token in doer.noun.subtree
        if token.dep_ in {"compound", "nmod", "appos", "amod", "ROOT"} or token.i == doer.noun.i
    )


def _named(reading: Reading, index: int, doers: list[Doer], frame: Frame) -> list[Actor]:
    found: list[Resolved] = []
    for doer in doers:
        if doer.noun.lemma_.lower() in _ENFORCERS and not set(frame.event) & _OFFICIAL_EVENTS:
            continue
        found += [one for one in resolve(reading, index, doer.noun) if one.role in {"", "accused"} and _may_be_accused(one.actor)]
    kinds = frame.doer
    named = list(dict.fromkeys(one.actor for one in found if not kinds or one.actor.kind in kinds))
    own = [actor for actor in named if actor.kind != "state"]
    if own and any(one.how in {"behind", "owner"} for one in found if one.actor.kind == "state"):
        return own
    return named


_ENFORCERS = words(
    "prosecutor police customs court judge inspector investigator guard regulator detective auditor jury tribunal coastguard officer"
)
_OFFICIAL_EVENTS = frozenset(
    {"NOT_INSPECT", "CALL_AT", "ADMIT", "GRANT", "VISIT", "PASS", "IGNORE", "TRAIN"}
)  # what officials themselves can do wrong


def _may_be_accused(actor: Actor) -> bool:
    return actor.kind != "unknown"


def _fallback(reading: Reading, index: int, scored: Scored, doers: list[Doer]) -> tuple[Actor, ...]:
    """North Korea where its goods, people or programmes are the theme and nobody else is said to have acted."""
    frame = scored.candidate.frame
    own = (
        [
            one.actor
            for token in scored.theme.subtree
            for one in resolve(reading, index, token)
            if one.actor.country == NORTH_KOREA and one.actor.kind != "state"
        ]
        if not doers
        else []
    )
    if own:
        return tuple(dict.fromkeys(own))[:2]
    if not doers and frame.conduct.startswith("fin."):
        sentence = reading.sentences[index]
        bodies = [
            one.actor
            for one in reading.cast.between(sentence.start, sentence.end)
            if one.actor.country == NORTH_KOREA and one.actor.kind != "state"
        ]
        if bodies:
            return tuple(dict.fromkeys(bodies))[:2]
    if frame.accused:
        return (state_actor(frame.accused),)
    if scored.link.strength >= 0.75 and frame.nk == "source" and not doers:
        return (state_actor(NORTH_KOREA),)
    return ()


def _both_blamed(accused: tuple[Actor, ...]) -> bool:
    return any(actor.country == NORTH_KOREA and actor.kind == "state" for actor in accused)


def _conduct(scored: Scored, accused: tuple[Actor, ...]) -> str:
    """The frame's conduct, or the one for the other direction of the goods."""
    frame = scored.candidate.frame
    if not frame.other:
        return frame.conduct
    way = scored.link.way
    if not way:
        is_korea = any(actor.country == NORTH_KOREA for actor in accused)
        takes = scored.candidate.event.name in _ACQUIRING
        by_state = any(actor.kind == "state" for actor in accused)
        way = "destination" if is_korea == takes and by_state else "source"
    return frame.conduct if (way == "source") == (frame.nk == "source") else frame.other


def _modality(
    reading: Reading, index: int, placed: Standing, steps: tuple[Attribution, ...], accused: tuple[Actor, ...]
) -> Modality:
    if placed.value == "conditional":
        return "conditional"
    text = reading.sentences[index].text.casefold()
    if any(cue in text for cue in lexicon().cues["convicted"]) or _is_convicted(reading, accused):
        return "confirmed"
    root = steps[-1] if steps else None
    if (
        root is not None
        and root.stance == "confirms"
        and (root.kind == "government" or any(root.name == actor.name for actor in accused))
    ):
        return "confirmed"
    if root is not None and _ACCUSING_PAPER.search(root.name):
        return "alleged"
    if any(step.kind == "document" or step.name in _DOCUMENTING for step in steps):
        return "documented"
    if root is not None and re.search(r"\b(?:court|panel|inspectorate|inspectors|auditors)\b", root.name.casefold()):
        return "documented"
    return "alleged"


def _is_convicted(reading: Reading, accused: tuple[Actor, ...]) -> bool:
    """Whether the article says of one of the accused that a court has found against them."""
    own = [actor for actor in accused if actor.kind != "state"]
    if not own:
        return False
    for sentence in reading.sentences:
        if sentence.zone != "body" or not _CONFIRMED.search(sentence.text):
            continue
        if any(mention.actor in own for mention in reading.cast.between(sentence.start, sentence.end)):
            return True
        described = _THE_ONE.match(sentence.text)
        if described and any(lexicon().actor_nouns.get(described.group(1)) == actor.kind for actor in own):
            return True
    return False


_ARMED = frozenset({"army", "military", "government", "force", "forces", "navy", "regime", "ministry", "troops"})


def _counterparts(reading: Reading, index: int, event: Token, accused: tuple[Actor, ...]) -> tuple[Actor, ...]:
    found: list[Actor] = []
    for noun in receivers(event) + givers(event):
        found += [
            one.actor
            for one in resolve(reading, index, noun)
            if one.role in {"", "accused"} and (one.how != "behind" or noun.lemma_.lower() in _ARMED)
        ]
    return tuple(actor for actor in dict.fromkeys(found) if actor not in accused)[:4]


def _object(scored: Scored) -> str:
    goods = object_of(scored.event)
    noun = goods if goods is not None and scored.theme in list(goods.subtree) else scored.theme
    words = [token.text for token in noun.doc[noun.left_edge.i : noun.i + 1]]
    return " ".join(words[-8:])


def _place(reading: Reading, index: int) -> str:
    sentence = reading.sentences[index]
    for mention in reading.cast.between(sentence.start, sentence.end):
        if mention.form == "place":
            return mention.actor.name
    doc = reading.doc(index)
    if doc is None:
        return ""
    return next((entity.text for entity in doc.ents if entity.label_ in {"LOC", "FAC"}), "")


def _marks(reading: Reading, index: int, scored: Scored) -> tuple[str, ...]:
    hits = reading.hits[index]
    marks = [scored.candidate.frame.mark] if scored.candidate.frame.mark else []
    if hits.has(("HIDE_SHIP",)) and hits.has(("SHIP_ID", "DARK")) and "identity_fraud" not in marks:
        marks.append("identity_fraud")
    if hits.has(("FRONT",)):
        marks.append("front")
    return tuple(marks)


_LONG = 180  # characters; a longer sentence is quoted by the part between its "; " or ", and" that tells it
_CUT = re.compile(r"; |, and (?=(?:say|says|said|promised|called|asked|urged|that|it|he|she|they|the|a|an)\b)|, but |: ")


def _piece(reading: Reading, index: int, event: Token) -> Span:
    """The part of a long sentence that holds the event, cut at semicolons and at "and" or "but" between clauses; parts below 60 characters stay joined."""
    sentence = reading.sentences[index]
    middle = reading.offset(index, event)
    start, end = sentence.start, sentence.end
    for match in _CUT.finditer(sentence.text):
        first, last = sentence.start + match.start(), sentence.start + match.end()
        if last <= middle and sentence.end - last >= 60:
            start = last
        elif first > middle and first - start >= 60:
            end = first
            break
    return Span(start, end)


def _told_about(reading: Reading, index: int, event: Token) -> str:
    """The words that may date an event: within a quotation only the quoted ones, for the others tell when it was said."""
    sentence = reading.sentences[index]
    if not sentence.is_quoted(reading.offset(index, event)):
        return sentence.text
    return " ".join(reading.article.text[start:end] for start, end in sentence.quotes)


def _quote(reading: Reading, index: int, event: Token) -> Span:
    """The sentence as quote; of a very long one the clause around the event."""
    sentence = reading.sentences[index]
    if sentence.end - sentence.start <= _LONG:
        return Span(sentence.start, sentence.end)
    piece = _piece(reading, index, event)
    if piece.end - piece.start <= MAX_QUOTE:
        return piece
    middle = reading.offset(index, event)
    start = max(sentence.start, middle - MAX_QUOTE // 2)
    end = min(sentence.end, start + MAX_QUOTE)
    while start > sentence.start and not reading.article.text[start - 1].isspace():
        start += 1
    while end < sentence.end and not reading.article.text[end].isspace():
        end -= 1
    return Span(start, end)
