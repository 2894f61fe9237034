"""North Korea's side of a candidate: whether it is party to it at all, and which way the goods go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from spacy.tokens import Token

from sanctions_watch.stages.extract.actors import NORTH_KOREA, Mention
from sanctions_watch.stages.extract.candidates import Candidate
from sanctions_watch.stages.extract.law import cited_resolutions
from sanctions_watch.stages.extract.reading import Reading
from sanctions_watch.stages.extract.syntax import head_noun

Way = Literal["source", "destination", ""]
_TO = frozenset({"to", "for", "into", "toward", "towards", "with", "bound"})
_FROM = frozenset({"from", "out"})
_IN = frozenset({"in", "at", "off", "inside", "near", "outside", "around"})
_ACQUIRE = frozenset({"ACQUIRE"})
_SUPPLY = frozenset({"SUPPLY"})  # not MOVE: who moves goods need not be who gives them
_PEOPLE = frozenset({"WORKER", "CREW", "TROOPS", "IT_WORKER", "INSTRUCTOR"})
_HOME_MADE = frozenset({"MAKE", "ERECT"})


@dataclass(frozen=True, slots=True)
class Link:
    """How North Korea comes into a candidate. ``strength`` 0-1: 1 in the very phrase, less by context, 0 not at all."""

    strength: float
    way: Way
    owns_theme: bool


def link(reading: Reading, candidate: Candidate, event: Token, theme: Token) -> Link:
    """North Korea's part in a candidate, from the sentence, else from what stands before it."""
    index = candidate.sentence
    sentence = reading.sentences[index]
    mentions = [one for one in reading.cast.between(sentence.start, sentence.end) if one.actor.country == NORTH_KOREA]
    if not mentions:
        return _by_context(reading, index)
    way: Way = ""
    owns = False
    best = 0.6
    for mention in mentions:
        token = reading.token_at(index, mention.end - 1)
        if token is None:
            continue
        role = _role(mention, token, event, theme)
        if role == "theme":
            owns, best = True, 1.0
            way = way or "source"
        elif role == "from" and candidate.theme.name in _PEOPLE:
            owns, best, way = True, 1.0, way or "source"
        elif role in {"from", "to", "in", "subject", "object", "agent"}:
            best = max(best, 0.9 if role != "in" else 0.75)
            way = way or _way(role, candidate.event.name)
    return Link(best, way, owns)


def _way(role: str, event_class: str) -> Way:
    if role == "from":
        return "source"
    if role == "to":
        return "destination"
    if role == "in":
        return "source" if event_class in _HOME_MADE else ""
    if role in {"subject", "agent"}:
        return "destination" if event_class in _ACQUIRE else "source" if event_class in _SUPPLY else ""
    return ""


def _role(mention: Mention, token: Token, event: Token, theme: Token) -> str:
    """The part of one mention: theme (it modifies the goods), from, to, in, subject, agent, object, or none."""
    noun = head_noun(token)
    if token.i != noun.i and any(noun.i == other.i for other in theme.conjuncts):
        return "theme"
    if noun.i == theme.i or (head_noun(theme).i == noun.i and noun.i >= theme.i):
        return "theme" if token.i != noun.i or mention.form == "demonym" else "object"
    if noun.dep_ in {"pobj", "conj"}:
        top = noun
        while top.dep_ == "conj":
            top = top.head
        preposition = top.head.lower_ if top.dep_ == "pobj" else ""
        if preposition in _FROM:
            return "theme" if top.head.head.i == theme.i else "from"
        if preposition in _TO:
            return "to"
        if preposition in _IN or preposition == "through":
            outer = top.head.head
            if outer.dep_ == "pobj" and outer.head.lower_ in _TO:
                return "to"
            if outer.dep_ == "pobj" and outer.head.lower_ in _FROM:
                return "from"
            return "in"
        if preposition == "by":
            return "agent"
        if preposition == "of" and top.head.head.i == theme.i:
            return "theme"
        if preposition == "of":
            outer = top.head.head
            if outer.dep_ == "pobj" and outer.head.lower_ in _TO | _FROM:
                return "to" if outer.head.lower_ in _TO else "from"
            return "object"
    if noun.dep_ in {"nsubj", "nsubjpass"} and (noun.head.i == event.i or event in noun.head.subtree):
        return "subject"
    if noun.dep_ == "dative":
        return "to"
    if noun.dep_ == "dobj":
        return "object"
    return ""


def _by_context(reading: Reading, index: int) -> Link:
    """North Korea is not named: the nearer it was, the likelier the sentence goes on about it."""
    away = reading.north_korea_distance(index)
    strength = {1: 0.55, 2: 0.45, 3: 0.4, 4: 0.35}.get(away, 0.0)
    about = _about_north_korea(reading)
    strength = max(strength, about)
    if cited_resolutions(reading.sentences[index].text):
        strength = max(strength, 0.6)
    if reading.hits[index].has(("LISTED", "NK_ENTITY", "TRAVEL_BAN")) and about:
        strength = max(strength, 0.6)
    return Link(strength, "", False)


def _about_north_korea(reading: Reading) -> float:
    """How much of the article is about North Korea: 0.4 where its headline or three places name it, 0.3 where one does."""
    count = sum(1 for mention in reading.cast.mentions if mention.actor.country == NORTH_KOREA)
    in_headline = any(
        reading.cast.has_north_korea(sentence.start, sentence.end) for sentence in reading.sentences if sentence.zone == "headline"
    )
    if in_headline or count >= 3:
        return 0.4
    return 0.3 if count or cited_resolutions(reading.article.text) else 0.0
