"""The conducts that the UN sanctions on North Korea forbid, and which paragraph was in force on a day.

The rows stand in ``include/taxonomy.yaml``; this module checks them all on load and answers questions about them. A conduct id is
``family.name`` ("labour.new_permits"), a paragraph is "2375 OP17". "Mapped by us" is what ``map_rule`` says: which paragraph a speaker
cites, if any, is kept apart and only compared.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal, get_args

import yaml

from sanctions_watch.data import include
from sanctions_watch.errors import ConfigurationError
from sanctions_watch.records import MappedRule
from sanctions_watch.text import squeeze

Direction = Literal["from_dprk", "to_dprk", "either", "within_dprk", "duty", "mark", "context"]
LANGUAGES = ("en", "ko", "ru", "zh", "ja", "fr", "de")

# Adopted on these days: Canada's SOR/2006-287 and New Zealand's regulations of 2017 print them; the last (the standing humanitarian
# exception, not about North Korea alone) is recalled.
RESOLUTIONS: Mapping[str, date] = MappingProxyType(
    {
        "1718": date(2006, 10, 14),
        "1874": date(2009, 6, 12),
        "2087": date(2013, 1, 22),
        "2094": date(2013, 3, 7),
        "2270": date(2016, 3, 2),
        "2321": date(2016, 11, 30),
        "2356": date(2017, 6, 2),
        "2371": date(2017, 8, 5),
        "2375": date(2017, 9, 11),
        "2397": date(2017, 12, 22),
        "2664": date(2022, 12, 9),
    }
)

_PARAGRAPH = re.compile(r"(\d{4}) OP(\d{1,2})((?:\([a-z]+\)){0,3})\Z")
_GROUP = re.compile(r"\(([^()]*)\)")
_RESOLUTION = re.compile(r"(?<!\d)(1718|1874|2087|2094|2270|2321|2356|2371|2375|2397|2664)(?!\d)")
_CITED_PARAGRAPH = re.compile(
    r"(?:\bOP|\boperative paragraphs?|\bparagraphs?|\bparas?\b\.?|\barticles?|\bart\b\.?|§|제|第|\bпункт\w{0,3}|\bп\.|\bAbsatz|\bZiffer)\s{0,3}(\d{1,2})(?!\d)",
    re.IGNORECASE,
)
_UNSPACED = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Rule:
    """One operative paragraph as it bears on one conduct.

    ``in_force_until`` is the first day on which another paragraph has taken its place, None while it is in force. A rule with
    ``is_call`` calls, requests or notes: nobody breaches it in the strict sense. ``is_verified``: a source prints this number together
    with the rule. ``due``: a deadline within the rule; ``cues``: words (in the form ``expand`` reads) that lead to this paragraph.
    """

    paragraph: str  # "2375 OP17"
    resolution: str  # "2375"
    in_force_from: date
    in_force_until: date | None
    is_verified: bool
    is_call: bool
    note: str = ""
    due: date | None = None
    cues: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def is_in_force(self, on: date) -> bool:
        """Whether it was in force on a day."""
        return self.in_force_from <= on and (self.in_force_until is None or on < self.in_force_until)


@dataclass(frozen=True, slots=True)
class Exemption:
    """A way in which the conduct is allowed, in words; it holds from ``holds_from`` (included) until ``holds_until`` (excluded)."""

    words: str
    holds_from: date
    holds_until: date | None = None
    cues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conduct:
    """One row of the taxonomy.

    ``rules`` stand in order of preference. ``phrases`` maps an ISO 639-1 code to the press's words for the conduct, expanded; a ``*``
    at an end of a phrase stands for any word characters there. ``equivalents`` are conducts told as one another: one allegation.
    """

    conduct_id: str
    title: str
    direction: Direction
    forbids: str
    rules: tuple[Rule, ...]
    exemptions: tuple[Exemption, ...] = ()
    is_event: bool = False
    is_context: bool = False
    is_mark: bool = False
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    equivalents: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        """The part of the id before its dot."""
        return self.conduct_id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a paragraph was checked."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The whole file, checked."""

    conducts: Mapping[str, Conduct]
    general_exemptions: tuple[Exemption, ...]
    numberings: Mapping[str, tuple[int, int]]  # resolution -> (first paragraph counted differently, by how many)
    sources: Mapping[str, Source]


def expand(pattern: str) -> tuple[str, ...]:
    """Every form of a phrase: ``ship(s)`` is ship and ships, ``(a|b) c`` is "a c" and "b c", an empty choice drops out.

    >>> expand("work permit(s)")
    ('work permit', 'work permits')
    """
    parts = _GROUP.split(pattern)
    choices = [part.split("|") if index % 2 else [part] for index, part in enumerate(parts)]
    choices = [["", *options] if index % 2 and len(options) == 1 else options for index, options in enumerate(choices)]
    return tuple(dict.fromkeys(squeeze("".join(choice)) for choice in itertools.product(*choices)))


def conducts() -> Mapping[str, Conduct]:
    """Every conduct by its id, in the file's order. Raises ConfigurationError with every problem of the file."""
    return taxonomy().conducts


def conduct(conduct_id: str) -> Conduct:
    """One conduct. Raises ConfigurationError where the taxonomy has no such id."""
    try:
        return conducts()[conduct_id]
    except KeyError as error:
        raise ConfigurationError([f"{conduct_id!r} is not a conduct of include/taxonomy.yaml"]) from error


def subject_title(conduct_id: str) -> str:
    """The conduct in the few words of a mail's subject ("new work permits"). Raises ConfigurationError."""
    return conduct(conduct_id).title


def map_rule(conduct_id: str, on: date, cited_rule: str = "", text: str = "") -> MappedRule:
    """The UN paragraph that forbids a conduct on a day, "mapped by us".

    ``on`` is the conduct's date, ``cited_rule`` the rule as the speaker names it ("UNSCR 2375"), ``text`` the words of the claim. Among the
    paragraphs in force the one that the speaker cites comes first, then one whose cues the text holds, then the taxonomy's order. Before
    every rule ``is_in_force`` is False and the earliest is named. Raises ConfigurationError for an unknown conduct.
    """
    row = conduct(conduct_id)
    in_force = _in_force(row, on, text)
    notes: list[str] = []
    if in_force:
        rule = _preferred(in_force, cited_rule, text)
    else:
        rule = min(
            [rule for rule in row.rules if says(text, rule.cues)] or row.rules, key=lambda candidate: candidate.in_force_from
        )
        notes.append(f"not in force before {rule.in_force_from.isoformat()}")
    if row.is_context:
        notes.append("permits, does not forbid")
    elif rule.is_call:
        notes.append("a call, which nobody can violate in the strict sense")
    if rule.note:
        notes.append(rule.note)
    if rule.due is not None and in_force and on < rule.due:
        notes.append(f"the deadline of {rule.due.isoformat()} had not passed")
    notes.extend(_citation_notes(row, rule, cited_rule))
    return MappedRule(
        rule=rule.paragraph,
        is_in_force=bool(in_force),
        is_verified=rule.is_verified,
        exemption="; ".join(_exemptions(row, on, text)) if in_force else "",
        note="; ".join(dict.fromkeys(notes)),
    )


def _in_force(row: Conduct, on: date, text: str) -> list[Rule]:
    """The rules in force. Where each of them stands only for what its cues name, and the text names what came later, that is none."""
    in_force = [rule for rule in row.rules if rule.is_in_force(on)]
    later = [rule for rule in row.rules if rule.in_force_from > on and says(text, rule.cues)]
    if later and all(rule.cues and not says(text, rule.cues) for rule in in_force):
        return []
    return in_force


def _preferred(in_force: list[Rule], cited_rule: str, text: str) -> Rule:
    binding = [rule for rule in in_force if not rule.is_call] or in_force
    cited = set(_RESOLUTION.findall(cited_rule))
    number = _CITED_PARAGRAPH.search(cited_rule)
    if cited and number:
        exact = [rule for rule in binding if rule.resolution in cited and _number(rule) == int(number[1])]
        if exact:
            return exact[0]
    pool = [rule for rule in binding if rule.resolution in cited] or binding
    cued = [rule for rule in pool if says(text, rule.cues)]
    plain = [rule for rule in pool if not rule.cues]
    return (cued or plain or pool)[0]


def _citation_notes(row: Conduct, rule: Rule, cited_rule: str) -> Iterator[str]:
    """What to say where the speaker cites another rule than the mapped one, or counts the paragraphs differently."""
    cited = list(dict.fromkeys(_RESOLUTION.findall(cited_rule)))
    if not cited:
        return
    if rule.resolution not in cited:
        yield f"the speaker cites {cited_rule.strip()}"
        earlier = [other.paragraph for other in row.rules if other.resolution in cited]
        if earlier:
            yield f"which held as {', '.join(earlier)}"
    number = _CITED_PARAGRAPH.search(cited_rule)
    if number is None:
        return
    for resolution in cited:
        first, shift = taxonomy().numberings.get(resolution, (0, 0))
        own = {_number(other) for other in row.rules if other.resolution == resolution}
        said = int(number[1])
        if first and said >= first and said not in own and said - shift in own:
            yield f"the speaker counts {resolution} as its press text did: OP{said} there is OP{said - shift} of the final text"
        elif resolution == rule.resolution and said not in {_number(rule), _number(rule) + (shift if first else 0)}:
            yield f"the speaker cites {cited_rule.strip()}"


def _exemptions(row: Conduct, on: date, text: str) -> list[str]:
    """The exemptions that hold on the day, those that the text speaks of first, the Committee's general one last."""
    if row.is_mark or row.is_context:
        return []
    own = [item for item in row.exemptions if _holds(item, on)]
    spoken = [item for item in own if says(text, item.cues)]
    general = [item.words for item in taxonomy().general_exemptions if _holds(item, on)]
    words = [f"named in the text: {item.words}" for item in spoken] + [item.words for item in own if item not in spoken]
    return words if any("Committee" in said for said in words) else words + general


def _holds(item: Exemption, on: date) -> bool:
    return item.holds_from <= on and (item.holds_until is None or on < item.holds_until)


def _number(rule: Rule) -> int:
    match = _PARAGRAPH.match(rule.paragraph)
    return int(match[2]) if match else 0


def says(text: str, phrases: tuple[str, ...]) -> bool:
    """Whether the text holds one of the phrases (as ``expand`` gives them), as whole words, whatever their case."""
    return bool(text and phrases) and _matcher(phrases).search(text) is not None


@lru_cache(maxsize=512)
def _matcher(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(_pattern, phrases)), re.IGNORECASE)


def _pattern(phrase: str) -> str:
    bare = phrase.strip("*")
    left = "" if phrase.startswith("*") or _UNSPACED.match(bare) else r"(?<!\w)"
    right = "" if phrase.endswith("*") or _UNSPACED.match(bare[-1:]) else r"(?!\w)"
    return left + re.escape(bare) + right


# ---------------------------------------------------------------- reading the file


@lru_cache(maxsize=1)
def taxonomy() -> Taxonomy:
    """The file ``include/taxonomy.yaml``, read once and checked. Raises ConfigurationError with every problem of it."""
    return read(yaml.safe_load(include("taxonomy.yaml").read_text("utf-8")))


def read(content: Mapping[str, Any]) -> Taxonomy:
    """The taxonomy from the file's parsed content. Raises ConfigurationError with every problem."""
    problems: list[str] = []
    sources = {key: Source(row["title"], row["url"]) for key, row in content["sources"].items()}
    rows = [_conduct(row, problems) for row in content["conducts"]]
    found = Taxonomy(
        conducts=MappingProxyType({row.conduct_id: row for row in rows}),
        general_exemptions=tuple(_general(row) for row in content["general_exemptions"]),
        numberings=MappingProxyType({row["resolution"]: (row["first"], row["shift"]) for row in content["numberings"]}),
        sources=MappingProxyType(sources),
    )
    problems += _duplicates(row.conduct_id for row in rows)
    for row in found.conducts.values():
        problems += _problems(row, found)
    if problems:
        raise ConfigurationError([f"include/taxonomy.yaml: {problem}" for problem in problems])
    return found


def _conduct(row: Mapping[str, Any], problems: list[str]) -> Conduct:
    conduct_id = str(row.get("id", "?"))
    known = {
        "id",
        "title",
        "direction",
        "forbids",
        "rules",
        "exemptions",
        "phrases",
        "equivalents",
        "is_event",
        "is_context",
        "is_mark",
    }
    problems += [f"{conduct_id}: unknown field {name!r}" for name in row if name not in known]
    rules = tuple(rule for raw in row.get("rules", ()) if (rule := _rule(conduct_id, raw, problems)))
    earliest = min((rule.in_force_from for rule in rules), default=date.min)
    return Conduct(
        conduct_id=conduct_id,
        title=str(row.get("title", "")),
        direction=row.get("direction", ""),
        forbids=str(row.get("forbids", "")),
        rules=rules,
        exemptions=tuple(_exemption(raw, earliest) for raw in row.get("exemptions", ())),
        is_event=bool(row.get("is_event")),
        is_context=bool(row.get("is_context")),
        is_mark=bool(row.get("is_mark")),
        phrases=MappingProxyType({language: _expanded(items) for language, items in row.get("phrases", {}).items()}),
        equivalents=tuple(row.get("equivalents", ())),
    )


def _rule(conduct_id: str, raw: Mapping[str, Any], problems: list[str]) -> Rule | None:
    paragraph = str(raw.get("paragraph", ""))
    match = _PARAGRAPH.match(paragraph)
    if match is None or match[1] not in RESOLUTIONS:
        problems.append(f"{conduct_id}: {paragraph!r} is not a paragraph of a known resolution, such as '2375 OP17'")
        return None
    known = {"paragraph", "from", "until", "verified", "call", "note", "due", "cues", "source"}
    problems += [f"{conduct_id}: {paragraph}: unknown field {name!r}" for name in raw if name not in known]
    if "verified" not in raw or "source" not in raw:
        problems.append(f"{conduct_id}: {paragraph} must say whether it is verified, and where")
    return Rule(
        paragraph=paragraph,
        resolution=match[1],
        in_force_from=raw.get("from", RESOLUTIONS[match[1]]),
        in_force_until=raw.get("until"),
        is_verified=bool(raw.get("verified")),
        is_call=bool(raw.get("call")),
        note=str(raw.get("note", "")),
        due=raw.get("due"),
        cues=_expanded(raw.get("cues", ())),
        sources=tuple(raw.get("source", ())),
    )


def _exemption(raw: Mapping[str, Any], earliest: date) -> Exemption:
    return Exemption(str(raw["words"]), raw.get("from", earliest), raw.get("until"), _expanded(raw.get("cues", ())))


def _general(raw: Mapping[str, Any]) -> Exemption:
    return Exemption(str(raw["words"]), RESOLUTIONS[str(raw["paragraph"])[:4]], raw.get("until"))


def _expanded(patterns: Iterable[object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for pattern in patterns for form in expand(str(pattern))))


def _duplicates(ids: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for conduct_id in ids:
        if conduct_id in seen:
            yield f"{conduct_id} stands there twice"
        seen.add(conduct_id)


def _problems(row: Conduct, found: Taxonomy) -> Iterator[str]:
    name = row.conduct_id
    if not re.fullmatch(r"[a-z]+\.[a-z_]+", name):
        yield f"{name}: an id is family.name in lower case"
    if not row.title or len(row.title) > 40:
        yield f"{name}: a title of 1 to 40 characters is needed, it stands in mail subjects"
    if row.direction not in get_args(Direction):
        yield f"{name}: direction {row.direction!r} is none of {', '.join(get_args(Direction))}"
    if not row.rules:
        yield f"{name}: no rule"
    for language in LANGUAGES:
        if not row.phrases.get(language):
            yield f"{name}: no phrases in {language}"
    for phrase in itertools.chain(
        *row.phrases.values(), *(rule.cues for rule in row.rules), *(item.cues for item in row.exemptions)
    ):
        if "*" in phrase.strip("*") or not phrase.strip("*") or set(phrase) & set("()|"):
            yield f"{name}: phrase {phrase!r}: a * stands at an end only, parentheses in pairs without nesting"
    for rule in row.rules:
        if rule.in_force_until is not None and rule.in_force_until <= rule.in_force_from:
            yield f"{name}: {rule.paragraph} ends before it begins"
        if rule.in_force_from < RESOLUTIONS[rule.resolution]:
            yield f"{name}: {rule.paragraph} begins before its resolution was adopted"
        for source in rule.sources:
            if source not in found.sources:
                yield f"{name}: {rule.paragraph}: unknown source {source!r}"
        if rule.is_verified and not rule.sources:
            yield f"{name}: {rule.paragraph} is verified, but no source says where"
    yield from _gaps(row)
    for other in row.equivalents:
        if other not in found.conducts or name not in found.conducts[other].equivalents:
            yield f"{name}: {other!r} must be a conduct that names this one as its equivalent too"


def _gaps(row: Conduct) -> Iterator[str]:
    """From the first rule's first day on, some rule must be in force on every day."""
    for rule in row.rules:
        if rule.in_force_until is not None and not any(other.is_in_force(rule.in_force_until) for other in row.rules):
            yield f"{row.conduct_id}: nothing is in force on {rule.in_force_until.isoformat()}, when {rule.paragraph} ends"
