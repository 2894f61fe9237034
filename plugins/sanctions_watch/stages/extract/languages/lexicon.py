"""One language's lexicon as compiled patterns: ``include/lexicon/languages/<ISO 639-1>.yaml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

import yaml

from sanctions_watch.data import include
from sanctions_watch.errors import ConfigurationError
from sanctions_watch.records import ActorKind, SourceKind
from sanctions_watch.taxonomy import conducts

LANGUAGES = frozenset({"ko", "ru", "zh", "ja", "fr", "de"})
By = Literal["north", "other", "any"]


@dataclass(frozen=True, slots=True)
class Frame:
    """A way a conduct is told: what it is about and what was done; ``by`` says whether North Korea is the doer or the other side."""

    conduct: str
    by: By
    theme: re.Pattern[str]
    deed: re.Pattern[str]
    needs_breach: bool  # lawful in part: accepted only where a breach is spoken of


@dataclass(frozen=True, slots=True)
class NamePattern:
    """How names of one kind are written; the group ``name`` holds the name."""

    kind: ActorKind
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Source:
    """A known source; ``name`` is what it is called in a claim, "" where it is kept as written."""

    name: str
    kind: SourceKind
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What one language is read by. The file's own comments say how its grammar marks the doer."""

    language: str
    north_korea: re.Pattern[str]
    northern: re.Pattern[str]  # descriptions of those who act for North Korea
    states: re.Pattern[str]  # every name, longest first
    countries: Mapping[str, str]  # name -> ISO 3166-1 alpha-2
    companies: tuple[NamePattern, ...]
    subject_before: re.Pattern[str]
    subject_after: re.Pattern[str]
    topic_after: re.Pattern[str] | None
    speaker_after: re.Pattern[str]
    anaphora: re.Pattern[str]
    traps: re.Pattern[str]
    negated: re.Pattern[str]
    breach: re.Pattern[str]
    frames: tuple[Frame, ...]
    confirmed: re.Pattern[str]
    documented: re.Pattern[str]
    denial: re.Pattern[str]
    denier: re.Pattern[str]
    said: re.Pattern[str]
    sources: tuple[Source, ...]
    periods: tuple[tuple[int, re.Pattern[str]], ...]
    names: Mapping[str, str]
    words: Mapping[str, str]

    @property
    def is_spaced(self) -> bool:
        """Whether words are parted by spaces and case marks their first letters."""
        return self.language in {"ru", "fr", "de"}


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of one of ``LANGUAGES``. Raises ConfigurationError where the file names an unknown conduct or kind."""
    raw = yaml.safe_load(include(f"lexicon/languages/{language}.yaml").read_text("utf-8"))
    _check(language, raw)
    spaced = language in {"ru", "fr", "de"}
    countries = {str(name): str(code) for code, names in raw["states"].items() for name in names}
    by_length = sorted(countries, key=len, reverse=True)
    states = "|".join(map(re.escape, by_length))
    patterns = {
        key: re.compile(raw[key])
        for key in (
            "north_korea",
            "northern",
            "subject_before",
            "subject_after",
            "speaker_after",
            "anaphora",
            "negated",
            "breach",
            "confirmed",
            "documented",
            "denial",
            "denier",
            "said",
        )
    }
    return Lexicon(
        language=language,
        states=re.compile(rf"(?<!\w)(?:{states})(?!\w)" if spaced else states),
        countries=countries,
        companies=tuple(NamePattern(row["kind"], re.compile(row["pattern"])) for row in raw["companies"]),
        topic_after=re.compile(raw["topic_after"]) if "topic_after" in raw else None,
        traps=re.compile("|".join(f"(?:{trap})" for trap in raw["traps"])),
        frames=tuple(_frame(row, spaced) for row in raw["frames"]),
        sources=tuple(
            Source(row.get("name", ""), row["kind"], re.compile(row["pattern"])) for row in raw["sources"] + raw["speakers"]
        ),
        periods=tuple((row["years"], re.compile(row["pattern"])) for row in raw["periods"]),
        names=raw["names"],
        words=raw["words"],
        **patterns,
    )


def _frame(row: Mapping[str, Any], spaced: bool) -> Frame:
    return Frame(
        row["conduct"], row["by"], _words(row["theme"], spaced), _words(row["deed"], spaced), row.get("needs", "") == "breach"
    )


def _words(pattern: str, spaced: bool) -> re.Pattern[str]:
    """Whole words where words are parted by spaces, whatever their case; as written elsewhere."""
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE) if spaced else re.compile(pattern)


def _check(language: str, raw: Mapping[str, Any]) -> None:
    problems = [
        f"lexicon/languages/{language}.yaml: {row['conduct']!r} is not a conduct of include/taxonomy.yaml"
        for row in raw["frames"]
        if row["conduct"] not in conducts()
    ]
    problems += [
        f"lexicon/languages/{language}.yaml: {row['kind']!r} is no kind of actor"
        for row in raw["companies"]
        if row["kind"] not in get_args(ActorKind)
    ]
    problems += [
        f"lexicon/languages/{language}.yaml: {row['kind']!r} is no kind of source"
        for row in raw["sources"] + raw["speakers"]
        if row["kind"] not in get_args(SourceKind)
    ]
    if problems:
        raise ConfigurationError(problems)
