"""How much of a publisher's words a mail may print: the quote cap of its retention rule. The claim keeps its quote whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sanctions_watch.records import Alert


def capped(alert: Alert, caps: Mapping[str, int]) -> Alert:
    """The alert with each quote cut to its publisher's cap, in characters; ``""`` is the cap of all that are not named."""
    quotes = tuple(
        replace(quote, text=_cut(quote.text, caps.get(quote.publisher, caps.get("", len(quote.text))))) for quote in alert.quotes
    )
    return replace(alert, quotes=quotes) if quotes != alert.quotes else alert


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else words[: max(0, most - 1)].rstrip() + "…"
