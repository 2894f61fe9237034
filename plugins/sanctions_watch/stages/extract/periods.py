"""When a conduct took place: as written, and resolved against the day of publication, never against the day of the run."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Literal

from sanctions_watch.records import Period

Precision = Literal["day", "week", "month", "quarter", "year", "unknown"]
_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name} | {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_DAYS = {name.casefold(): number for number, name in enumerate(calendar.day_name)}
_MONTH = r"(January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.?"
_YEAR = r"((?:19|20)\d\d)"
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? {_MONTH}(?:,? {_YEAR})?(?!\w)")
_MONTH_DAY = re.compile(rf"\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,? {_YEAR})?")
_BETWEEN = re.compile(rf"\b(?:[Bb]etween|[Ff]rom) (?:{_MONTH} )?{_YEAR} (?:and|to|until|till|through) (?:{_MONTH} )?{_YEAR}\b")
_MONTHS_SPAN = re.compile(rf"\b(?:[Bb]etween|[Ff]rom|[Ii]n) {_MONTH} (?:and|to|until|till|through) {_MONTH}(?: (?:of )?{_YEAR})?\b")
_MONTH_YEAR = re.compile(rf"\b(last |this |next )?{_MONTH}(?: (?:of )?{_YEAR})?(?!\w)")
_YEAR_ONLY = re.compile(rf"\b(?:in|since|during|of|by|until|throughout|late|early|mid-?)[ -]{_YEAR}\b", re.IGNORECASE)
_RELATIVE = re.compile(
    r"\b(today|yesterday|this week|last week|this month|last month|this year|last year|on the night of|(?:last|this|on) (?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)|last (?:spring|summer|autumn|fall|winter)|this (?:spring|summer|autumn|fall|winter))\b",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"\b(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|a) (day|week|month|year)s? (?:ago|earlier)\b", re.IGNORECASE
)
_SMALL = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 2)}


def period(text: str, published: date) -> Period | None:
    """The most exact time that a sentence names, None without one. A month without a year is the last such month before publication."""
    for finder in (_span, _day, _relative_day, _month, _ago, _relative, _year):
        found = finder(text, published)
        if found is not None:
            return found
    return None


def _span(text: str, published: date) -> Period | None:
    match = _BETWEEN.search(text)
    if match:
        first_month, first_year, last_month, last_year = match.groups()
        start = date(int(first_year), _MONTHS[first_month.casefold()] if first_month else 1, 1)
        end = _month_end(int(last_year), _MONTHS[last_month.casefold()] if last_month else 12)
        return _period(match.group(), start, end, "month" if first_month else "year")
    match = _MONTHS_SPAN.search(text)
    if match:
        first, last, year = match.groups()
        number = int(year) if year else _year_of(_MONTHS[last.casefold()], published)
        return _period(
            match.group(), date(number, _MONTHS[first.casefold()], 1), _month_end(number, _MONTHS[last.casefold()]), "month"
        )
    return None


def _day(text: str, published: date) -> Period | None:
    for pattern, day_group, month_group in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        match = pattern.search(text)
        if match:
            day, month = int(match.group(day_group)), _MONTHS[match.group(month_group).casefold()]
            year = int(match.group(3)) if match.group(3) else 0
            try:
                found = date(year or published.year, month, day)
            except ValueError:
                continue
            if not year and found > published + timedelta(days=1):
                found = found.replace(year=found.year - 1) if (month, day) != (2, 29) else found
            return _period(match.group(), found, found, "day")
    return None


def _relative_day(text: str, published: date) -> Period | None:
    match = re.search(r"\b(?:on |last )(Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b", text)
    if match:
        back = (published.weekday() - _DAYS[match.group(1).casefold()]) % 7
        found = published - timedelta(days=back)
        return _period(match.group(), found, found, "day")
    match = re.search(r"\b(today|yesterday)\b", text, re.IGNORECASE)
    if match:
        found = published - timedelta(days=1 if match.group().casefold() == "yesterday" else 0)
        return _period(match.group(), found, found, "day")
    return None


def _month(text: str, published: date) -> Period | None:
    for match in _MONTH_YEAR.finditer(text):
        word, name, year = match.groups()
        if name == "May" and not year and not re.search(r"\b(?:in|since|last|this|early|late|until|during|of|and|by) May\b", text):
            continue
        if name in {"Mar", "Jun", "Sep", "Dec", "Jan"} and not year and not match.group().endswith("."):
            continue
        month = _MONTHS[name.casefold()]
        number = (
            int(year) if year else _year_of(month, published, past_year=(word or "").strip() == "last" and month >= published.month)
        )
        return _period(match.group().strip(), date(number, month, 1), _month_end(number, month), "month")
    return None


def _ago(text: str, published: date) -> Period | None:
    match = _AGO.search(text)
    if not match:
        return None
    count = _SMALL.get(match.group(1).casefold()) or int(match.group(1))
    unit = match.group(2).casefold()
    if unit == "day":
        found = published - timedelta(days=count)
        return _period(match.group(), found, found, "day")
    if unit == "week":
        found = published - timedelta(weeks=count)
        return _period(match.group(), found - timedelta(days=3), found + timedelta(days=3), "week")
    if unit == "month":
        index = published.year * 12 + published.month - 1 - count
        return _period(match.group(), date(index // 12, index % 12 + 1, 1), _month_end(index // 12, index % 12 + 1), "month")
    return _period(match.group(), date(published.year - count, 1, 1), date(published.year - count, 12, 31), "year")


def _relative(text: str, published: date) -> Period | None:
    match = _RELATIVE.search(text)
    if not match:
        return None
    words = match.group().casefold().split()
    if words[-1] == "week":
        monday = published - timedelta(days=published.weekday() + (7 if words[0] == "last" else 0))
        return _period(match.group(), monday, monday + timedelta(days=6), "week")
    if words[-1] == "month":
        index = published.year * 12 + published.month - 1 - (1 if words[0] == "last" else 0)
        return _period(match.group(), date(index // 12, index % 12 + 1, 1), _month_end(index // 12, index % 12 + 1), "month")
    if words[-1] == "year":
        year = published.year - (1 if words[0] == "last" else 0)
        return _period(match.group(), date(year, 1, 1), date(year, 12, 31), "year")
    if words[-1] in _SEASONS:
        first, last = _SEASONS[words[-1]]
        year = (
            published.year
            if date(published.year, first, 1) <= published and not (words[0] == "last" and first <= published.month <= last)
            else published.year - 1
        )
        end_year = year + 1 if last < first else year
        return _period(match.group(), date(year, first, 1), _month_end(end_year, last), "quarter")
    return None


def _year(text: str, published: date) -> Period | None:
    match = _YEAR_ONLY.search(text)
    if not match:
        return None
    year = int(match.group(1))
    if year > published.year:
        return None
    last = published if match.group().casefold().startswith("since") else date(year, 12, 31)
    return _period(match.group(), date(year, 1, 1), last, "year")


def _year_of(month: int, published: date, *, past_year: bool = False) -> int:
    return published.year - 1 if month > published.month or past_year else published.year


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _period(written: str, first: date, last: date, precision: Precision) -> Period:
    return Period(written, first, last, precision)
