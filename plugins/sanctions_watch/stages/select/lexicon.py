"""The terms that select looks for, compiled into automata: every language in one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntFlag
from functools import lru_cache
from typing import Any

import ahocorasick
import yaml

from sanctions_watch.data import include
from sanctions_watch.errors import ConfigurationError
from sanctions_watch.taxonomy import conducts, expand

_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af]")
_SAME = str.maketrans(
    {
        "-": " ",
        "\u2010": " ",
        "\u2011": " ",
        "\u00a0": " ",
        "\u202f": " ",
        "\u3000": " ",
        "\n": " ",
        "\t": " ",
        "\u2019": "'",
        "\u2018": "'",
        "ё": "е",
    }
)


class Kind(IntFlag):
    """What a term is evidence of."""

    NONE = 0
    NORTH_KOREA = 1 << 0
    AGAIN = 1 << 1  # "the North", where it has been named
    ACTOR = 1 << 2
    LAW_STRONG = 1 << 3
    LAW = 1 << 4
    BODY = 1 << 5
    BODY_GENERAL = 1 << 6
    BREACH = 1 << 7
    ENFORCEMENT = 1 << 8
    MEASURE = 1 << 9
    CONDUCT = 1 << 10
    WEAK_CONDUCT = 1 << 11
    PROGRAMME = 1 << 12
    OTHER_REGIME = 1 << 13
    SPORT = 1 << 14
    CULTURE = 1 << 15
    WEATHER = 1 << 16
    TECHNIQUE = 1 << 17
    OTHER_NEWS = 1 << 18
    OTHER_SENSE = 1 << 19
    MASK = 1 << 20
    CYBER = 1 << 21  # hacking, whatever for
    ALLEGATION = 1 << 23
    RIGHTS = 1 << 24
    BAN = 1 << 25  # a prohibition in plain words
    CONCEALMENT = 1 << 26
    CAUGHT = 1 << 27
    FRAME = 1 << 22  # a thing and a deed of one frame stand in the sentence


GROUPS: Mapping[str, Kind] = {
    "north_korea": Kind.NORTH_KOREA,
    "north_korea_again": Kind.AGAIN,
    "north_korean_actor": Kind.ACTOR,
    "law_strong": Kind.LAW_STRONG,
    "law": Kind.LAW,
    "body": Kind.BODY,
    "body_general": Kind.BODY_GENERAL,
    "resolution_by_number": Kind.ACTOR | Kind.LAW_STRONG | Kind.BAN,
    "ban": Kind.LAW | Kind.BAN,
    "concealment": Kind.CONCEALMENT,
    "caught": Kind.CAUGHT,
    "committee": Kind.BODY_GENERAL,
    "committee_acts": Kind.BODY | Kind.LAW,
    "allegation": Kind.ALLEGATION,
    "breach": Kind.BREACH,
    "enforcement": Kind.ENFORCEMENT,
    "measure": Kind.MEASURE,
    "more_conduct": Kind.CONDUCT,
    "programme": Kind.PROGRAMME,
    "more_weak_conduct": Kind.WEAK_CONDUCT,
    "other_regime": Kind.OTHER_REGIME,
    "sport": Kind.SPORT,
    "culture": Kind.CULTURE,
    "weather": Kind.WEATHER,
    "attack_technique": Kind.TECHNIQUE,
    "computer_attack": Kind.CYBER,
    "human_rights": Kind.RIGHTS,
    "other_news": Kind.OTHER_NEWS,
    "other_sense": Kind.OTHER_SENSE,
    "mask": Kind.MASK,
}
_Key = tuple[str, bool, bool]
_LISTS = ("frames", "weak_conduct", "programme_phrases", "programme_conducts")
# A taxonomy row that is no breach by itself is evidence of another kind.
_ROW_KINDS: Mapping[str, Kind] = {
    "evade.front": Kind.BREACH | Kind.CONDUCT,
    "state.noncompliance": Kind.MEASURE | Kind.LAW,
    "allowed.context": Kind.MEASURE,
    "fin.asset_freeze": Kind.LAW | Kind.ENFORCEMENT,
    "sea.identity_fraud": Kind.CONDUCT,
}


@dataclass(frozen=True, slots=True)
class Term:
    """A phrase, folded; ``left`` and ``right``: it must not go on in a word there.

    ``conduct`` is a taxonomy id or ""; ``frames`` has a bit for each side of each frame the phrase stands in.
    """

    phrase: str
    kind: Kind
    conduct: str
    left: bool
    right: bool
    frames: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """A term at its place in the folded text."""

    start: int
    end: int
    term: Term


@dataclass(frozen=True, slots=True)
class _Meaning:
    """All that one phrase is evidence of, while the terms are gathered."""

    kind: Kind = Kind.NONE
    conduct: str = ""
    frames: int = 0


class Lexicon:
    """All terms, and the few that a relevant text cannot do without (``gate``)."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(terms)
        self._all = _automaton(self.terms)
        self._gate = _automaton([term for term in self.terms if term.kind & (_NAMES | Kind.MASK)])
        self._net = _automaton([term for term in self.terms if term.kind & _NET])

    def find(self, folded: str) -> list[Hit]:
        """Every term of the folded text, by place; what a longer mask, other regime or other sense covers is left out."""
        return list(_uncovered(_placed(_hits(self._all, folded))))

    def names_north_korea(self, folded: str) -> str:
        """The first name of North Korea, or of one of its bodies, in the folded text; "" where there is none."""
        hits = list(_hits(self._gate, folded))
        if not hits:
            return ""
        return next((hit.term.phrase for hit in _uncovered(_placed(hits)) if hit.term.kind & _NAMES), "")

    def net(self, folded: str) -> list[Term]:
        """The terms that make a headline worth a look, one for each kind of evidence."""
        return [hit.term for hit in _hits(self._net, folded)]


_NAMES = Kind.NORTH_KOREA | Kind.ACTOR
_COVERS = Kind.MASK | Kind.OTHER_REGIME | Kind.OTHER_SENSE
_NET = (
    Kind.NORTH_KOREA
    | Kind.ACTOR
    | Kind.LAW_STRONG
    | Kind.LAW
    | Kind.BODY
    | Kind.CONDUCT
    | Kind.WEAK_CONDUCT
    | Kind.BREACH
    | Kind.CAUGHT
    | Kind.CONCEALMENT
    | Kind.OTHER_REGIME
    | Kind.OTHER_SENSE
    | Kind.SPORT
)


def fold(text: str) -> str:
    """Lower case, hyphens and line breaks as spaces, one kind of apostrophe, ё as е; as long as the text, so that places stay the same."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return lowered.translate(_SAME)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon of the installation, read once. Raises ConfigurationError with every problem of the files."""
    return Lexicon(compile_terms(yaml.safe_load(include("lexicon/select.yaml").read_text("utf-8"))))


def compile_terms(content: Mapping[str, Any]) -> list[Term]:
    """The terms of ``select.yaml``'s parsed content and of the taxonomy. Raises ConfigurationError with every problem."""
    expected = {*GROUPS, *_LISTS}
    problems = [f"group {name!r} is missing" for name in sorted(expected - set(content))]
    problems += [f"group {name!r} is unknown" for name in content if name not in expected]
    if problems:
        raise ConfigurationError([f"include/lexicon/select.yaml: {problem}" for problem in problems])
    found: dict[_Key, _Meaning] = {}
    weak = {_key(form) for form in _forms(content["weak_conduct"])}
    programme = {_key(form) for form in _forms(content["programme_phrases"])}
    for group, kind in GROUPS.items():
        for form in _forms(content[group].values()):
            _add(found, form, problems, _Meaning(kind))
    for position, (name, frame) in enumerate(content["frames"].items()):
        if set(frame) != {"things", "deeds"}:
            problems.append(f"frame {name!r} needs things and deeds")
            continue
        for side, phrases in enumerate((frame["things"], frame["deeds"])):
            for form in _forms(phrases.values()):
                _add(found, form, problems, _Meaning(frames=1 << (2 * position + side)))
    for row in conducts().values():
        for form in _forms(row.phrases.values()):
            kind = _ROW_KINDS.get(row.conduct_id, Kind.CONDUCT)
            if _key(form) in programme or row.conduct_id in content["programme_conducts"]:
                kind = Kind.PROGRAMME
            elif _key(form) in weak:
                kind = Kind.WEAK_CONDUCT
            _add(found, form, problems, _Meaning(kind, row.conduct_id))
    problems += [f"weak_conduct: {key[0]!r} is no phrase of the taxonomy" for key in sorted(weak | programme) if key not in found]
    if problems:
        raise ConfigurationError([f"include/lexicon/select.yaml: {problem}" for problem in problems])
    return [
        Term(phrase, meaning.kind, meaning.conduct, left, right, meaning.frames) for (phrase, left, right), meaning in found.items()
    ]


def _forms(lists: Iterable[Iterable[object]]) -> Iterator[str]:
    for patterns in lists:
        for pattern in patterns:
            yield from expand(str(pattern))


def _key(form: str) -> _Key:
    """The folded phrase, and whether a word must end at its left and right."""
    bare = fold(form.strip("*<>"))
    left = form.startswith("<") or not (form.startswith("*") or _UNSPACED.match(bare) or not bare[:1].isalnum())
    right = form.endswith(">") or not (form.endswith("*") or _UNSPACED.match(bare[-1:]) or not bare[-1:].isalnum())
    return bare, left, right


def _add(found: dict[_Key, _Meaning], form: str, problems: list[str], meaning: _Meaning) -> None:
    key = _key(form)
    if not key[0] or "*" in key[0]:
        problems.append(f"{form!r}: a * stands at an end only, beside at least one letter")
        return
    known = found.get(key, _Meaning())
    found[key] = _Meaning(known.kind | meaning.kind, known.conduct or meaning.conduct, known.frames | meaning.frames)


def _automaton(terms: Iterable[Term]) -> Any:
    """An Aho-Corasick automaton from folded phrases to their terms."""
    automaton = ahocorasick.Automaton()
    grouped: dict[str, list[Term]] = {}
    for term in terms:
        grouped.setdefault(term.phrase, []).append(term)
    for phrase, alike in grouped.items():
        automaton.add_word(phrase, (len(phrase), tuple(alike)))
    automaton.make_automaton()
    return automaton


def _hits(automaton: Any, folded: str) -> Iterator[Hit]:
    length = len(folded)
    for last, (size, terms) in automaton.iter(folded):
        start, end = last - size + 1, last + 1
        for term in terms:
            if term.left and start and folded[start - 1].isalnum():
                continue
            if term.right and end < length and folded[end].isalnum():
                continue
            yield Hit(start, end, term)


def _placed(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (hit.start, -hit.end))


def _uncovered(hits: Iterable[Hit]) -> Iterator[Hit]:
    """The hits, sorted by place, without those that lie within a longer mask, or within several words on another regime or sense."""
    cover_start, cover_end = 0, 0
    for hit in hits:
        if hit.end <= cover_end and cover_end - cover_start > hit.end - hit.start:
            continue
        is_cover = hit.term.kind & Kind.MASK or (hit.term.kind & _COVERS and " " in hit.term.phrase)
        if is_cover and hit.end > cover_end:
            cover_start, cover_end = hit.start, hit.end
        yield hit
