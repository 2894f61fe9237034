"""What an article is about in law: the conducts whose ban it recalls, and what is told of them in other words.

News on a breach nearly always says what the rule is ("Selling ships to North Korea has been prohibited since ..."). Where another sentence
then tells of goods going to or from North Korea in words that no theme class knows ("four of the machines", "a pump"), the rule that the
article recalls says which conduct it is.
"""

from __future__ import annotations

from sanctions_watch.stages.extract.candidates import Candidate, Hit, Hits
from sanctions_watch.stages.extract.lexicon import Frame, lexicon, words
from sanctions_watch.stages.extract.reading import Reading
from sanctions_watch.stages.extract.roles import AGENTIVE
from sanctions_watch.stages.extract.sentences import Sentence
from sanctions_watch.stages.extract.syntax import children, object_of, prepositional

_OPEN_EVENTS = frozenset({"SUPPLY", "ACQUIRE", "CARRY", "HIRE", "PROCURE", "VESSEL_DEAL", "TRAIN", "MAKE", "ERECT"})
_LIGHT = words(
    "take get make give bring receive put do run have order produce carry move go send"
)  # they say nothing without their object
_MOST = 3  # topics kept, most recalled first


def topics(
    sentences: tuple[Sentence, ...], hits: tuple[Hits, ...], candidates: tuple[tuple[Candidate, ...], ...]
) -> tuple[Frame, ...]:
    """The frames of goods, ships and people that the article tells of, or whose ban it recalls (which counts threefold), the weightiest first."""
    weights: dict[str, int] = {}
    frames = {frame.frame_id: frame for frame in lexicon().frames if not frame.loose and not frame.negated and not frame.only}
    for sentence in sentences:
        found = hits[sentence.index]
        is_ban = found.has(("BAN",))
        for frame in frames.values():
            if not found.has(frame.theme) or not set(frame.event) & _OPEN_EVENTS:
                continue
            weight = (3 if found.has(frame.event) else 1) if is_ban else 0
            if weight:
                weights[frame.frame_id] = weights.get(frame.frame_id, 0) + weight * frame.weight
        for candidate in candidates[sentence.index]:
            frame_id = candidate.frame.frame_id
            if frame_id in frames and candidate.frame.nk != "party":
                weights[frame_id] = weights.get(frame_id, 0) + 1
    ranked = sorted(weights, key=lambda frame_id: (-weights[frame_id], frame_id))
    return tuple(frames[frame_id] for frame_id in ranked[:_MOST])


def may_tell(found: Hits, frames: tuple[Frame, ...]) -> bool:
    """Whether a sentence has an event word of one of the topics."""
    return any(found.has(tuple(name for name in frame.event if name in _OPEN_EVENTS)) for frame in frames)


def open_candidates(reading: Reading, index: int, frames: tuple[Frame, ...]) -> list[Candidate]:
    """Candidates of the topics in a parsed sentence, whatever their object is called."""
    sentence, known = reading.sentences[index], lexicon()
    found: list[Candidate] = []
    for frame in frames:
        for event in reading.hits[index].of([name for name in frame.event if name in _OPEN_EVENTS]):
            token = reading.token_at(index, event.start)
            if token is None or token.lemma_ in _LIGHT:
                continue
            if token.lemma_ in AGENTIVE and event.part == "noun" and any(child.lower_ == "the" for child in token.lefts):
                found.append(Candidate(frame, index, event, Hit("OPEN", "noun", event.start, event.end)))
                continue
            goods = (
                object_of(token) or next(iter(children(token, "nsubjpass")), None) or next(iter(prepositional(token, "of")), None)
            )
            if (
                goods is None
                or goods.pos_ not in {"NOUN", "PROPN", "NUM"}
                or goods.i == token.i
                or goods.lemma_ in known.nouns["document"]
                or goods.lemma_ in known.actor_nouns
            ):
                continue
            start = sentence.start + goods.idx
            found.append(Candidate(frame, index, event, Hit("OPEN", "noun", start, start + len(goods.text))))
    return found
