"""Short articles for the tests of this stage. Companies, ships and people in them are invented: evidence about nobody."""

from __future__ import annotations

from datetime import UTC, datetime

from sanctions_watch.records import Article, Claim, Zone
from sanctions_watch.stages.extract import extract

NOON = datetime(2019, 6, 5, 12, 0, tzinfo=UTC)  # a Wednesday


def article(
    body: str,
    *,
    title: str = "North Korea sanctions",
    publisher: str = "Harbour Courier",
    when: datetime = NOON,
    language: str = "en",
) -> Article:
    """An article of a headline and paragraphs."""
    text = f"{title}\n\n{body}"
    zones = (Zone("headline", 0, len(title)), Zone("body", len(title) + 2, len(text)))
    return Article("a1", 1, "", "", publisher, language, title, text, when, when, "", zones=zones)


def claims(body: str, **fields: str) -> tuple[Claim, ...]:
    """All claims of a body."""
    [found] = extract([article(body, **fields)])  # type: ignore[arg-type]
    return found


def accepted(body: str, **fields: str) -> list[Claim]:
    """The accepted violation claims of a body."""
    return [claim for claim in claims(body, **fields) if claim.status == "accepted" and claim.is_violation]


def told(body: str, **fields: str) -> set[tuple[str, str]]:
    """(accused, conduct) of the accepted violation claims."""
    return {(actor.name, claim.conduct) for claim in accepted(body, **fields) for actor in claim.accused}
