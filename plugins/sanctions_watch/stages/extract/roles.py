"""Who did it: the doer of an event word, found twice, by the dependency parse and by a reading of the plain word order.

``doers_by_parse`` and ``doers_by_order`` know nothing of each other; where both name the same actor a claim is accepted (__init__.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc, Token

from sanctions_watch.records import Actor
from sanctions_watch.stages.extract.coreference import Resolved, resolve
from sanctions_watch.stages.extract.lexicon import lexicon, words
from sanctions_watch.stages.extract.reading import Reading
from sanctions_watch.stages.extract.syntax import (
    by_agents,
    children,
    conjuncts,
    is_hearsay,
    is_one_of,
    is_passive,
    late_agents,
    object_of,
    prepositional,
    subject,
)

# "X was behind the theft": verbs that only carry an event noun.
_LIGHT = words(
    "carry conduct make do engage take commit perform stage mount orchestrate organise organize arrange run oversee lead mastermind continue resume start begin facilitate"
    " be stand execute plan complete undertake help finance broker handle join support participate involve implicate accept receive sign win hold order approve allow permit"
    " authorise authorize have use give get keep expand plead confess admit"
)
_BLAMED = frozenset({"attribute", "blame", "pin", "trace", "link", "tie", "connect", "ascribe"})
_MAX_CLIMB = 6


@dataclass(frozen=True, slots=True)
class Doer:
    """A noun that did it, by which construction."""

    noun: Token
    construction: str  # subject, agent, possessor, light, accused, control, relative


def doers_by_parse(event: Token) -> list[Doer]:
    """The nouns that the parse makes the doers of an event word, a verb or a noun."""
    if event.pos_ in {"VERB", "AUX"}:
        return _of_verb(event, 0)
    return _of_noun(event, 0)


def _of_verb(verb: Token, depth: int) -> list[Doer]:
    if depth > _MAX_CLIMB:
        return []
    if _is_perfect(verb):
        return _of_verb(verb.head.head, depth + 1)
    if is_passive(verb):
        agents = by_agents(verb) or late_agents(verb)
        if agents:
            return [Doer(noun, "agent") for noun in agents]
        if verb.dep_ == "conj" and verb.head.pos_ in {"VERB", "AUX"} and is_passive(verb.head):
            return [Doer(noun, "agent") for noun in by_agents(verb.head)]
        later = [noun for token in verb.conjuncts if token.i > verb.i for noun in by_agents(token)]
        return [Doer(noun, "agent") for noun in later]
    own = subject(verb)
    if own is not None and not (verb.dep_ == "ccomp" and own.lower_ == "there"):
        if (
            verb.dep_ in {"ccomp", "xcomp"}
            and verb.tag_ in {"VB", "VBP"}
            and is_one_of(verb.head, lexicon().verbs["enabling"])
            and not any(child.lower_ != "to" for child in children(verb, "aux", "mark"))
        ):
            higher = subject(verb.head)
            if higher is not None:
                return [Doer(higher, "control"), *_unless_people(own)]
        return [Doer(own, "subject")]
    return _inherited(verb, depth)


def _unless_people(noun: Token) -> list[Doer]:
    """Who was let, helped or paid to do it, where it has a name: "pays North Korean instructors to train" accuses the one who pays."""
    return [Doer(noun, "subject")] if noun.pos_ in {"PROPN", "PRON"} else []


def _inherited(verb: Token, depth: int) -> list[Doer]:
    """The doer of a verb without a subject of its own, from what it hangs on."""
    head = verb.head
    if verb.dep_ == "conj" and head.pos_ in {"VERB", "AUX"}:
        return (
            _of_verb(head, depth + 1) if not is_passive(head) else [Doer(token, "subject") for token in children(head, "nsubjpass")]
        )
    if verb.dep_ in {"xcomp", "ccomp", "advcl", "dep", "prep"} and head.pos_ in {"VERB", "AUX", "ADJ"}:
        return _controlled(verb, head, depth)
    if verb.dep_ == "pcomp" and head.dep_ in {"prep", "agent", "mark"}:
        governor = head.head
        if (
            governor.dep_ in {"dobj", "npadvmod"}
            and is_one_of(governor.head, lexicon().verbs["accusing"])
            and head.lower_ in {"for", "of", "with"}
        ):
            governor = governor.head  # "fined the firm 400,000 euros for shipping"
        if governor.pos_ in {"VERB", "AUX", "ADJ"}:
            return _controlled(verb, governor, depth)
        return _of_noun(governor, depth + 1)
    if verb.dep_ in {"acl", "relcl"}:
        if verb.tag_ == "VB" or any(child.lower_ == "to" and child.dep_ == "aux" for child in verb.children):
            return _of_noun(head, depth + 1)
        return [Doer(head, "relative")]
    if verb.dep_ == "amod":
        return [Doer(head, "relative")] if verb.tag_ == "VBG" else []
    if verb.dep_ in {"nsubj", "nsubjpass", "csubj", "pobj", "dobj", "compound", "ROOT"}:
        return _of_noun(verb, depth + 1) if verb.dep_ != "ROOT" else []
    return []


def _is_perfect(verb: Token) -> bool:
    """As in "of having illegally imported fuel", where the parse takes "imported" for the fuel's adjective."""
    return (
        verb.dep_ == "amod"
        and verb.tag_ == "VBN"
        and verb.head.dep_ == "dobj"
        and verb.head.head.lemma_ == "have"
        and verb.head.head.i < verb.i
    )


def _controlled(verb: Token, governor: Token, depth: int) -> list[Doer]:
    """The doer of an infinitive or participle under another verb: its object where that verb accuses or enables, else its subject."""
    known = lexicon()
    if governor.pos_ == "ADJ" and governor.dep_ in {"acomp", "oprd"} and governor.head.pos_ in {"VERB", "AUX"}:
        governor = governor.head  # "pleaded guilty to laundering"
    if is_hearsay(governor):
        own = subject(governor)
        patient = (
            [own]
            if own is not None and own.i == governor.i - 1
            else [governor.nbor(-1)]
            if governor.i and governor.nbor(-1).pos_ in {"NOUN", "PROPN"}
            else children(governor, "nsubjpass")
        )
        return [Doer(noun, "accused") for noun in patient]
    if is_one_of(governor, known.verbs["accusing"]):
        if is_passive(governor):
            patient = children(governor, "nsubjpass") or _passive_subject(governor)
            return [Doer(noun, "accused") for noun in patient]
        target = next(iter(children(governor, "dative")), None) or object_of(governor)
        if target is not None:
            return [Doer(target, "accused")]
        if verb.dep_ in {"pcomp", "advcl"}:
            return []
    if is_one_of(governor, known.verbs["enabling"]) and not is_passive(governor):
        target = object_of(governor)
        higher = _of_verb(governor, depth + 1)
        if higher:
            return higher + (_unless_people(target) if target is not None else [])
    if is_passive(governor):
        patient = children(governor, "nsubjpass") or _passive_subject(governor)
        return [Doer(noun, "control") for noun in patient]
    own = subject(governor)
    if own is not None:
        return [Doer(own, "control")]
    return _inherited(governor, depth + 1)


def _passive_subject(verb: Token) -> list[Token]:
    """The subject of a passive verb that hangs on another: "a firm accused of selling", "was charged and fined for selling"."""
    if verb.dep_ in {"acl", "relcl"}:
        return [verb.head]
    if verb.dep_ == "conj":
        return (
            children(verb.head, "nsubjpass")
            or children(verb.head, "nsubj")
            or (_passive_subject(verb.head) if verb.head.pos_ == "VERB" else [])
        )
    if verb.dep_ in {"advcl", "xcomp", "ccomp"} and verb.head.pos_ in {"VERB", "AUX"}:
        own = subject(verb.head)
        return [own] if own is not None else []
    return []


def _of_noun(noun: Token, depth: int) -> list[Doer]:
    if depth > _MAX_CLIMB:
        return []
    if noun.lemma_ in AGENTIVE:
        return _agentive(noun)
    agents = by_agents(noun) or late_agents(noun)
    if agents:
        return [Doer(token, "agent") for token in agents]
    owners = children(noun, "poss")
    if owners:
        return [Doer(token, "possessor") for token in owners]
    blamed = _blamed(noun)
    if blamed:
        return blamed
    found = _light_subject(noun, depth)
    if found:
        return found
    modifiers = [
        child
        for child in noun.lefts
        if child.dep_ in {"amod", "compound", "nmod"} and child.pos_ in {"ADJ", "PROPN"} and child.text[:1].isupper()
    ]
    return [Doer(modifier, "possessor") for modifier in modifiers[-1:]]


AGENTIVE = words(
    "buyer seller supplier importer exporter smuggler purchaser customer middleman broker recipient trafficker shipper dealer trader"
)


def _agentive(noun: Token) -> list[Doer]:
    """Who "the buyer" is: across "was", beside a comma, else the word itself."""
    head = noun.head
    if noun.dep_ == "nsubj" and head.lemma_ == "be":
        return [Doer(token, "agent") for token in children(head, "attr")]
    if noun.dep_ == "attr" and head.lemma_ == "be":
        return [Doer(token, "agent") for token in children(head, "nsubj")]
    beside = children(noun, "appos")
    if beside:
        return [Doer(token, "agent") for token in beside]
    return [Doer(head if noun.dep_ == "appos" else noun, "agent")]


def _blamed(noun: Token) -> list[Doer]:
    """Whom an event is laid to: "the theft was attributed to X", "pinned the theft on X", "X was behind the theft"."""
    verb = noun.head
    if verb.pos_ == "VERB" and verb.lemma_ in _BLAMED:
        return [Doer(token, "agent") for token in prepositional(verb, "to", "on", "back")]
    return []


def _light_subject(noun: Token, depth: int) -> list[Doer]:
    """The subject of a verb that only carries the event noun: "took part in transfers", "is behind the sale", "were used for deliveries"."""
    head = noun.head
    if noun.dep_ in {"compound", "nmod", "amod"} and head.pos_ in {"NOUN", "PROPN"}:
        return _of_noun(head, depth + 1)
    if noun.dep_ == "conj":
        return _of_noun(head, depth + 1) if head.pos_ in {"NOUN", "PROPN"} else []
    if noun.dep_ in {"dobj", "attr", "oprd"} and head.pos_ in {"VERB", "AUX"}:
        if head.lemma_ not in _LIGHT:
            return []
        return _of_verb(head, depth + 1) if not is_passive(head) or by_agents(head) else []
    if noun.dep_ == "pobj" and head.dep_ in {"prep", "agent"}:
        governor = head.head
        if governor.pos_ in {"VERB", "AUX", "ADJ"}:
            if is_one_of(governor, lexicon().verbs["accusing"]) or is_passive(governor):
                target = (
                    children(governor, "nsubjpass") or _passive_subject(governor)
                    if is_passive(governor)
                    else children(governor, "dobj")
                )
                return [Doer(token, "accused") for token in target]
            if governor.lemma_.lower() in _LIGHT or head.lower_ in {"in", "behind", "for", "through"}:
                return _of_verb(governor, depth + 1)
        if governor.pos_ in {"NOUN", "PROPN"} and head.lower_ in {"of", "in", "for", "to", "with"}:
            return _of_noun(governor, depth + 1)
    if noun.dep_ == "nsubjpass" and head.pos_ == "VERB":
        return [Doer(token, "agent") for token in by_agents(head)]
    return []


def doers_by_order(reading: Reading, index: int, event: Token) -> list[Actor]:
    """Who stands where the doer of an event word stands in plain English word order: after "by", before the verb group, as possessor."""
    doc = event.doc
    passive = event.tag_ in {"VBN", "VBD"} and any(
        doc[place].lemma_ in {"be", "get"} for place in range(max(0, event.i - 3), event.i)
    )
    takes_object = (event.i + 1 < len(doc) and doc[event.i + 1].pos_ in {"DET", "NUM", "NOUN", "PROPN", "ADJ", "PRON"}) or any(
        child.dep_ == "dobj" for child in event.children
    )
    if (
        event.i + 2 < len(doc)
        and doc[event.i + 1].lower_ in {"this", "last", "each", "every", "next", "in", "on"}
        and doc[event.i + 2].lower_ in _TIMES
    ):
        takes_object = False
    reduced = event.tag_ == "VBN" and event.i > 0 and doc[event.i - 1].pos_ in {"NOUN", "PROPN"} and not takes_object
    if passive or reduced or event.pos_ in {"NOUN", "PROPN"}:
        after = _after_by(reading, index, event)
        if after:
            return after
        if passive or reduced:
            return []
    return _before(reading, index, event)


def _after_by(reading: Reading, index: int, event: Token) -> list[Actor]:
    doc = event.doc
    for place in range(event.i + 1, min(len(doc), event.i + 24)):
        token = doc[place]
        if token.lower_ == "by":
            for noun in doc[place + 1 : place + 12]:
                if noun.pos_ in {"VERB", "AUX"} or noun.text in {",", ";"}:
                    break
                if noun.pos_ in {"NOUN", "PROPN", "PRON"} and (
                    noun.i + 1 == len(doc) or doc[noun.i + 1].pos_ not in {"NOUN", "PROPN"}
                ):
                    found = _actors(resolve(reading, index, noun))
                    if found:
                        return found
            return []
        if token.text in {".", ";", ":"} or token.pos_ == "AUX":
            return []
    return []


def _before(reading: Reading, index: int, event: Token) -> list[Actor]:
    """The nearest noun before the verb group that stands in no prepositional phrase; "accused of selling" and "said that" are stepped over."""
    doc = event.doc
    place = event.i - 1
    while place >= 0:
        token = doc[place]
        if token.text in {";", ":"}:
            return []
        if token.text == "," and (opened := _aside(doc, place)) is not None:
            place = opened - 1
            continue
        if token.pos_ in {"NOUN", "PROPN", "PRON"} and not (
            place + 1 < len(doc) and doc[place + 1].pos_ in {"NOUN", "PROPN", "PART"} and doc[place + 1].lower_ != "not"
        ):
            first = place
            while (
                first > 0
                and (
                    doc[first - 1].pos_ in {"NOUN", "PROPN", "ADJ", "DET", "NUM", "PUNCT", "PART", "CCONJ", "PRON"}
                    or doc[first - 1].dep_ == "amod"
                )
                and doc[first - 1].text not in {",", ";", ":", '"'}
            ):
                first -= 1
            if first > 1 and token.pos_ == "NOUN" and is_one_of(doc[first - 1], lexicon().verbs["enabling"]):
                place = first - 2  # "lets North Korean instructors train"
                continue
            if first > 1 and doc[first - 1].tag_ == "VBG" and doc[first - 2].pos_ in {"NOUN", "PROPN"}:
                place = first - 2  # "companies hiring North Koreans are": the object of a participle
                continue
            if first == 0 or doc[first - 1].pos_ != "ADP" or doc[first - 1].lower_ == "by":
                for noun in reversed(doc[first : place + 1]):
                    if noun.pos_ in {"NOUN", "PROPN", "PRON"} and not _is_speaker(noun):
                        found = _actors(resolve(reading, index, noun))
                        if found:
                            return found
            place = first - 1
            continue
        place -= 1
    return []


_TIMES = words("year month week spring summer autumn fall winter monday tuesday wednesday thursday friday saturday sunday")


def _aside(doc: Doc, closed: int) -> int | None:
    """Where an aside that a comma closes begins: ", who runs ITF Kobo," or ", 53,"."""
    for place in range(closed - 1, max(-1, closed - 25), -1):
        if doc[place].text == "," and place + 1 < closed:
            return (
                place
                if doc[place + 1].lower_ in {"who", "which", "whose", "whom", "where"} or doc[place + 1].pos_ in {"NUM", "VERB"}
                else None
            )
        if doc[place].text in {";", ":", "."}:
            return None
    return None


def _is_speaker(noun: Token) -> bool:
    """Whether a noun is the subject of a verb that only reports."""
    return (
        noun.dep_ == "nsubj"
        and noun.head.lemma_ in lexicon().reporting
        and any(child.dep_ == "ccomp" for child in noun.head.children)
    )


def _actors(found: list[Resolved]) -> list[Actor]:
    return [one.actor for one in found if one.role in {"", "accused"}]


def receivers(event: Token) -> list[Token]:
    """The nouns that an event is done to or for: "to X", "for X", the indirect object, "with X"."""
    found = children(event, "dative") + prepositional(event, "to", "for", "with", "into")
    goods = object_of(event)
    if goods is not None:
        found += prepositional(goods, "to", "for", "with", "into")
    if event.pos_ == "NOUN":
        found += prepositional(event, "to", "for", "with", "into")
    return [noun for token in found if token.pos_ in {"NOUN", "PROPN", "PRON"} for noun in conjuncts(token)[:1]]


def givers(event: Token) -> list[Token]:
    """The nouns that an event takes its goods from: "from X"."""
    found = prepositional(event, "from")
    goods = object_of(event)
    if goods is not None:
        found += prepositional(goods, "from")
    return [token for token in found if token.pos_ in {"NOUN", "PROPN", "PRON"}]
