"""The dates of feeds: RFC 822, ISO 8601 and what publishers write in their place."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_FUTURE = timedelta(days=1)
# Zone names that RFC 822 readers do not know and take for UTC, in hours; CST is Chinese where the publisher is.
_ZONES = {"KST": 9.0, "JST": 9.0, "MSK": 3.0, "MSD": 4.0, "HKT": 8.0, "SGT": 8.0, "ICT": 7.0, "WIB": 7.0, "PHT": 8.0, "IST": 5.5, "PKT": 5.0,
          "VLAT": 10.0, "CET": 1.0, "CEST": 2.0, "EET": 2.0, "EEST": 3.0, "BST": 1.0, "WET": 0.0, "AEST": 10.0, "AEDT": 11.0, "NZST": 12.0}  # fmt: skip
# Where one offset holds all year, a time without a zone is the publisher's own.
_COUNTRIES = {
    "KR": 9.0,
    "KP": 9.0,
    "JP": 9.0,
    "CN": 8.0,
    "HK": 8.0,
    "TW": 8.0,
    "SG": 8.0,
    "MY": 8.0,
    "RU": 3.0,
    "IN": 5.5,
    "PK": 5.0,
    "QA": 3.0,
}
_ZONE_NAME = re.compile(r"\s*\(?\b([A-Z]{3,4})\)?\s*\Z")
_GMT_OFFSET = re.compile(r"\b(?:GMT|UTC)\s?([+-]\d\d?):?(\d\d)?\s*\Z")
_ISO = re.compile(
    r"(\d{4})[-/.](\d\d?)[-/.](\d\d?)(?:[T\s]+(\d\d?):(\d\d)(?::(\d\d))?(?:[.,]\d{1,9})?)?\s*(Z|[+-]\d\d:?\d\d)?\s*\Z"
)


def read_date(written: str, country: str, now: datetime) -> datetime | None:
    """The time that is written, UTC; None where it cannot be read, lies before 1990 or more than a day after ``now``.

    A time without a zone is the publisher's (``country``, ISO 3166-1) where that country has one offset, else UTC.
    """
    text = written.strip()[:100]
    hours = _COUNTRIES.get(country, 0.0)
    if match := _GMT_OFFSET.search(text):
        text = f"{text[: match.start()].strip()} {match[1][0]}{int(match[1][1:]):02d}{match[2] or '00'}"
    elif (match := _ZONE_NAME.search(text)) and (match[1] in _ZONES or (match[1] == "CST" and country in {"CN", "TW"})):
        text, hours = text[: match.start()].strip(), _ZONES.get(match[1], 8.0)
    found = _read(text, timezone(timedelta(hours=hours)))
    return found if found is not None and believable(found, now) else None


def believable(found: datetime, now: datetime) -> bool:
    """Neither before there were feeds nor more than a day ahead."""
    return _EARLIEST <= found <= now + _FUTURE


def _read(text: str, zone: timezone) -> datetime | None:
    try:
        if match := _ISO.match(text):
            year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
            written = match[7]
            found = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)
            if written:
                found = found.replace(tzinfo=datetime.fromisoformat(f"2000-01-01T00:00{written}").tzinfo)
        else:
            found = parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
