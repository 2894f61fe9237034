"""What an answer brought that the answer before did not list, and when that came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sanctions_watch.records import Entry, FeedState

_MARK = 8  # characters of an entry's id: two of 200 are alike once in two hundred thousand feeds
_KEPT = 200  # marks a state keeps
_COMPARED = 100  # entries that are compared with them: what slides up where others were deleted is no news
_STALE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class News:
    """``unseen`` entries; ``arrivals``, when those came whose time tells the feed's rhythm; the marks of this answer."""

    unseen: int
    arrivals: tuple[datetime, ...]
    is_stale: bool  # there are unseen entries, and all are dated days back
    earliest: datetime | None  # the date of the earliest of them that came in time
    marks: tuple[str, ...]


def news_of(entries: Sequence[Entry], state: FeedState, now: datetime) -> News:
    """Hold an answer against the marks of the answer before; of a first answer every entry is unseen."""
    newest = sorted(entries, key=lambda entry: (entry.published_at is None, entry.published_at or now), reverse=True)
    marks = tuple(entry.entry_id[:_MARK] for entry in newest[:_KEPT])
    if state.rhythm.until is None:
        dates = tuple(entry.published_at for entry in entries if entry.published_at)
        return News(len(entries), dates, is_stale=False, earliest=None, marks=marks)
    known = set(state.known_ids)
    unseen = [entry for entry, mark in zip(newest[:_COMPARED], marks, strict=False) if mark not in known]
    dates = tuple(entry.published_at for entry in unseen if entry.published_at and now - entry.published_at < _STALE)
    undated = sum(entry.published_at is None for entry in unseen)
    arrivals = tuple(date if date > state.rhythm.until else now for date in dates) + (now,) * undated
    return News(len(unseen), arrivals, bool(unseen) and not arrivals, min(dates, default=None), marks)
