"""When an article was published: every candidate with where it was seen, and one chosen by rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from sanctions_watch.records import DateCandidate

# The most trusted first. A time given by hand is somebody's word; what the page says for machines beats what it shows; an address and a
# dateline name only a day.
_TRUST = ("given", "json_ld", "meta", "feed", "time", "url", "dateline")
_EARLIEST = datetime(1945, 1, 1, tzinfo=UTC)
_FUTURE = timedelta(days=1)
_AGREE = timedelta(days=2)
_ISO = re.compile(
    r"(?<![\d-])(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\.?(?:[T\s]+(?:at\s+)?(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d{1,9})?\s*(Z|UTC|GMT|KST|JST|[+-]\d{2}:?\d{2})?)?"
)
_DOTTED = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b(?:\D{1,5}(\d{1,2}):(\d{2}))?")  # day first, as where dots are written
_CJK = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일](?:[^\d\n]{0,8}(\d{1,2})[:時시点](\d{2})?)?")
_MONTHS = {
    **{name: number for number, names in enumerate(
        ("jan ene янв jänn", "feb fév févr фев", "mar mär mars мар", "apr abr avr апр", "may mai мая май", "jun juin июн", "jul juil июл", "aug ago août авг",
         "sep sept set сен", "oct okt окт", "nov ноя", "dec dic dez déc дек"), 1) for name in names.split()},
}  # fmt: skip
_WORDS = re.compile(r"[^\W\d_]{3,12}")
_MONTH_FIRST = re.compile(r"\b([^\W\d_]{3,10})\.?\s(\d{1,2})(?:st|nd|rd|th)?\b(?:,?\s(\d{4})\b)?")
_DAY_FIRST = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|\.|er)?\s(?:de\s)?([^\W\d_]{3,10})\.?(?:,?\s(?:de\s)?(\d{4})\b)?")
_CJK_DAY = re.compile(r"(?:(\d{1,2})月)?(\d{1,2})日|(?:(\d{1,2})월\s?)(\d{1,2})일")
_CLOCK = re.compile(r"\b(\d{1,2})[:.](\d{2})\s?([ap])?\.?m?\.?", re.IGNORECASE)
_URL_DATE = re.compile(r"(?<!\d)(19[5-9]\d|20\d\d)([-/_.]?)(0?[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01]|[1-9])(?!\d)")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


def read_date(written: str) -> datetime | None:
    """A date as machines and people write it, UTC where no zone is told; None where it cannot be read."""
    text = written.translate(_FULL_WIDTH).strip()[:120]
    try:
        if match := _ISO.search(text):
            year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
            return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=_zone(match[7])).astimezone(UTC)
        if match := _CJK.search(text):
            year, month, day, hour, minute = (int(part or 0) for part in match.groups())
            return datetime(year, month, day, hour, minute, tzinfo=UTC)
        if match := _DOTTED.search(text):
            day, month, year, hour, minute = (int(part or 0) for part in match.groups())
            return datetime(year, month, day, hour, minute, tzinfo=UTC)
        if re.match(r"[A-Za-z]{3},?\s+\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d", text):
            found = parsedate_to_datetime(text)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        return _prose(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _zone(written: str | None) -> timezone:
    if not written or written in {"Z", "UTC", "GMT"}:
        return UTC
    if written in {"KST", "JST"}:
        return timezone(timedelta(hours=9))
    minutes = int(written[1:3]) * 60 + int(written[-2:])
    return timezone(timedelta(minutes=-minutes if written[0] == "-" else minutes))


def _prose(text: str) -> datetime | None:
    """A month's name, a day and a year in any order: "August 4, 2018, 10:15 a.m."."""
    found = _month_and_day(text)
    if found is None or found[2] is None:
        return None
    month, day = found[:2]
    clock = _CLOCK.search(text)
    hour, minute = (int(clock[1]) % 24, int(clock[2]) % 60) if clock else (0, 0)
    if clock and clock[3]:
        hour = hour % 12 + (12 if clock[3].lower() == "p" else 0)
    return datetime(found[2], month, day, hour, minute, tzinfo=UTC)


def _month_and_day(text: str) -> tuple[int, int, int | None] | None:
    for pattern, month_at in ((_MONTH_FIRST, 1), (_DAY_FIRST, 2)):
        for match in pattern.finditer(text):
            month = _month(match[month_at])
            day = int(match[3 - month_at])
            if month and 1 <= day <= 31:
                return month, day, int(match[3]) if match[3] else None
    return None


def _month(name: str) -> int | None:
    folded = name.casefold()
    return next((_MONTHS[folded[:length]] for length in (4, 3) if folded[:length] in _MONTHS), None)


def url_date(url: str) -> DateCandidate | None:
    """The day that an address carries: /2018/08/04/ or 20180804."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    for match in _URL_DATE.finditer(path):
        try:
            return DateCandidate("url", datetime(int(match[1]), int(match[3]), int(match[4]), tzinfo=UTC), match[0])
        except ValueError:
            continue
    return None


def dateline_date(written: str, others: Sequence[DateCandidate], now: datetime) -> DateCandidate | None:
    """The day of a dateline; a missing year is the one that brings it nearest to the best other candidate, or the last one before ``now``."""
    text = written.translate(_FULL_WIDTH)
    reference = min((one for one in others if one.source in _TRUST), key=lambda one: _TRUST.index(one.source), default=None)
    at = reference.value if reference else now
    found = _month_and_day(text)
    if found is None and (match := _CJK_DAY.search(text)):
        month = int(match[1] or match[3] or at.month)
        found = month, int(match[2] or match[4]), None
    if found is None:
        return None
    month, day, year = found
    values = [
        value for one in ([year] if year else range(at.year - 1, at.year + 2)) if (value := _day(one, month, day)) is not None
    ]
    values = [value for value in values if value <= now + _FUTURE]
    return DateCandidate("dateline", min(values, key=lambda value: abs(value - at)), written) if values else None


def _day(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def candidate(source: str, written: str) -> list[DateCandidate]:
    """The candidate that a written date is, or none."""
    value = read_date(written)
    return [DateCandidate(source, value, written.strip()[:80])] if value else []


def choose(candidates: Sequence[DateCandidate], now: datetime) -> tuple[datetime, tuple[DateCandidate, ...], bool]:
    """The publication time, the candidates that can be believed, and whether their days are more than two apart.

    The most trusted source decides, unless it stands alone against two others that agree. Never later than a day after ``now``;
    ``now`` where nothing can be believed.
    """
    believed = list(dict.fromkeys(one for one in candidates if _EARLIEST <= one.value <= now + _FUTURE))
    if not believed:
        return now, (), False
    believed.sort(key=lambda one: _TRUST.index(one.source))
    best = believed[0]
    for rival in believed[1:]:
        if best.source != "given" and _friends(best, believed) == 0 and _friends(rival, believed) >= 1:
            best = rival
            break
    days = [one.value.date() for one in believed]
    return best.value, tuple(believed), max(days) - min(days) > _AGREE


def _friends(one: DateCandidate, candidates: Sequence[DateCandidate]) -> int:
    """How many other sources name about the same time."""
    return len({other.source for other in candidates if other.source != one.source and abs(other.value - one.value) <= _AGREE})
