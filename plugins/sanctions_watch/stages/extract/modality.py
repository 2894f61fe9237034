"""Whether a conduct is said to have happened: norms, calls, expectations, denials and negated evidence are not claims."""

from __future__ import annotations

import re
from dataclasses import dataclass

from spacy.tokens import Token

from sanctions_watch.stages.extract.lexicon import lexicon, words
from sanctions_watch.stages.extract.reading import Reading
from sanctions_watch.stages.extract.syntax import SUBJECTS, auxiliaries, children, is_negated, is_one_of, is_passive

_MODALS = words("would could should might may must can will shall 'll 'd ought")
_PERFECT = frozenset({"have", "'ve", "having"})
_IF = frozenset({"if", "unless", "whether", "should", "in case", "provided"})
_NORM_NOUNS = words(
    "ban prohibition embargo obligation rule limit restriction resolution requirement moratorium deadline call appeal plan threat promise pledge offer proposal bid"
    " request demand pressure fear worry hope warning risk possibility exemption waiver refusal intention readiness ability capability aim goal desire willingness wish right means potential"
)
_NORM_SUBJECT = re.compile(
    r"\b(?:resolutions?|security council|the council|united nations|u\.?n\.?|sanctions|measures?|paragraphs?|articles?|the ban|the embargo|rules?|law|text|provisions?)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"\?[\"”’)]*$")
_AGENTS_OF_NORM = words(
    "ban bar prohibit forbid outlaw proscribe embargo oblige require stipulate mandate limit cap restrict exempt disallow"
)
_BREAKING = words("violate breach flout defy break bust evade circumvent ignore skirt contravene disregard sidestep dodge")
_NORM_ADJECTIVES = words(
    "unlawful illegal forbidden legal lawful banned prohibited subject off-limits taboo impermissible illicit permissible"
)
_TOPICAL = frozenset({"over", "about", "on", "regarding", "concerning", "against", "despite", "unlike"})
_UNREALISED = frozenset(
    {
        "ready",
        "willing",
        "able",
        "prepared",
        "likely",
        "set",
        "poised",
        "due",
        "unlikely",
        "unable",
        "free",
        "eager",
        "unwilling",
        "keen",
        "reluctant",
    }
)
_NOBODY = frozenset({"nothing", "nobody", "none"})
_NORM_FORMS = words(
    "banned barred prohibited forbidden outlawed proscribed embargoed required obliged capped restricted disallowed"
)
_HINDERING = words(
    "prevent block stop halt foil thwart curb deter end cease suspend cancel refuse decline abandon avoid refrain abstain quit squeeze choke reduce tighten slash"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a conduct is put: ``asserted``, ``conditional``, or why it is no claim."""

    value: str
    reason: str = ""

    @property
    def is_claim(self) -> bool:
        """Whether it is put as something that happens or happened, if only on a condition."""
        return self.value in {"asserted", "conditional"}


ASSERTED = Standing("asserted")


def standing(reading: Reading, index: int, event: Token, *, negation_is_conduct: bool = False) -> Standing:
    """How the sentence puts an event: walks up from it to the root and stops at the first word that takes the assertion back."""
    sentence = reading.sentences[index]
    if _QUESTION.search(sentence.text):
        return Standing("no", "a question")
    lowered = sentence.text.lower()
    cue = next((cue for cue in lexicon().cues["speculative"] if re.search(rf"(?<!\w){re.escape(cue)}(?!\w)", lowered)), None)
    if cue and not negation_is_conduct:
        return Standing("no", f"evidence is denied: {cue}")
    if not negation_is_conduct and _embedded_question(event):
        return Standing("no", "an embedded question")
    if _is_ruled(event):
        return Standing("no", "a norm of the council")
    below: Token | None = None
    token = event
    for _ in range(24):
        verdict = _at(token, below, negation_is_conduct)
        if verdict is not None:
            return verdict
        if token.head.i == token.i or _is_taken_as_given(token):
            break
        below, token = token, token.head
    if _conditional(sentence.text) and _in_condition(event):
        return Standing("conditional", "stands under a condition")
    return ASSERTED


def _at(token: Token, below: Token | None, negation_is_conduct: bool) -> Standing | None:
    """What one word on the way up says about what stands below it; None where it lets the assertion stand."""
    verbs = lexicon().verbs
    lemma = token.lemma_.lower()
    if (
        below is None
        and not negation_is_conduct
        and any(child.dep_ in {"dobj", "nsubjpass"} and is_negated(child) for child in token.children)
    ):
        return Standing("no", "negated: nothing of it")
    if token.pos_ in {"VERB", "AUX", "ADJ", "NOUN"} and not negation_is_conduct and _is_carried(below) and is_negated(token):
        return Standing("no", f"negated: {token.text}")
    if (
        below is not None
        and _is_carried(below)
        and any(child.dep_ in SUBJECTS and child.lower_ in _NOBODY for child in token.children)
    ):
        return Standing("no", "negated: nobody says so")
    if token.pos_ in {"VERB", "AUX"} and (below is None or _is_carried(below)):
        modal = _modal(token)
        if modal and not (below is not None and below.dep_ == "ccomp" and lemma in lexicon().reporting):
            return modal
    if below is None:
        return None
    if below.dep_ in {"nsubj", "csubj"} and any(
        child.dep_ == "acomp" and child.lower_ in _NORM_ADJECTIVES for child in token.children
    ):
        return Standing("no", "a norm: it is unlawful")
    if token.pos_ == "VERB" and _governs(token, below):
        if lemma in _AGENTS_OF_NORM or token.lower_ in _NORM_FORMS:
            return Standing("no", f"a norm: {token.text}")
        if lemma in _HINDERING and not negation_is_conduct:
            return Standing("no", f"kept from happening: {token.text}")
        if lemma in verbs["expectation"] and below.dep_ not in {"nsubj", "nsubjpass", "advcl"}:
            return Standing("no", f"not said to happen: {token.text}")
        if (lemma in verbs["call"] or _phrasal(token) in verbs["call"]) and below.dep_ not in {"nsubj", "nsubjpass", "advcl"}:
            return Standing("no", f"a call or proposal: {token.text}")
        if lemma in {"deny", "reject", "dismiss", "refute", "rebut", "dispute", "doubt", "disprove"}:
            return Standing("no", f"denied: {token.text}")
    if token.pos_ == "VERB" and lemma in _BREAKING and below.dep_ in {"dobj", "nsubjpass"}:
        return ASSERTED if not (is_negated(token) or _modal(token)) else None
    if (
        below.dep_ == "prep"
        and below.lower_ in _TOPICAL
        and _is_bare_noun(below)
        and not _is_suspicion(below)
        and lemma not in verbs["accusing"]
        and token.pos_ in {"VERB", "AUX", "NOUN", "ADJ"}
    ):
        return Standing("no", f"only the topic: {below.text}")
    if (
        token.lemma_ == "be"
        and below.dep_ == "xcomp"
        and any(child.dep_ == "aux" and child.lower_ == "to" for child in below.children)
    ):
        return Standing("no", "not said to happen: is to")
    if token.pos_ == "ADJ" and lemma in _UNREALISED and below.dep_ == "xcomp":
        return Standing("no", f"not said to happen: {token.text}")
    if token.pos_ == "NOUN" and lemma == "connection" and not any(is_one_of(above, verbs["accusing"]) for above in token.ancestors):
        return Standing("no", "only the topic: in connection with")
    if (
        token.pos_ == "NOUN"
        and lemma in _NORM_NOUNS
        and not (token.dep_ == "dobj" and token.head.lemma_ in _BREAKING)
        and below.dep_ in {"prep", "acl", "compound", "relcl", "amod", "pobj"}
        and below.dep_ != "relcl"
    ):
        return Standing("no", f"not said to happen: {token.text}")
    return None


def _is_bare_noun(preposition: Token) -> bool:
    """Whether a preposition governs a noun, not a clause."""
    return any(child.dep_ == "pobj" for child in preposition.children)


_RULING = re.compile(
    r"\b(?:[Cc]ouncil|United Nations|U\.N\.|UN|[Rr]esolutions?(?: \d{4})?)(?:,[^,]{3,60},)?(?: has| have| had)?(?: \w+ly)? (?:banned|barred|prohibited|prohibits?|forbade|forbids?|forbidden|outlawed|capped|caps|limited|limits|restricted|imposed|bans|bars|told|tells|obliges?|allows?|allowed|lets|requires?|required|set)\b"
)


def _is_ruled(event: Token) -> bool:
    """Whether the event is what the council or a resolution rules on."""
    above = {event.i, *(token.i for token in event.ancestors)}
    for match in _RULING.finditer(event.doc.text):
        ruling = next((token for token in event.doc if token.idx + len(token.text) == match.end()), None)
        if ruling is not None and (ruling.i in above or (ruling.dep_ == "amod" and ruling.head.i in above)) and ruling.i != event.i:
            return True
    return False


_GIVEN = frozenset({"after", "since", "following", "because", "although", "though", "while"})


def _is_taken_as_given(token: Token) -> bool:
    """Whether what stands below is presupposed, whatever stands above: "after accusing ...", "because it had sold ..."."""
    if token.dep_ == "prep" and token.lower_ in _GIVEN:
        return True
    return token.dep_ == "advcl" and any(child.dep_ == "mark" and child.lower_ in _GIVEN for child in token.children)


def _is_suspicion(preposition: Token) -> bool:
    """As in "on suspicion that", "on charges of": what is held against somebody, not a topic."""
    return any(
        child.dep_ == "pobj" and child.lemma_ in {"suspicion", "charge", "accusation", "ground", "count", "allegation"}
        for child in preposition.children
    )


def _embedded_question(event: Token) -> bool:
    """As in "how much oil it sells", "whether it bought": asked, not told."""
    doc = event.doc
    left = event.left_edge.i
    for place in range(max(0, left - 4), event.i):
        if doc[place].lower_ == "whether" or (doc[place].lower_ == "how" and doc[place + 1].lower_ in {"much", "many", "often"}):
            return True
    return False


def _is_carried(below: Token | None) -> bool:
    """Whether a word's negation or mood reaches down to the event: not out of a relative clause, an aside or a subject's own clause."""
    if (
        below is not None
        and below.dep_ == "advcl"
        and any(child.dep_ == "aux" and child.lower_ == "to" for child in below.children)
    ):
        return True
    if below is not None and below.dep_ == "conj":
        return not any(child.dep_ in {"aux", "auxpass", *SUBJECTS} for child in below.children)
    return below is None or below.dep_ in {
        "xcomp",
        "ccomp",
        "dobj",
        "prep",
        "pobj",
        "pcomp",
        "attr",
        "acl",
        "agent",
        "nsubjpass",
        "nsubj",
        "oprd",
        "compound",
        "amod",
        "acomp",
        "conj",
    }


def _governs(token: Token, below: Token) -> bool:
    return (
        below.dep_
        in {"xcomp", "ccomp", "dobj", "prep", "pcomp", "nsubjpass", "nsubj", "agent", "csubj", "csubjpass", "advcl", "dative"}
        and not (below.dep_ in {"nsubj", "agent"} and not is_passive(token))
        and not (below.dep_ == "advcl" and token.lemma_ not in {"refrain", "abstain"})
        and not (below.dep_ == "prep" and below.lower_ in {"after", "despite", "since", "before", "by", "when", "while"})
    )


def _phrasal(token: Token) -> str:
    following = [child.lower_ for child in token.children if child.dep_ in {"prep", "prt"} and child.i == token.i + 1]
    return f"{token.lemma_} {following[0]}" if following else token.lemma_


def _modal(verb: Token) -> Standing | None:
    modals = auxiliaries(verb) & _MODALS
    if not modals:
        return None
    own = next((child for child in verb.children if child.dep_ in SUBJECTS), None)
    if own is not None and any(child.lower_ == "should" and child.i < own.i for child in verb.children):
        return Standing("no", "not said to happen: should it")
    has_perfect = any(child.dep_ == "aux" and child.lower_ in _PERFECT for child in verb.children)
    if has_perfect and modals <= {"may", "might", "could", "must"}:
        return None
    if modals & {"would", "'d"} and has_perfect and not _in_condition(verb):
        return None
    if modals <= {"would", "'d", "will", "could", "may", "might"} and _in_condition(verb):
        return Standing("conditional", "stands under a condition")
    return Standing("no", f"not said to happen: {min(modals)}")


def _conditional(text: str) -> bool:
    return bool(re.search(r"\b(?:if|unless|provided that|in case)\b", text, re.IGNORECASE))


def _in_condition(event: Token) -> bool:
    """Whether the event stands in an if-clause, or in the main clause that one hangs on."""
    for token in [event, *event.ancestors]:
        if any(
            child.dep_ in {"mark", "advmod", "aux"} and child.lower_ in {"if", "unless", "provided"} for child in token.children
        ):
            return True
        if any(
            child.dep_ == "advcl"
            and any(mark.lower_ in {"if", "unless", "provided"} for mark in child.children if mark.dep_ in {"mark", "advmod"})
            for child in token.children
        ):
            return True
    return False


def has_subject_norm(event: Token) -> bool:
    """Whether the subject of the event's own verb is a rule or the body that makes rules."""
    for child in event.children:
        if child.dep_ in SUBJECTS and _NORM_SUBJECT.search(child.text):
            return True
    return bool([child for child in children(event, "agent") if _NORM_SUBJECT.search(child.text)])
