"""The gold set as records: articles in our own words, with what a careful reader says is and is not claimed in them.

``dev-NN.jsonl`` may be read while rules are written; of ``blind-NN.jsonl`` only totals are ever looked at. A line is
{id, url, publisher, title, published_at, text, gold}. Companies, vessels and people are invented (vessels' IMO numbers begin with a 4,
which no ship bears), events too: evidence about nobody.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
FLOORS = FOLDER / "gold_floors.json"
SPLITS = ("dev", "blind")
VIOLATION = frozenset({"alleged", "conditional", "documented", "confirmed"})
MODALITIES = VIOLATION | {"denied", "withdrawn"}
GRADES = (0, 1, 2)  # 2: sanctions on North Korea are the news; 1: borderline, selection is not scored; 0: not
LANGUAGES = ("en", "ko", "ru", "zh", "ja", "fr", "de")

FORMS = {
    "who did what": "active passive nominal relative participial possessive conjunct facilitation pronoun description state_body state_company company "
    "several_sentences headline",
    "who says it": "direct indirect according_to document records satellite unnamed chain long_quote earlier_speaker reports_resolved",
    "how firmly": "alleged conditional documented confirmed denied withdrawn",
    "which law": "other_regime un_right un_wrong boundary",
}
TRAPS = (
    "negated refusal expectation warning call norm promise vote hold exemption relief hypothetical history other_country sanction_sense "
    "humanitarian diplomacy missile_talk market denial_alone satire other_crime request plan junk"
)


@dataclass(frozen=True, slots=True)
class GoldClaim:
    """One claim a reader finds. Any conduct of the list is right, as is any modality of ``modality_ok`` and any root of ``root_ok``."""

    accused: tuple[str, ...]
    conduct: tuple[str, ...]
    modality: str
    modality_ok: tuple[str, ...]
    speakers: tuple[str, ...]
    root: str | None
    root_ok: tuple[str, ...]
    cited_rule: str | None
    quote_contains: str
    further_quotes: tuple[str, ...] = ()
    also_ok: tuple[str, ...] = ()
    mapped_rule: str | None = None
    optional: bool = False
    background: bool = False  # neither demanded nor false

    @property
    def families(self) -> frozenset[str]:
        """The first part of each conduct that is right."""
        return frozenset(conduct.split(".")[0] for conduct in self.conduct)

    @property
    def is_assertion(self) -> bool:
        """It says that a rule was, or would be, broken."""
        return self.modality in VIOLATION

    @property
    def is_demanded(self) -> bool:
        """It counts as missed when it is not found."""
        return self.is_assertion and not self.optional and not self.background

    @property
    def quotes(self) -> tuple[str, ...]:
        """Every passage that tells it."""
        return (self.quote_contains, *self.further_quotes)


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article and its labels."""

    id: str
    publisher: str
    url: str
    title: str
    published_at: str
    text: str
    grade: int
    wire: str | None
    language: str
    kind: str
    forms: tuple[str, ...]
    traps: tuple[str, ...]
    claims: tuple[GoldClaim, ...]
    not_claims: tuple[tuple[str, str], ...]  # (quote, why)
    aliases: dict[str, list[str]]

    @classmethod
    def read(cls, line: dict[str, Any]) -> GoldArticle:
        """The article of a decoded line. Raises KeyError or TypeError for another form."""
        gold = line["gold"]
        fields = {name: line[name] for name in ("id", "publisher", "url", "title", "published_at", "text")}
        plain = {name: gold[name] for name in ("grade", "wire", "language", "kind", "aliases")}
        listed = {name: tuple(gold[name]) for name in ("forms", "traps")}
        claims = tuple(
            GoldClaim(**{name: tuple(v) if isinstance(v, list) else v for name, v in claim.items()}) for claim in gold["claims"]
        )
        return cls(
            **fields,
            **plain,
            **listed,
            claims=claims,
            not_claims=tuple((trap["quote"], trap["why"]) for trap in gold["not_claims"]),
        )


def files(split: str) -> list[Path]:
    """The split's files, in the order they were written."""
    return sorted(FOLDER.glob(f"{split}-*.jsonl"))


@cache
def articles(split: str) -> tuple[GoldArticle, ...]:
    """Every article of a split."""
    return tuple(_lines(split))


def _lines(split: str) -> Iterator[GoldArticle]:
    for path in files(split):
        for line in path.read_text("utf-8").splitlines():
            yield GoldArticle.read(json.loads(line))


def digest() -> str:
    """SHA-256 over both splits: floors hold for exactly these articles."""
    told = hashlib.sha256()
    for split in SPLITS:
        for path in files(split):
            told.update(path.name.encode() + b"\0" + path.read_bytes())
    return told.hexdigest()


@cache
def conducts() -> frozenset[str]:
    """The ids of the taxonomy."""
    taxonomy = yaml.safe_load((FOLDER.parents[2] / "include" / "taxonomy.yaml").read_text("utf-8"))
    return frozenset(row["id"] for row in taxonomy["conducts"])


def find(text: str, quote: str) -> tuple[int, int] | None:
    """Where the quote stands in the text, white space aside; None where it does not."""
    found = re.search(r"\s+".join(map(re.escape, quote.split())), text)
    return found.span() if found else None
