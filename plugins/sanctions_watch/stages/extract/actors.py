"""Who is in an article: states behind names, demonyms, capitals and bodies; companies, banks, vessels and people by name.

Two steps. ``survey`` finds every name by its capitals and what the words around it say it is; ``cast_of`` then decides, with the
parser's own votes, what each is, and gives the mentions in order of the text. Lower-case descriptions ("the company") belong to coreference.py.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sanctions_watch.records import Actor, ActorKind, Article
from sanctions_watch.stages.extract.lexicon import Lexicon, Term, lexicon, longest, matches, words
from sanctions_watch.stages.extract.sentences import Sentence
from sanctions_watch.text import fold

NORTH_KOREA = "KP"
_TOKEN = re.compile(r"\w[\w’'&/-]*(?:\.(?=[A-Z]\.|[a-z]\.))*|[^\w\s]")
_CONNECTORS = words("of for de del la da do dos du van von der den al bin ben el i y")
_AFTER_NUMBER = words(
    "in on at and or to from was is had has which who that off near into by with after before while as carried sailed loaded docked took transferred received met under during for of were are"
)
_GENERIC = words(
    "Council Committee Ministry Government Panel State Treasury Department Army Navy Team Congress Parliament Party Court Bank Company Group Mission Embassy Agency Office Bureau Police"
    " Customs Service Union Assembly Senate Commission Administration Service Authority Force University Institute Korea Korean Koreans East West South North World Sea Pacific Atlantic"
    " Olympic Olympics Games Cup Internet Covid Covid-19 COVID-19 War God Mr Chairman Minister President"
)
_FLAGGED = ("-flagged", "-registered", "-owned", "-based", "-backed")
_DEMONYM_PREFIXES = ("Korean-", "Chinese-", "Russian-", "North-", "South-", "US-", "UN-", "U.S.-", "U.N.-", "Western-")
_SUFFIXES = frozenset({"Ltd", "Co", "Inc", "Corp", "LLC", "Pte", "Limited", "GmbH", "JSC", "Sdn", "Bhd", "Plc", "PLC", "S.A"})
_DOTTED = frozenset({"Co", "Ltd", "Corp", "Inc", "Jr", "Sr", "St", "Bros"})
_FUNCTION = words(
    "The A An It Its He She They We I In On At By To For From But And Or If As This That These Those His Her Their Our My Your Not No Nor So When While After Before Since"
    " There Here What Who Whom Which Why How Where Some Many Most More Much Last Next Under Over According Both Either Neither Several One Two Three Four Five Six Seven Eight"
    " Nine Ten Eleven Twelve Twenty Thirty Hundreds Thousands Dozens About Around Some Other Another Such Each Every All Any Only Also Even Still Yet Then Now Once Until Upon"
    " With Without Within Between Among Against Despite During Because Although Though Whether Asked Up Out Off Down Nearly Almost At Meanwhile However Today Yesterday"
    " Photo File Image Advertisement Was Were Is Are Has Have Had Did Does Do Will Would Could Should May Might Must Can Officials Police Prosecutors Investigators Court"
    " Records Documents Experts Critics Sources Diplomats Inspectors Analysts Lawyers Monitors Security Under Of Nothing Nobody Just Per Like Than Too Very Rights Selling Talk"
    " Resolution Resolutions Paragraph Article Sanctions Reports Report Satellite Customs Crew Ship Ships Vessel Vessels Tanker Company Companies Workers Washington"
    " Imports Exports Coal Oil Fuel"
)
_CALENDAR = words(
    "January February March April June July August September October November December Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec Monday Tuesday Wednesday"
    " Thursday Friday Saturday Sunday Christmas Easter New Year Year's GMT UTC KST"
)
_IMO_AFTER = re.compile(r"[\s,(\[]{1,3}(?:with )?(?:the )?(?:IMO|imo)(?:\s+(?:number|no\.?|nr\.?|#))?[\s:#-]{0,3}(\d{5,8})\b")
_IMO = re.compile(r"\bIMO(?:\s+(?:number|no\.?|nr\.?|#))?[\s:#-]{0,3}(\d{5,8})\b")
_AGE_AFTER = re.compile(r",? \(?\d\d\)?[,).]")
_FLAGGED_BEFORE = re.compile(r"[- ](?:flagged|registered|owned|flag)[,]? $")
_CALLED_BEFORE = re.compile(r"(?:\bcalled|\bnamed|\bknown as|\bas|\bdubbed|\bof the name)[ '\"‘“]{1,3}$")
_PLAIN_NOUN = re.compile(r"\b(?:[Tt]he|[Ii]ts|[Tt]heir) (?:[a-z]+ )?([a-z][a-z-]{2,}), $")
_SEATED = re.compile(r" (?:in|of|from|at|near|outside|based in) (?:the )?[\w’' -]{2,40}, $")
_WORDS_BEFORE = re.compile(r"[\w'’-]+")
_PREPOSITION_BEFORE = re.compile(r"\b(?:in|at|near|from|off|to|into|outside|via|through|around|between|across|of)(?: the)? $")
_MV_BEFORE = re.compile(r"\b(?:M/V|MV|M\.V\.|MT|M/T|SS|F/V)\.? $")
_SPEECH_AFTER = re.compile(
    r",? (?:said|says|told|added|explained|testified|wrote|admitted|pleaded|denied|insisted|apologised|apologized|conceded)\b"
)
_NER_KIND: dict[str, ActorKind] = {"PERSON": "person", "ORG": "company"}
_MEDIA_NAME = re.compile(
    r"\b(?:Times|Post|Herald|Journal|Tribune|Gazette|Courier|Chronicle|Daily|Observer|Guardian|Telegraph|Monitor|Dispatch|Ledger|Sentinel|Newspaper|Broadcasting|Television|Radio|Weekly|Bulletin|Inquirer|Examiner|Shimbun|Ilbo|Zeitung|Magazine|Newswire)$"
)
_STATE_INSIDE = re.compile(r"\b(?:North Korea|South Korea|United Nations|United States|Security Council|European Union)\b")
_NO_ACTOR = re.compile(
    r"\b(?:Sea|Ocean|Strait|River|Bay|Gulf|Island|Islands|Street|Road|Avenue|Square|Peninsula|Province|County|City|Town|District|Mountains?|Lake|Port|Airport|Cup|Games|Day|Summit|Forum|Treaty|Act|Agreement|Resolution|War|Prize|Week|Festival|Award|Charter|Protocol|Convention|Plan|Law|Code|Times|News|Post|Herald|Journal|Resolutions)\b"
)
_ENDS_AS_PLACE = re.compile(_NO_ACTOR.pattern + r"$|^(?:Gulf|Sea|Strait|Bay|Port|Bank|Lake|Isle) of ")
_THE_BEFORE = re.compile(r"\b[Tt]he $")
_VERBAL_AFTER = re.compile(
    r"(?:'s|’s)?(?:,| and| \(|\.| (?:was|were|is|had|has|did|took|made|left|sailed|carried|loaded|docked|unloaded|transferred|belongs|lay|met|went|came|called|switched|flew|changed|handed|received|pumped|delivered|entered|arrived|anchored|moored|then|first|later|by|with|at|in|on|off|from|to)\b)"
)
_OFFICE_AFTER = re.compile(
    r"(?:'s|’s|'|’) (?:\w+ )?(?:director|owner|lawyers?|manager|executive|chairman|chairwoman|spokesman|spokeswoman|president|boss|founder|shares|parent|plant|accounts?|managing director|board|head office|customers|licence|license|employees|staff|website|offices)\b"
)
_SHIP_WORDS_AFTER = re.compile(
    r"(?:'s|’s)? (?:crew|captain|hull|cargo|master|skipper|transponder|AIS|owner|docked|sailed|berthed|anchored|moored|unloaded|steamed|was boarded|called at)\b"
)


@dataclass
class Candidate:
    """A capitalised name with what speaks for each kind; only ``survey`` and ``cast_of`` touch it."""

    name: str
    places: list[tuple[int, int]] = field(default_factory=list)
    votes: Counter[str] = field(default_factory=Counter)
    nouns: set[str] = field(default_factory=set)
    countries: Counter[str] = field(default_factory=Counter)
    imo: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name where it stands in the text. ``form`` says by what: state, demonym, capital, place, body or name."""

    start: int
    end: int
    actor: Actor
    form: str
    role: str = ""  # of a body: source, norm, media, accused
    term: Term | None = None


@dataclass(frozen=True)
class Cast:
    """Everybody named in an article: mentions in order, and the words that described each named actor."""

    mentions: tuple[Mention, ...]
    nouns: dict[Actor, frozenset[str]]
    starts: tuple[int, ...]
    names: dict[str, Actor]
    weak: frozenset[Actor] = frozenset()  # named, but nothing says what they are: no description is taken for them

    def between(self, start: int, end: int) -> tuple[Mention, ...]:
        """Mentions that begin in a stretch of the text, in order."""
        return self.mentions[bisect_left(self.starts, start) : bisect_right(self.starts, end - 1)]

    def covering(self, position: int) -> Mention | None:
        """The mention that stands over an offset, if any."""
        index = bisect_right(self.starts, position) - 1
        if index >= 0 and self.mentions[index].end > position:
            return self.mentions[index]
        return None

    def has_north_korea(self, start: int, end: int) -> bool:
        """Whether North Korea is named, by whatever form, in a stretch of the text."""
        return any(mention.actor.country == NORTH_KOREA for mention in self.between(start, end))


def state_actor(country: str) -> Actor:
    """The record of a state. Raises KeyError for a code that the lexicon lacks."""
    state = lexicon().states[country]
    return Actor(state.name, "state", state.country)


def imo_is_valid(number: str) -> bool:
    """The IMO check digit: the first six digits times 7 to 2, summed, end in the seventh (IMO Resolution A.1117(30))."""
    return (
        len(number) == 7
        and number.isdigit()
        and sum(int(digit) * weight for digit, weight in zip(number[:6], range(7, 1, -1), strict=True)) % 10 == int(number[6])
    )


def terms_of(article: Article) -> list[tuple[int, int, Term]]:
    """States, demonyms, capitals, places and known bodies in the text, longest first, none inside another."""
    text = article.text
    return longest(match for match in matches(lexicon().terms, text) if not _is_cut_short(text, match[0], match[1]))


def _is_cut_short(text: str, start: int, end: int) -> bool:
    """As in "the North" of "the North Sea" or "the North-West" is no name by itself."""
    after = text[end : end + 2]
    if text[start:end] in ("the North", "the South"):
        return after[:1] == "-" or (after[:1] == " " and after[1:2].isupper())
    return after[:1] == "-" and after[1:2].isupper()


def survey(article: Article, sentences: Sequence[Sentence]) -> dict[str, Candidate]:
    """Every capitalised name of the body with the evidence for what it is."""
    table: dict[str, Candidate] = {}
    known = lexicon()
    lower_words = set(re.findall(r"\b[a-z]{3,}\b", article.text))
    stretch = [sentence for sentence in sentences if sentence.zone == "body"] or list(sentences)
    for sentence in stretch:
        for start, end in _runs(article.text, sentence, known, lower_words):
            name = article.text[start:end]
            candidate = table.setdefault(name, Candidate(name))
            candidate.places.append((start, end))
            _weigh(candidate, article.text, start, end, known)
    return table


def _runs(text: str, sentence: Sentence, known: Lexicon, lower_words: set[str]) -> Iterable[tuple[int, int]]:
    """Stretches of capitalised words that may be one name."""
    tokens = [(match.start(), match.end(), match.group()) for match in _TOKEN.finditer(text, sentence.start, sentence.end)]
    position = 0
    while position < len(tokens):
        _start, _end, word = tokens[position]
        if not word[0].isupper() or not word[0].isalpha():
            position += 1
            continue
        last = position
        while last + 1 < len(tokens) and _goes_on(text, tokens, last):
            last = last + 1 if _is_capital(tokens[last + 1][2]) or tokens[last + 1][2].isdigit() else last + 2
        yield from _trim(text, tokens[position : last + 1], sentence, known, lower_words)
        position = last + 1


def _is_capital(word: str) -> bool:
    return word[0].isalpha() and word[0].isupper()


def _goes_on(text: str, tokens: list[tuple[int, int, str]], last: int) -> bool:
    _start, end, word = tokens[last]
    following_start, _, following = tokens[last + 1]
    gap = text[end:following_start]
    if word.endswith(("'s", "’s", "'", "’")):
        return False
    if gap == " ":
        if _is_capital(following):
            return True
        if following.isdigit():
            if (
                text[tokens[last + 1][1] : tokens[last + 1][1] + 2].startswith(",")
                and text[tokens[last + 1][1] + 1 : tokens[last + 1][1] + 2].isdigit()
            ):
                return False
            return len(following) <= 3 and (
                last + 2 >= len(tokens) or not tokens[last + 2][2][0].isalpha() or tokens[last + 2][2] in _AFTER_NUMBER
            )
        if (following in _CONNECTORS or following == "&") and last + 2 < len(tokens):
            return _is_capital(tokens[last + 2][2]) and word not in _CALENDAR
        return False
    if following in {".", ","} and gap == "" and last + 2 < len(tokens):
        after = tokens[last + 2][2]
        if following == "." and word in _DOTTED:
            return _is_capital(after) and after in _SUFFIXES
        return following == "," and after in _SUFFIXES
    return False


def _trim(
    text: str, tokens: list[tuple[int, int, str]], sentence: Sentence, known: Lexicon, lower_words: set[str]
) -> Iterable[tuple[int, int]]:
    """Cut a run down to the name: without articles, titles, demonyms and calendar words at its ends; nothing where none is left."""
    words = list(tokens)
    while words:
        start, _, word = words[0]
        bare = _bare(word)
        first = start == sentence.start or text[max(0, start - 1)] in "\"“‘'("
        if (
            bare in _FUNCTION
            or bare in known.titles
            or bare in known.demonyms
            or (bare in {"US", "UK", "UN", "U.S", "U.N", "U.K", "EU"} and len(words) > 1 and _bare(words[1][2]) in known.titles)
            or bare in _CALENDAR
            or bare.startswith(_DEMONYM_PREFIXES)
            or bare.endswith(("-flagged", "-registered", "-owned", "-based", "-backed", "-born", "-linked"))
            or (first and len(words) == 1 and bare.casefold() in lower_words)
            or (len(words) > 1 and " ".join((bare, _bare(words[1][2]))) in known.demonyms)
        ):
            words.pop(0)
            while len(words) > 1 and words[0][2] in _CONNECTORS and bare in known.titles:
                del words[:2]  # "Secretary of State Mike Pompeo"
            continue
        break
    for place in range(min(len(words) - 1, 4), 0, -1):
        if _bare(words[place - 1][2]).endswith(_FLAGGED):
            del words[:place]  # "the Marshall Islands-flagged Sun Tern"
            break
    for place in range(min(len(words) - 2, 3), 0, -1):
        if _bare(words[place][2]) in known.titles:
            del words[: place + 1]  # "Defense Minister Itsunori Onodera"
            break
    while words and words[0][2] in _CONNECTORS:
        words.pop(0)
    while words and (_bare(words[-1][2]) in _CALENDAR or words[-1][2] in {".", ","} | _CONNECTORS):
        words.pop()
    if not words:
        return
    start = words[0][0]
    end = words[-1][1]
    name = text[start:end]
    for possessive in ("'s", "’s", "'", "’"):
        if name.endswith(possessive):
            end -= len(possessive)
            break
    if text[end : end + 1] == "." and words[-1][2] in _DOTTED:
        end += 1
    end = _without_seat(text, start, end, known)
    name = text[start:end]
    if len(name) < 2 or len(words) > 9 or name.isdigit() or name in _GENERIC:
        return
    if _STATE_INSIDE.search(name) and not any(word in known.name_words for word in name.split()):
        return
    if not any(match_start == 0 and match_end == len(name) for match_start, match_end, _ in matches(known.terms, name)):
        yield start, end


def _without_seat(text: str, start: int, end: int, known: Lexicon) -> int:
    """The end of "Balt Serwis of Gdynia" without its "of Gdynia"; "Bank of Dandong" stays whole."""
    head, of, _ = text[start:end].rpartition(" of ")
    if of and len(head.split()) > 1 and any(known.name_words.get(word) in {"company", "bank"} for word in head.split()[1:]):
        return start + len(head)
    return end


def _bare(word: str) -> str:
    return word.removesuffix("'s").removesuffix("’s")


def _weigh(candidate: Candidate, text: str, start: int, end: int, known: Lexicon) -> None:
    """What the words in and around one occurrence say about the name."""
    before = text[max(0, start - 70) : start]
    after = text[end : end + 80]
    votes = candidate.votes
    parts = candidate.name.split()
    if 2 <= len(parts) <= 4 and parts[0] in known.surnames and not any(part in known.name_words for part in parts):
        votes["person"] += 3
    for word in candidate.name.replace(",", " ").split():
        kind = known.name_words.get(word)
        if kind:
            votes[kind] += 3
    quoted_from = before.rstrip("'\"‘“")
    words = _WORDS_BEFORE.findall(quoted_from)
    clause = re.split(r"[.;:!?()—–]|--", quoted_from)[-1]
    _weigh_noun_before(candidate, clause, known)
    if words and _bare(words[-1]) in known.titles and clause.endswith(" "):
        votes["person"] += 4
    if words and words[-1] in known.demonyms:
        candidate.countries[known.demonyms[words[-1]]] += 1
    if (
        _THE_BEFORE.search(before)
        and not _ENDS_AS_PLACE.search(candidate.name)
        and not any(kind in votes for kind in ("company", "bank", "organisation"))
        and _VERBAL_AFTER.match(after)
    ):
        votes["the"] += 1
    if parts[-1].isdigit() and len(parts) > 1:
        votes["vessel"] += 4
    if any(word in known.korean_words for word in parts):
        candidate.countries[NORTH_KOREA] += 1
    if len(parts) > 1 and parts[0] in known.place_names:
        votes["company"] += 2
    if "&" in candidate.name:
        votes["company"] += 3
    if _MV_BEFORE.search(before) or _FLAGGED_BEFORE.search(before):
        votes["vessel"] += 5
    number = _IMO_AFTER.match(after)
    if number:
        votes["vessel"] += 5
        candidate.imo = number.group(1)
    if _SHIP_WORDS_AFTER.match(after):
        votes["vessel"] += 2
    if _AGE_AFTER.match(after):
        votes["person"] += 4
    if _SPEECH_AFTER.match(after) and not re.search(r"\bthe $", before, re.IGNORECASE):
        votes["person"] += 1
    if _OFFICE_AFTER.match(after):
        votes["company"] += 3
    votes["person"] += 1 if candidate.nouns and re.search(r"\b(?:he|his|him|she|her)\b", after) else 0
    votes["company"] += 1 if candidate.nouns and not votes["vessel"] and re.search(r"\b(?:its|it)\b", after) else 0
    if re.search(r"\b(?:in|near|off) $", before) and not votes["company"]:
        votes["place"] += 2
    elif _PREPOSITION_BEFORE.search(before) and not votes["company"]:
        votes["place"] += 1
    if candidate.name.startswith("Korea ") and len(candidate.name.split()) > 2:
        candidate.countries["KP"] += 1
    _weigh_noun_after(candidate, after, known)


def _weigh_noun_before(candidate: Candidate, clause: str, known: Lexicon) -> None:
    """An apposition before the name: "the tanker X", "a firm in Apia called X", "the company, X", "names the firm as X"."""
    seated = _SEATED.search(clause)
    if seated:
        clause = clause[: seated.start()] + ", "
    plain = _PLAIN_NOUN.search(clause)
    if plain:
        candidate.nouns.add(plain.group(1))
    called = _CALLED_BEFORE.search(clause)
    words = _WORDS_BEFORE.findall(clause[: called.start()] if called else clause)
    reach = words[-7:] if called else words[-3:]
    if not called and not clause.rstrip(" '\"‘“").endswith(tuple(words[-1:])) and not clause.rstrip("'\"‘“ ").endswith(","):
        return
    limit = 1 if not called else 6
    for distance in range(min(limit, len(reach))):
        last = len(reach) - distance
        for width in (3, 2, 1):
            if last - width < 0:
                continue
            noun = " ".join(reach[last - width : last]).casefold()
            kind = known.actor_nouns.get(noun)
            if kind:
                _vote(candidate, noun, kind, known)
                previous = reach[last - width - 1] if last - width else ""
                if previous in known.demonyms:
                    candidate.countries[known.demonyms[previous]] += 1
                return


def _vote(candidate: Candidate, noun: str, kind: ActorKind, known: Lexicon) -> None:
    """Count a noun that describes a name; one that fits both counts for company and person."""
    candidate.nouns.add(noun)
    if noun in known.either_nouns:
        candidate.votes["company"] += 2
        candidate.votes["person"] += 1
    else:
        candidate.votes[kind] += 6 if kind == "vessel" else 3


_APPOSITION = re.compile(
    r"(?:'s|’s)?[\"'”’]?(?:,| \(| --?| –| —| is| was) (?:(?:a|an|the|its|their|whose|one of|which is|who is|himself|another|itself)) ([\w' ’-]{3,70})"
)


def _weigh_noun_after(candidate: Candidate, after: str, known: Lexicon) -> None:
    """An apposition after the name: "X, a pharmacy wholesaler", "X, the owner of"."""
    found = _APPOSITION.match(after)
    if not found:
        return
    words = found.group(1).split()
    for index in range(min(len(words), 7)):
        if words[index] in {"of", "in", "that", "who", "which", "for", "with", "and", "said", "was", "is", "from", "by"}:
            words = words[:index]
            break
    for first in range(len(words)):
        noun = " ".join(words[first:]).casefold()
        kind = known.actor_nouns.get(noun) or known.actor_nouns.get(words[-1].casefold())
        if kind:
            _vote(candidate, noun if noun in known.actor_nouns else words[-1].casefold(), kind, known)
            for word in words:
                if word in known.demonyms:
                    candidate.countries[known.demonyms[word]] += 1
            return


def cast_of(
    article: Article, candidates: dict[str, Candidate], entities: Iterable[tuple[str, str]], *, is_at_sea: bool = False
) -> Cast:
    """Decide who each name is. ``entities`` are the parser's (text, label) pairs over the parsed sentences.

    ``is_at_sea``: the article is about ships, and "the Angara" is one.
    """
    for candidate in candidates.values():
        bare_definite = candidate.votes.pop("the", 0)
        if is_at_sea and bare_definite and not candidate.votes["person"]:
            candidate.votes["vessel"] += 2
    for name, label in entities:
        bare = _bare(re.sub(r"^(?:the|The) ", "", name))
        for candidate in candidates.values():
            if candidate.name == bare or (label == "PERSON" and candidate.name.endswith(" " + bare)):
                if label in _NER_KIND:
                    is_sure = len(candidate.name.split()) > 1 and not candidate.nouns & lexicon().either_nouns
                    candidate.votes[_NER_KIND[label]] += 2 if label == "PERSON" and is_sure else 1
                elif label in {"GPE", "LOC", "FAC"}:
                    candidate.votes["place"] += 1 if " " in candidate.name else 2
    publishers = {name for name in candidates if _is_publisher(name, article.publisher)}
    actors = _decide({name: candidate for name, candidate in candidates.items() if name not in publishers})
    mentions: list[Mention] = []
    taken: list[tuple[int, int]] = []
    nouns: defaultdict[Actor, set[str]] = defaultdict(set)
    for name, actor in actors.items():
        own = candidates.get(name)
        if own:
            nouns[actor] |= own.nouns
        for match in re.finditer(rf"(?<![\w-]){re.escape(name)}(?!\w)", article.text):
            taken.append(match.span())
            mentions.append(Mention(match.start(), match.end(), actor, "name"))
    for name in publishers:
        own_name = article.publisher if fold(name) in fold(article.publisher) else name
        term = Term("body", own_name, "", "organisation", "media", "publisher")
        mentions += [
            Mention(match.start(), match.end(), Actor(own_name, "organisation"), "body", "media", term)
            for match in re.finditer(rf"(?<![\w-]){re.escape(name)}(?!\w)", article.text)
        ]
    mentions = _outermost(mentions)
    spans = sorted((mention.start, mention.end) for mention in mentions)
    firsts = [start for start, _ in spans]
    for start, end, term in terms_of(article):
        index = bisect_right(firsts, start) - 1
        if index >= 0 and spans[index][1] > start and (spans[index][1] - spans[index][0]) > end - start:
            continue
        actor = Actor(term.name, term.kind, term.country)
        mentions.append(Mention(start, end, actor, term.role, term.body_role, term))
    mentions = _outermost(mentions)
    return Cast(
        tuple(mentions),
        {actor: frozenset(words) for actor, words in nouns.items()},
        tuple(mention.start for mention in mentions),
        actors,
        frozenset(
            actor for name, actor in actors.items() if name == actor.name and name in candidates and _is_weak(candidates[name])
        ),
    )


def doubtful_places(candidates: dict[str, Candidate]) -> list[int]:
    """Where the names stand of which the words around them do not say, or not with one voice, what they are; in order of the text."""
    places = []
    for candidate in candidates.values():
        ranked = candidate.votes.most_common(2)
        if not ranked or ranked[0][1] < 2 or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < 2):
            places += [start for start, _ in candidate.places]
    return sorted(places)


def _is_publisher(name: str, publisher: str) -> bool:
    """Whether a name is a newspaper's or broadcaster's, above all the article's own."""
    own = fold(publisher)
    if own and (fold(name) == own or own.endswith(" " + fold(name))):
        return True
    return len(name.split()) > 1 and bool(_MEDIA_NAME.search(name))


def _outermost(mentions: list[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda one: (one.start, -one.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def _decide(candidates: dict[str, Candidate]) -> dict[str, Actor]:
    """Name -> actor; a short form gets the actor of the long name it belongs to."""
    order = sorted(candidates.values(), key=lambda one: (-len(one.name.split()), -len(one.places), one.name))
    owners: list[Candidate] = []
    belongs: dict[str, Candidate] = {}
    for candidate in order:
        words = fold(candidate.name).split()
        owner = next((long for long in owners if _is_short_form(words, fold(long.name).split(), long)), None)
        if owner is None:
            owners.append(candidate)
            continue
        belongs[candidate.name] = owner
        for voted, weight in candidate.votes.items():
            owner.votes[voted] += weight
        owner.nouns |= candidate.nouns
        owner.countries += candidate.countries
        owner.imo = owner.imo or candidate.imo
    decided: dict[str, Actor] = {}
    for owner in owners:
        kind = _kind(owner)
        if kind is None:
            continue
        country = owner.countries.most_common(1)[0][0] if owner.countries else ""
        valid = imo_is_valid(owner.imo) if owner.imo else None
        decided[owner.name] = Actor(owner.name, kind, country, owner.imo, valid)
    for short, owner in belongs.items():
        if owner.name in decided:
            decided[short] = decided[owner.name]
            candidates[owner.name].nouns |= candidates[short].nouns
    return decided


def _is_short_form(words: list[str], long: list[str], owner: Candidate) -> bool:
    if not words or len(words) >= len(long):
        return False
    if words == long[: len(words)]:
        return True
    return len(words) == 1 and words[0] == long[-1] and owner.votes["person"] > 0 and not owner.votes["company"]


def _is_weak(candidate: Candidate) -> bool:
    return not candidate.votes or candidate.votes.most_common(1)[0][1] < 2


def _kind(candidate: Candidate) -> ActorKind | None:
    """The kind that most speaks for; None for a place or where nothing does."""
    ranked = candidate.votes.most_common()
    if not ranked or ranked[0][1] < 2:
        is_place = candidate.votes["place"] >= (2 if len(candidate.name.split()) > 1 else 1)
        if is_place or _NO_ACTOR.search(candidate.name):
            return None
        if candidate.votes["company"]:
            return "company"
        is_name = len(candidate.name.split()) > 1 or len(candidate.places) > 1
        return "organisation" if is_name else None
    best: Any
    best, _weight = ranked[0]
    if best == "company" and candidate.votes["bank"] >= 3:
        best = "bank"
    if best == "place":
        return None
    return best  # type: ignore[no-any-return]
