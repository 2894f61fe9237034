"""Who says it: one source told in several ways is one, and every chain of attribution ends in one root.

Two publishers that cite one newspaper, or one report, have one root. Papers that a source holds belong to that source. What nobody is
named for is the publisher's own; a speaker who comments on "reports" adds a voice, not a root.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal, get_args

import yaml

from sanctions_watch.data import include
from sanctions_watch.errors import ConfigurationError
from sanctions_watch.records import Actor, ArticleToAssess, Attribution, Claim, Reliability, SourceKind
from sanctions_watch.text import fold, squeeze

# How far a source of a kind is to be trusted that include/sources.yaml does not know.
_BY_KIND: Mapping[str, Reliability] = MappingProxyType(
    {"agency": "B", "government": "C", "official": "C", "organisation": "C", "document": "C"}
)
_MEDIA = frozenset({"publisher", "agency"})
_SPEAKERS = frozenset({"official", "government", "organisation", "person"})
# Words around a name that do not make it another: "US Ambassador Nikki Haley" is "Haley".
_TITLES = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "to",
        "for",
        "at",
        "and",
        "s",
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "sir",
        "gen",
        "lt",
        "col",
        "capt",
        "adm",
        "president",
        "minister",
        "secretary",
        "ambassador",
        "envoy",
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "deputy",
        "vice",
        "chief",
        "senior",
        "former",
        "general",
        "director",
        "chairman",
        "chairwoman",
        "senator",
        "representative",
        "commissioner",
        "governor",
        "mayor",
        "professor",
        "analyst",
        "expert",
        "official",
        "press",
        "permanent",
        "united",
        "nations",
        "un",
        "us",
    ]
)
_OFFICES = frozenset(
    {"ambassador", "minister", "envoy", "president", "secretary", "spokesman", "spokeswoman", "spokesperson", "premier", "chancellor",
     "commissioner", "consul", "governor", "mayor", "attorney", "prosecutor"}
)  # fmt: skip
_HEARSAY = frozenset(
    {"the reports", "report", "reports", "media reports", "news reports", "press reports", "these reports", "media"}
)


@dataclass(frozen=True, slots=True)
class Source:
    """A source by its normalised ``key``; ``why`` tells its reliability in words, "" for one that the table does not know."""

    key: str
    label: str
    reliability: Reliability
    why: str = ""
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class Root:
    """Where a claim's knowledge comes from. ``own``: nobody is named; ``inferred``: a speaker's "reports"."""

    source: Source
    strength: Literal["named", "own", "inferred"]
    rests_on_unnamed: bool = False


@dataclass(frozen=True, slots=True)
class Backing:
    """Who stands behind whom in one article.

    ``holders`` are said to have seen documents: a bare "records show" goes back to them. ``comments`` are speakers (by key) who are said
    once to speak of others' reports: they do so in the rest of the article too.
    """

    holders: frozenset[Source]
    comments: Mapping[str, Root]


@dataclass(frozen=True, slots=True)
class Table:
    """The known sources by each of their names, one pattern over these names, and one a kind of document."""

    by_name: Mapping[str, Source]
    pattern: re.Pattern[str]
    documents: tuple[tuple[str, re.Pattern[str]], ...]
    media_words: frozenset[str]
    places: frozenset[str]


def source(name: str, kind: SourceKind | str = "publisher") -> Source:
    """The source of that name: of include/sources.yaml where it stands there under any of its names, else by itself."""
    bare = _bare(name)
    table = _table()
    known = table.by_name.get(bare) or _inside(name, bare, table)
    if known is not None:
        return known
    return Source(bare or "unnamed", squeeze(name) or "an unnamed source", _BY_KIND.get(kind, "F"))


def same_person_or_body(left: str, right: str) -> bool:
    """Whether two keys name one source: "nikki haley" and "us ambassador haley", "britain" and "uk mission", but not two ministries."""
    if left == right or _is_state_of(left, right) or _is_state_of(right, left):
        return True
    a, b = _telling(left), _telling(right)
    return bool(a and b) and (a <= b or b <= a)


def _is_state_of(state: str, body: str) -> bool:
    """Whether one key is no more than a state's name, and the other a body that is told with any name of that state."""
    names = _state_names().get(state)
    return names is not None and any(f" {name} " in f" {body} " for name in names)


@lru_cache(maxsize=1)
def _state_names() -> Mapping[str, frozenset[str]]:
    """The names of a state by each of them, adjectives included among what it is told by: "britain" -> "uk", "british" ..."""
    found: dict[str, frozenset[str]] = {}
    for short, others, adjectives, _ in yaml.safe_load(include("lexicon/actors.yaml").read_text("utf-8"))["states"].values():
        names = [_bare(name) for name in (short, *others) if not name.startswith("the ")]  # "the South" tells too little
        told_by = frozenset({*names, *map(_bare, adjectives)}) - {""}
        found |= dict.fromkeys(names, told_by)
    return MappingProxyType(found)


def document_kind(name: str) -> str:
    """What kind of document a name tells: "records" and "files" are papers, a "photo" is imagery."""
    return _told_kind(name) or "papers"


def is_author(step: Attribution, root: Root) -> bool:
    """Whether a step names the root itself and no paper of it: "the Panel" of what the Panel reports is no further document."""
    return not _told_kind(step.name) and source(step.name, step.kind).key == root.source.key


def _told_kind(name: str) -> str:
    words = fold(name)
    return next((kind for kind, pattern in _table().documents if pattern.search(words)), "")


def own_source(work: ArticleToAssess) -> Source:
    """Who answers for what the article says by itself: the agency it carries, else its publisher."""
    agency = work.placement.origin_agency or (work.article.wire.agency if work.article.wire else "")
    if agency:
        return source(agency, "agency")
    found = source(work.article.publisher, "publisher")
    if found.is_known:
        return found
    return Source(found.key, found.label, work.article.feed_reliability, "as the feed registry grades it")


def backing(work: ArticleToAssess) -> Backing:
    """What the article's accepted claims say about who stands behind whom."""
    claims = [claim for claim in work.claims if claim.status == "accepted"]
    holders = frozenset(
        holder
        for claim in claims
        for position, step in enumerate(claim.attributions)
        if is_own_document(step) and not source(step.name, "document").is_known
        if (holder := _holder(claim.attributions[:position])) is not None
    )
    comments = {
        source(step.name, step.kind).key: _inferred(claim.attributions[-1])
        for claim in claims
        if claim.attributions and is_hearsay(claim.attributions[-1])
        for step in claim.attributions[:-1]
        if step.kind in _SPEAKERS
    }
    return Backing(holders, MappingProxyType(comments))


def root_of(claim: Claim, accused: Actor, work: ArticleToAssess, behind: Backing) -> Root:
    """The root of a claim's chain. ``behind`` is what ``backing`` gives for its article."""
    steps = chain(claim, accused)
    if not steps:
        return Root(own_source(work), "own")
    last = steps[-1]
    if is_hearsay(last):
        return _inferred(last)
    if is_nameless(last):
        found = _root_of_nameless(last, steps[:-1], work, behind.holders)
        return replace(found, strength="inferred") if last.is_inferred and found.strength == "named" else found
    spoken = source(last.name, last.kind)
    return behind.comments.get(spoken.key) or Root(spoken, "named")


def chain(claim: Claim, accused: Actor) -> list[Attribution]:
    """The steps that accuse: not those that deny or doubt, and not a state's own officials, unless they admit it."""
    admits = claim.modality == "confirmed"
    return [
        step for step in claim.attributions if step.stance not in {"denies", "doubts"} and (admits or not _is_of(step, accused))
    ]


def _is_of(step: Attribution, accused: Actor) -> bool:
    """Whether a speaker is the accused state's own: "Russia's ambassador" of Russia, "Chinese officials" of China."""
    if accused.kind != "state" or step.kind not in {"official", "government", "unnamed"}:
        return False
    name = fold(accused.name)
    return f" {name[: max(4, len(name) - 1)]}" in f" {fold(step.name)}"


def is_hearsay(step: Attribution) -> bool:
    """Whether a step is somebody's "reports", a source told only by what it is ("a US daily"), or one that the text does not name."""
    words = fold(step.name)
    if is_document(step):
        return words in _HEARSAY
    return step.is_inferred or words in _HEARSAY or words in {"report", "the report"} or _is_description(words)


def is_document(step: Attribution) -> bool:
    """Whether a step is a document, also where it was taken for a body: "AIS data", "satellite images"."""
    if step.kind in {"organisation", "unnamed"}:
        words = fold(step.name)
        return any(pattern.fullmatch(words) for _, pattern in _table().documents) and words not in _HEARSAY
    return step.kind == "document"


def speaks(step: Attribution) -> bool:
    """Whether a step is somebody named who speaks for himself: not a paper, nor a medium."""
    return step.kind in _SPEAKERS and not step.is_inferred and not is_nameless(step) and not is_hearsay(step)


def is_own_document(step: Attribution) -> bool:
    """Whether a step is a document that the text tells of itself: not inferred, nor somebody's "reports"."""
    return is_document(step) and not step.is_inferred and not is_hearsay(step)


def is_nameless(step: Attribution) -> bool:
    """Whether a step cannot answer for itself: a document, or people without a name. An office is a name: "the US ambassador"."""
    words = fold(step.name).split()
    return is_document(step) or (step.kind == "unnamed" and not (len(words) > 1 and _OFFICES & set(words)))


def _is_description(words: str) -> bool:
    """Whether words tell a kind of medium and at most where it stands: "Washington newspaper"."""
    table = _table()
    *rest, last = _bare(words).split() or [""]
    return last in table.media_words and set(rest) <= table.places


def _inferred(last: Attribution) -> Root:
    words = fold(last.name)
    if last.kind == "unnamed" or is_document(last) or words in _HEARSAY or _is_description(words):
        return Root(Source("reports", "unidentified reports", "F"), "inferred")
    return Root(source(last.name, last.kind), "inferred")


def _root_of_nameless(last: Attribution, before: list[Attribution], work: ArticleToAssess, holders: frozenset[Source]) -> Root:
    is_unnamed = last.kind == "unnamed"
    known = source(last.name, last.kind)
    if known.is_known:
        return Root(known, "named", rests_on_unnamed=is_unnamed)
    holder = _holder(before)
    if holder is None and not is_unnamed and len(holders) == 1:
        (holder,) = holders
    if holder is not None:
        return Root(holder, "named", rests_on_unnamed=is_unnamed)
    return Root(own_source(work), "own", rests_on_unnamed=is_unnamed)


def _holder(before: Iterable[Attribution]) -> Source | None:
    """The nearest step before a document or an unnamed source that can answer for it."""
    for step in reversed(list(before)):
        if not is_nameless(step) and not is_hearsay(step):
            return source(step.name, step.kind)
    return None


def is_relay(step: Attribution, root: Root) -> bool:
    """Whether a step only passes on what others say: a medium that is not the root."""
    return step.kind in _MEDIA and source(step.name, step.kind).key != root.source.key


def _bare(name: str) -> str:
    words = fold(name.replace("’", "'").replace("'s ", " ").replace(".", "")).split()
    while words and words[0] in {"the", "a", "an"}:
        words = words[1:]
    if words[:2] == ["government", "of"]:
        words = words[2:]
    elif len(words) > 1 and words[-1] == "government":
        words = words[:-1]
    return " ".join(words)


def _telling(key: str) -> frozenset[str]:
    return frozenset(key.split()) - _TITLES


def _inside(name: str, bare: str, table: Table) -> Source | None:
    """A known source named within a longer name ("a report by the UN Panel of Experts"), the longest first."""
    for match in table.pattern.finditer(bare):
        found = table.by_name[match[0]]
        # One word is too little to go by, unless it is an acronym and stands there as one.
        if " " in match[0] or (match[0].upper() in name.replace(".", "") and len(match[0]) > 2) or not match[0].isascii():
            return found
    return None


@lru_cache(maxsize=1)
def _table() -> Table:
    return read_sources(yaml.safe_load(include("sources.yaml").read_text("utf-8")))


def read_sources(content: Mapping[str, Any]) -> Table:
    """The table of known sources. Raises ConfigurationError with every problem."""
    by_name: dict[str, Source] = {}
    problems: list[str] = []
    for number, row in enumerate(content.get("sources", ()), start=1):
        name = str(row.get("name", ""))
        if unknown := sorted(set(row) - {"name", "aliases", "reliability", "why"}):
            problems.append(f"source {number} ({name}): unknown field {', '.join(unknown)}")
        if not name or row.get("reliability") not in get_args(Reliability):
            problems.append(f"source {number} ({name}): a name and a reliability of A to F are needed")
            continue
        found = Source(_bare(name), name, row["reliability"], str(row.get("why", "")), is_known=True)
        for alias in (name, *row.get("aliases", ())):
            other = by_name.setdefault(_bare(alias), found)
            if other is not found:
                problems.append(f"{alias!r} names both {other.label} and {name}")
    if problems:
        raise ConfigurationError([f"include/sources.yaml: {problem}" for problem in problems])
    names = sorted(by_name, key=lambda name: (-len(name), name))
    # Words of Chinese, Japanese and Korean stand without spaces.
    forms = [rf"(?<!\w){re.escape(name)}(?!\w)" if name.isascii() else re.escape(name) for name in names]
    documents = tuple(
        (kind, re.compile("|".join(rf"(?<!\w){re.escape(fold(word))}(?!\w)" for word in words)))
        for kind, words in content.get("documents", {}).items()
    )
    described = content.get("descriptions", {})
    media_words, places = (frozenset(fold(str(word)) for word in described.get(name, ())) for name in ("media", "places"))
    return Table(MappingProxyType(by_name), re.compile("|".join(forms)), documents, media_words, places)
