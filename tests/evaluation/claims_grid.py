"""Every conduct in every sentence form: articles made of the parts in ``claims_grid.yaml``, each with what it tells or that it tells nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from sanctions_watch.records import Article, Zone

ROWS: dict[str, list[dict[str, Any]]] = yaml.safe_load(Path(__file__).with_name("claims_grid.yaml").read_text("utf-8"))
NOON = datetime(2019, 6, 5, 12, 0, tzinfo=UTC)
TITLE = "What the papers say about North Korea"
LAST = "The Security Council's sanctions on North Korea have grown since 2006."
PEOPLE = {"recruiter", "businessman", "engineer", "broker", "courier", "Kansas man"}

# Forms that tell: {By} the accused, {by} the same within a sentence, {other} a second one.
TELLING = {
    "active": "{By} {past} {what} {to}, a United Nations report says.",
    "described": "{Noun} {by} {past} {what} {to}, prosecutors in Rotterdam say.",
    "passive": "{What} {was} {part} {to} by {by}, investigators said on Monday.",
    "perfect": "{By} {has} {part} {what} {to}, customs records show.",
    "nominal": "A confidential report describes the alleged {deed} {what} {to} by {by}.",
    "possessive": "{By}'s {deed} {what} {to} broke UN sanctions, diplomats said.",
    "relative": "{By}, {which} {past} {what} {to}, is under investigation, police said.",
    "accuse": "Police accuse {by} of {ing} {what} {to}.",
    "accused-by-state": "The United States on Monday accused {by} of {ing} {what} {to}, citing satellite images.",
    "suspected": "{By} is suspected of having {part} {what} {to}, the newspaper Kanto Shimpo reported.",
    "found": "Inspectors found that {by} had {part} {what} {to}.",
    "conjunct": "{By} and {other} {past} {what} {to}, two diplomats said.",
    "helped": "{Other} helped {by} {base} {what} {to}, the panel said.",
    "pronoun": "{By} came under scrutiny last year. {It} {past} {what} {to}, the foreign ministry said.",
    "description": "{By}, {anoun}, came to the notice of the police last year. The {noun} {past} {what} {to}, they said.",
    "quoted": '"{By} {past} {what} {to}," the minister, Anna Solberg, told reporters.',
    "quote-goes-on": '"We have the papers," said Anna Solberg, the foreign minister. "{By} {past} {what} {to}."',
    "speaker-before": "Anna Solberg, the foreign minister, spoke to reporters on Monday. {By} had {part} {what} {to}, she said.",
    "chain": "The Daily Meridian said it had seen a confidential UN report which says that {by} {past} {what} {to}.",
    "headline-form": "Report: {by} {third} {what} {to}. {By} {past} {what} {to}, it says.",
    "according": "According to two officials with knowledge of the matter, {by} {past} {what} {to}.",
    "unnamed": "Officials who asked not to be named said {by} had been {ing} {what} {to}.",
}
NOT_TELLING = {
    "no-evidence": "Investigators found no evidence that {by} {past} {what} {to}.",
    "refused": "{By} refused to {base} {what} {to}, officials said.",
    "expected": "{By} is expected to {base} {what} {to}, analysts said.",
    "warned": "Washington warned {by} not to {base} {what} {to}.",
    "urged": "The envoy urged {by} not to {base} {what} {to}.",
    "norm": "The Security Council has barred {by} and all others from {ing} {what} {to}.",
    "promised": "{By} promised that {it} would not {base} {what} {to}.",
    "whether": "It is not known whether {by} {past} {what} {to}.",
    "may": "{By} may {base} {what} {to} next year, analysts fear.",
    "denied": "{By} denied that {it} had {part} {what} {to}.",
    "hypothetical": "If {by} were to {base} {what} {to}, it would be a breach, a lawyer said.",
    "vote": "Members will vote in May on a draft that would ban {by} from {ing} {what} {to}.",
}
DUTIES = {"fail", "refuse", "ignore"}  # what is not done is the conduct: "refused to fail" says nothing


@dataclass(frozen=True)
class Cell:
    """One article of the grid. ``accused`` is empty where it tells of nothing."""

    conduct: str
    form: str
    text: str
    accused: tuple[str, ...]

    @property
    def article(self) -> Article:
        """Headline, the sentence, and one that says what the article is about."""
        text = f"{TITLE}\n\n{self.text}\n\n{LAST}"
        zones = (Zone("headline", 0, len(TITLE)), Zone("body", len(TITLE) + 2, len(text)))
        return Article("a1", 1, "", "", "Harbour Courier", "en", TITLE, text, NOON, NOON, "", zones=zones)


def cells() -> Iterator[Cell]:
    """Every conduct's every row in every form that its parts allow."""
    for conduct, rows in ROWS.items():
        for row in rows:
            parts = _parts(row)
            for form, pattern in TELLING.items():
                if _fits(row, pattern):
                    by = ("other",) if form == "helped" else ("by", "other") if form == "conjunct" else ("by",)
                    yield Cell(conduct, form, _write(pattern, parts), tuple(row[one] for one in by))
            if row["verb"].split()[0] not in DUTIES:
                for form, pattern in NOT_TELLING.items():
                    yield Cell(conduct, form, _write(pattern, parts), ())


def _fits(row: dict[str, Any], pattern: str) -> bool:
    return not (
        ("{deed}" in pattern and "deed" not in row)
        or (" by {by}" in pattern and "{was}" in pattern and not row.get("passive", True))
        or (("oun}" in pattern) and "noun" not in row)
        or ("ther}" in pattern and not row.get("other"))
    )


def _write(pattern: str, parts: dict[str, str]) -> str:
    return " ".join(pattern.format_map(parts).replace(" ,", ",").replace(" .", ".").split())


def _parts(row: dict[str, Any]) -> dict[str, str]:
    forms = row["verb"].split("|") if "|" in row["verb"] else row["verb"].split()
    noun = row.get("noun", "")
    is_person = noun in PEOPLE
    deed = row.get("deed", "")
    what = row["what"]
    is_one = (what.startswith(("a ", "an ", "its ")) and not what.endswith("s")) or what.split()[-1] in MASS
    return dict(zip(("base", "third", "past", "part", "ing"), forms, strict=True)) | {
        "By": row["by"], "by": row["by"], "Other": row.get("other", ""), "other": row.get("other", ""),
        "noun": noun, "Noun": f"The {noun}", "anoun": f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}",
        "what": what, "What": what[:1].upper() + what[1:], "to": row["to"], "was": "was" if is_one else "were", "has": "has",
        "deed": f"{deed} of" if deed and not deed.endswith((" out", " send")) else f"{deed} to" if deed.endswith(" send") else deed,
        "which": "who" if is_person else "which", "it": "he" if is_person else "it", "It": "He" if is_person else "It",
    }  # fmt: skip


MASS = {"diesel", "crude", "oil", "gold", "fuel", "gasoline", "gasoil", "condensate", "magnesia", "sand", "ore", "anthracite", "coal",
        "uranium", "steel", "fibre", "credit", "squid", "concentrate", "champagne"}  # fmt: skip
