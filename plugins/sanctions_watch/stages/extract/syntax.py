"""Walking a dependency parse: the few questions about a tree that roles, attribution and modality ask."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from sanctions_watch.stages.extract.lexicon import words

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"})
_CLAUSE_LINKS = frozenset({"conj", "xcomp", "advcl", "pcomp", "acl", "relcl", "ccomp", "dep", "parataxis"})


def is_one_of(verb: Token, verbs: frozenset[str]) -> bool:
    """Whether a verb is in a list of the lexicon, by its lemma or as it stands (the lemmatizer is not always right)."""
    return verb.lemma_.lower() in verbs or verb.lower_ in verbs


def ancestors(token: Token) -> Iterator[Token]:
    """The heads above a token, nearest first (spaCy's own, typed)."""
    yield from token.ancestors


def children(token: Token, *dependencies: str) -> list[Token]:
    """The children with one of the dependency labels, in order."""
    return [child for child in token.children if child.dep_ in dependencies]


def conjuncts(token: Token) -> list[Token]:
    """The token and those joined to it by "and", in order."""
    found = [token]
    for child in token.children:
        if child.dep_ == "conj":
            found += conjuncts(child)
    return found


def is_passive(verb: Token) -> bool:
    """Whether a verb is passive: it has a passive auxiliary or subject, or is a bare participle after a noun."""
    if any(child.dep_ in {"auxpass", "nsubjpass"} for child in verb.children):
        return True
    if verb.dep_ == "conj" and verb.tag_ == "VBN" and not any(child.dep_ in {"nsubj", "aux"} for child in verb.children):
        return is_passive(verb.head) if verb.head.pos_ in {"VERB", "AUX"} else verb.head.dep_ != "ROOT"
    return (
        verb.tag_ == "VBN"
        and verb.dep_ in {"acl", "relcl", "amod", "advcl"}
        and not any(child.dep_ in {"aux", "nsubj", "dobj"} for child in verb.children)
    )


def subject(verb: Token) -> Token | None:
    """A verb's own subject, active or passive; for a coordinated verb that of the first one."""
    own = children(verb, "nsubj", "nsubjpass")
    if own:
        return own[0]
    return None


def object_of(verb: Token) -> Token | None:
    """A verb's direct object."""
    own = children(verb, "dobj", "obj")
    return own[0] if own else None


def by_agents(head: Token) -> list[Token]:
    """The nouns of "by ..." phrases under a passive verb or an event noun."""
    found = []
    for child in head.children:
        if child.lower_ == "by" and child.dep_ in {"agent", "prep"}:
            for noun in child.children:
                if noun.dep_ in {"pobj", "pcomp"}:
                    inner = prepositional(noun, "of") if noun.lower_ in {"order", "means", "request", "way", "hand"} else []
                    found += inner if inner or noun.lower_ in {"means", "way"} else [noun]
    return found


def late_agents(event: Token) -> list[Token]:
    """The nouns of a "by" that the parse hung on a later noun, or on the active verb above: "the sale of coal to a buyer in Ulsan by X"."""
    found = []
    for token in event.doc[event.i + 1 :]:
        if token.lower_ != "by" or token.dep_ not in {"prep", "agent"}:
            continue
        head = token.head
        while head.pos_ in {"NOUN", "PROPN", "NUM", "ADP", "ADJ", "PRON"} and head.i > event.i and head.head.i != head.i:
            head = head.head
        is_under = head.i == event.i
        is_over = head.pos_ == "VERB" and head.i < event.i and not is_passive(head) and head in list(event.ancestors)
        if is_under or (is_over and event.pos_ in {"NOUN", "PROPN"}):
            found += [noun for noun in token.children if noun.dep_ == "pobj" and noun.pos_ == "PROPN"]
    return found


def prepositional(head: Token, *words: str) -> list[Token]:
    """The nouns under a head's prepositional phrases with one of the prepositions."""
    found = []
    for child in head.children:
        if child.lower_ in words and child.dep_ in {"prep", "agent", "dative", "prt", "advmod"}:
            found += [noun for noun in child.children if noun.dep_ in {"pobj", "pcomp"}]
    return found


def distance(first: Token, second: Token) -> int:
    """Edges between two tokens of one tree; 99 where they share no root."""
    up = {first.i: 0}
    for steps, token in enumerate(first.ancestors, start=1):
        up[token.i] = steps
    if second.i in up:
        return up[second.i]
    for steps, token in enumerate(second.ancestors, start=1):
        if token.i in up:
            return steps + up[token.i]
    return 99


_NOT_THE_THING = words(
    "picture photo photograph image report claim story news allegation evidence sign copy video footage threat ban fear question list price prospect possibility idea"
)
_THEME_STEPS = frozenset(
    {
        "dobj",
        "obj",
        "nsubjpass",
        "compound",
        "amod",
        "nmod",
        "conj",
        "appos",
        "attr",
        "oprd",
        "nummod",
        "quantmod",
        "npadvmod",
        "dep",
    }
)
_PAID_FOR = frozenset({"pay", "trade", "barter", "swap", "exchange", "shop", "bill", "invoice"})
_THEME_PREPOSITIONS = frozenset({"of", "with", "in", "including", "like", "as", "worth"})


def is_theme_of(theme: Token, event: Token) -> bool:
    """Whether a noun stands where an event's object stands: under it without crossing "to", "from" or "aboard", or over it ("coal bought from")."""
    if theme.i == event.i:
        return True
    verbs = {event.i, *(token.i for token in event.conjuncts)}
    token = theme
    while token.head.i != token.i:
        if (
            token.dep_ in {"prep", "agent"}
            and token.lower_ not in _THEME_PREPOSITIONS
            and not (token.lower_ == "for" and token.head.lemma_ in _PAID_FOR)
        ):
            break
        if token.dep_ not in _THEME_STEPS | {"pobj", "prep", "nsubj"}:
            break
        if token.dep_ == "nsubj" and any(child.dep_ in {"dobj", "obj"} for child in token.head.children) and token.head.i in verbs:
            break
        if token.dep_ == "nsubj" and token.head.dep_ in {"ccomp", "xcomp"} and token.head.head.i in verbs:
            return True
        token = token.head
        if token.i in verbs:
            return True
        if token.pos_ in {"VERB", "AUX"} or token.lemma_ in _NOT_THE_THING:
            break
    token = event
    while token.head.i != token.i and token.dep_ in {"acl", "relcl", "conj", "xcomp", "pobj", "prep", "pcomp", "compound", "amod"}:
        token = token.head
        if (
            token.i == theme.i
            or theme in token.conjuncts
            or (token.pos_ in {"NOUN", "PROPN"} and theme.head.i == token.i and theme.dep_ in {"compound", "amod"})
        ):
            return True
        if any(child.lower_ == "of" and theme in list(child.subtree) for child in token.children) and token.pos_ in {
            "NOUN",
            "PROPN",
        }:
            return True
    return False


def auxiliaries(verb: Token) -> set[str]:
    """Lower-cased auxiliaries of a verb ("would", "may", "has")."""
    return {child.lower_ for child in verb.children if child.dep_ in {"aux", "auxpass"}}


def is_negated(token: Token) -> bool:
    """Whether the token itself is negated: not, never, no, without, neither."""
    for child in token.children:
        if child.dep_ == "neg" or child.lower_ in {"never", "neither", "nor", "hardly"}:
            return True
        if child.dep_ == "det" and child.lower_ in {"no", "neither"}:
            return True
        if child.dep_ in {"preconj", "cc"} and child.lower_ == "neither":
            return True
    return token.dep_ == "pcomp" and token.head.lower_ == "without"


def head_noun(token: Token) -> Token:
    """The noun a modifier belongs to: up through compounds, adjectives and possessives."""
    while token.dep_ in {"compound", "amod", "poss", "nmod", "nummod", "det", "case", "quantmod"} and token.head.i != token.i:
        token = token.head
    return token


def is_hearsay(verb: Token) -> bool:
    """As in "a ship said to be controlled from": what is said, by nobody in particular."""
    return verb.lower_ in _HEARSAY and verb.i + 1 < len(verb.doc) and verb.nbor().lower_ == "to" and verb.tag_ in {"VBN", "VBD"}


_HEARSAY = words("said believed thought reported alleged suspected understood known rumoured rumored reputed claimed")


def phrase(token: Token) -> str:
    """The words of a noun phrase without relative clauses, clauses and appositions behind it."""
    left = min((child.left_edge.i for child in token.lefts), default=token.i)
    right = token.i
    for child in token.rights:
        if (
            child.dep_ in {"prep", "compound", "nummod", "case", "nmod"}
            and child.i <= right + 2
            and (child.dep_ != "prep" or child.lower_ == "of")
        ):
            inner = [noun for noun in child.children if noun.dep_ == "pobj"]
            right = max(
                right, inner[0].i if inner and child.dep_ == "prep" else child.right_edge.i if child.dep_ != "prep" else child.i - 1
            )
    return str(token.doc[left : right + 1].text)
