"""What the parser reads wrongly again and again in news English, set right in its trees before anybody looks at them.

Each function mends one misreading; all of them leave a tree a tree.
"""

from __future__ import annotations

from itertools import pairwise

from spacy.tokens import Doc, Token

from sanctions_watch.stages.extract.lexicon import words

_CLAUSES = frozenset({"ROOT", "ccomp", "conj", "parataxis", "dep", "appos", "advcl", "npadvmod", "nsubj"})
_NAME_LINKS = frozenset({"nmod", "compound", "amod", "poss", "nsubj", "det", "nummod"})


def mend(doc: Doc) -> Doc:
    """Set the known misreadings right, in place."""
    for token in doc:
        if token.tag_ == "VBN" and token.dep_ == "amod":
            _verb_taken_for_adjective(token)
        elif token.lemma_ in _LETTING and token.pos_ == "VERB":
            _verb_taken_for_noun(token)
    return doc


def _verb_taken_for_noun(letting: Token) -> None:
    """As in "China helped Russia ship petroleum products", where "Russia ship petroleum products" is read as one noun phrase."""
    for goods in [child for child in letting.children if child.dep_ == "dobj"]:
        before = [child for child in goods.lefts if child.dep_ in _NAME_LINKS]
        for name, verb in pairwise(before):
            if name.pos_ == "PROPN" and verb.lower_ in _ALSO_VERBS and verb.tag_ == "NN" and verb.i == name.i + 1:
                verb.head, verb.dep_, verb.tag_, verb.pos_, verb.lemma_ = letting, "ccomp", "VB", "VERB", verb.lower_
                goods.head, goods.dep_ = verb, "dobj"
                for child in before[: before.index(verb)]:
                    child.head, child.dep_ = (verb, "nsubj") if child.i == name.i else (name, "compound")
                for child in [child for child in letting.rights if child.dep_ == "prep" and child.i > goods.i]:
                    child.head = verb
                return


_LETTING = frozenset({"help", "let", "see", "watch", "make"})
_ALSO_VERBS = words(
    "ship supply purchase transfer import export market order pump source process finance fund fuel crew man charter lease flag register hire launder clear host release"
    " test launch train trade deal broker land load dock carry buy sell evade skirt dodge operate run keep hide move place"
)


def _verb_taken_for_adjective(verb: Token) -> None:
    """As in "Ryong Tech procured vacuum pumps", read as one noun phrase: the name is the subject, the noun the object."""
    goods: Token = verb.head
    if goods.i < verb.i or goods.dep_ not in _CLAUSES or goods.pos_ not in {"NOUN", "PROPN"}:
        return
    before = [child for child in goods.lefts if child.i < verb.i and child.dep_ in _NAME_LINKS]
    if not before or before[-1].i != verb.i - 1 or before[-1].pos_ != "PROPN" or before[-1].dep_ == "poss":
        return
    if goods.dep_ == "nsubj" and goods.head.pos_ in {"VERB", "AUX"}:
        return
    name = before[-1]
    is_root = goods.dep_ == "ROOT"
    link, head = goods.dep_, goods.head
    verb.head = verb if is_root else head
    verb.dep_, verb.tag_, verb.pos_ = link, "VBD", "VERB"
    goods.head, goods.dep_ = verb, "dobj"
    name.head, name.dep_ = verb, "nsubj"
    for child in before[:-1]:
        child.head = name
        if child.dep_ == "nsubj":
            child.dep_ = "compound"
    for child in list(goods.rights):
        if child.dep_ == "punct" or (child.dep_ == "prep" and child.lower_ in {"to", "from", "into", "for", "via", "through"}):
            child.head = verb
