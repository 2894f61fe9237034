"""What a claim tells about an allegation, in a form in which the same fact told twice is one fact."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sanctions_watch.records import Actor, Attribution, Claim, Fact, FactKind, Quantity
from sanctions_watch.stages.assess import identity
from sanctions_watch.stages.assess.sources import (
    Root,
    chain,
    document_kind,
    is_author,
    is_hearsay,
    is_nameless,
    is_own_document,
    is_relay,
    same_person_or_body,
    source,
)
from sanctions_watch.text import fold, squeeze

# How firmly it is told. That a speaker adds "if the reports prove accurate" is no firmer or softer news than an allegation.
FIRMNESS: dict[str, int] = {"withdrawn": -1, "denied": -1, "conditional": 0, "alleged": 0, "documented": 1, "confirmed": 2}
_WORDING = {
    "conditional": "alleged on a condition",
    "alleged": "alleged",
    "documented": "alleged, with documents",
    "confirmed": "confirmed by a verdict, a fine or an admission",
}
SAME_NUMBER = 0.03  # "about $1.5 billion" and "$1.46 billion" are one figure, told roundly

_SMALL = {word: value for value, word in enumerate(
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
)}  # fmt: skip
_SMALL |= dict(zip(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], range(20, 100, 10), strict=True))
_LARGE = {
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "m": 10**6,
    "mn": 10**6,
    "bn": 10**9,
}
_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_TOKEN = re.compile(r"\d[\d,]*(?:\.\d+)?|[a-z]+")

# Units told in several words. The head noun decides: "North Korean guest workers" are workers.
_UNITS = {
    "worker": "worker worker labourer laborer employee labour labor workman",
    "permit": "permit visa authorisation authorization licence license",
    "tonne": "tonne ton t mt",
    "barrel": "barrel bbl",
    "usd": "usd dollar",
    "euro": "euro eur",
    "won": "won krw",
    "yuan": "yuan cny rmb renminbi",
    "rouble": "rouble ruble rub",
    "yen": "yen jpy",
    "soldier": "soldier troop serviceman trooper",
    "shell": "shell round munition",
    "missile": "missile projectile",
    "vessel": "vessel ship boat tanker freighter",
    "container": "container box",
    "time": "time occasion transfer",
    "person": "person people man woman national citizen individual north_korean",
    "percent": "percent % per_cent",
    "company": "company firm enterprise business entity",
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_CURRENCIES = {"$": "usd", "€": "euro", "¥": "yen", "₩": "won", "₽": "rouble"}


@dataclass(frozen=True, slots=True)
class Known:
    """The facts an allegation has, asked whether they hold another."""

    facts: Sequence[Fact]

    def of(self, kind: FactKind) -> list[Fact]:
        """Those of one kind."""
        return [fact for fact in self.facts if fact.kind == kind]

    def holds(self, fact: Fact) -> bool:
        """Whether this fact is known, in these words or in others."""
        return any(_same(known, fact) for known in self.of(fact.kind))


def facts_of(claim: Claim, accused: Actor, root: Root, published_at: datetime) -> Iterator[Fact]:
    """Everything an accepted violation claim tells about the allegation against ``accused``, in the order a mail names it.

    A root that nobody is named for is marked ``~`` in its key: it stands only where no better one is known.
    """
    weak = "" if root.strength == "named" else "~"
    label = root.source.label if root.strength != "own" else f"{root.source.label} (names no source)"
    yield Fact("root", f"{weak}{root.source.key}", label, claim.claim_id)
    yield from _voices(claim, accused, root)
    yield from _documents(claim, root)
    yield from numbers_of(claim)
    for actor in _parties(claim, accused):
        imo = f", IMO {actor.imo}" if actor.imo else ""
        yield Fact("party", identity.party_key(actor), f"{actor.name}{imo}", claim.claim_id)
    if (place := identity.place_key(claim.place)) and not _is_country_of(claim.place, accused):
        yield Fact("place", place, squeeze(claim.place), claim.claim_id)
    if claim.period is not None and (days := identity.conduct_days(claim, accused, published_at)) is not None:
        yield Fact("date", str(identity.Event(*days)), _days(days, claim.period.written), claim.claim_id)
    yield Fact("wording", claim.modality, _WORDING.get(claim.modality, claim.modality), claim.claim_id)


def _parties(claim: Claim, accused: Actor) -> list[Actor]:
    parties = identity.parties_of(claim, accused)
    if identity.key_of(accused) in {identity.key_of(actor) for actor in identity.accused_of(claim)}:
        return parties
    # A ship's owner, accused by itself, told of a ship that the ledger knows.
    return [*identity.accused_of(claim), *parties]


def _voices(claim: Claim, accused: Actor, root: Root) -> Iterator[Fact]:
    steps = chain(claim, accused)
    is_inferred_alone = all(step.is_inferred for step in steps)
    for step in steps:
        who = source(step.name, step.kind)
        if step.is_inferred and is_inferred_alone and step.kind in {"government", "official", "organisation"}:
            yield Fact("accuser", who.key, f"{who.label} (inferred)", claim.claim_id)
        elif not (is_nameless(step) or is_hearsay(step) or is_relay(step, root)):
            yield Fact("accuser", who.key, who.label if who.is_known else squeeze(step.name), claim.claim_id)


def _documents(claim: Claim, root: Root) -> Iterator[Fact]:
    for step in claim.attributions:
        if is_own_document(step) and not is_author(step, root):
            holder = "?" if root.strength == "own" else root.source.key  # whoever retells does not say who holds it
            yield Fact("document", f"{document_kind(step.name)}@{holder}", _document_value(step, root), claim.claim_id)


def _document_value(step: Attribution, root: Root) -> str:
    name = squeeze(step.name)
    if source(step.name, step.kind).is_known or root.strength == "own":
        return name
    return name if fold(root.source.label) in fold(name) else f"{name} (held by {root.source.label})"


def numbers_of(claim: Claim) -> Iterator[Fact]:
    """The figures a claim tells, as facts; vague ones ("thousands") are none."""
    for quantity in claim.quantities:
        value, unit = amount(quantity, claim.object)
        if value is not None:
            yield Fact("number", f"{unit}={value:g}", squeeze(quantity.written) or f"{value:g} {unit}", claim.claim_id)


def denial_of(claim: Claim, accused: Actor) -> Fact:
    """The denial that a claim holds. A state's officials deny with one voice: their second denial is nothing new."""
    deniers = [step for step in claim.attributions if step.stance == "denies"] or list(claim.attributions[:1])
    denier = deniers[0] if deniers else None
    speaks_for_accused = denier is None or _speaks_for(denier, accused)
    who = squeeze(denier.name) if denier is not None else accused.name
    key = identity.key_of(accused) if speaks_for_accused or denier is None else source(denier.name, denier.kind).key
    return Fact("denial", key, who, claim.claim_id)


def _speaks_for(denier: Attribution, accused: Actor) -> bool:
    if denier.kind in {"government", "official"}:
        # A foreign ministry does not speak for a company, though an "official" who bears its name does.
        return accused.kind == "state" or bool(set(fold(denier.name).split()) & set(fold(accused.name).split()))
    return denier.kind == "person" or accused.kind != "state"


def amount(quantity: Quantity, about: str = "") -> tuple[float | None, str]:
    """A quantity's value and unit, however it is written; the value is None for a vague one.

    >>> amount(Quantity(None, "", "ten thousand labourers"))
    (10000.0, 'worker')
    """
    written = fold(quantity.written).replace("per cent", "per_cent")
    value = quantity.value
    if value is None:
        value = parse_number(quantity.written)
    elif (
        (multiplier := _multiplier(quantity.written)) > 1 and value < 1000 and value * multiplier == parse_number(quantity.written)
    ):
        value *= multiplier  # given as it stands before "billion"
    if value is not None and not math.isfinite(value):
        value = None
    return (None if value is None else float(value)), unit_of(quantity.unit) or _written_unit(quantity.written, written) or unit_of(
        about
    ) or "?"


def unit_of(unit: str) -> str:
    """A unit under its common name: the last noun, in the singular, and one word for its synonyms."""
    for sign, currency in _CURRENCIES.items():
        if sign in unit:
            return currency
    words = [word for word in fold(unit.replace("%", " percent ")).split() if not word.isdecimal()]
    return _singular(words[-1]) if words else ""


def _written_unit(raw: str, written: str) -> str:
    for sign, currency in _CURRENCIES.items():
        if sign in raw:
            return currency
    words = [word for word in written.split() if not word[0].isdecimal() and word not in _SMALL and word not in _LARGE]
    known = [unit for word in words if (unit := _UNIT_OF.get(word) or _UNIT_OF.get(_strip_plural(word)))]
    return known[-1] if known else (_singular(words[-1]) if words else "")


def _singular(word: str) -> str:
    irregular = {"men": "man", "women": "woman", "servicemen": "serviceman", "workmen": "workman", "people": "people"}
    word = irregular.get(word, word)
    return _UNIT_OF.get(word) or _UNIT_OF.get(_strip_plural(word)) or _strip_plural(word)


def _strip_plural(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _multiplier(written: str) -> int:
    return max((_LARGE[word] for word in _TOKEN.findall(written.casefold()) if word in _LARGE), default=1)


def parse_number(written: str) -> float | None:
    """The first number in digits or words: "10,000", "ten thousand", "$1.5 billion"; None for "thousands"."""
    total, current, has_begun = 0.0, 0.0, False
    for word in _TOKEN.findall(written.casefold().replace("-", " ")):
        if _DIGITS.fullmatch(word):
            if has_begun:
                break
            current, has_begun = float(word.replace(",", "")), True
        elif word in _SMALL:
            current, has_begun = current + _SMALL[word], True
        elif word in _LARGE and has_begun:
            factor = _LARGE[word]
            if factor == _LARGE["hundred"]:
                current = (current or 1) * factor
            else:
                total, current = total + (current or 1) * factor, 0.0
        elif has_begun and word != "and":
            break
    return total + current if has_begun else None


def _same(known: Fact, new: Fact) -> bool:
    if known.key == new.key:
        return True
    match known.kind:
        case "root" | "accuser" | "denial":
            return same_person_or_body(known.key.lstrip("~"), new.key.lstrip("~"))
        case "document":
            return _same_document(known.key, new.key)
        case "number":
            return _same_number(known.key, new.key)
        case "place":
            return identity.same_place(known.key, new.key)
        case "party":
            return _same_party(known.key, new.key)
        case "date":
            return _same_days(known.key, new.key)
        case "wording":
            return FIRMNESS.get(known.key, -9) >= FIRMNESS.get(new.key, 9)


def _same_party(known: str, new: str) -> bool:
    return known.partition(" (")[0] == new.partition(" (")[0]


def _same_document(known: str, new: str) -> bool:
    (kind, _, holder), (other_kind, _, other) = known.partition("@"), new.partition("@")
    return kind == other_kind and (holder == other or "?" in {holder, other})


def _same_number(known: str, new: str) -> bool:
    (unit, _, a), (other, _, b) = known.partition("="), new.partition("=")
    if unit != other and "?" not in {unit, other}:
        return False
    left, right = float(a), float(b)
    return left == right or (_is_rounded(left, right) and abs(left - right) <= SAME_NUMBER * max(abs(left), abs(right)))


def _is_rounded(left: float, right: float) -> bool:
    """Whether one is the other, rounded to as many digits as it shows."""
    return any(float(f"{fine:.{_shown(coarse)}g}") == coarse for coarse, fine in ((left, right), (right, left)))


def _shown(value: float) -> int:
    return max(1, len(f"{value:.12g}".lstrip("-0.").replace(".", "").rstrip("0")))


def _same_days(known: str, new: str) -> bool:
    """A time within a known one, or around it, is told less or more precisely, and not another time."""
    a, b = identity.read_event(known), identity.read_event(new)
    if a is None or b is None:
        return False
    return a.first - identity.LAUNCH_TOLERANCE <= b.last and b.first - identity.LAUNCH_TOLERANCE <= a.last


def _days(days: tuple[date, date], written: str) -> str:
    said = squeeze(written)
    resolved = days[0].isoformat() if days[0] == days[1] else f"{days[0].isoformat()} to {days[1].isoformat()}"
    return f"{resolved} (“{said}”)" if said else resolved


def _is_country_of(place: str, accused: Actor) -> bool:
    """Whether the place says no more than the accused does: "Russia" of Russia."""
    return fold(place) in {fold(accused.name), "north korea"}


def number_unit(fact: Fact) -> str:
    """The unit of a number's key."""
    return fact.key.partition("=")[0]


def with_first_of_each(facts: Iterable[Fact]) -> list[Fact]:
    """The facts without those that an earlier one already tells."""
    kept: list[Fact] = []
    for fact in facts:
        if not Known(kept).holds(fact):
            kept.append(fact)
    return kept
