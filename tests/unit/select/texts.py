"""Articles for the tests of select."""

from __future__ import annotations

from datetime import UTC, datetime

from sanctions_watch.records import Article, Zone

NOON = datetime(2019, 6, 3, 12, 0, tzinfo=UTC)


def article(title: str, body: str = "", article_id: str = "a1") -> Article:
    """An article of a headline and a body, with their zones."""
    text = f"{title}\n\n{body}" if title and body else title or body
    zones = [Zone("headline", 0, len(title))] if title else []
    if body:
        zones.append(Zone("body", len(text) - len(body), len(text)))
    return Article(article_id, 1, "", "", "", "en", title, text, NOON, NOON, "", zones=tuple(zones))
