"""The accused's answer: who denies what. A denial is a claim of its own, modality denied, on the conduct that it answers.

"No comment", "looking into it" and criticism of the accuser are no denials; a habit ("regularly rejects") answers nothing in particular.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Token

from sanctions_watch.records import Actor, Attribution, Span
from sanctions_watch.stages.extract.actors import state_actor
from sanctions_watch.stages.extract.attribution import Voice, name_of, quoted_speaker, source_kind
from sanctions_watch.stages.extract.coreference import refer_back, resolve
from sanctions_watch.stages.extract.lexicon import lexicon, words
from sanctions_watch.stages.extract.reading import Reading
from sanctions_watch.stages.extract.syntax import children, is_negated, is_passive, subject

_EXPLICIT = frozenset({"deny", "reject", "dismiss", "refute", "rebut", "dispute", "disavow", "repudiate", "contradict"})
_OTHER_OBJECT = re.compile(
    r"\b(?:denied|denies|deny|denying|rejected|rejects|reject|dismissed|dismisses|disputed) (?:[\w'’.-]+ ){0,3}(?:entry|access|visas?|bail|requests?|proposals?|offers?|talks|appeal|permission|motion|resolutions?|sanctions|plan|bid|landing|port|calls?|draft|text|lease|deal|candidate|permits?|insurance)\b",
    re.IGNORECASE,
)
_HABIT = re.compile(
    r"\b(?:regularly|routinely|always|repeatedly|usually|often|consistently|habitually|has long|have long|in the past|invariably|traditionally|as a rule|earlier accusations|previous accusations|past accusations|previously|in the past)\b",
    re.IGNORECASE,
)
_NO_ANSWER = re.compile(
    r"\b(?:could not be reached|no comment|declined to|did not respond|did not reply|did not answer|has not responded|not immediately|neither confirmed nor denied|refused to comment|would not comment|would look into|looking into|did not return|kept silent|hung up|made no|unavailable)\b",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(
    r"\b(?:nothing (?:unlawful|illegal|wrong|improper|to hide|to do with|irregular|of the kind|of the sort)|(?:done|did|knew|know|knows|pays|sold|bought|sent|received|broke|violated|hidden|hid) nothing|never|no longer|not aware|unaware|no knowledge|no idea"
    r"|did not|didn't|do not|don't|does not|doesn't|has not|hasn't|have not|haven't|had not|hadn't|was not|wasn't|were not|weren't|no (?:such|ties?|links?|dealings?|business|contact|contacts|connection|relations?|part|role|involvement|violations?|breach|north korean\w*|illegal)"
    r"|forger(?:y|ies)|forged|fabricat\w+|groundless|baseless|unfounded|false|untrue|slander\w*|smears?|invent(?:ed|ion)|lies?|fiction|nonsense|absurd|ridiculous|cooked up|far-fetched|misunderstanding|mistaken|no grounds?"
    r"|in (?:strict|full) (?:compliance|accordance|conformity)|strictly|in line with|compl(?:y|ies|ied|iance) with|abid(?:e|es|ed|ing) by|fulfil\w* (?:its|all|their)|observ(?:es|ed|ing)|implement(?:s|ed|ing)?|lawful\w*|legitimate|legal(?:ly)?|within the (?:law|rules)|in order|only (?:to|from|in|with|for)|nothing but|older than|before the (?:ban|resolution)|faithfully|scrupulously|conscientiously|honou?rs its|perfectly|reports what|innocent|not guilty|nothing|(?:has|had|have|knew of|know of|knows of|saw|holds?|held|is|was|were|are|there is|there are) no (?!doubt|comment|objection|reason|time)|no [\w ]{3,40}? (?:remains?|left|exists?))\b",
    re.IGNORECASE,
)
_COMPLIANCE_OF_STATE = re.compile(
    r"\b(?:strictly|implement\w*|compl(?:y|ies|ied|iance)|abid\w+|fulfil\w*|observ\w+|groundless|baseless|unfounded|false|untrue|slander\w*|smear\w*|fabricat\w+|forger\w+|forged|never|no such|nothing to hide|nothing to do|not true|did not|does not|has not|have not|no (?:ties|links|dealings|violations?|evidence|proof|such)|nothing|legitimate|lawful\w*|legal\w*|in order|reports what|lies?|invent\w+|no grounds?|ordered all|stopped|nonsense|absurd|fiction|cooked up|cannot|is not|are not|was not|were not|in line with|within|nothing|(?:has|had|have|knew of|know of|knows of|there is|there are) no (?!doubt|comment|objection|reason|time)|no [\w ]{3,40}? (?:remains?|left|exists?)|always been strict|always)\b",
    re.IGNORECASE,
)
_SPEECH = words(
    "say tell add write insist maintain state explain claim assert answer reply call describe protest respond counter declare argue contend note retort speak plead swear"
)


@dataclass(frozen=True, slots=True)
class Denial:
    """One answer: who is cleared, by whom, in which sentence."""

    sentence: int
    accused: tuple[Actor, ...]
    voice: Voice
    is_explicit: bool


_STRONG = re.compile(
    r"\b(?:forger(?:y|ies)|forged|fabricat\w+|groundless|baseless|unfounded|untrue|slander\w*|smears?|smear campaign|invent(?:ed|ion|ions)|lies|a lie|fiction|nonsense|absurd|ridiculous|fairy[- ]tales?|canard|hoax|myth|fantas(?:y|ies)|gossip|pure invention|a fake|fakes?|provocation|not true|cooked up|far-fetched|made up|no truth)\b",
    re.IGNORECASE,
)


_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|[Uu]s|[Mm]e)\b")
_ABOUT_OTHERS = re.compile(
    r"\b(?:do not know|don't know|cannot say|can't say|cannot confirm|would not say|not comment|cannot comment|do not comment|don't comment|no information|are not able|will never|will not|won't)\b",
    re.IGNORECASE,
)


def may_deny(text: str) -> bool:
    """Whether a sentence is worth parsing for a denial."""
    lowered = text.casefold()
    return (
        bool(_STRONG.search(text))
        or bool(_FIRST_PERSON.search(text) and _NEGATIVE.search(lowered))
        or bool(
            re.search(
                r"\bden(?:y|ied|ies|ying)\b|\breject|\bdismiss|\brefut|\brebut|\bdisput|\bdisavow|\brepudiat|\bcontradict|\bnot guilty\b",
                lowered,
            )
        )
        or (
            bool(_NEGATIVE.search(lowered))
            and bool(
                re.search(
                    r"\b(?:sa(?:id|ys?)|t(?:old|ells)|add(?:ed|s)|insist\w*|maintain\w*|call(?:ed|s)|explain\w*|wrote|stat(?:ed|es)|claim\w*|answer\w*|repl(?:ied|ies)|describ\w+|respond\w*|argu\w+|counter\w*|protest\w*|declar\w+|swor\w+|plead\w*)\b",
                    lowered,
                )
            )
        )
    )


def find_denial(reading: Reading, index: int, accused: Sequence[Actor]) -> Denial | None:
    """The denial that a parsed sentence makes, if any. ``accused`` are those whom the article's claims accuse."""
    sentence = reading.sentences[index]
    doc = reading.doc(index)
    if doc is None or sentence.zone != "body":
        return None
    text = sentence.text
    for token in doc:
        lemma = token.lemma_.lower()
        if (
            lemma in _EXPLICIT
            and token.pos_ == "VERB"
            and not _is_infinitive(token)
            and not _OTHER_OBJECT.search(text)
            and not _HABIT.search(text)
        ):
            if re.search(r"\bneither confirmed nor denied\b|\b(?:nor|not) den(?:y|ied)\b", text, re.IGNORECASE):
                return None
            speaker = _speaker_of(token)
            if speaker is None:
                continue
            found = _cleared(reading, index, speaker, accused, is_explicit=True)
            if found:
                return Denial(index, found, _voice(reading, index, speaker, token), True)
    if _NO_ANSWER.search(text) and not re.search(r"\bbut\b|;", text):
        return None
    own = _own_words(reading, index, accused)
    if own is not None:
        return own
    for token in doc:
        if token.lemma_.lower() not in _SPEECH or token.pos_ != "VERB" or is_negated(token):
            continue
        speaker = _speaker_of(token)
        if speaker is None:
            continue
        said = _said(text, token)
        is_strong = bool(_STRONG.search(said)) and not _CONDEMNS_RULE.search(said)
        found = _cleared(reading, index, speaker, accused, is_explicit=is_strong)
        if not found:
            continue
        if is_strong and not _HABIT.search(text):
            return Denial(index, found, _voice(reading, index, speaker, token), True)
        is_state = all(actor.kind == "state" for actor in found)
        if (_COMPLIANCE_OF_STATE if is_state else _NEGATIVE).search(said) and not _HABIT.search(text):
            return Denial(index, found, _voice(reading, index, speaker, token), False)
    return None


def _is_infinitive(verb: Token) -> bool:
    """As in "the duty to deny fuel": nobody denies anything."""
    return any(child.lower_ == "to" and child.dep_ == "aux" for child in verb.children)


def _own_words(reading: Reading, index: int, accused: Sequence[Actor]) -> Denial | None:
    """As in "I have sent nothing to North Korea", where the one quoted speaks for somebody accused."""
    sentence = reading.sentences[index]
    said = " ".join(reading.article.text[start:end] for start, end in sentence.quotes)
    if not (_FIRST_PERSON.search(said) and _NEGATIVE.search(said)) or _HABIT.search(sentence.text) or _ABOUT_OTHERS.search(said):
        return None
    voice = quoted_speaker(reading, index)
    if voice is None or voice.span is None:
        return None
    found = _side_of(reading, voice.name, reading.article.text[voice.span.start : voice.span.end], index, accused)
    return Denial(index, found, replace(voice, stance="denies"), True) if found else None


_AUTHORITY = re.compile(
    r"\b(?:police|prosecut\w+|courts?|judges?|customs|inspect\w+|investigat\w+|panel|treasury|monitors?|experts?|united nations|u\.?n\.?|coast ?guard|watchdog|auditors?|tribunal|researchers?|analysts?)\b",
    re.IGNORECASE,
)


def _side_of(reading: Reading, name: str, described: str, index: int, accused: Sequence[Actor]) -> tuple[Actor, ...]:
    """The accused that a speaker speaks for: itself, or the one whose owner, lawyer or director it is; of several the last named before."""
    own = [actor for actor in accused if actor.kind != "state"]
    for actor in own:
        if name and (actor.name == name or name in actor.name.split()):
            return (actor,)
    around = " ".join(
        reading.article.text[max(0, match.start() - 70) : match.end() + 70]
        for match in re.finditer(re.escape(name), reading.article.text)
    )
    if not own or _AUTHORITY.search(described) or not (_SPOKESMAN.search(described) or _SPOKESMAN.search(around)):
        return ()
    position = reading.sentences[index].start
    named = [mention.actor for mention in reading.cast.mentions if mention.end <= position and mention.actor in own]
    return (named[-1] if named else own[0],)


_CONDEMNS_RULE = re.compile(
    r"\b(?:resolutions?|sanctions) (?:are|is|were|was)? ?(?:fabricat|slander|forg)|\bresolutions? fabricated|\bcredible|\bnot (?:fake|forged|invented|groundless)",
    re.IGNORECASE,
)


def _said(text: str, verb: Token) -> str:
    """What is said: the sentence without its speaker."""
    speaker = subject(verb)
    if speaker is None:
        return text
    first, last = speaker.left_edge.idx, speaker.right_edge.idx + len(speaker.right_edge.text)
    return text[:first] + " " + text[last:]


def is_habit(text: str) -> bool:
    """Whether a sentence tells of what somebody always says: it answers nothing in particular."""
    return bool(_HABIT.search(text))


def is_own_word(reading: Reading, accused: Sequence[Actor], steps: Sequence[Attribution]) -> bool:
    """Whether what was not done is said by those who did not do it: a state's own official, a company or the people who speak for it."""
    if not steps or steps[-1].kind in {"document", "publisher", "agency"} or steps[-1].span is None:
        return False
    root, span = steps[-1], steps[-1].span
    for actor in accused:
        if actor.kind == "state":
            forms = {actor.name, *(form for form, country in lexicon().demonyms.items() if country == actor.country)}
            if any(form in root.name for form in forms) or (
                root.kind in {"official", "person"} and _is_of(reading, root.name, actor.country)
            ):
                return True
        elif actor.name == root.name or _speaks_for(reading, actor, root.name, span):
            return True
    return False


def _speaks_for(reading: Reading, actor: Actor, name: str, span: Span) -> bool:
    """Whether a speaker is a company's or ship's own: named with it, described as its owner or lawyer, or the company behind a ship."""
    words_said = reading.article.text[span.start : span.end]
    if actor.name in words_said or _SPOKESMAN.search(words_said):
        return True
    for speaker, nouns in reading.cast.nouns.items():
        if speaker.name == name and (speaker.kind == "company" or any(_SPOKESMAN.search(noun) for noun in nouns)):
            return True
    return actor.kind == "vessel" and any(
        speaker.name == name and speaker.kind == "company" for speaker in reading.cast.names.values()
    )


_SPOKESMAN = re.compile(
    r"\b(?:(?:co-)?owners?|lawyers?|attorneys?|solicitors?|counsel|managers?|managing|directors?|spokes\w+|company|chair(?:man|woman)|firm|captain|skipper|founder|president|rector|vice-rector|dean|chief executive|executive|boss|head of|shareholder|partner|bank|treasurer|secretary|owns|runs|heads|the (?:dealer|trader|broker|insurer|club|brand|refiner|smelter|importer|exporter|supplier|university|institute|exchange))\b",
    re.IGNORECASE,
)


def _is_of(reading: Reading, name: str, country: str) -> bool:
    """Whether a person is described, anywhere in the article, as of a state: "Russia's ambassador, X", "the Russian envoy X"."""
    for match in re.finditer(re.escape(name), reading.article.text):
        around = reading.cast.between(max(0, match.start() - 60), match.end() + 40)
        if any(mention.actor.country == country and mention.form in {"state", "capital", "demonym"} for mention in around):
            return True
    return False


def _speaker_of(verb: Token) -> Token | None:
    if is_passive(verb):
        return None
    own = subject(verb)
    if own is not None:
        return own
    if verb.dep_ in {"conj", "advcl", "xcomp"} and verb.head.pos_ in {"VERB", "AUX"}:
        return _speaker_of(verb.head)
    if verb.dep_ in {"relcl", "acl"}:
        head: Token = verb.head
        return head
    return None


def _voice(reading: Reading, index: int, speaker: Token, verb: Token) -> Voice:
    name, kind, pronoun = name_of(reading, index, speaker)
    start = reading.offset(index, speaker.doc[speaker.left_edge.i])
    end = reading.offset(index, verb) + len(verb.text)
    span = Span(min(start, reading.offset(index, verb)), max(end, reading.offset(index, speaker) + len(speaker.text)))
    return Voice(name, kind, verb.text, "denies", span, pronoun)


def _cleared(reading: Reading, index: int, speaker: Token, accused: Sequence[Actor], *, is_explicit: bool) -> tuple[Actor, ...]:
    """Whom a speaker speaks for: itself, its company, its state. Without an explicit verb only those already accused."""
    own = _behind(reading, index, speaker)
    chosen = [actor for actor in own if actor in accused]
    if chosen:
        return tuple(dict.fromkeys(chosen))
    countries = {actor.country for actor in accused if actor.country}
    related = [actor for actor in own if actor.kind == "state" and (actor.country in countries or is_explicit)]
    if related and (is_explicit or any(actor.country == related[0].country for actor in accused)):
        return tuple(dict.fromkeys(related[:1]))
    names_korea = reading.cast.has_north_korea(reading.sentences[index].start, reading.sentences[index].end)
    sided = _side_of(reading, name_of(reading, index, speaker)[0], _phrase_of(reading, index, speaker), index, accused)
    if sided and is_explicit and not any(actor.kind in {"company", "bank", "vessel"} for actor in own):
        return sided
    if is_explicit or names_korea:
        named = [
            actor
            for actor in own
            if actor.kind in {"company", "bank", "vessel"}
            or (actor.kind == "organisation" and source_kind(actor.name, None) != "government")
        ]
        return tuple(dict.fromkeys(named[:1]))
    return ()


def _phrase_of(reading: Reading, index: int, noun: Token) -> str:
    """The words of a speaker's whole noun phrase."""
    start = reading.offset(index, noun.doc[noun.left_edge.i])
    return reading.article.text[start : reading.offset(index, noun.right_edge) + len(noun.right_edge.text)]


def _is_where(reading: Reading, index: int, end: int) -> bool:
    """Whether a name only says where: "a firm in Apia", "the mission in New York"."""
    token = reading.token_at(index, end - 1)
    mention = reading.cast.covering(end - 1)
    if mention is None or mention.form in {"name", "capital"}:
        return False
    return token is not None and token.dep_ == "pobj" and token.head.lower_ in {"in", "at", "near", "from"}


def _behind(reading: Reading, index: int, speaker: Token) -> list[Actor]:
    """Everybody a speaker's noun phrase names: companies and states before the person who speaks for them."""
    if speaker.pos_ == "PRON":
        main = next((subject(token) for token in speaker.doc if token.dep_ == "ROOT"), None)
        if main is not None and main.pos_ in {"NOUN", "PROPN"} and main.i < speaker.i:
            start, stop = reading.offset(index, main), reading.offset(index, speaker)
            named = [mention.actor for mention in reading.cast.between(start, stop) if mention.form == "name"]
            return named or _behind(reading, index, main)
        return [one.actor for one in refer_back(reading, index, speaker)]
    sentence = reading.sentences[index]
    start = sentence.start + speaker.left_edge.idx
    last = speaker.right_edge
    end = sentence.start + last.idx + len(last.text)
    found: list[Actor] = []
    for mention in reading.cast.between(start, end):
        if mention.form == "place" or mention.role in {"source", "norm", "media"} or _is_where(reading, index, mention.end):
            continue
        found.append(state_actor(mention.actor.country) if mention.form in {"state", "capital", "demonym"} else mention.actor)
    for noun in speaker.subtree:
        if noun.dep_ == "pobj" and noun.head.lower_ in {"for", "of", "at"} and noun.head.head.i == speaker.i:
            found += [one.actor for one in resolve(reading, index, noun) if one.role in {"", "accused"}]
    for owner in children(speaker, "poss"):
        found += [one.actor for one in resolve(reading, index, owner)]
    found += [one.actor for one in resolve(reading, index, speaker) if one.role in {"", "accused"}]
    return sorted(dict.fromkeys(found), key=lambda actor: {"state": 1, "person": 2}.get(actor.kind, 0))
