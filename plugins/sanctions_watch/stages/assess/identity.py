"""What makes claims one allegation: accused, conduct, counterpart, and one episode or one event.

Texts are never compared: actor, conduct, party and time decide. An episode ends with a gap of 90 days between publications, unless the
text tells of a known day. An event-like conduct has an event as well: two launches are two allegations.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sanctions_watch import taxonomy
from sanctions_watch.records import Actor, Allegation, Claim, Period
from sanctions_watch.text import accused_key, fold, squeeze

EPISODE = timedelta(days=90)
EVENT_TOLERANCE = timedelta(days=3)  # reports of one event differ by so much: time zones, "on Monday", a transfer over two nights
LAUNCH_TOLERANCE = timedelta(days=1)  # tests are dated to the hour, and may follow one another within days
SAME_VICTIM_TOLERANCE = timedelta(days=14)  # one exchange is not robbed twice in a fortnight; theft and discovery lie apart
UNDATED_REACH = timedelta(days=14)  # "the launch" without a date is the last one, if it is not long ago
STATEMENT = timedelta(days=4)  # between a statement and the paper that reports it
LONGEST_EVENT = timedelta(days=31)
BACKGROUND = timedelta(days=30)  # how far behind the newest event of an article a told one is its background

RETROSPECT = timedelta(days=5 * 365)  # what ended before is history when it is first told: monitors and courts are quicker

# What the press calls one deed of one ship: the transfer, the oil that went over, the name painted out for it.
SHIP_DEEDS = frozenset({"sea.sts", "oil.refined_cap", "oil.crude_cap", "sea.identity_fraud"})

DIPLOMATS_DEED = "dipl.abuse"
CARRIED = frozenset({"fin.gold", "fin.services_cash", "import.luxury", "export.minerals", "export.other_goods"})

_COMPANY_ENDING = frozenset(
    [
        "co",
        "ltd",
        "limited",
        "inc",
        "llc",
        "corp",
        "corporation",
        "company",
        "plc",
        "gmbh",
        "pte",
        "jsc",
        "ooo",
        "sdn",
        "bhd",
        "ag",
        "sa",
        "llp",
        "fze",
    ]
)
_SHIP_PREFIX = frozenset({"mv", "mt", "ms", "ss", "the", "vessel", "tanker", "ship", "m", "v", "t"})
_PLACE_WORDS = frozenset(
    [
        "the",
        "port",
        "of",
        "near",
        "off",
        "in",
        "at",
        "on",
        "coast",
        "waters",
        "province",
        "region",
        "city",
        "town",
        "county",
        "airport",
        "harbour",
        "harbor",
    ]
)
_NAMED = frozenset({"company", "person", "vessel", "bank", "organisation"})
_OWNERS = frozenset({"company", "person", "bank", "organisation", "unknown"})
_PARTY = re.compile(r"(?P<name>.+?) \((?P<country>[A-Z]{2})\)\Z")


@dataclass(frozen=True, slots=True)
class Event:
    """When (first and last day, both included) and where something happened; ``place`` is "" where it is not told."""

    first: date
    last: date
    place: str = ""

    def __str__(self) -> str:
        days = self.first.isoformat() if self.first == self.last else f"{self.first.isoformat()}..{self.last.isoformat()}"
        return f"{days}@{self.place}" if self.place else days


@dataclass(frozen=True, slots=True)
class Identity:
    """What an allegation is recognised by. ``counterparts`` are keys; ``root_keys`` and ``story_ids`` help where a text says little."""

    accused: Actor
    conduct: str
    counterparts: frozenset[str]
    event: Event | None
    place: str
    first_published_at: datetime
    last_published_at: datetime
    root_keys: frozenset[str] = frozenset()
    story_ids: frozenset[str] = frozenset()


def canonical(actor: Actor) -> Actor:
    """The actor under the name that all its mentions share: without "M/V", "the", "Co., Ltd."."""
    words = squeeze(actor.name).split()
    if actor.kind == "vessel":
        while len(words) > 1 and all(part in _SHIP_PREFIX for part in fold(words[0]).split()):
            words = words[1:]
    elif actor.kind in {"company", "bank", "organisation"}:
        while len(words) > 1 and fold(words[-1]) and all(part in _COMPANY_ENDING for part in fold(words[-1]).split()):
            words = words[:-1]
        if len(words) > 1 and words[0].casefold() == "the":
            words = words[1:]
    return replace(actor, name=" ".join(words).rstrip(",;& ") or actor.name)


def key_of(actor: Actor) -> str:
    """The ledger's key of an actor, after ``canonical``."""
    return accused_key(actor.name, actor.kind, actor.country)


def accused_of(claim: Claim) -> list[Actor]:
    """Whom a claim accuses, each once. Where it accuses a ship together with its owner, the ship: the owner is a party."""
    actors = list({key_of(actor): actor for actor in map(canonical, claim.accused) if key_of(actor)}.values())
    if any(actor.kind == "vessel" for actor in actors):
        return [actor for actor in actors if actor.kind not in _OWNERS]
    return actors


def as_deeds(claims: Sequence[Claim]) -> list[Claim]:
    """The claims, with what a diplomat is caught carrying told as the diplomat's deed: one sentence on it is one allegation."""
    diplomatic = {
        (key_of(actor), claim.spans[:1])
        for claim in claims
        if claim.conduct == DIPLOMATS_DEED and claim.is_violation
        for actor in accused_of(claim)
    }
    return [
        replace(claim, conduct=DIPLOMATS_DEED)
        if claim.conduct in CARRIED and {(key_of(actor), claim.spans[:1]) for actor in accused_of(claim)} <= diplomatic
        else claim
        for claim in claims
    ]


def parties_of(claim: Claim, accused: Actor) -> list[Actor]:
    """The other side as the claim tells it, and a ship's owner. North Korea is everybody's other side and tells nothing."""
    others = [canonical(actor) for actor in claim.counterparts]
    if accused.kind == "vessel":
        others += [canonical(actor) for actor in claim.accused if actor.kind in _OWNERS]
    own = {key_of(accused), accused.country}
    return list(
        {
            key_of(actor): actor
            for actor in others
            if actor.kind != "unknown"
            and key_of(actor) not in {"", "KP", *own}
            and not (actor.kind == "state" and not actor.country)
        }.values()
    )


def party_key(actor: Actor) -> str:
    """A counterpart's key: "RU", "lady r (RU)", "wan heng 11"."""
    if actor.kind == "state":
        return actor.country
    return f"{key_of(actor)} ({actor.country})" if actor.country else key_of(actor)


def counterpart_keys(claim: Claim, accused: Actor) -> frozenset[str]:
    """The counterparts that tell one allegation from another: not a ship's owner, whom any report may add."""
    owners = {key_of(canonical(actor)) for actor in claim.accused if actor.kind in _OWNERS} if accused.kind == "vessel" else set()
    return frozenset(party_key(actor) for actor in parties_of(claim, accused) if key_of(actor) not in owners)


def place_key(place: str) -> str:
    """A place without the words around its name: "the port of Rason" is "rason"."""
    words = [word for word in fold(place).split() if word not in _PLACE_WORDS]
    return " ".join(words)


def same_place(left: str, right: str) -> bool:
    """Whether two place keys name one place, or one lies in the other as far as their words say."""
    a, b = set(left.split()), set(right.split())
    return a <= b or b <= a


def is_event(conduct: str, accused: Actor) -> bool:
    """Whether the conduct happens at a time, and is not kept up; of a ship, oil and masks are told for the transfer at sea."""
    return taxonomy.conduct(conduct).is_event or (accused.kind == "vessel" and conduct in SHIP_DEEDS)


def event_of(claim: Claim, accused: Actor) -> Event | None:
    """The event that a claim of event-like conduct dates, None where it does not, or only to a season or a year."""
    if not is_event(claim.conduct, accused):
        return None
    days = dated(claim.period)
    if days is None or days[1] - days[0] > LONGEST_EVENT:
        return None
    return Event(*days, place_key(claim.place))


def conduct_days(claim: Claim, accused: Actor, published_at: datetime) -> tuple[date, date] | None:
    """The days that a claim dates its conduct to, None where they say when somebody spoke.

    What is kept up (permits, joint ventures) is not done on the day before the paper came out: that is the day of the statement.
    """
    days = dated(claim.period)
    if days is None or claim.period is None or is_event(claim.conduct, accused):
        return days
    is_of_statement = claim.period.precision in {"day", "week"} and abs(published_at.date() - days[1]) <= STATEMENT
    return None if is_of_statement else days


def dated(period: Period | None) -> tuple[date, date] | None:
    """The first and last day of a period that is told to a day, week or month; None for a vaguer one, or one that ends before it begins."""
    if period is None or period.first is None or period.precision not in {"day", "week", "month"}:
        return None
    last = period.last or period.first
    return (period.first, last) if period.first <= last else None


def read_event(event_key: str) -> Event | None:
    """The inverse of ``str(Event)``; None for "" and for a key that holds only a place."""
    days, _, place = event_key.partition("@")
    if not days:
        return None
    first, _, last = days.partition("..")
    return Event(date.fromisoformat(first), date.fromisoformat(last or first), place)


def of_allegation(allegation: Allegation) -> Identity:
    """How a known allegation is recognised."""
    event = read_event(allegation.event_key)
    return Identity(
        accused=allegation.accused,
        conduct=allegation.conduct,
        counterparts=frozenset(filter(None, allegation.counterpart.split(" + "))),
        event=event,
        place=allegation.event_key.partition("@")[2],
        first_published_at=allegation.first_published_at,
        last_published_at=allegation.last_published_at,
        root_keys=frozenset(fact.key.lstrip("~") for fact in allegation.facts if fact.kind == "root"),
        story_ids=frozenset(allegation.story_ids),
    )


def of_claim(claim: Claim, accused: Actor, published_at: datetime, root_key: str, story_id: str) -> Identity:
    """How a claim against one accused would be recognised as an allegation of its own."""
    return Identity(
        accused=accused,
        conduct=claim.conduct,
        counterparts=counterpart_keys(claim, accused),
        event=event_of(claim, accused),
        place=place_key(claim.place) if is_event(claim.conduct, accused) else "",
        first_published_at=published_at,
        last_published_at=published_at,
        root_keys=frozenset({root_key}),
        story_ids=frozenset({story_id}),
    )


def event_key(identity: Identity) -> str:
    """What ``Allegation.event_key`` holds."""
    if identity.event is not None:
        return str(identity.event)
    return f"@{identity.place}" if identity.place else ""


def same_conduct(left: str, right: str, accused: Actor) -> bool:
    """Whether two conducts of one accused are one, or told as one another."""
    if accused.kind == "vessel" and {left, right} <= SHIP_DEEDS:
        return True
    return left == right or right in taxonomy.conduct(left).equivalents or left in taxonomy.conduct(right).equivalents


def fit(new: Identity, known: Identity) -> int | None:
    """How well a claim fits a known allegation, more is better; None where it is another allegation."""
    accused = _accused_fit(new, known)
    if accused is None or not same_conduct(new.conduct, known.conduct, new.accused):
        return None
    is_near = bool(new.story_ids & known.story_ids) or (
        bool(new.root_keys & known.root_keys) and abs(new.first_published_at - known.last_published_at) <= UNDATED_REACH
    )
    parties = _parties_fit(new, known, is_near=is_near)
    event = _event_fit(new, known, is_near=is_near)
    if parties is None or event is None:
        return None
    if not _one_episode(new, known):
        return None
    exact = 2 if new.conduct == known.conduct else 0
    return accused + exact + parties + event + (4 if new.story_ids & known.story_ids else 0)


def _accused_fit(new: Identity, known: Identity) -> int | None:
    if key_of(new.accused) == key_of(known.accused):
        return 4
    # The owner of a ship that the ledger knows, or the ship of an owner that it knows: the same deed.
    ship, owner = (new, known) if new.accused.kind == "vessel" else (known, new)
    if ship.accused.kind == "vessel" and owner.accused.kind in _OWNERS and key_of(ship.accused) in _bare(owner.counterparts):
        return 0
    return None


def _bare(parties: frozenset[str]) -> frozenset[str]:
    """The keys with and without their country, so that a mention without it is found."""
    return parties | {match["name"] for party in parties if (match := _PARTY.match(party))}


def _parties_fit(new: Identity, known: Identity, *, is_near: bool) -> int | None:
    a, b = new.counterparts, known.counterparts
    if not a and not b:
        return 1
    if _meet(a, b):
        return 3
    if key_of(new.accused) != key_of(known.accused):
        return 0  # owner and ship: joined by the ship's name
    named_new, named_known = _named(a), _named(b)
    if new.accused.kind in _NAMED and not (is_event(new.conduct, new.accused) and named_new and named_known):
        # A named accused is particular enough: a further partner is a fact. Another state on the other side is another deal.
        states = (a - named_new, b - named_known)
        return None if all(states) and not (states[0] & states[1]) else 0
    if named_new and named_known:
        return _conflicting(new, known)
    if named_new or named_known:
        if new.accused.kind != "state":
            return 0
        # A named ship, company, bank or person splits a state's episodes; a plain retelling belongs to the named one.
        return 0 if is_near or (not a and _close(new, known)) else None
    return 0 if not a or not b else None


def _conflicting(new: Identity, known: Identity) -> int | None:
    """Both name somebody else: one event all the same, where it is a named accused's of the same days."""
    if new.accused.kind in _NAMED and new.event and known.event and _apart(new.event, known.event) <= EVENT_TOLERANCE:
        return 0
    return None


def _meet(a: frozenset[str], b: frozenset[str]) -> bool:
    if _bare(a) & _bare(b):
        return True
    countries = [{match["country"] for party in side if (match := _PARTY.match(party))} for side in (a, b)]
    return bool(countries[0] & b or countries[1] & a)


def _named(parties: frozenset[str]) -> frozenset[str]:
    return frozenset(party for party in parties if not (len(party) == 2 and party.isupper()))


def _close(new: Identity, known: Identity) -> bool:
    return abs(new.first_published_at - known.last_published_at) <= UNDATED_REACH


def _event_fit(new: Identity, known: Identity, *, is_near: bool) -> int | None:
    if not (is_event(new.conduct, new.accused) and is_event(known.conduct, known.accused)):
        return 0
    shares_party = bool(_named(new.counterparts) and _meet(_named(new.counterparts), _named(known.counterparts)))
    if new.event and known.event:
        apart = _apart(new.event, known.event)
        if apart <= (LAUNCH_TOLERANCE if new.conduct == "wmd.test" else EVENT_TOLERANCE):
            return 3
        return 2 if shares_party and new.conduct == "fin.cyber" and apart <= SAME_VICTIM_TOLERANCE else None
    if not _places_agree(new, known):
        return None
    if new.event is None and known.event is None:
        return 2
    if is_near or shares_party or (new.accused.kind in _NAMED and _close(new, known)):
        return 1
    if new.event is None and known.event is not None:
        since = new.first_published_at.date() - known.event.last
        return 0 if timedelta(0) - EVENT_TOLERANCE <= since <= UNDATED_REACH else None
    return None


def _places_agree(new: Identity, known: Identity) -> bool:
    places = (new.event.place if new.event else new.place, known.event.place if known.event else known.place)
    return not all(places) or same_place(*places)


def _apart(left: Event, right: Event) -> timedelta:
    """The days between two events, none where they overlap."""
    return max(timedelta(0), left.first - right.last, right.first - left.last)


def _one_episode(new: Identity, known: Identity) -> bool:
    gap = max(known.first_published_at - new.last_published_at, new.first_published_at - known.last_published_at)
    if gap <= EPISODE:
        return True
    # The text refers back: it tells of the same days.
    return bool(new.event and known.event and _apart(new.event, known.event) <= LAUNCH_TOLERANCE)
