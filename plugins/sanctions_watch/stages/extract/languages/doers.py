"""Who is named in a sentence, and who of them stands where a doer stands."""

from __future__ import annotations

from dataclasses import dataclass

from sanctions_watch.records import Actor
from sanctions_watch.stages.extract.languages.latin import latin, northern_person
from sanctions_watch.stages.extract.languages.lexicon import Lexicon
from sanctions_watch.stages.extract.lexicon import lexicon as english

NORTH_KOREA = "KP"


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody named; ``start`` and ``end`` are offsets into the sentence."""

    actor: Actor
    start: int
    end: int
    is_topic: bool = False


def mentions(text: str, lexicon: Lexicon) -> list[Mention]:
    """Every state, company, ship and group that a sentence names, in order; of names one within the other the first kind listed."""
    found: list[Mention] = []
    for row in lexicon.companies:
        for match in row.pattern.finditer(text):
            start, end = match.span("name")
            is_northern = row.kind == "person" and lexicon.language == "ko"
            name = northern_person(match["name"]) if is_northern else latin(match["name"], lexicon)
            if name and not _overlaps(found, start, end) and match["name"] not in lexicon.countries:
                found.append(Mention(Actor(name, row.kind), start, end))
    for match in lexicon.northern.finditer(text):
        if not _overlaps(found, *match.span()):
            found.append(Mention(Actor(_state_name(NORTH_KOREA), "state", NORTH_KOREA), *match.span()))
    for match in lexicon.states.finditer(text):
        if not _overlaps(found, *match.span()):
            code = lexicon.countries[match.group()]
            found.append(Mention(Actor(_state_name(code), "state", code), *match.span()))
    return sorted(found, key=lambda mention: mention.start)


def doers(text: str, lexicon: Lexicon, named: list[Mention]) -> list[Mention]:
    """Those in a doer's place: by particle in Korean and Japanese, by case in Russian, by order elsewhere; speakers left out."""
    found = [mention for mention in named if _is_doer(text, lexicon, mention)]
    topic = lexicon.topic_after
    if topic is None:
        return found
    marked = [one for one in found if not topic.match(text, one.end)]
    return marked or found


def _is_doer(text: str, lexicon: Lexicon, mention: Mention) -> bool:
    if lexicon.speaker_after.match(text, mention.end) or not lexicon.subject_after.match(text, mention.end):
        return False
    if mention.actor.kind != "state":
        return True
    return lexicon.subject_before.search(text[: mention.start]) is not None


def _overlaps(found: list[Mention], start: int, end: int) -> bool:
    return any(one.start < end and start < one.end for one in found)


def _state_name(code: str) -> str:
    return english().states[code].name
