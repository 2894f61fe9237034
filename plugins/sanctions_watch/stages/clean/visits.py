"""What fetching an entry's page came to, and whether it is tried again: four times in a day and a half, then the feed's own words stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from sanctions_watch.records import Entry, FetchResult, PageVisit

# After the first, second, ... failed try. Most pages that fail come back within minutes, nearly all within a day.
_WAITS = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
_NOT_YET = (timedelta(hours=1),)  # 404: some publishers list a page before they publish it
_LONGEST_WAIT = timedelta(hours=24)
_PASSING = frozenset({0, 408, 425, 429})


def is_page(result: FetchResult) -> bool:
    """Whether a page came."""
    return not result.error and result.status == 200 and bool(result.body)


def page_visit(entry: Entry, result: FetchResult, failed_before: int, now: datetime) -> PageVisit:
    """What to remember of a try to fetch the page of ``entry``, after so many that failed."""
    if is_page(result):
        return PageVisit(entry.entry_id, entry.content_sha256, "fetched", failed_before + 1, now, None, result.status)
    error = result.error or ("an empty page" if result.status == 200 else f"HTTP {result.status}")
    waits = _waits(result)
    known = PageVisit(entry.entry_id, entry.content_sha256, "given_up", failed_before + 1, now, None, result.status, error[:500])
    if failed_before >= len(waits):
        return known
    asked = timedelta(seconds=result.retry_after_seconds or 0)
    wait = max(waits[failed_before], min(asked, _LONGEST_WAIT))
    return PageVisit(known.entry_id, known.content_sha256, "waiting", known.attempts, now, now + wait, known.status, known.error)


def _waits(result: FetchResult) -> tuple[timedelta, ...]:
    """How long to wait after each failure; nothing for what another try will not change: refused, forbidden, gone."""
    if result.is_refused:
        return ()
    if result.status == 404:
        return _NOT_YET
    is_passing = (
        result.failure in ("temporary", "soft") or result.status in _PASSING or result.status >= 500 or result.status == 200
    )
    return _WAITS if is_passing and result.failure != "hard" else ()
