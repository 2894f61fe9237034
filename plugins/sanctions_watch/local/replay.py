"""The bundled replay as the launcher sees it: its feeds' real addresses, its clock over stops and starts, and when it has gone through."""

from __future__ import annotations

import json
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sanctions_watch.clock import VirtualClock
from sanctions_watch.data import include

if TYPE_CHECKING:
    from pathlib import Path

    from sanctions_watch.local.place import Place
    from sanctions_watch.local.sample_server import Timeline
    from sanctions_watch.ports import Counts

SPEED = 8640.0  # a day in ten seconds
_SETTLED_SECONDS = 10.0  # so long nothing may change before the replay counts as gone through
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def resume_clock(place: Place, timeline: Timeline, lead: timedelta, now: datetime) -> VirtualClock:
    """The replay's clock from ``now + lead`` on, where the last run left it; past the end it runs at real speed."""
    written = place.remembered("clock").get("virtual")
    start = datetime.fromisoformat(written) if written else timeline.start
    if start >= timeline.end:
        return VirtualClock(start, now + lead, 1.0)
    return VirtualClock(start, now + lead, SPEED, timeline.end)


def remember_clock(place: Place, clock: VirtualClock) -> None:
    """Write down the virtual time: a later start goes on from there."""
    place.remember("clock", {"virtual": clock.now().isoformat(), "written": datetime.now(UTC).isoformat()})


def write_feeds(place: Place, port: int) -> Path:
    """The registry of the replay's feeds with the address of the running sample server."""
    path = place.var / "sample-feeds.yaml"
    text = include("sample/feeds.yaml").read_text(encoding="utf-8").replace("{sample}", f"http://127.0.0.1:{port}")
    path.write_text(text, encoding="utf-8")
    return path


def server_status(port: int) -> dict[str, Any]:
    """What /status.json of the sample server says, empty where it does not answer."""
    try:
        with _DIRECT.open(f"http://127.0.0.1:{port}/status.json", timeout=3) as answer:
            told: dict[str, Any] = json.load(answer)
    except (OSError, ValueError):
        return {}
    return told


class Settling:
    """Whether everything has come to rest: all handed out, nothing waiting, and no figure changed for a while.

    One look is not enough: between a feed's answer and the entry in the warehouse nothing waits either.
    """

    def __init__(self) -> None:
        self._figures: object = None
        self._since = 0.0

    def has_gone_through(self, counts: Counts, *, is_delivered: bool, at: float) -> bool:
        """Take one look; ``at`` is a monotonic time in seconds."""
        figures = (counts.entries, counts.articles, counts.claims, counts.alerts, counts.mails_sent)
        if not is_delivered or counts.waiting or figures != self._figures:
            self._figures, self._since = figures, at
            return False
        return at - self._since >= _SETTLED_SECONDS
