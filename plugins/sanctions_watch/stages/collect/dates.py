"""The dates of feeds: RFC 822, ISO 8601, unix times, and what publishers write in their place in their own languages."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_FUTURE = timedelta(days=1)
# Zone names, in hours. CST is Chinese where the publisher is.
_ZONES = {"UT": 0.0, "UTC": 0.0, "GMT": 0.0, "WET": 0.0, "BST": 1.0, "CET": 1.0, "WEST": 1.0, "CEST": 2.0, "EET": 2.0, "EEST": 3.0, "MSK": 3.0, "МСК": 3.0, "MSD": 4.0,
          "PKT": 5.0, "IST": 5.5, "ICT": 7.0, "WIB": 7.0, "HKT": 8.0, "SGT": 8.0, "PHT": 8.0, "MYT": 8.0, "AWST": 8.0, "KST": 9.0, "JST": 9.0, "VLAT": 10.0, "AEST": 10.0,
          "AEDT": 11.0, "NZST": 12.0, "NZDT": 13.0, "AST": -4.0, "EDT": -4.0, "EST": -5.0, "CDT": -5.0, "CST": -6.0, "MDT": -6.0, "MST": -7.0, "PDT": -7.0, "PST": -8.0}  # fmt: skip
_CHINESE = frozenset({"CN", "TW", "HK", "MO"})
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
# January to December: English, German, French, Spanish, Portuguese, Italian, Russian; short and long, as dates decline them.
_NAMES = """
jan january januar jän jänner janv janvier ene enero janeiro gen gennaio янв января январь
feb february februar févr fév février febrero fev fevereiro febbraio фев февр февраля февраль
mar march mär märz mrz mars marzo março мар марта март
apr april avr avril abr abril aprile апр апреля апрель
may mai mayo maio mag maggio мая май
jun june juni juin junio junho giu giugno июн июня июнь
jul july juli juil juillet julio julho lug luglio июл июля июль
aug august août aoû agosto ago авг августа август
sep sept september septembre septiembre setembro set settembre сен сент сентября сентябрь
oct october okt oktober octobre octubre out outubro ott ottobre окт октября октябрь
nov november novembre noviembre novembro ноя нояб ноября ноябрь
dec december dez dezember déc décembre dic diciembre dezembro dicembre дек декабря декабрь
"""
_MONTHS = {name: number for number, names in enumerate(_NAMES.strip().splitlines(), 1) for name in names.split()}

_OFFSET = r"(?:(Z)\b|(?:(?:GMT|UTC)\s?)?([+\-−])(\d\d?):?(\d\d)?(?!\d))?"
_CLOCK = re.compile(
    r"(?:(오전|오후|上午|下午|午前|午後)\s*)?(?<![\d.])T?(\d{1,2})(?::(?=\d)|시\s*|時\s*|点\s*|h(?=\d\d|\s|\Z))(\d{1,2})?(?:분|分)?"
    r"(?::(\d{1,2})(?:[.,:]\d{1,9})?)?(?:\s*(\d{1,2})[초秒])?\s*([ap]\.?m\b\.?)?\s*" + _OFFSET,
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?\s*" + _OFFSET + r")?\Z")
_UNIX = re.compile(r"(\d{9,10})(?:\.\d+)?\Z|(\d{12,13})\Z")
_ZONE_NAME = re.compile(r"(?<!\w)(?:UT|[A-Z]{3,4}|МСК)(?!\w)")
_REIWA = re.compile(r"令和\s*(元|\d{1,2})年\s*(\d{1,2})月\s*(\d{1,2})日")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s*[-/.年년]\s*(\d{1,2})\s*[-/.月월]\s*(\d{1,2})(?!\d)")
_NAMED = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.|º|-)?\s*(?:de\s+)?([^\W\d_]{3,10})\.?,?[\s-]*(?:de[l]?\s+)?(\d{4}|\d{2})(?![\d:])"
)
_NAME_FIRST = re.compile(r"([^\W\d_]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")


def read_date(written: str, country: str, now: datetime) -> datetime | None:
    """The time that is written, UTC; None where it cannot be read, lies before 1990 or more than a day after ``now``.

    A time without a zone is the publisher's (``country``, ISO 3166-1) where that country has one offset, else UTC. Of day and month
    in numbers, which comes first is known by the country (US) or by a number above twelve; where neither tells, the date is not read.
    """
    text = " ".join(unicodedata.normalize("NFKC", written[:100]).split())
    try:
        found = _unix(text) or _read(text, country, now)
    except (ValueError, OverflowError):
        return None
    return found if found is not None and believable(found, now) else None


def believable(found: datetime, now: datetime) -> bool:
    """Neither before there were feeds nor more than a day ahead."""
    return _EARLIEST <= found <= now + _FUTURE


def _unix(text: str) -> datetime | None:
    """Seconds or milliseconds since 1970."""
    written = _UNIX.match(text)
    if written is None:
        return None
    return datetime.fromtimestamp(int(written[1]) if written[1] else int(written[2]) / 1000, UTC)


def _read(text: str, country: str, now: datetime) -> datetime | None:
    zone = _zone(text, country)
    if packed := _COMPACT.match(text):
        year, month, day, hour, minute, second = (int(packed[part] or 0) for part in range(1, 7))
        moment = datetime(year, month, day, hour, minute, second, tzinfo=_offset(packed.groups()[6:]) or zone)
        return moment.astimezone(UTC)
    clock = _CLOCK.search(text)
    rest = f"{text[: clock.start()]} {text[clock.end() :]}" if clock else text
    found = _day(_ZONE_NAME.sub(lambda name: " " if name[0] in _ZONES else name[0], rest), country, now)
    if found is None:
        return None
    if clock is None:
        return datetime.combine(found, time(), zone).astimezone(UTC)
    return (datetime.combine(found, time(), _offset(clock.groups()[6:]) or zone) + _time(clock)).astimezone(UTC)


def _time(clock: re.Match[str]) -> timedelta:
    """The time of day. Raises ValueError where there is none such; 24:00 is the day's end, second 60 a leap second."""
    hour, minute, second = int(clock[2]), int(clock[3] or 0), int(clock[4] or clock[5] or 0)
    half = clock[1] or (clock[6] or "")[:1].lower()
    if half in {"오후", "下午", "午後", "p"} and hour < 12:
        hour += 12
    elif half in {"오전", "上午", "午前", "a"} and hour == 12:
        hour = 0
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute + second):
        raise ValueError(clock[0])
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _offset(parts: tuple[str | None, ...]) -> timezone | None:
    """The zone that is written as a number."""
    zulu, sign, hours, minutes = parts
    if zulu:
        return UTC
    if not hours:
        return None
    ahead = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(ahead if sign == "+" else -ahead)


def _zone(text: str, country: str) -> timezone:
    """The zone that is named, else the publisher's."""
    names = [name for name in _ZONE_NAME.findall(text) if name in _ZONES]
    if not names:
        return timezone(timedelta(hours=_COUNTRIES.get(country, 0.0)))
    return timezone(timedelta(hours=8.0 if names[-1] == "CST" and country in _CHINESE else _ZONES[names[-1]]))


def _day(text: str, country: str, now: datetime) -> date | None:
    if era := _REIWA.search(text):
        return date(2018 + (1 if era[1] == "元" else int(era[1])), int(era[2]), int(era[3]))
    if first := _YEAR_FIRST.search(text):
        return date(int(first[1]), int(first[2]), int(first[3]))
    for named in _NAMED.finditer(text):
        if month := _MONTHS.get(named[2].lower()):
            return date(_year(named[3], now), month, int(named[1]))
    for named in _NAME_FIRST.finditer(text):
        if month := _MONTHS.get(named[1].lower()):
            return date(int(named[3]), month, int(named[2]))
    if (packed := _COMPACT.search(text.strip())) and not packed[4]:
        return date(int(packed[1]), int(packed[2]), int(packed[3]))
    last = _YEAR_LAST.search(text)
    return _numbers(last, country, now) if last else None


def _numbers(last: re.Match[str], country: str, now: datetime) -> date | None:
    """Two numbers and a year; with dots the day comes first everywhere."""
    one, two, year = int(last[1]), int(last[3]), _year(last[4], now)
    if last[2] == "." or one > 12:
        return date(year, two, one)
    if country == "US" or two > 12:
        return date(year, one, two)
    return date(year, two, one) if country or one == two else None


def _year(written: str, now: datetime) -> int:
    """Two digits are of this century as long as that is not ahead."""
    year = int(written)
    if len(written) > 2:
        return year
    return 2000 + year if 2000 + year <= now.year + 1 else 1900 + year
