"""Rows of the warehouse in the words and shapes that the templates print. Pure: nothing here reads or writes anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sanctions_watch.errors import ConfigurationError
from sanctions_watch.taxonomy import conduct
from sanctions_watch.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Row = dict[str, Any]

# The Admiralty code as NATO's AJP-2.1 words it.
RELIABILITY = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}
CREDIBILITY = {
    "1": "confirmed by other sources",
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtful",
    "5": "improbable",
    "6": "truth cannot be judged",
}
FACTS = {
    "accuser": "Accuser",
    "root": "Root",
    "number": "Number",
    "date": "Date",
    "place": "Place",
    "party": "Party",
    "document": "Document",
    "denial": "Denial",
    "wording": "Wording",
}
RELATIONS = {
    "lead": "lead of its story",
    "copy": "copy",
    "cut": "cut copy",
    "edited": "edited copy",
    "headline_changed": "copy under a new headline",
    "house_intro": "copy with an intro of the house",
    "update_of": "update",
    "correction_of": "correction",
    "kill_of": "kill notice",
    "merged_from": "made of two dispatches",
    "republished": "printed again later",
}
_SHOWN_NAMES = 3


@dataclass(frozen=True, slots=True)
class Link:
    """A web address that may be clicked, and the host it leads to."""

    url: str
    host: str


def web_link(url: str) -> Link | None:
    """The address as a link; None for everything but http and https with a host, so that no scraped address runs in the page."""
    if any(ord(character) < 33 or character in '\\"<>' for character in url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        return None
    return Link(url, host.removeprefix("www."))


def title_of(conduct_id: str) -> str:
    """A conduct in the few words of a mail's subject; its id where this version's taxonomy no longer has it."""
    try:
        return conduct(conduct_id).title
    except ConfigurationError:
        return conduct_id


def forbids(conduct_id: str) -> str:
    """What is forbidden, in words; "" where the taxonomy has no such conduct."""
    try:
        return conduct(conduct_id).forbids
    except ConfigurationError:
        return ""


def listed(names: Iterable[str], most: int = _SHOWN_NAMES) -> str:
    """Names as a sentence has them, each once: "A", "A and B", "A, B, C and 2 more"; "" for none."""
    kept = list(dict.fromkeys(name for name in names if name))
    shown, more = kept[:most], len(kept) - most
    if more > 0:
        shown.append(f"{more} more")
    if len(shown) <= 1:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def plural(number: int, word: str, words: str = "") -> str:
    """A number with its noun: "1 article", "14 articles"."""
    return f"{number:,} {word if number == 1 else words or word + 's'}".replace(",", "\u202f")


def accusers(facts: Sequence[Mapping[str, Any]], roots: Sequence[str]) -> str:
    """Who says so: the accusers among the facts, else the roots, else that nobody is named."""
    return listed(fact["value"] for fact in facts if fact["kind"] == "accuser") or listed(roots) or "a source that is not named"


def grade_words(grade: Mapping[str, Any] | None) -> str:
    """The grade as a screen reader says it."""
    if grade is None:
        return "not graded"
    return f"grade {grade['reliability']}{grade['credibility']}: {RELIABILITY[grade['reliability']]}, {CREDIBILITY[grade['credibility']]}"


def facts_by_kind(facts: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    """Facts under their labels, in the order of ``FACTS``, each value once."""
    kinds: dict[str, list[str]] = {}
    for fact in facts:
        values = kinds.setdefault(fact["kind"], [])
        if fact["value"] not in values:
            values.append(fact["value"])
    return [(label, kinds[kind]) for kind, label in FACTS.items() if kind in kinds]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some words of a paragraph; ``is_quote`` where they are the claim's."""

    text: str
    is_quote: bool


def passages(spans: Sequence[Mapping[str, Any]]) -> list[list[Stretch]]:
    """The paragraphs that a claim's quotes stand in, once each, in the text's order, cut into quoted and other words.

    A span holds start and end in the article's text, and the context around it that begins at context_start.
    """
    paragraphs: dict[int, tuple[str, list[tuple[int, int]]]] = {}
    for span in sorted(spans, key=lambda span: (span["start"], span["end"])):
        context, shift = span["context"], span["context_start"]
        start, end = span["start"] - shift, span["end"] - shift
        left = context.rfind("\n\n", 0, start)
        left = left + 2 if left >= 0 else 0
        right = context.find("\n\n", end)
        right = right if right >= 0 else len(context)
        whole, marks = paragraphs.setdefault(shift + left, (context[left:right], []))
        if len(context[left:right]) > len(whole):
            paragraphs[shift + left] = (context[left:right], marks)
        marks.append((start - left, end - left))
    return [_cut(text, marks) for _, (text, marks) in sorted(paragraphs.items())]


def _cut(text: str, marks: list[tuple[int, int]]) -> list[Stretch]:
    stretches: list[Stretch] = []
    position = 0
    for start, end in sorted(marks):
        start = max(start, position)  # noqa: PLW2901 - two quotes may overlap: the second begins where the first ended
        if end <= start:
            continue
        stretches += [Stretch(text[position:start], is_quote=False), Stretch(text[start:end], is_quote=True)]
        position = end
    stretches.append(Stretch(text[position:], is_quote=False))
    return [stretch for stretch in stretches if stretch.text]


def chain(claim: Mapping[str, Any]) -> list[str]:
    """Who says it, nearest first: publisher, agency, then the speakers down to the root."""
    steps = [claim["publisher"], claim["agency"] or ""]
    steps += [f"{step['name']}{' (inferred)' if step['is_inferred'] else ''}" for step in claim["attributions"] or ()]
    kept: list[str] = []
    for step in steps:
        if step and (not kept or fold(kept[-1]) != fold(step)):
            kept.append(step)
    return kept


def grouped_claims(claims: Iterable[Row]) -> list[Row]:
    """Claims with the same modality in the same words, told once: the earliest, with who else printed it (``also``)."""
    groups: dict[tuple[str, str], Row] = {}
    for claim in claims:
        spans = claim["spans"] or []
        words = fold(spans[0]["quote"]) if spans else claim["claim_id"]
        first = groups.setdefault(
            (claim["modality"], words), {**claim, "also": [], "passages": passages(spans), "chain": chain(claim)}
        )
        if first["claim_id"] != claim["claim_id"] and claim["publisher"] not in [*first["also"], first["publisher"]]:
            first["also"].append(claim["publisher"])
    return list(groups.values())


def rules(claims: Iterable[Row]) -> list[Row]:
    """The UN paragraphs the claims map to, each once, with the rules that speakers cite for it."""
    found: dict[str, Row] = {}
    for claim in claims:
        if not claim["rule"]:
            continue
        rule = found.setdefault(
            claim["rule"],
            {
                "rule": claim["rule"],
                "is_in_force": claim["rule_is_in_force"],
                "is_verified": claim["rule_is_verified"],
                "exemption": claim["rule_exemption"],
                "notes": [],
                "cited": [],
            },
        )
        if claim["rule_note"] and claim["rule_note"] not in rule["notes"]:
            rule["notes"].append(claim["rule_note"])
        if claim["cited_rule"] and claim["cited_rule"] not in rule["cited"]:
            rule["cited"].append(claim["cited_rule"])
    return list(found.values())


def mails_by_alert(rows: Iterable[Row]) -> list[Row]:
    """One row an alert, with its notifications under ``sent``."""
    alerts: dict[str, Row] = {}
    for row in rows:
        alert = alerts.setdefault(row["alert_id"], {**row, "notifications": []})
        if row["state"] is not None:
            alert["notifications"].append(row)
    return list(alerts.values())
