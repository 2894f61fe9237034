"""The lexicon as compiled tables: what every other module of this stage looks words up in.

Read once from ``include/lexicon/*.yaml`` (``actors``, ``verbs``, ``conduct_patterns``, ``sources``). Nothing here knows about articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import ahocorasick
import yaml

from sanctions_watch.data import include
from sanctions_watch.records import ActorKind, SourceKind

_VOWELS = "aeiou"
# Verbs of more than one syllable that double their last consonant, and short ones that do not.
_DOUBLING = frozenset(
    {
        "refer",
        "transfer",
        "equip",
        "admit",
        "permit",
        "commit",
        "occur",
        "traffic",
        "tranship",
        "transship",
        "unship",
        "outfit",
        "rebut",
        "regret",
    }
)
_NOT_DOUBLING = frozenset(
    {"fix", "mix", "tow", "sew", "show", "row", "pay", "say", "buy", "load", "flow", "view", "tax", "know", "throw", "fly"}
)

Role = Literal["source", "norm", "media", "accused"]


@dataclass(frozen=True, slots=True)
class Word:
    """One class membership of a surface form; ``part`` says which part of speech it must be."""

    name: str  # class, "COAL"
    part: Literal["verb", "noun", "phrase"]


@dataclass(frozen=True, slots=True)
class Frame:
    """A way a conduct is told: an event word with a theme word (``include/lexicon/conduct_patterns.yaml`` explains the fields)."""

    frame_id: str
    conduct: str
    event: tuple[str, ...]
    theme: tuple[str, ...]
    nk: Literal["source", "destination", "party"] = "party"
    other: str = ""
    also: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    nk_theme: bool = False
    needs_breach: bool = False
    negated: bool = False
    accused: str = ""
    only: str = ""
    mark: str = ""
    weight: int = 1
    loose: bool = False
    way: bool = False
    strict: bool = False
    link: float = 0.0
    adds: str = ""
    patient: tuple[str, ...] = ()
    doer: tuple[str, ...] = ()
    reach: int = 4
    gap: int = 22


@dataclass(frozen=True, slots=True)
class State:
    """A state; ``country`` is ISO 3166-1 alpha-2."""

    country: str
    name: str


@dataclass(frozen=True, slots=True)
class Term:
    """What a capitalised form stands for."""

    role: Literal["state", "demonym", "capital", "place", "body"]
    name: str
    country: str = ""
    kind: ActorKind = "state"
    body_role: str = ""  # of a body: source, norm, media, accused
    source_kind: SourceKind = "organisation"
    law: str = ""  # un, us, eu: the law it speaks for
    writes_documents: bool = False
    is_organ: bool = False  # of a state, which is accused with it


@dataclass(frozen=True)
class Lexicon:
    """Everything compiled. ``words`` and ``terms`` are Aho-Corasick automata over lower-cased and over cased text."""

    frames: tuple[Frame, ...]
    words: Any
    terms: Any
    demonyms: Mapping[str, str]
    states: Mapping[str, State]
    actor_nouns: Mapping[str, ActorKind]  # singular or plural noun -> kind
    either_nouns: frozenset[str]  # a company or a person
    state_nouns: frozenset[str]
    name_words: Mapping[str, ActorKind]
    titles: frozenset[str]
    surnames: frozenset[str]
    place_names: frozenset[str]  # capitals and places, one word each
    korean_words: frozenset[str]  # words that make a name North Korean
    verbs: Mapping[str, frozenset[str]]  # list name of verbs.yaml -> base and inflected forms
    reporting: Mapping[str, str]  # base form -> stance
    nouns: Mapping[str, frozenset[str]]  # list name of sources.yaml -> lower-case singular and plural
    cues: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def words(text: str) -> frozenset[str]:
    """A set of words written as one line."""
    return frozenset(text.split())


def plural(noun: str) -> str:
    """The regular English plural of a noun's last word."""
    head, _, last = noun.rpartition(" ")
    lead = f"{head} " if head else ""
    if last.endswith("man"):
        return f"{lead}{last[:-3]}men"
    if last.endswith("woman"):
        return f"{lead}{last[:-5]}women"
    if last.endswith(("s", "x", "z", "ch", "sh")):
        return f"{lead}{last}es"
    if last.endswith("y") and last[-2:-1] not in _VOWELS:
        return f"{lead}{last[:-1]}ies"
    return f"{lead}{last}s"


def inflect(base: str, irregular: Mapping[str, list[str]]) -> frozenset[str]:
    """Every form of a verb; a phrasal verb inflects its first word."""
    first, _, rest = base.partition(" ")
    tail = f" {rest}" if rest else ""
    prefix = ""
    stem = first
    for lead in ("re-", "co-", "sub-", "test-", "time-", "out", "re", "un"):
        if first.startswith(lead) and first[len(lead) :] in irregular and first not in irregular:
            prefix, stem = lead, first[len(lead) :]
            break
    if first == "be":
        return frozenset(form + tail for form in ("be", "am", "is", "are", "was", "were", "been", "being"))
    if first == "have":
        return frozenset(form + tail for form in ("have", "has", "had", "having"))
    forms = {first, _third(first), _participle(first)}
    if first in irregular:
        forms |= set(irregular[first])
    elif stem in irregular and prefix:
        forms |= {prefix + form for form in irregular[stem]}
    else:
        forms.add(_past(first))
    if first.endswith("el") and first not in irregular:
        forms |= {f"{first}led", f"{first}ling"}  # British spelling
    return frozenset(form + tail for form in forms)


def _doubles(verb: str) -> bool:
    if verb in _DOUBLING:
        return verb[-1] != "c"
    if verb in _NOT_DOUBLING or len(verb) < 3:
        return False
    one_syllable = sum(1 for letter in verb if letter in _VOWELS) == 1
    return one_syllable and verb[-1] not in _VOWELS + "wxy" and verb[-2] in _VOWELS and verb[-3] not in _VOWELS


def _third(verb: str) -> str:
    return plural(verb) if not verb.endswith("man") else f"{verb}s"


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return f"{verb}d"
    if verb.endswith("c"):
        return f"{verb}ked"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return f"{verb[:-1]}ied"
    return f"{verb}{verb[-1]}ed" if _doubles(verb) else f"{verb}ed"


def _participle(verb: str) -> str:
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if verb.endswith("c"):
        return f"{verb}king"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
        return f"{verb[:-1]}ing"
    return f"{verb}{verb[-1]}ing" if _doubles(verb) else f"{verb}ing"


def matches(automaton: Any, text: str) -> Iterator[tuple[int, int, Any]]:
    """Whole-word matches of an automaton: start, end, what was stored. Overlapping ones too."""
    length = len(text)
    for last, (width, stored) in automaton.iter(text):
        end = last + 1
        start = end - width
        if start and text[start - 1].isalnum() and text[start].isalnum():
            continue
        if end < length and text[end].isalnum() and text[last].isalnum():
            continue
        yield start, end, stored


def longest(found: Iterable[tuple[int, int, Any]]) -> list[tuple[int, int, Any]]:
    """Of overlapping matches the longest, leftmost first."""
    kept: list[tuple[int, int, Any]] = []
    taken_to = -1
    for start, end, stored in sorted(found, key=lambda match: (match[0], -match[1])):
        if start >= taken_to:
            kept.append((start, end, stored))
            taken_to = end
    return kept


def _read(name: str) -> dict[str, Any]:
    with include(f"lexicon/{name}.yaml").open(encoding="utf-8") as file:
        content: dict[str, Any] = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader, the C one where built
    return content


def _automaton(table: Mapping[str, Any]) -> Any:
    automaton = ahocorasick.Automaton()
    for form, stored in table.items():
        automaton.add_word(form, (len(form), stored))
    automaton.make_automaton()
    return automaton


def _class_words(classes: Mapping[str, Mapping[str, list[str]]], irregular: Mapping[str, list[str]]) -> dict[str, tuple[Word, ...]]:
    table: dict[str, set[Word]] = {}
    for name, parts in classes.items():
        for verb in parts.get("verbs", ()):
            for form in inflect(verb, irregular):
                table.setdefault(form, set()).add(Word(name, "verb"))
        for noun in parts.get("nouns", ()):
            for form in (noun, plural(noun)):
                table.setdefault(form, set()).add(Word(name, "noun"))
        for phrase in parts.get("phrases", ()):
            table.setdefault(phrase, set()).add(Word(name, "phrase"))
    return {form: tuple(sorted(words, key=lambda word: (word.name, word.part))) for form, words in table.items()}


def _terms(actors: Mapping[str, Any]) -> tuple[dict[str, Term], dict[str, str], dict[str, State]]:
    table: dict[str, Term] = {}
    demonyms: dict[str, str] = {}
    states: dict[str, State] = {}
    for country, (name, others, adjectives, seats) in actors["states"].items():
        states[country] = State(country, name)
        for form in [name, *others]:
            table[form] = Term("state", name, country)
        for form in adjectives:
            table[form] = Term("demonym", name, country)
            demonyms[form] = country
        for form in seats:
            table[form] = Term("capital", name, country)
    for country, places in actors["places"].items():
        for form in places:
            table.setdefault(form, Term("place", form, country))
    for body in actors["bodies"]:
        kind: Any = body["kind"]
        accused_kind: ActorKind = kind if kind in {"company", "bank", "person", "vessel", "organisation"} else "organisation"
        source_kind: SourceKind = kind if kind in {"publisher", "agency", "government", "organisation"} else "organisation"
        for form in body["forms"]:
            name = form if body.get("each") else body["forms"][0]
            table[form] = Term(
                "body",
                name,
                body.get("country", ""),
                accused_kind,
                body["role"],
                source_kind,
                body.get("body", ""),
                body.get("documents", False),
                body.get("organ", False),
            )
    return table, demonyms, states


def _frame(row: dict[str, Any]) -> Frame:
    lists = {key: tuple(value) for key, value in row.items() if isinstance(value, list)}
    plain = {key: value for key, value in row.items() if not isinstance(value, list) and key != "id"}
    return Frame(frame_id=row["id"], **{**plain, **lists})


@cache
def lexicon() -> Lexicon:
    """The compiled lexicon; read once per process."""
    actors, verbs, patterns, sources = (_read(name) for name in ("actors", "verbs", "conduct_patterns", "sources"))
    irregular = verbs["irregular"]
    terms, demonyms, states = _terms(actors)
    nouns: dict[str, ActorKind] = {}
    for kind in ("organisation", "person", "vessel", "bank", "company"):
        for noun in actors["nouns"][kind]:
            nouns[noun] = nouns[plural(noun)] = kind
    return Lexicon(
        frames=tuple(_frame(row) for row in patterns["frames"]),
        words=_automaton(_class_words(patterns["classes"], irregular)),
        terms=_automaton(terms),
        demonyms=demonyms,
        states=states,
        actor_nouns=nouns,
        either_nouns=frozenset(form for noun in actors["either"] for form in (noun, plural(noun))),
        state_nouns=frozenset(form for noun in actors["nouns"]["state"] for form in (noun, plural(noun))),
        name_words={word: kind for kind, words in actors["name_words"].items() for word in words},
        titles=frozenset(actors["titles"]),
        surnames=frozenset(actors["surnames"]),
        place_names=frozenset(form for form, term in terms.items() if term.role in {"capital", "place"} and " " not in form),
        korean_words=frozenset(actors["korean_words"]),
        verbs={
            name: frozenset(form for verb in values for form in {verb, *inflect(verb, irregular)})
            for name, values in verbs.items()
            if isinstance(values, list)
        },
        reporting={verb: stance for stance, values in verbs["reporting"].items() for verb in values},
        nouns={
            name: frozenset(form for noun in values for form in (noun, plural(noun))) for name, values in sources["nouns"].items()
        },
        cues={name: tuple(values) for name, values in sources["cues"].items()},
    )
