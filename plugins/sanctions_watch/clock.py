"""The two clocks: the real one, and a virtual one that replays an archive as if it were live."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sanctions_watch.errors import ConfigurationError

_SPEC = re.compile(r"(?P<start>\S+?)@(?P<origin>\S+?)x(?P<speed>[\d.]+)(?:until(?P<end>\S+))?\Z")


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The time, UTC."""
        return datetime.now(UTC)


@dataclass(slots=True)
class FixedClock:
    """A clock that stands where it is set: for the command's replay and for tests."""

    time: datetime

    def now(self) -> datetime:
        """The time it was set to."""
        return self.time


@dataclass(frozen=True, slots=True)
class VirtualClock:
    """Shows ``start`` when the real clock shows ``origin``, then runs ``speed`` times as fast until ``end``, and at real speed after it."""

    start: datetime
    origin: datetime
    speed: float
    end: datetime | None = None

    def now(self) -> datetime:
        """The virtual time, UTC."""
        return self.at(datetime.now(UTC))

    def at(self, real: datetime) -> datetime:
        """The virtual time at a real one; before ``origin`` it stands at ``start``."""
        passed = max(timedelta(0), real - self.origin)
        virtual = self.start + passed * self.speed
        if self.end is not None and virtual > self.end:
            rest = passed - (self.end - self.start) / self.speed
            return self.end + rest
        return virtual

    def spec(self) -> str:
        """The text that ``clock_from`` reads: START@ORIGINxSPEED[untilEND]."""
        until = f"until{self.end.isoformat()}" if self.end else ""
        return f"{self.start.isoformat()}@{self.origin.isoformat()}x{self.speed:g}{until}"


def clock_from(spec: str) -> SystemClock | VirtualClock:
    """The clock that a setting names: ``""`` is the system's; ``START@ORIGINxSPEED[untilEND]`` (ISO 8601 times) a virtual one.

    Raises ConfigurationError.
    """
    if not spec:
        return SystemClock()
    match = _SPEC.fullmatch(spec)
    try:
        if match is None:
            raise ValueError(spec)
        start, origin = (datetime.fromisoformat(match[name]).astimezone(UTC) for name in ("start", "origin"))
        end = datetime.fromisoformat(match["end"]).astimezone(UTC) if match["end"] else None
        speed = float(match["speed"])
        if speed <= 0:
            raise ValueError(spec)
    except ValueError as error:
        example = "2018-08-01T00:00:00+00:00@2026-01-01T00:00:00+00:00x8640"
        raise ConfigurationError(
            [f"SANCTIONS_WATCH_CLOCK={spec!r} is not START@ORIGINxSPEED[untilEND], for example {example}"]
        ) from error
    return VirtualClock(start, origin, speed, end)
