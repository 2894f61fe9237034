"""Numbers with their units, as written and normalised: barrels, tonnes, dollars, people, vessels."""

from __future__ import annotations

import re

from sanctions_watch.records import Quantity

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
    "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "dozen": 12, "a dozen": 12, "half a million": 500_000,
}  # fmt: skip
_SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "bn": 1_000_000_000,
    "m": 1_000_000,
    "k": 1_000,
    "mn": 1_000_000,
    "trillion": 10**12,
}
_UNITS = {
    "barrels": r"barrels?|bbl",
    "tonnes": r"(?:metric )?tons?|tonnes?|metric tonnes?|mt",
    "kg": r"kg|kilos?|kilograms?|kilogrammes?",
    "litres": r"lit(?:re|er)s?",
    "km": r"km|kilomet(?:re|er)s?",
    "people": r"(?:[\w-]+ ){0,3}(?:workers?|labou?rers?|people|soldiers?|troops?|men|women|crew(?:men)?|sailors?|engineers?|programmers?|welders?|nationals?|students?|employees?|technicians?|seamstresses|guest workers)",
    "permits": r"(?:[\w-]+ ){0,2}(?:work )?(?:permits?|visas?)",
    "vessels": r"(?:[\w-]+ ){0,2}(?:ships?|tankers?|vessels?|boats?)",
    "shells": r"(?:[\w-]+ ){0,2}(?:shells?|rounds?|rockets?|missiles?|grenades?|rifles?)",
    "containers": r"(?:[\w-]+ ){0,2}containers?",
    "transfers": r"(?:[\w-]+ ){0,2}(?:transfers?|shipments?|deliveries|trips?|voyages?|calls?|times|occasions)",
    "percent": r"per ?cent|%",
}
_NUMBER = r"\d{1,3}(?:[,  ]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_WORD_NUMBER = r"(?:" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")(?:-(?:one|two|three|four|five|six|seven|eight|nine))?"
_SCALE = r"hundred|thousand|million|billion|trillion|bn|mn|m|k"
_MONEY = re.compile(
    rf"((?:US|S|A|HK|C)?\$|€|£|¥|₩)\s?({_NUMBER})(?:[ -]?({_SCALE})\b)?|\b({_NUMBER})(?: ({_SCALE}))? (dollars|euros?|yuan|won|rubles?|roubles?|yen|pounds|zlotys?)\b",
    re.IGNORECASE,
)
_CURRENCIES = {"$": "USD", "us$": "USD", "s$": "SGD", "a$": "AUD", "hk$": "HKD", "c$": "CAD", "€": "EUR", "£": "GBP", "¥": "JPY", "₩": "KRW", "dollars": "USD", "euro": "EUR", "euros": "EUR", "yuan": "CNY", "won": "KRW", "ruble": "RUB", "rubles": "RUB", "rouble": "RUB", "roubles": "RUB", "yen": "JPY", "pounds": "GBP", "zloty": "PLN", "zlotys": "PLN"}  # fmt: skip
_COUNTED = {
    unit: re.compile(rf"\b({_NUMBER}|{_WORD_NUMBER})(?:[ -]({_SCALE}))?[ -](?:{pattern})(?!\w)", re.IGNORECASE)
    for unit, pattern in _UNITS.items()
}


def quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities of a sentence in its order, at most eight; one stretch is counted once."""
    found: list[tuple[int, int, Quantity]] = []
    for match in _MONEY.finditer(text):
        sign, number, scale, plain, plain_scale, currency = match.groups()
        value = _value(number or plain, scale or plain_scale)
        found.append(
            (
                match.start(),
                match.end(),
                Quantity(value, _CURRENCIES.get((sign or currency).casefold(), "money"), match.group().strip()),
            )
        )
    for unit, pattern in _COUNTED.items():
        found += [
            (match.start(), match.end(), Quantity(_value(match.group(1), match.group(2)), unit, match.group().strip()))
            for match in pattern.finditer(text)
        ]
    kept: list[tuple[int, int, Quantity]] = []
    for start, end, quantity in sorted(found, key=lambda item: (item[0], -(item[1] - item[0]))):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, quantity))
    return tuple(quantity for _, _, quantity in kept[:8])


def _value(number: str, scale: str | None) -> float | None:
    plain = number.casefold()
    factor = _SCALES.get((scale or "").casefold(), 1)
    if plain in _WORDS:
        return float(_WORDS[plain] * factor)
    tens, _, ones = plain.partition("-")
    if tens in _WORDS and ones in _WORDS:
        return float((_WORDS[tens] + _WORDS[ones]) * factor)
    try:
        return round(float(re.sub(r"[,  ]", "", plain)) * factor, 6)
    except ValueError:
        return None
