"""An invented world of feeds with what goes wrong in it, drawn from a seeded generator: what the schedule is tried on.

Nothing here knows the schedule. Rates, rhythms, bursts, outages and deaths are assumptions, written down in the numbers below.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

START = datetime(2024, 1, 1, tzinfo=UTC)  # a Monday
DAY = 86_400.0
WINDOW = 20  # entries that a feed lists

# share of the feeds, entries a day from .. to, working hours (local), share of a weekend day, chance that an entry starts a burst
KINDS = {
    "wire": (0.08, 60, 200, (0, 24), 0.6, 0.10),
    "newspaper": (0.34, 8, 40, (6, 23), 0.5, 0.12),
    "specialist": (0.26, 0.5, 3, (8, 19), 0.1, 0.10),
    "weekly": (0.16, 0.15, 0.45, (9, 17), 0.0, 0.15),
    "sporadic": (0.16, 0.05, 0.15, (9, 18), 0.1, 0.10),
}
# share of the feeds that meet each fate; the others only know blips, short outages and holidays
FATES = {"stops": 0.04, "pauses": 0.02, "vanishes": 0.03, "gone": 0.01, "outage": 0.04, "html": 0.02}
BLIP = 0.003  # of all visits: no answer once
OUTAGES_A_MONTH, OUTAGE_HOURS = 0.7, (0.2, 4.0)
HOLIDAY_SHARE, HOLIDAY_DAYS = 0.3, 2.0


@dataclass(slots=True)
class SimulatedFeed:
    """One feed: when it publishes, and when its server does what. Times are seconds since START."""

    name: str
    kind: str
    fate: str
    has_etag: bool
    published: list[float]
    fate_from: float = math.inf
    fate_until: float = math.inf
    outages: list[tuple[float, float]] = field(default_factory=list)
    holiday: float = math.inf

    def status(self, at: float, blip: random.Random) -> int:
        """What its server answers: 200, 0 (no answer), 404, 410 or 299 (an HTML page)."""
        in_fate = self.fate_from <= at < self.fate_until
        if in_fate and self.fate in {"vanishes", "gone", "html", "outage"}:
            return {"vanishes": 404, "gone": 410, "html": 299, "outage": 0}[self.fate]
        if any(start <= at < end for start, end in self.outages) or blip.random() < BLIP:
            return 0
        return 200

    def down_for(self, at: float) -> float:
        """Seconds since which it has given no feed at all; 0 where it does."""
        spans = [*self.outages, *([(self.fate_from, self.fate_until)] if self.fate not in {"", "stops", "pauses"} else [])]
        return max((at - start for start, end in spans if start <= at < end), default=0.0)

    def is_silenced(self, at: float) -> bool:
        """Whether its publisher has stopped, for good or for a while."""
        return self.fate in {"stops", "pauses"} and self.fate_from <= at < self.fate_until


def make_world(feeds: int, days: int, seed: int) -> list[SimulatedFeed]:
    """So many feeds over so many days; the same seed, the same world."""
    kinds = [kind for kind, (share, *_) in KINDS.items() for _ in range(round(share * feeds))]
    fates = [fate for fate, share in FATES.items() for _ in range(round(share * feeds))]
    drawn = random.Random(seed)
    fates += [""] * (len(kinds) - len(fates))
    drawn.shuffle(fates)
    return [_feed(f"{kind}-{number}", kind, fate, days, seed) for number, (kind, fate) in enumerate(zip(kinds, fates, strict=True))]


def _feed(name: str, kind: str, fate: str, days: int, seed: int) -> SimulatedFeed:
    drawn = random.Random(f"{seed} {name}")
    start, end = math.inf, math.inf
    if fate:
        start = drawn.uniform(0.3, 0.7) * days * DAY
        lasting = {"pauses": (12, 20), "outage": (1, 5), "html": (2, 10)}
        end = start + drawn.uniform(*lasting[fate]) * DAY if fate in lasting else math.inf
    times = _publications(kind, days, drawn)
    if fate in {"stops", "pauses"}:
        times = [time for time in times if not start <= time < end]
    if kind in {"newspaper", "specialist"} and drawn.random() < HOLIDAY_SHARE:
        holiday = drawn.uniform(5, days - 5) * DAY
        times = [time for time in times if not holiday <= time < holiday + HOLIDAY_DAYS * DAY]
    else:
        holiday = math.inf
    outages = []
    for _ in range(days):
        if drawn.random() < OUTAGES_A_MONTH / 30:
            at = drawn.uniform(0, days * DAY)
            outages.append((at, at + drawn.uniform(*OUTAGE_HOURS) * 3600))
    return SimulatedFeed(name, kind, fate, drawn.random() < 0.6, times, start, end, outages, holiday)


def _publications(kind: str, days: int, drawn: random.Random) -> list[float]:
    """From before START on, so that a feed lists something at the first visit."""
    _, low, high, (opens, closes), weekend, burst = KINDS[kind]
    rate = math.exp(drawn.uniform(math.log(low), math.log(high)))
    zone = drawn.choice([-5, 0, 1, 3, 8, 9])
    own_day = drawn.randrange(5)  # of a weekly
    peak = drawn.uniform(opens + 1, closes - 1)

    def weight(at: float) -> float:
        local = START + timedelta(seconds=at) + timedelta(hours=zone)
        hour, weekday = local.hour + local.minute / 60, local.weekday()
        if kind == "weekly":
            return 7.0 * 4.0 if weekday == own_day and abs(hour - peak) < 3 else 0.0
        day = (weekend if weekday >= 5 else 1.0) / ((5 + 2 * weekend) / 7)
        open_ = 1.0 + 0.8 * math.cos((hour - peak) / 24 * 2 * math.pi) if opens <= hour < closes else 0.05
        return day * open_ * 24 / (closes - opens)

    top = rate * 7 * 4.0 if kind == "weekly" else rate * 1.8 * 24 / (closes - opens) * 1.5
    times, at, end = [], -max(7.0, 30 / rate) * DAY, days * DAY
    while True:
        at += drawn.expovariate(top / DAY)
        if at >= end:
            break
        if drawn.random() * top < rate * weight(at):
            times.append(at)
            if drawn.random() < burst:
                times += [at + drawn.uniform(60, 3600) for _ in range(drawn.randint(2, 6))]
    return sorted(time for time in times if time < end)
