"""The scenario's articles with their gold claims, as the records that come before assess.

``scenario.jsonl``, one article a line in the order in which they arrive:

    id, url, publisher, title, published_at, text   as ``sanctions-watch replay`` takes them
    expect       NEW | UPDATE | DENIAL | CORRECTION | NONE, and ``why`` in words
    allegation   accused|conduct family that the alert is about; only where one is expected
    placement    story, relation, related_to, notice, where the article does not stand alone; ids are those of the scenario
    claims       accused ("RU", "company:Name/CC", "vessel:Name"), conduct, modality (alleged), quote (characters of title or text),
                 by (chain, nearest first: "kind:name", "!" where it denies), numbers [[value, unit, written]], with (counterparts),
                 on ("2025-02-26" or [first, last, precision]), place, object, cited, regime (UN)
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sanctions_watch.records import (
    Actor,
    Article,
    Attribution,
    Claim,
    MappedRule,
    Notice,
    Period,
    Placement,
    Quantity,
    Selection,
    Span,
    Zone,
    claim_id,
    identify,
)

FILE = Path(__file__).parent / "scenario.jsonl"
STATES = {"RU": "Russia", "KP": "North Korea"}


@dataclass(frozen=True, slots=True)
class Given:
    """One article as assess meets it, and the kinds of alert that it is to raise."""

    name: str
    expect: str
    article: Article
    selection: Selection
    placement: Placement
    claims: tuple[Claim, ...]

    @property
    def kinds(self) -> list[str]:
        """The alerts expected."""
        return [] if self.expect == "NONE" else [self.expect]


def rows() -> list[dict[str, Any]]:
    """The scenario's lines."""
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def scenario() -> Iterator[Given]:
    """The articles in the order in which they arrive."""
    for row in rows():
        article = _article(row)
        yield Given(
            name=row["id"],
            expect=row["expect"],
            article=article,
            selection=Selection(article.article_id, 1, is_selected=True, is_near_miss=False, score=1.0, reasons=("given",)),
            placement=_placement(row),
            claims=tuple(_claim(row, article, given) for given in row["claims"]),
        )


def _id(name: str) -> str:
    return identify("scenario", name)


def _article(row: dict[str, Any]) -> Article:
    text = f"{row['title']}\n\n{row['text']}"
    published_at = datetime.fromisoformat(row["published_at"])
    notice = row.get("placement", {}).get("notice")
    return Article(
        article_id=_id(row["id"]),
        version=1,
        entry_id="",
        url=row["url"],
        publisher=row["publisher"],
        language=row.get("language", "en"),
        title=row["title"],
        text=text,
        published_at=published_at,
        first_seen_at=published_at,
        content_sha256=identify("text", text),
        zones=(Zone("headline", 0, len(row["title"])), Zone("body", len(row["title"]) + 2, len(text))),
        notice=Notice(notice, notice.upper()) if notice else None,
    )


def _placement(row: dict[str, Any]) -> Placement:
    given = row.get("placement", {})
    first = given.get("story", row["id"])
    return Placement(
        article_id=_id(row["id"]),
        version=1,
        story_id=identify("story", first),
        relation=given.get("relation", "lead"),
        related_to=_id(given["related_to"]) if "related_to" in given else "",
        lead_article_id=_id(first),
        origin_agency="",
        containment=1.0 if "relation" in given else 0.0,
        evidence=("given",),
    )


def _claim(row: dict[str, Any], article: Article, given: dict[str, Any]) -> Claim:
    start = article.text.index(given["quote"])
    span = Span(start, start + len(given["quote"]))
    accused = tuple(_actor(written) for written in given["accused"])
    return Claim(
        claim_id=claim_id(article.article_id, (span,), accused, given["conduct"], given["modality"]),
        article_id=article.article_id,
        version=1,
        accused=accused,
        conduct=given["conduct"],
        modality=given["modality"],
        spans=(span,),
        attributions=tuple(_step(written, span) for written in given["by"]),
        status="accepted",
        confidence=0.9,
        reasons=("given",),
        counterparts=tuple(_actor(written) for written in given.get("with", ())),
        object=given.get("object", ""),
        quantities=tuple(Quantity(*number) for number in given.get("numbers", ())),
        place=given.get("place", ""),
        period=_period(given.get("on")),
        cited_rule=given.get("cited", ""),
        mapped_rule=MappedRule("2375 OP17", is_in_force=True, is_verified=True),
        regime=given.get("regime", "UN"),
    )


def _actor(written: str) -> Actor:
    kind, _, rest = written.rpartition(":")
    if not kind:
        return Actor(STATES[written], "state", written)
    name, _, country = rest.partition("/")
    return Actor(name, kind, country)  # type: ignore[arg-type]


def _step(written: str, span: Span) -> Attribution:
    kind, _, name = written.partition(":")
    return Attribution(name.rstrip("!"), kind, "say", "denies" if name.endswith("!") else "asserts", span)  # type: ignore[arg-type]


def _period(on: str | list[str] | None) -> Period | None:
    if on is None:
        return None
    if isinstance(on, str):
        return Period(on, date.fromisoformat(on), date.fromisoformat(on), "day")
    first, last, precision = on
    return Period(f"{first}/{last}", date.fromisoformat(first), date.fromisoformat(last), precision)  # type: ignore[arg-type]
