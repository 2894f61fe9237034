"""From a noun phrase of the parse to somebody named: by its own name, its state, its description, or what it refers back to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from spacy.tokens import Token

from sanctions_watch.records import Actor, ActorKind
from sanctions_watch.stages.extract.actors import NORTH_KOREA, Mention, state_actor
from sanctions_watch.stages.extract.lexicon import lexicon, words
from sanctions_watch.stages.extract.reading import Reading
from sanctions_watch.stages.extract.syntax import children, conjuncts, prepositional

_NAMED_KINDS: frozenset[ActorKind] = frozenset({"company", "vessel", "bank", "person", "organisation"})
_PERSONAL = frozenset({"he", "she", "him", "her", "his", "himself", "herself"})
_NEUTER = frozenset({"it", "its", "itself"})
_PLURAL = frozenset({"they", "them", "their", "themselves", "both", "each", "we", "us", "our"})
_RELATIVE = frozenset({"who", "which", "that", "whom", "whose"})
_PARTITIVE = words(
    "one two three four five some many most several all both each dozens hundreds part any group number couple pair half none majority handful series fleet"
)
_KIND_WORD_FAMILY: dict[str, tuple[ActorKind, ...]] = {
    "company": ("company", "bank", "organisation"),
    "bank": ("bank", "company"),
    "vessel": ("vessel",),
    "person": ("person",),
    "organisation": ("organisation", "company"),
}
_BARE_STATE = words("government ministry army military navy authorities parliament cabinet")
_STATE_BODY = re.compile(
    r"\b(?:Courts?|Police|Ministry|Customs|Prosecutor|Prosecution|Guard|Agency|Department|Treasury|Tribunal|Intelligence|Navy|Army|Bureau|Office|Authority|Service|Council|Committee)\b"
)
_NO_AGENTS = words(
    "sanctions measures resolutions laws rules papers reports records images satellites media imports exports sales relations ties talks elections markets prices shares goods"
    " products weapons waters borders ports documents figures statistics pictures photographs news newspapers missiles programs programmes tests launches"
)
_ENFORCING = words(
    "seize impound detain hold board intercept stop search sanction blacklist arrest charge fine raid capture freeze release expel investigate accuse suspect"
)
_DEPTH = 5


@dataclass(frozen=True, slots=True)
class Resolved:
    """Somebody a phrase stands for. ``how``: name, state, behind (a state behind its people), description, pronoun, owner."""

    actor: Actor
    how: str
    role: str = ""  # of a known body


def resolve(reading: Reading, index: int, token: Token, depth: int = 0) -> list[Resolved]:
    """Who a noun phrase stands for, its conjuncts too; [] where nobody is named. ``index`` is the sentence's."""
    found: list[Resolved] = []
    for noun in conjuncts(token):
        for one in _one(reading, index, noun, depth):
            if all(one.actor != other.actor for other in found):
                found.append(one)
    return found


def _one(reading: Reading, index: int, noun: Token, depth: int) -> list[Resolved]:
    if depth > _DEPTH:
        return []
    word = noun.lower_
    if word in _RELATIVE and noun.dep_ in {"nsubj", "nsubjpass", "dobj", "pobj", "poss"}:
        antecedent = relative_antecedent(noun)
        return resolve(reading, index, antecedent, depth + 1) if antecedent is not None else []
    if noun.pos_ == "PRON" and word in _PERSONAL | _NEUTER | _PLURAL:
        return refer_back(reading, index, noun, depth)
    mention = reading.cast.covering(reading.offset(index, noun))
    if mention is not None and mention.form in {"name", "state", "capital", "body"}:
        return _mentioned(mention)
    if mention is not None and mention.form == "demonym" and noun.pos_ in {"NOUN", "PROPN"}:
        return [Resolved(state_actor(mention.actor.country), "behind")]
    if word in _PARTITIVE:
        inner = prepositional(noun, "of")
        if inner:
            return [one for token in inner for one in resolve(reading, index, token, depth + 1)]
    return _described(reading, index, noun, depth)


def _mentioned(mention: Mention) -> list[Resolved]:
    if mention.form == "body":
        own = [Resolved(mention.actor, "name", mention.role)]
        is_organ = mention.term is not None and mention.term.is_organ
        return [*own, Resolved(state_actor(mention.actor.country), "state")] if is_organ else own
    if mention.form == "name":
        return [Resolved(mention.actor, "name")]
    return [Resolved(state_actor(mention.actor.country), "state")]


def _described(reading: Reading, index: int, noun: Token, depth: int) -> list[Resolved]:
    """A common noun: an apposition's name, the state it belongs to, a description used before or later, its owner."""
    known = lexicon()
    for apposition in children(noun, "appos"):
        mention = reading.cast.covering(reading.offset(index, apposition))
        if mention is not None and mention.form == "name":
            return resolve(reading, index, apposition, depth + 1)
    left = _name_within(reading, index, noun)
    if left is not None:
        return [Resolved(left.actor, "name", left.role)]
    word = noun.lower_
    kind = _noun_kind(noun)
    owner = owner_state(reading, index, noun)
    if owner is None and word in _BARE_STATE and not children(noun, "poss") and noun.dep_ not in {"compound", "amod"}:
        owner = _last_state(reading, reading.offset(index, noun))
    if (
        word in known.state_nouns
        and owner is not None
        and (kind is None or noun.tag_ in {"NNS", "NNPS"} or word in {"government", "army", "ministry"})
    ):
        return [Resolved(state_actor(owner), "behind")]
    if kind is not None:
        for token in [*children(noun, "poss"), *prepositional(noun, "of")]:
            mention = reading.cast.covering(reading.offset(index, token))
            if mention is not None and mention.form == "name":
                return [Resolved(mention.actor, "owner")]
    if kind is not None and noun.tag_ not in {"NNS", "NNPS"}:
        described = describe(reading, index, noun, kind)
        if described:
            return described
    if kind is None:
        by_noun = [actor for actor, nouns in reading.cast.nouns.items() if word in nouns]
        if len(by_noun) == 1:
            return [Resolved(by_noun[0], "description")]
    several = _several(reading, index, noun, kind) if kind is not None and noun.tag_ in {"NNS", "NNPS"} else []
    if several:
        return several
    if kind == "person" and noun.tag_ in {"NNS", "NNPS"} and owner is None and not prepositional(noun, "of"):
        return []
    owners = list(children(noun, "poss") + prepositional(noun, "of")) if word not in {"report", "sale"} else []
    for token in owners:
        found = [one for one in resolve(reading, index, token, depth + 1) if one.role in {"", "accused"}]
        if found and (kind is not None or word in known.state_nouns or (found[0].how == "state" and _may_act(noun))):
            return [
                Resolved(one.actor, "state" if len(found) > 1 and one.actor.kind == "state" else "owner", one.role) for one in found
            ]
    if owner is not None and (kind is not None or word in known.state_nouns or (noun.tag_ == "NNS" and word not in _NO_AGENTS)):
        return [Resolved(state_actor(owner), "behind")]
    return []


_COUNTS = {"two": 2, "both": 2, "pair": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def _several(reading: Reading, index: int, noun: Token, kind: ActorKind) -> list[Resolved]:
    """Whom "the two ships", "both firms" stands for: as many of the kind as the article names; [] where it names another number."""
    count = next((_COUNTS[child.lower_] for child in noun.lefts if child.lower_ in _COUNTS), 0)
    is_definite = any(child.lower_ in {"the", "both", "these", "those"} for child in noun.lefts)
    if not count or not is_definite:
        return []
    kinds = _KIND_WORD_FAMILY.get(kind, (kind,))
    named = list(
        dict.fromkeys(mention.actor for mention in reading.cast.mentions if mention.form == "name" and mention.actor.kind in kinds)
    )
    position = reading.offset(index, noun)
    before = list(
        dict.fromkeys(
            mention.actor
            for mention in reading.cast.mentions
            if mention.form == "name" and mention.actor.kind in kinds and mention.end <= position
        )
    )
    if len(before) == count or (len(before) > count and len(named) == len(before)):
        return [Resolved(actor, "description") for actor in before[-count:]]
    return [Resolved(actor, "description") for actor in named] if len(named) == count else []


def _last_state(reading: Reading, position: int) -> str | None:
    """The country that a bare "the ministry" or "the army" belongs to: the state that the article names most, North Korea aside; of two, the last."""
    named = [
        mention.actor.country
        for mention in reading.cast.mentions
        if mention.form in {"state", "capital", "demonym"} and mention.actor.country != NORTH_KOREA
    ]
    before = [
        mention.actor.country
        for mention in reading.cast.mentions
        if mention.end <= position and mention.form in {"state", "capital", "demonym"} and mention.actor.country != NORTH_KOREA
    ]
    if not before:
        return None
    return max(reversed(list(dict.fromkeys(before))), key=named.count)


def _may_act(noun: Token) -> bool:
    """Whether a state's noun can do something: its directorate, not its imports or its reports."""
    return (
        noun.lower_ not in _NO_AGENTS
        and noun.lower_ not in lexicon().nouns["document"]
        and noun.pos_ == "NOUN"
        and not noun.lower_.endswith(("tion", "ment", "ness", "ing", "ity"))
    )


def _name_within(reading: Reading, index: int, noun: Token) -> Mention | None:
    """A name that modifies the noun directly ("Glocom radios" no; "the tanker Paek Ma" parsed with either as head)."""
    for child in noun.children:
        if child.dep_ in {"compound", "nmod"} and _noun_kind(noun) is not None:
            mention = reading.cast.covering(reading.offset(index, child))
            if mention is not None and mention.form == "name":
                return mention
    return None


def _noun_kind(noun: Token) -> ActorKind | None:
    known = lexicon()
    word = noun.lower_
    compound = " ".join([child.lower_ for child in noun.children if child.dep_ == "compound" and child.i == noun.i - 1] + [word])
    return known.actor_nouns.get(compound) or known.actor_nouns.get(word)


def owner_state(reading: Reading, index: int, noun: Token, *, is_place_enough: bool = True) -> str | None:
    """The country of a demonym, state or place that the noun belongs to: "Chinese buyers", "Russia's army", "companies in Russia"."""
    for child in noun.doc[noun.left_edge.i : noun.i]:
        if child.dep_ in {"amod", "compound", "poss", "nmod", "det"} and child.head.dep_ != "pobj":
            mention = reading.cast.covering(reading.offset(index, child))
            if mention is not None and mention.form in {"demonym", "state", "capital"}:
                return mention.actor.country
    for child in noun.rights if is_place_enough else ():
        if child.dep_ == "prep" and child.lower_ in {"in", "of", "from", "at"}:
            for place in [
                token for noun_below in child.children for token in [noun_below, *children(noun_below, "poss", "amod", "compound")]
            ]:
                mention = reading.cast.covering(reading.offset(index, place))
                if mention is not None and mention.form in {"state", "capital", "place", "demonym"}:
                    return mention.actor.country
    return None


def describe(reading: Reading, index: int, noun: Token, kind: ActorKind) -> list[Resolved]:
    """The named actor that a singular description stands for: by the very noun, else the last of its kind, else the only one to come."""
    position = reading.offset(index, noun)
    word = noun.lower_
    kinds = _KIND_WORD_FAMILY.get(kind, (kind,))
    is_definite = any(child.lower_ in {"the", "this", "that", "same", "its", "his", "their"} for child in noun.lefts)
    same_noun = [
        actor
        for actor, nouns in reading.cast.nouns.items()
        if any(one == word or one.split()[-1] == word for one in nouns) and actor.kind in kinds
    ]
    if len(same_noun) == 1:
        return [Resolved(same_noun[0], "description")]
    before = [
        mention
        for mention in reading.cast.mentions
        if mention.end <= position
        and mention.form == "name"
        and mention.actor.kind in kinds
        and mention.actor not in reading.cast.weak
    ]
    if same_noun:
        chosen = next(
            (mention.actor for mention in reversed(before) if mention.actor in same_noun), same_noun[0] if is_definite else None
        )
        return [Resolved(chosen, "description")] if chosen else []
    before = [mention for mention in before if not _STATE_BODY.search(mention.actor.name)]
    before = [mention for mention in before if mention.actor.kind == kind] or before
    if is_definite and before and any(child.lower_ in {"the", "this", "that"} for child in noun.lefts):
        return [Resolved(before[-1].actor, "description")]
    is_owned = any(child.dep_ == "poss" for child in noun.lefts)
    if not before and (not is_definite or is_owned):
        own_state = owner_state(reading, index, noun)
        later = [
            mention.actor
            for mention in reading.cast.mentions
            if mention.start >= position and mention.form == "name" and mention.actor.kind == kind
        ]
        if not later:
            later = [
                mention.actor
                for mention in reading.cast.mentions
                if mention.start >= position and mention.form == "name" and mention.actor.kind in kinds
            ]
        distinct = list(dict.fromkeys(later))
        soon = [
            mention.actor
            for mention in reading.cast.mentions
            if position <= mention.start <= position + 700 and mention.form == "name" and mention.actor.kind in kinds
        ]
        if distinct and (len(distinct) == 1 or (soon and reading.sentences[index].paragraph <= 1)):
            first = distinct[0]
            if _may_be_from(first, own_state):
                return [Resolved(first, "description")]
    return []


def _may_be_from(actor: Actor, country: str | None) -> bool:
    """Whether a named actor can be one of a country: a person of North Korea has a Korean name."""
    if actor.country == NORTH_KOREA and country != NORTH_KOREA:
        return False
    if country == NORTH_KOREA and actor.kind == "person":
        return actor.country == NORTH_KOREA or actor.name.split()[0] in lexicon().surnames
    return not country or not actor.country or actor.country == country


def refer_back(reading: Reading, index: int, pronoun: Token, depth: int = 0) -> list[Resolved]:
    """The last compatible actor before a pronoun: in its own sentence the subject, else the subject or first mention of the sentence before."""
    word = pronoun.lower_
    position = reading.offset(index, pronoun)
    quoted = reading.sentences[index].is_quoted(position)
    if word in {"we", "us", "our"}:
        return []
    for back in range(min(index, 3) + 1):
        sentence = reading.sentences[index - back]
        if sentence.zone != reading.sentences[index].zone:
            break
        stop = position if back == 0 else sentence.end
        if back and word in _PERSONAL | _NEUTER:
            main = _main_subject(reading, sentence.index)
            if main is not None and main.pos_ != "PRON":
                found = [
                    one
                    for one in resolve(reading, sentence.index, main, depth + 1)
                    if _is_compatible(one.actor, word) and one.role not in {"media", "norm"}
                ]
                if found:
                    return [Resolved(found[0].actor, "pronoun", found[0].role)]
        pool = [mention for mention in reading.cast.between(sentence.start, stop) if _fits(mention, word)]
        if quoted and back == 0:
            pool = [mention for mention in pool if sentence.is_quoted(mention.start)]
        if not pool:
            continue
        if back == 0 and word in _PERSONAL | _NEUTER and _subject_among(reading, sentence.index, pool, word) is None:
            described = _described_before(reading, index, pronoun, depth)
            if described:
                return described
        if word in _PLURAL and back >= 0:
            group = _coordinated(reading, pool)
            if len(group) > 1:
                return [Resolved(_as_actor(mention), "pronoun") for mention in group]
        taken = _taken(pronoun) if back == 0 and pronoun.head.lemma_ not in lexicon().reporting else None
        if taken is not None:
            found = [one for one in resolve(reading, index, taken, depth + 1) if _is_compatible(one.actor, word)]
            if found or word in _NEUTER:
                return [Resolved(one.actor, "pronoun", one.role) for one in found[:1]]
        chosen = _subject_among(reading, sentence.index, pool, word) or pool[0]
        return [Resolved(_as_actor(chosen), "pronoun", chosen.role)]
    return _described_before(reading, index, pronoun, depth)


def _described_before(reading: Reading, index: int, pronoun: Token, depth: int) -> list[Resolved]:
    """Whom a description before the pronoun in its own sentence stands for: "a former director was jailed after he ..."."""
    wanted: set[ActorKind] = {"person"} if pronoun.lower_ in _PERSONAL else {"company", "bank", "vessel", "organisation"}
    for token in pronoun.doc[: pronoun.i]:
        if token.dep_ in {"nsubj", "nsubjpass"} and token.pos_ == "NOUN" and _noun_kind(token) in wanted:
            return resolve(reading, index, token, depth + 2)
    return []


def _taken(pronoun: Token) -> Token | None:
    """Whom an authority has seized or charged before the pronoun: "seized a vessel under suspicions that it ..." speaks of the vessel."""
    for verb in pronoun.ancestors:
        if verb.pos_ == "VERB" and verb.lemma_ in _ENFORCING and verb.i < pronoun.i:
            taken = next(iter(children(verb, "dobj")), None)
            if taken is not None and taken.i < pronoun.i:
                return taken
    return None


def _main_subject(reading: Reading, index: int) -> Token | None:
    """The subject of a parsed sentence's main clause."""
    doc = reading.doc(index)
    if doc is None:
        return None
    root = next((token for token in doc if token.dep_ == "ROOT"), None)
    return next(iter(children(root, "nsubj", "nsubjpass")), None) if root is not None else None


def _is_compatible(actor: Actor, word: str) -> bool:
    return actor.kind == "person" if word in _PERSONAL else actor.kind != "person"


def _as_actor(mention: Mention) -> Actor:
    return state_actor(mention.actor.country) if mention.form in {"state", "capital", "demonym"} else mention.actor


def _fits(mention: Mention, word: str) -> bool:
    if mention.form in {"demonym", "place"} or (mention.form == "body" and mention.role in {"media", "norm"}):
        return False
    kind = mention.actor.kind
    if word in _PERSONAL:
        return kind == "person" or (word in {"her", "she"} and kind == "vessel")
    if word in _NEUTER:
        return kind != "person"
    return True


def _coordinated(reading: Reading, pool: list[Mention]) -> list[Mention]:
    """Mentions joined by "and" at the pool's head: "Russia and China"."""
    group = pool[:1]
    for earlier, later in pairwise(pool):
        between = reading.article.text[earlier.end : later.start].strip()
        if between in {"and", ",", ", and", "or", "nor", "as well as"} and earlier is group[-1]:
            group.append(later)
    return group


def _subject_among(reading: Reading, index: int, pool: list[Mention], word: str) -> Mention | None:
    doc = reading.doc(index)
    if doc is None:
        return None
    for mention in reversed(pool):
        token = reading.token_at(index, mention.end - 1)
        if (
            token is not None
            and token.dep_ in {"nsubj", "nsubjpass"}
            and not (mention.actor.country == NORTH_KOREA and len(pool) > 1 and word in _PERSONAL)
        ):
            return mention
    return None


def relative_antecedent(pronoun: Token) -> Token | None:
    """The noun that a relative pronoun stands for."""
    verb = pronoun.head
    for token in [verb, *verb.ancestors]:
        if token.dep_ == "relcl":
            head: Token = token.head
            return head
    for token in reversed(pronoun.doc[: pronoun.i]):
        if token.pos_ in {"NOUN", "PROPN"}:
            return token
        if token.pos_ != "PUNCT" or token.text not in {",", '"'}:
            break
    return None
