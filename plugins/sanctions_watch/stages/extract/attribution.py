"""Who says it: the chain from the nearest speaker down to the root, each step with its verb, stance and span.

Order of search for one event: the verbs above it in its own sentence; the speaker of the quotation it stands in; the speaker of the
sentences around it; the article's main source; at last the publisher.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from spacy.tokens import Token

from sanctions_watch.records import Attribution, SourceKind, Span, Stance
from sanctions_watch.stages.extract.actors import state_actor
from sanctions_watch.stages.extract.coreference import refer_back, relative_antecedent
from sanctions_watch.stages.extract.lexicon import lexicon, words
from sanctions_watch.stages.extract.reading import Reading
from sanctions_watch.stages.extract.syntax import (
    by_agents,
    children,
    conjuncts,
    is_hearsay,
    is_passive,
    phrase,
    prepositional,
    subject,
)

AMBIGUOUS = "by grammar somebody else accuses: the one who asked is taken for the accuser"
_ARTICLES = re.compile(
    r"^(?:(?:the|a|an|its|his|her|their|this|that|these|those|one of the|one of its|some|several|many|two|three|four|five|six|both)\s+)+",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"(?:\s*[,;:(–—\"“”].*|'s|’s)$", re.DOTALL)
_PARTICIPLE = re.compile(
    r" (?:filed|seen|obtained|released|published|reviewed|who|that|which|shared|leaked|issued|made|dated|read|compiled|told|whose|with|in|on|at|from|for) "
)
_SPACE = re.compile(r"\s+")
_MAX_WORDS = 8
_STATE_BODY = re.compile(
    r"\b(?:Courts?|Police|Ministry|Customs|Prosecutor|Prosecution|Coast Guard|Agency|Department|Treasury|Tribunal|Intelligence)\b"
)
_NORM_SPEAKER = re.compile(r"^(?:Council|council|[Rr]esolutions?|Resolution)$")
_REPORTS = re.compile(r"\b(?:reports|reporting|media reports|press reports|news reports)\b", re.IGNORECASE)
_OBTAINED = re.compile(
    r"\b(?:obtain|see|seen|saw|review|read|examine|view|inspect|get|receive|consult|study)(?:ed|s|d|ing)?\b|\b(?:obtained|reviewed|seen|read|examined|viewed|copied|leaked|shared)\b",
    re.IGNORECASE,
)
# A speaker by word order, for sentences that are not parsed: "..., X said", "X said", "said X", "according to X".
_SAID = r"(?:said|says|say|shows?|showed|indicates?|indicated|reveals?|revealed|believes?|told|added|adds|wrote|writes|noted|notes|reported|reports|claimed|claims|alleged|alleges|explained|found|concluded|concludes|stated|states|announced|testified|recalled|argued)"
_NP = r"((?:[Tt]he |[Aa]n? |[Oo]ne of the |[Tt]wo |[Tt]hree )?[\w'’.&-]+(?: (?:of|for|in|at|on|and|the|from)? ?[\w'’.&-]+){0,7}?)"
_BEFORE_SAID = re.compile(rf"(?:^|[,;—–\"”] ?){_NP} (?:has |have |had |also )?{_SAID}\b")
_ACCORDING = re.compile(
    rf"\b[Aa]ccording to {_NP}(?=[,.;]|$| (?:seen|obtained|reviewed|released|published|who|that|which|on|in|said))"
)
_AFTER_SAID = re.compile(
    rf"[\"”,] {_SAID} ((?:the )?[A-Z][\w'’.&-]+(?: [\w'’.&-]+){{0,6}}?)(?=[,.;]|$| (?:in|on|at|by|during|to|who))"
)

_STANCE_OF_KIND: dict[SourceKind, Stance] = {"document": "documents", "publisher": "reports", "agency": "reports"}


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker as found: before chains are made of it."""

    name: str
    kind: SourceKind
    verb: str
    stance: Stance
    span: Span | None
    is_pronoun: bool = False

    def attribution(self, *, is_inferred: bool = False) -> Attribution:
        """The record; an inferred step keeps its span where it has one."""
        return Attribution(self.name, self.kind, self.verb, self.stance, self.span, is_inferred or self.span is None)


def voices_above(reading: Reading, index: int, event: Token) -> list[Voice]:
    """The speakers of the event's own sentence by the parse, outermost (nearest to the reader) first."""
    found: list[Voice] = _grounds(reading, index, event)
    below = event
    for token in event.ancestors:
        voice = _voice_at(reading, index, token, below)
        if voice is not None:
            found.append(voice)
        if token.pos_ == "NOUN":
            document = _document_noun(reading, index, token, below)
            if document is not None:
                found.append(document)
        below = token
    tail = _final_tag(reading, index, event)
    found += [tail] if tail else []
    if len(found) > 1 and found[0].verb == "according to" and found[0].kind == "unnamed":
        found = [*found[1:], found[0]]  # "the agency told lawmakers, according to one of those present"
    if not found:
        shown = _document_that_shows(reading, index, event)
        found += [shown] if shown else []
    if not found:
        plain = voice_by_order(reading, index, reading.sentences[index].text)
        found += [plain] if plain else []
    unique: list[Voice] = []
    for voice in reversed(found):
        if all(voice.name != other.name for other in unique):
            unique.append(voice)
    return unique


def _voice_at(reading: Reading, index: int, verb: Token, below: Token) -> Voice | None:
    known = lexicon()
    lemma = verb.lemma_.lower()
    if (
        verb.pos_ == "VERB"
        and verb.lower_ in _JUDGING
        and not is_passive(verb)
        and (judge := subject(verb)) is not None
        and judge.i != below.i
    ):
        return replace(_voice(reading, index, judge, verb), stance="confirms" if verb.lower_ in _CONVICTING else "asserts")
    if verb.pos_ not in {"VERB", "AUX"} or lemma not in known.reporting or is_hearsay(verb):
        return None
    if below.dep_ not in {
        "ccomp",
        "xcomp",
        "prep",
        "advcl",
        "dobj",
        "pcomp",
        "acl",
        "parataxis",
        "dep",
        "nsubj",
        "nsubjpass",
        "agent",
        "relcl",
        "acomp",
        "conj",
        "oprd",
    }:
        return None
    if lemma == "call" and below.dep_ == "prep":
        return None
    if any(
        _NORM_SPEAKER.search(child.text)
        for child in children(verb, "nsubj", "nsubjpass")
        + [token for child in children(verb, "nsubj") for token in children(child, "compound")]
    ):
        return None
    if lemma in known.verbs["accusing"] and is_passive(verb):
        return next((_voice(reading, index, noun, verb) for noun in by_agents(verb)), None)
    if is_passive(verb):
        return next((_voice(reading, index, noun, verb) for noun in by_agents(verb)), None)
    if below.dep_ in {"advcl", "conj", "relcl", "nsubj"} or (
        below.dep_ in {"prep", "acl"} and lemma not in known.verbs["accusing"]
    ):
        return None
    speaker = subject(verb)
    if speaker is None and verb.dep_ == "conj":
        speaker = subject(verb.head) if verb.head.pos_ == "VERB" else None
    if speaker is None and verb.dep_ in {"relcl", "acl"}:
        speaker = verb.head
    if speaker is None and verb.dep_ == "advcl" and verb.head.pos_ == "VERB":
        speaker = subject(verb.head)
    if (
        speaker is None
        or speaker.lower_ in {"i", "we"}
        or speaker.i == below.i
        or (below.dep_ == "dobj" and lemma not in _TELLING_OF)
    ):
        return None
    return _voice(reading, index, speaker, verb)


_TELLING_OF = words("document record report show detail describe allege reveal confirm note list trace attribute blame pin")
_CONVICTING = words(
    "convicts convicted convict fines fined fine jails jailed jail sentences sentenced sentence imprisoned imprison"
)
_JUDGING = _CONVICTING | words(
    "indicts indicted indict sanctions sanctioned sanction blacklists blacklisted blacklist designates designated designate prosecutes prosecuted"
    " arrests arrested arrest charges charged charge punishes punished punish"
)


_ASKING = words("request demand proposal draft bid call motion complaint letter submission paper initiative")


def ambiguous_accuser(reading: Reading, index: int, event: Token) -> Voice | None:
    """As in "Russia put a hold on a US request after accusing Pyongyang of ...": by grammar the blocker accuses, by sense the one who asked.

    The asker as a voice where another state's request stands in the main clause of a subjectless "accusing"; None elsewhere.
    """
    accusing = next(
        (
            token
            for token in event.ancestors
            if token.lower_ == "accusing" and token.dep_ in {"pcomp", "advcl"} and subject(token) is None
        ),
        None,
    )
    if accusing is None:
        return None
    inside = {token.i for token in accusing.subtree}
    for token in event.doc:
        if token.i in inside or token.lemma_ not in _ASKING:
            continue
        for owner in children(token, "poss", "compound", "amod", "nmod"):
            mention = reading.cast.covering(reading.offset(index, owner))
            if mention is not None and mention.form in {"state", "capital", "demonym"}:
                name = state_actor(mention.actor.country).name
                return Voice(
                    name,
                    "government",
                    "accusing",
                    "asserts",
                    Span(reading.offset(index, accusing), reading.offset(index, accusing) + len(accusing.text)),
                )
    return None


def _document_noun(reading: Reading, index: int, noun: Token, below: Token) -> Voice | None:
    """As in "a report that says", "records showing", "reports that Russia had violated", "accusations by X that"."""
    word = noun.lower_
    if below.dep_ not in {"acl", "relcl", "prep", "ccomp"} or word not in lexicon().nouns["document"] | {
        "allegation",
        "accusation",
        "claim",
        "assertion",
        "allegations",
        "claims",
        "accusations",
    }:
        return None
    if below.dep_ == "prep" and below.lower_ not in {"of", "that", "about", "on"}:
        return None
    if below.dep_ == "relcl":
        return None
    makers = by_agents(noun) + prepositional(noun, "from") + children(noun, "poss")
    if word.startswith(("allegation", "accusation", "claim", "assertion")):
        return _voice(reading, index, makers[0], noun) if makers else None
    return _voice(reading, index, noun, noun)


def _document_that_shows(reading: Reading, index: int, event: Token) -> Voice | None:
    """As in "records showing that ..., and 700 permits issued": the document before the event, where the parse lost the second half."""
    for noun in event.doc[: event.i]:
        if noun.lower_ in lexicon().nouns["document"]:
            for verb in children(noun, "acl", "relcl"):
                if verb.lemma_ in {"show", "indicate", "suggest", "state", "say", "detail", "list", "record", "reveal"}:
                    return _voice(reading, index, noun, verb)
    return None


def _grounds(reading: Reading, index: int, event: Token) -> list[Voice]:
    """What a sentence rests on besides its verbs, the root first: "according to X", "citing X", "on the strength of X", "has learned from X"."""
    doc = event.doc
    found: list[Voice] = []
    for token in doc:
        if token.lemma_ == "learn" and token.pos_ == "VERB" and subject(token) is not None:
            sources = prepositional(token, "from")
            if sources:
                found += [_voice(reading, index, noun, token) for noun in [*sources, subject(token)] if noun is not None]
                break
        if token.lower_ == "according" and token.i + 1 < len(doc):
            nouns = [noun for child in token.children if child.lower_ == "to" for noun in children(child, "pobj")]
            if nouns and _clause_reaches(token, event):
                for noun in [*conjuncts(nouns[0])][::-1]:
                    found.append(_voice(reading, index, noun, token, written="according to"))
        elif token.lower_ == "citing" and token.pos_ == "VERB":
            found += [_voice(reading, index, noun, token) for target in children(token, "dobj") for noun in conjuncts(target)[:1]]
        elif token.lower_ in {"based", "strength", "basis"}:
            grounds = [
                noun
                for child in token.children
                if child.lower_ in {"on", "of"}
                for noun in children(child, "pobj")
                if noun.lower_ in lexicon().nouns["document"]
            ]
            found += [_voice(reading, index, noun, token) for noun in grounds[:1]]
    return found


def _clause_reaches(token: Token, event: Token) -> bool:
    """As in "According to" speaks for its whole sentence unless a later "but" clause stands between."""
    first, last = sorted((token.i, event.i))
    return not any(word.lower_ in {"but", ";"} for word in token.doc[first:last])


_TAGGING = words(
    "say tell add report note allege claim write estimate explain complain show find suggest indicate reveal believe hear record testify warn"
)


def _final_tag(reading: Reading, index: int, event: Token) -> Voice | None:
    """A reporting verb set off by a comma at the end or in the middle of the sentence, however the parse hung it: ", the police source said"."""
    doc = event.doc
    for token in doc:
        if token.pos_ != "VERB" or token.lemma_ not in _TAGGING or token.i < event.i:
            continue
        speaker = subject(token)
        if speaker is None or children(token, "mark") or token.dep_ in {"relcl", "acl"}:
            continue
        left = min(speaker.left_edge.i, token.i)
        if (
            left > 0
            and doc[left - 1].text in {",", '"', "”", "--", "–", "—", "-"}
            and not any(child.dep_ == "ccomp" and child.i > token.i for child in token.children)
        ):
            return _voice(reading, index, speaker, token)
    return None


def _voice(reading: Reading, index: int, noun: Token, verb: Token, *, written: str = "") -> Voice:
    known = lexicon()
    text = written or verb.text
    noun = _what_came_to_light(noun)
    start = reading.offset(index, noun.doc[noun.left_edge.i])
    end = reading.offset(index, noun) + len(noun.text)
    stop = reading.offset(index, verb) + len(verb.text)
    first, last = min(start, reading.offset(index, verb)), max(end, stop)
    span = Span(first, last) if last - first <= 300 else Span(start, end)
    name, kind, pronoun = name_of(reading, index, noun)
    stance: Stance = _STANCE_OF_KIND.get(kind) or known.reporting.get(verb.lemma_.lower(), "asserts")  # type: ignore[assignment]
    return Voice(name, kind, text, stance, span, pronoun)


def _what_came_to_light(noun: Token) -> Token:
    """The report of "a report came to light that says", where the parse hangs the clause on "light"."""
    if noun.lower_ in {"light", "surface", "knowledge"} and noun.dep_ == "pobj" and noun.head.head.pos_ == "VERB":
        return subject(noun.head.head) or noun
    return noun


def name_of(reading: Reading, index: int, noun: Token) -> tuple[str, SourceKind, bool]:
    """How a speaker is called, what kind it is, and whether a pronoun stood for it."""
    known = lexicon()
    word = noun.lower_
    if word in {"who", "which", "that"} and noun.pos_ in {"PRON", "DET", "SCONJ"}:
        antecedent = relative_antecedent(noun)
        if antecedent is not None and antecedent.i != noun.i:
            return name_of(reading, index, _what_came_to_light(antecedent))
    if word in _SOME_OF and any(token.lower_ == "them" for token in prepositional(noun, "of")):
        plural = _plural_before(reading, index, noun)
        if plural:
            return plural, source_kind(plural, None), True
    if noun.pos_ == "PRON" and word in {"it", "he", "she", "they", "one"}:
        spoken = _speaker_before(reading, index, noun)
        if spoken is not None:
            return spoken.name, spoken.kind, True
        if word == "they":
            plural = _plural_before(reading, index, noun)
            if plural:
                return plural, source_kind(plural, None), True
        back = refer_back(reading, index, noun)
        if back:
            return back[0].actor.name, source_kind(back[0].actor.name, back[0].actor.kind), True
    mention = reading.cast.covering(reading.offset(index, noun))
    if mention is not None and mention.form == "name":
        return mention.actor.name, source_kind(mention.actor.name, mention.actor.kind), False
    if mention is not None and mention.form == "body" and mention.term is not None and word not in known.nouns["document"]:
        return mention.actor.name, mention.term.source_kind, False
    if mention is not None and mention.form in {"state", "capital"}:
        return mention.actor.name, "government", False
    if word in known.nouns["document"]:
        return *_document_name(reading, index, noun), False
    named = next(
        (
            found
            for child in [*children(noun, "appos"), *children(noun, "compound")]
            if (found := reading.cast.covering(reading.offset(index, child))) is not None and found.form == "name"
        ),
        None,
    )
    if named is not None:
        return named.actor.name, source_kind(named.actor.name, named.actor.kind), False
    if word in _PRESS and not any(child.lower_ in {"the", "this"} for child in noun.lefts):
        named_press = next(
            (
                mention
                for mention in reading.cast.mentions
                if mention.form == "body"
                and mention.role == "media"
                and mention.start > reading.offset(index, noun)
                and mention.actor.name != reading.article.publisher
            ),
            None,
        )
        if named_press is not None:
            return named_press.actor.name, "publisher", False
    generic = _last_of_its_kind(reading, index, noun)
    if generic is not None:
        return *generic, False
    body = _only_author(reading) if word in _AUTHORS else None
    if body is not None:
        return body, "organisation", False
    written = tidy(_in_sentence_case(noun))
    return written, source_kind(written, None), False


def _in_sentence_case(noun: Token) -> str:
    """A noun phrase with a small first letter where only the sentence's beginning made it a capital."""
    written = phrase(noun)
    first = noun.doc[noun.left_edge.i]
    is_small = first.i == 0 and first.pos_ != "PROPN" and first.text not in lexicon().demonyms and not written[1:2].isupper()
    return written[:1].lower() + written[1:] if is_small else written


def _document_name(reading: Reading, index: int, noun: Token) -> tuple[str, SourceKind]:
    """A document by who wrote it where the article names an author it is known by, else by its own words."""
    for maker in [*by_agents(noun), *prepositional(noun, "by", "of", "from"), *children(noun, "poss", "compound")]:
        mention = reading.cast.covering(reading.offset(index, maker))
        if mention is not None and mention.form == "body" and mention.term is not None and mention.role != "norm":
            return mention.actor.name, "document"
    written = tidy(_in_sentence_case(noun))
    if len(written.split()) == 1 or written.casefold().startswith("same "):
        fuller = _fuller_name(reading, reading.offset(index, noun), noun.lower_)
        if fuller:
            return fuller, "document"
    if len(written.split()) == 1 or written.casefold().startswith(("annual ", "latest ", "new ", "draft ", "first ")):
        author = _only_author(reading)
        if author is not None:
            return author, "document"
    return written, "document"


def _fuller_name(reading: Reading, position: int, head: str) -> str:
    """How a document was called in full where "the records" goes on about it: "Russian Interior Ministry records"; "" where nowhere."""
    found = re.findall(
        rf"((?:\b[A-Z][\w'’.-]* |\b[a-z]+ ){{1,4}}){re.escape(head)}\b", reading.article.text[reading.article.body_start : position]
    )
    for before in found:
        kept = [word for word in before.split() if word.casefold() not in _PLAIN]
        tail = before.split()[len(before.split()) - len(kept) :]
        if kept and kept == tail:
            return " ".join([*kept, head])
    return ""


_PLAIN = words(
    "the a an of to from in on by with and or that these those such its their his her has have had was were said says seen show shows according some other own for at as is are same"
)
_AUTHORS = words("group team panel monitors monitor experts body watchdog eleven investigators")


def _only_author(reading: Reading) -> str | None:
    """The one body in the article that writes reports on the sanctions (the Panel of Experts, the MSMT), None without or with two."""
    names = Counter(
        mention.actor.name for mention in reading.cast.mentions if mention.term is not None and mention.term.writes_documents
    )
    ranked = names.most_common(2)
    return (
        ranked[0][0]
        if len(ranked) == 1 or (ranked and ranked[0][1] > ranked[1][1])
        else "Multilateral Sanctions Monitoring Team"
        if "Multilateral Sanctions Monitoring Team" in names
        else None
    )


_PRESS = words("newspaper daily weekly magazine broadcaster paper website")
_GENERIC_BODIES = words(
    "agency service department bureau treasury ministry company firm group office prosecutors court bank newspaper"
)


def _last_of_its_kind(reading: Reading, index: int, noun: Token) -> tuple[str, SourceKind] | None:
    """As in "the agency", "the think tank": the last one named or described so; None where the phrase says more itself."""
    if not any(child.lower_ in {"the", "this"} for child in noun.lefts) or any(
        child.dep_ in {"amod", "poss", "nmod"} for child in noun.lefts
    ):
        return None
    word = noun.lower_
    compound = " ".join([child.lower_ for child in noun.lefts if child.dep_ == "compound"] + [word])
    position = reading.offset(index, noun)
    described = [actor for actor, nouns in reading.cast.nouns.items() if compound in nouns or (word in nouns and compound == word)]
    if len(described) == 1:
        return described[0].name, source_kind(described[0].name, described[0].kind)
    if compound != word or word not in _GENERIC_BODIES:
        return None
    for mention in reversed(reading.cast.mentions):
        if (
            mention.end <= position
            and mention.form == "body"
            and mention.role == "source"
            and mention.term is not None
            and _is_a(word, mention.actor.name, mention.term.source_kind)
        ):
            return mention.actor.name, mention.term.source_kind
    return None


def _is_a(word: str, name: str, kind: SourceKind) -> bool:
    if word in {"agency", "service", "bureau", "office"}:
        return kind == "government" or "Agency" in name
    if word in {"department", "treasury", "ministry"}:
        return kind == "government" and ("Department" in name or "Treasury" in name or word in name.casefold())
    return word in name.casefold()


def _speaker_before(reading: Reading, index: int, pronoun: Token) -> Voice | None:
    """As in "it said", "he added": the speaker of the sentence before."""
    if pronoun.dep_ != "nsubj" or pronoun.head.lemma_ not in lexicon().reporting:
        return None
    for back in range(1, 4):
        if index - back < 0:
            break
        voice = sentence_voice(reading, index - back)
        if voice is not None and not voice.is_pronoun:
            is_person = voice.kind in {"official", "person", "unnamed"}
            if (pronoun.lower_ in {"he", "she"}) == is_person or pronoun.lower_ in {"they", "one"}:
                return voice
    return None


_SOME_OF = words("one two three some several both another many most")
_SEVERAL = re.compile(
    r"\b((?:[A-Z][\w.-]+ |[a-z]+ )?(?:police|customs|prosecutors|investigators|inspectors|officials|officers|experts|monitors|diplomats|authorities|auditors|detectives|judges|researchers|lawyers|sources|agents))\b"
)


def _plural_before(reading: Reading, index: int, pronoun: Token) -> str:
    """Whom "they" of "they said" stands for: the last officials, police or experts named before; "" where none were."""
    start = reading.sentences[max(0, index - 2)].start
    found = _SEVERAL.findall(reading.article.text[start : reading.offset(index, pronoun)])
    kept = [word for word in found[-1].split() if word.casefold() not in _PLAIN] if found else []
    return " ".join(kept)


def tidy(written: str) -> str:
    """A speaker's name without articles, possessives and what trails behind; at most eight words."""
    text = _SPACE.sub(" ", written).strip(" \"'“”‘’.,;:()")
    text = _ARTICLES.sub("", text)
    text = _TRAILING.sub("", text)
    text = _PARTICIPLE.split(text)[0]
    return " ".join(text.split()[:_MAX_WORDS])


def source_kind(name: str, actor_kind: str | None) -> SourceKind:
    """What kind of source a name is, by its words."""
    known = lexicon()
    if actor_kind == "person":
        return "official"
    if actor_kind in {"company", "bank", "vessel", "organisation"}:
        return "government" if _STATE_BODY.search(name) else "organisation"
    if actor_kind == "state":
        return "government"
    words = name.casefold().split()
    if not words:
        return "unnamed"
    head = words[words.index("of") - 1] if "of" in words[1:] else words[-1]
    tail = " ".join(words[-2:])
    for kind in ("document", "government", "unnamed", "organisation", "official"):
        if head in known.nouns[kind] or tail in known.nouns[kind]:
            if kind == "unnamed" and head in known.nouns["official"] and any(word[:1].isupper() for word in name.split()[1:]):
                return "official"
            return kind
    return "person" if name[:1].isupper() else "unnamed"


_TELLING = words(
    "say tell add write report find conclude show note allege claim state indicate explain announce estimate believe suspect complain"
)


def _main_speaker(verb: Token) -> Token | None:
    """The subject of a verb that tells what the rest of the sentence says; None for any other word."""
    if verb.pos_ != "VERB" or verb.lemma_ not in _TELLING or verb.dep_ not in {"ROOT", "conj", "parataxis", "ccomp", "advcl"}:
        return None
    speaker = subject(verb)
    if speaker is None or is_passive(verb) or not children(verb, "ccomp", "xcomp", "dobj"):
        return None
    return None if speaker.pos_ == "PRON" and speaker.lower_ not in {"who", "it", "he", "she", "they"} else speaker


def sentence_voice(reading: Reading, index: int) -> Voice | None:
    """The main speaker of a whole sentence, by the parse where there is one, else by word order."""
    sentence = reading.sentences[index]
    doc = reading.doc(index)
    if doc is not None:
        for token in doc:
            speaker = _main_speaker(token)
            if speaker is not None:
                return _voice(reading, index, speaker, token)
        for token in doc:
            if token.lower_ == "according":
                nouns = [noun for child in token.children if child.lower_ == "to" for noun in children(child, "pobj")]
                if nouns:
                    return _voice(reading, index, nouns[0], token, written="according to")
        return None
    return voice_by_order(reading, index, sentence.text)


_LEAD = re.compile(
    r"^(?:in|on|at|by|for|after|before|if|when|under|from|with|during|last|this|next|since|of|to|as|among|all|some|not)\b",
    re.IGNORECASE,
)


def _without_lead(written: str) -> str:
    """A speaker's name without the adverbial before it: "In a separate step the department" is the department; "" where nothing is left."""
    if not _LEAD.match(written):
        return "" if written.casefold() in {"all", "said", "says", "most", "others", "many"} else written
    return written.rpartition(" the ")[2] if " the " in written else ""


def voice_by_order(reading: Reading, index: int, text: str) -> Voice | None:
    """A sentence's speaker by plain word order."""
    bare = re.sub(r"[\"“][^\"”]*[\"”]", lambda quoted: '"' + " " * (len(quoted.group()) - 2) + '"', text)
    for pattern in (_ACCORDING, _AFTER_SAID, _BEFORE_SAID):
        match = pattern.search(bare)
        if match is None:
            continue
        start = reading.sentences[index].start + match.start(1)
        end = reading.sentences[index].start + match.end(1)
        inside = [mention for mention in reading.cast.between(start, end) if mention.form in {"name", "body"}]
        written = tidy(match.group(1))
        if source_kind(written, None) == "document":
            inside = [mention for mention in inside if mention.form == "body" and mention.role == "source"]
        if re.search(r"\b(?:Security Council|resolution|Resolution)\b", written):
            continue
        written = _without_lead(re.sub(r"^(?:and|but|or|while|as|so|yet) ", "", written))
        if re.search(r"\b(?:has|have|had|was|is|were|been|that|it|are|be|will|would|did|does)\b", written):
            continue
        if (
            not written
            or written.split()[0].casefold() in {"what", "who", "why", "how", "when", "where", "which"}
            or written.casefold() in {"it", "he", "she", "they", "who", "i", "we", "that", "which", "this"}
        ):
            return None
        span = Span(reading.sentences[index].start + match.start(), reading.sentences[index].start + match.end())
        if inside and inside[-1].form == "name":
            return Voice(inside[-1].actor.name, source_kind(inside[-1].actor.name, inside[-1].actor.kind), "said", "asserts", span)
        if inside and inside[-1].term is not None and source_kind(written, None) != "document":
            return Voice(inside[-1].actor.name, inside[-1].term.source_kind, "said", "asserts", span)
        kind = source_kind(written, None)
        return Voice(written, kind, "said", _STANCE_OF_KIND.get(kind, "asserts"), span)
    return None


def chain(reading: Reading, index: int, event: Token) -> tuple[tuple[Attribution, ...], tuple[str, ...]]:
    """The chain for an event, nearest speaker first, and in words how it was found."""
    asker = ambiguous_accuser(reading, index, event)
    voices = voices_above(reading, index, event) if asker is None else []
    reasons: list[str] = []
    steps: list[Attribution] = []
    if asker is not None:
        steps = [asker.attribution(is_inferred=True)]
        reasons.append(AMBIGUOUS)
    elif voices:
        steps = [voice.attribution(is_inferred=False) for voice in voices]
        reasons.append(f"said in the sentence by {voices[-1].name}")
    elif (court := _court(reading, index)) is not None:
        steps = [court]
        reasons.append("a court has found so")
    else:
        position = reading.offset(index, event)
        voice = quoted_speaker(reading, index) if reading.sentences[index].is_quoted(position) else None
        if voice is not None:
            steps = [voice.attribution()]
            reasons.append(f"inside a quotation of {voice.name}")
        else:
            voice = carried_speaker(reading, index)
            if voice is not None:
                steps = [replace(voice.attribution(), is_inferred=True)]
                reasons.append(f"goes on from what {voice.name} says")
    steps = [_self_named(reading, step) for step in steps]
    steps, more = _resolve_reports(reading, steps)
    reasons += more
    steps = _with_holder(reading, steps)
    if not steps:
        publisher = reading.article.publisher or "publisher"
        steps = [Attribution(publisher, "publisher", "reports", "reports", None, True)]
        reasons.append("nobody else is named: the publisher's own word")
    return tuple(_without_repeats(steps)), tuple(reasons)


def _court(reading: Reading, index: int) -> Attribution | None:
    """The court behind a sentence that tells of a verdict, a plea or a fine and names no speaker."""
    sentence = reading.sentences[index]
    lowered = sentence.text.casefold()
    for cue in lexicon().cues["verdict"]:
        place = lowered.find(cue)
        if place >= 0:
            span = Span(sentence.start + place, sentence.start + place + len(cue))
            return Attribution(_court_name(reading, sentence.index), "government", cue, "confirms", span)
    return None


_COURT = re.compile(
    r"\b(?:[A-Z][\w’'-]+ ){1,4}Courts?(?: of [A-Z]\w+)?\b|\b(?:district|regional|high|federal|criminal|city|supreme) court\b|\bcourt\b"
)


def _court_name(reading: Reading, index: int) -> str:
    """The court that the sentence names, else the first that the article does; "court" where it has no name."""
    here = _COURT.search(reading.sentences[index].text)
    found = here or _COURT.search(reading.article.text, reading.article.body_start)
    return tidy(found.group()) if found else "court"


def _self_named(reading: Reading, step: Attribution) -> Attribution:
    written = reading.article.text[step.span.start : step.span.end].casefold() if step.span is not None else ""
    if any(one in written for one in lexicon().nouns["self"]):
        return replace(step, name=reading.article.publisher or step.name, kind="publisher", stance="reports")
    return step


def _without_repeats(steps: list[Attribution]) -> list[Attribution]:
    kept: list[Attribution] = []
    for step in steps:
        if step.name and all(step.name != other.name for other in kept):
            kept.append(step)
    return kept


def quoted_speaker(reading: Reading, index: int) -> Voice | None:
    """The speaker of the quotation a sentence stands in: the tag in its paragraph, behind it or before it."""
    here = reading.sentences[index]
    order = [index, *range(index + 1, len(reading.sentences)), *range(index - 1, -1, -1)]
    for other in order:
        sentence = reading.sentences[other]
        if sentence.paragraph != here.paragraph or sentence.zone != here.zone:
            continue
        if other != index and sentence.quoted_share() > 0.97:
            continue
        voice = sentence_voice(reading, other)
        if voice is not None:
            return voice
    for other in range(index - 1, -1, -1):
        if here.paragraph - reading.sentences[other].paragraph > 1:
            break
        if reading.sentences[other].paragraph < here.paragraph:
            voice = sentence_voice(reading, other)
            if voice is not None:
                return voice
    return None


def carried_speaker(reading: Reading, index: int) -> Voice | None:
    """The speaker whose account a sentence without one goes on with: of its paragraph, of the paragraph before, or the article's main source."""
    here = reading.sentences[index]
    for other in range(index - 1, -1, -1):
        sentence = reading.sentences[other]
        if sentence.paragraph != here.paragraph or sentence.zone != here.zone:
            break
        voice = sentence_voice(reading, other)
        if voice is not None and _speaks_on(voice):
            return voice
    for other in range(index + 1, min(len(reading.sentences), index + 3)):
        sentence = reading.sentences[other]
        if sentence.paragraph != here.paragraph:
            break
        voice = sentence_voice(reading, other)
        if voice is not None and not voice.is_pronoun and _speaks_on(voice) and sentence.quoted_share() < 0.6:
            return voice
    return main_source(reading)


def _speaks_on(voice: Voice) -> bool:
    return bool(voice.name) and voice.stance != "denies"


def main_source(reading: Reading) -> Voice | None:
    """The document or body that most of an article rests on: the one that speaks most often, earlier ones first."""
    scores: dict[str, tuple[float, int, Voice]] = {}
    for sentence in reading.sentences:
        if sentence.zone != "body":
            continue
        voice = sentence_voice(reading, sentence.index)
        if voice is None or not voice.name or voice.kind in {"person", "publisher", "agency"}:
            continue
        weight = {"document": 1.3, "government": 1.0, "organisation": 1.0}.get(voice.kind, 0.6) * (
            1.5 if sentence.paragraph <= 2 else 1.0
        )
        score, first, kept = scores.get(voice.name, (0.0, sentence.index, voice))
        scores[voice.name] = (score + weight, first, kept)
    if not scores:
        return None
    best = max(scores.values(), key=lambda item: (item[0], -item[1]))
    return best[2]


def _resolve_reports(reading: Reading, steps: list[Attribution]) -> tuple[list[Attribution], list[str]]:
    """Where the root is bare "reports", the report that the article names elsewhere, marked inferred."""
    if not steps or (
        not _REPORTS.fullmatch(steps[-1].name.strip())
        and not re.fullmatch(r"(?:credible|news|media|press|recent|these|such)? ?reports", steps[-1].name.casefold())
    ):
        return steps, []
    for sentence in reading.sentences:
        for mention in reading.cast.between(sentence.start, sentence.end):
            if mention.form != "body" or mention.role != "media" or mention.actor.name == reading.article.publisher:
                continue
            after = reading.article.text[mention.end : mention.end + 60]
            if re.match(r"(?: has| had| first| also)* (?:reported|revealed|wrote|published|said|reviewed|disclosed)", after):
                kind: SourceKind = mention.term.source_kind if mention.term else "publisher"
                step = Attribution(mention.actor.name, kind, "reported", "reports", Span(mention.start, mention.end), True)
                return [*steps[:-1], step], [f'"reports" is taken for that of {mention.actor.name}']
    return steps, []


def _with_holder(reading: Reading, steps: list[Attribution]) -> list[Attribution]:
    """As in "CNN obtained a copy of the report": who saw a document stands before it in the chain."""
    if not steps or steps[-1].kind != "document":
        return steps
    head = steps[-1].name.split()[-1].casefold()
    for sentence in reading.sentences:
        if head not in sentence.text.casefold() or not _OBTAINED.search(sentence.text):
            continue
        for mention in reading.cast.between(sentence.start, sentence.end):
            if (
                mention.form == "body"
                and mention.role == "media"
                and _holds(reading.article.text, mention.start, mention.end, head)
            ):
                if any(step.name == mention.actor.name for step in steps):
                    return steps
                kind: SourceKind = mention.term.source_kind if mention.term else "publisher"
                holder = Attribution(mention.actor.name, kind, "obtained", "reports", Span(mention.start, mention.end))
                return [*steps[:-1], holder, steps[-1]]
        own = re.search(
            r"\b(?:[Tt]his (?:newspaper|paper|magazine|website|reporter|news agency|publication)|"
            + re.escape(reading.article.publisher or "\0")
            + r")\b",
            sentence.text,
        )
        if own and reading.article.publisher and all(step.name != reading.article.publisher for step in steps):
            span = Span(sentence.start + own.start(), sentence.start + own.end())
            return [*steps[:-1], Attribution(reading.article.publisher, "publisher", "read", "reports", span), steps[-1]]
    return steps


def _holds(text: str, start: int, end: int, head: str) -> bool:
    after = text[end : end + 80].casefold()
    before = text[max(0, start - 60) : start].casefold()
    return bool(
        re.match(rf"(?: \w+){{0,2}} (?:obtained|reviewed|saw|seen|read|examined|viewed|got)\b.{{0,60}}\b{re.escape(head)}", after)
    ) or bool(
        re.search(
            rf"{re.escape(head)}\b.{{0,30}}\b(?:obtained|reviewed|seen|read|examined|viewed|leaked|shared)(?: by| with| to) (?:the )?$",
            before,
        )
    )
