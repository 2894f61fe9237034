"""robots.txt: what a site lets be read, after RFC 9309.

A copy is good for a day, or as long as its own Cache-Control says between an hour and a day. Where there is none (4xx) everything may
be read. Where the site cannot say (5xx, no answer) nothing may be read; after ``_PATIENCE`` the last known copy counts again, or, where
there never was one, everything may be read once ``_FORGET`` has passed (RFC 9309, 2.3.1.4).
"""

from __future__ import annotations

import json
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from protego import Protego

from sanctions_watch.records import FetchRequest, FetchResult

log = logging.getLogger("sanctions_watch")

NAME = "SanctionsWatch"  # the product token of the User-Agent, which robots.txt files may name
MAX_BYTES = 512_000  # RFC 9309 asks for at least 500 KiB
MAX_CRAWL_DELAY = 10.0  # seconds; a site that asks for more is read this slowly, in small batches
_KEPT = 5_000  # hosts in memory
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_RETRY = timedelta(minutes=5)  # before a site that could not say is asked again
_PATIENCE = timedelta(days=1)
_FORGET = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Robots:
    """What is known of one site's robots.txt. ``text`` is the last good copy, None where there never was one."""

    text: str | None
    expires_at: datetime
    failing_since: datetime | None = None
    fault: str = ""  # why there is none

    def is_open(self, now: datetime) -> bool:
        """Whether the last good copy counts."""
        if self.failing_since is None:
            return True
        return now - self.failing_since >= (_FORGET if self.text is None else _PATIENCE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``refusal`` says why the page may not be read, "" where it may, and ``is_passing`` whether it may be asked later; ``delay`` is what the site asks for, in seconds, capped."""

    refusal: str = ""
    is_passing: bool = False
    delay: float = 0.0


class RobotsCache:
    """The copies by site, for as long as the process lives; in ``folder`` also for other processes of this machine."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._known: OrderedDict[str, Robots] = OrderedDict()

    def get(self, site: str) -> Robots | None:
        """What is known of the site, be it expired."""
        found = self._known.get(site) or self._read(site)
        if found is not None:
            self._known[site] = found
            self._known.move_to_end(site)
        return found

    def put(self, site: str, robots: Robots) -> None:
        """Remember; the longest unused is forgotten where there are too many."""
        self._known[site] = robots
        self._known.move_to_end(site)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        self._write(site, robots)

    def _path(self, site: str) -> Path | None:
        return self._folder / f"{sha256(site.encode()).hexdigest()[:32]}.json" if self._folder else None

    def _read(self, site: str) -> Robots | None:
        path = self._path(site)
        if path is None:
            return None
        try:
            row = json.loads(path.read_text(encoding="utf-8"))
            failing = row["failing_since"]
            since = datetime.fromisoformat(failing) if failing else None
            return Robots(row["text"], datetime.fromisoformat(row["expires_at"]), since, row["fault"])
        except (OSError, ValueError, KeyError, TypeError):
            return None  # never written, or cut off: as if nothing were known

    def _write(self, site: str, robots: Robots) -> None:
        path = self._path(site)
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(f".{id(robots)}.new")
            draft.write_text(json.dumps(asdict(robots), default=datetime.isoformat), encoding="utf-8")
            draft.replace(path)
        except OSError as error:
            log.warning("fetch.robots_not_kept site=%s %s", site, error)


async def verdict(
    site: str, url: str, cache: RobotsCache, now: datetime, fetch: Callable[[FetchRequest], Awaitable[FetchResult]]
) -> Verdict:
    """Whether ``url`` may be read. ``site`` is scheme, host and port."""
    known = cache.get(site)
    if known is None or known.expires_at <= now:
        result = await fetch(FetchRequest(f"{site}/robots.txt", "robots", max_bytes=MAX_BYTES))
        if result.status == 0 and result.failure == "hard":
            return Verdict()  # no such host, or one that must not be reached: the page itself will fail, and say why
        known = learn(known, result, now)
        cache.put(site, known)
    return judge(known, site, url, now)


def learn(known: Robots | None, result: FetchResult, now: datetime) -> Robots:
    """What is known after an answer."""
    if 200 <= result.status < 300 and not result.error:
        return Robots(result.body.decode("utf-8", "replace").lstrip("\ufeff"), now + _lifetime(result.max_age_seconds))
    if 300 <= result.status < 500 and result.status != 429:
        return Robots("", now + _lifetime(result.max_age_seconds))
    wait = timedelta(seconds=min(result.retry_after_seconds or 0, _DAY.total_seconds()))
    since = known.failing_since if known and known.failing_since else now
    return replace(known or Robots(None, now), expires_at=now + max(_RETRY, wait), failing_since=since, fault=result.error)


def judge(known: Robots, site: str, url: str, now: datetime) -> Verdict:
    """Whether ``url`` may be read by what is known."""
    if not known.is_open(now):
        return Verdict(f"{site}/robots.txt cannot be read ({known.fault}): nothing of the site is until it can", is_passing=True)
    rules = _rules(known.text or "")
    asked = rules.crawl_delay(NAME)
    delay = min(float(asked), MAX_CRAWL_DELAY) if asked and asked > 0 else 0.0
    return Verdict("" if rules.can_fetch(url, NAME) else f"{site}/robots.txt does not allow {NAME} this page", delay=delay)


@lru_cache(maxsize=200)
def _rules(text: str) -> Protego:
    return Protego.parse(text)


def _lifetime(max_age: int | None) -> timedelta:
    return _DAY if max_age is None else min(_DAY, max(_HOUR, timedelta(seconds=max_age)))
