"""One batch of GETs: each request through its redirects to an answer, or to a failure that says what it weighs."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from time import monotonic

import httpx

from sanctions_watch.adapters.fetcher.addresses import checked, port_of
from sanctions_watch.adapters.fetcher.answers import check_headers, headers_for, read_answer
from sanctions_watch.adapters.fetcher.failures import SERVER_FAULTS, Failed, Weight, told
from sanctions_watch.adapters.fetcher.guard import GuardedBackend
from sanctions_watch.adapters.fetcher.hosts import Hosts
from sanctions_watch.adapters.fetcher.robots import RobotsCache, verdict
from sanctions_watch.ports import Clock
from sanctions_watch.records import FetchRequest, FetchResult
from sanctions_watch.urls import absolute_url

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class Manners:
    """How a batch behaves; times in seconds."""

    user_agent: str
    concurrency: int
    per_host: int
    delay: float
    header_timeout: float
    total_timeout: float
    max_redirects: int


@dataclass(slots=True)
class _Way:
    """How far one request has come."""

    url: str
    seconds_left: float
    moved_to: str = ""
    is_permanent: bool = True
    seconds: float = 0.0  # spent, the wait for a turn left out
    phase: str = "its turn did not come"
    seen: set[str] = field(default_factory=set)

    def redirected(self, status: int, target: str) -> None:
        """On to the next hop; the address is stored as long as every step was permanent."""
        self.is_permanent = self.is_permanent and status in _PERMANENT
        self.moved_to = target if self.is_permanent else self.moved_to
        self.url = target


class Batch:
    """The requests of one call of ``fetch``, on one client."""

    def __init__(
        self, client: httpx.AsyncClient, backend: GuardedBackend, clock: Clock, manners: Manners, robots: RobotsCache | None
    ) -> None:
        self._client, self._backend, self._clock, self._manners, self._robots = client, backend, clock, manners, robots
        self._hosts = Hosts(manners.concurrency, manners.per_host, manners.delay)
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """The answer to one request. Never raises for what a server does."""
        blank = FetchResult(request, self._clock.now())
        way = _Way(request.url, self._manners.total_timeout)
        try:
            found = await self._follow(request, blank, way)
        except Failed as error:
            found = _failure(blank, error.reason, error.failure, is_refused=error.is_refused)
        except SERVER_FAULTS as error:
            found = _failure(blank, *told(error, way.phase))
        return replace(found, fetched_at=self._clock.now(), seconds=way.seconds)

    async def _follow(self, request: FetchRequest, blank: FetchResult, way: _Way) -> FetchResult:
        """From hop to hop; each is checked, asked of robots.txt where it is a page, waits for its host's turn and counts."""
        for _ in range(self._manners.max_redirects + 1):
            url = checked(way.url, self._backend.allows, self._backend.ports)
            if way.url in way.seen:
                raise Failed("its redirects lead in a circle", "soft")
            way.seen.add(way.url)
            if request.purpose == "page" and self._robots is not None:
                await self._ask_robots(url, self._robots)
            async with self._turn(url), self._stopwatch(way), asyncio.timeout(way.seconds_left):
                found = await self._hop(request, blank, way)
            if found is not None:
                return found
        raise Failed(f"more than {self._manners.max_redirects} redirects", "soft")

    async def _hop(self, request: FetchRequest, blank: FetchResult, way: _Way) -> FetchResult | None:
        """One exchange: the result, or None where it led on."""
        way.phase = f"no header within {self._manners.header_timeout:g} s"
        async with asyncio.timeout(self._manners.header_timeout) as patience:
            async with self._client.stream("GET", way.url, headers=headers_for(request, self._manners.user_agent)) as response:
                patience.reschedule(None)
                way.phase = f"the whole answer did not come within {self._manners.total_timeout:g} s"
                check_headers(response)
                status = response.status_code
                if status not in _REDIRECTS:
                    return await read_answer(blank, response, way.url, way.moved_to, self._clock.now())
                target = absolute_url(way.url, response.headers.get("location", ""))
                if not target:
                    raise Failed(f"HTTP {status} without an address to go to", "soft")
                way.redirected(status, target)
                return None

    async def _ask_robots(self, url: httpx.URL, cache: RobotsCache) -> None:
        """Raises Failed where the site's robots.txt does not allow the page; its crawl delay counts from now on."""
        site = f"{url.scheme}://{url.netloc.decode('ascii')}"
        async with self._asking[site]:
            found = await verdict(site, str(url), cache, self._clock.now(), self.fetch)
        if found.delay:
            self._hosts.slow_down(_name(url), found.delay)
        if found.refusal:
            raise Failed(found.refusal, "temporary" if found.is_passing else "hard", is_refused=True)

    @asynccontextmanager
    async def _turn(self, url: httpx.URL) -> AsyncIterator[None]:
        async with self._hosts.turn(_name(url), is_own=self._backend.allows(url.host, port_of(url))):
            yield

    @asynccontextmanager
    async def _stopwatch(self, way: _Way) -> AsyncIterator[None]:
        started = monotonic()
        try:
            yield
        finally:
            spent = monotonic() - started
            way.seconds += spent
            way.seconds_left = max(0.01, way.seconds_left - spent)


def _name(url: httpx.URL) -> str:
    return f"{url.host}:{port_of(url)}"


def _failure(blank: FetchResult, reason: str, failure: Weight, *, is_refused: bool = False) -> FetchResult:
    return replace(blank, error=" ".join(reason.split())[:500], failure=failure, is_refused=is_refused)
