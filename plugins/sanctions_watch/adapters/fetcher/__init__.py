"""The Fetcher port over HTTP: polite, bounded in everything, and never inside the deployment's own network."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Collection, Sequence
from pathlib import Path

import httpcore
import httpx

from sanctions_watch.adapters.fetcher.addresses import PORTS
from sanctions_watch.adapters.fetcher.exchange import Batch, Manners
from sanctions_watch.adapters.fetcher.guard import GuardedBackend, Resolver, SystemResolver
from sanctions_watch.adapters.fetcher.robots import NAME, RobotsCache
from sanctions_watch.ports import Clock
from sanctions_watch.records import FetchRequest, FetchResult


class _GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's transport on a network backend of our own, which it has no parameter for."""

    def __init__(self, backend: GuardedBackend, connections: int, context: ssl.SSLContext) -> None:
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=15.0,
            http2=True,
            network_backend=backend,
        )


class HttpFetcher:
    """Reads addresses on the web.

    ``contact`` is an address or page for the User-Agent, so that a publisher can reach the operator. ``allowed_hosts`` are "host:port" pairs
    that the network guard lets through wherever they lead, and that are asked without delay; everything else must be public and on one of
    ``allowed_ports``. ``concurrency`` bounds the batch, ``per_host`` one host; ``delay``, in seconds, keeps apart two requests to one host.
    ``connect_timeout`` (name, connection, TLS), ``header_timeout`` and ``read_timeout`` (between two pieces) bound each phase,
    ``total_timeout`` the whole exchange with its redirects, the wait for its turn left out. ``cache`` is a folder where copies of robots.txt
    are kept for the other processes of this machine. ``tls`` replaces the usual set of certificate authorities.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        contact: str = "",
        allowed_hosts: Collection[str] = (),
        allowed_ports: Collection[int] = PORTS,
        version: str = "0.1",
        concurrency: int = 100,
        per_host: int = 2,
        delay: float = 0.5,
        connect_timeout: float = 10.0,
        header_timeout: float = 20.0,
        read_timeout: float = 15.0,
        total_timeout: float = 40.0,
        max_redirects: int = 10,
        obeys_robots: bool = True,
        cache: Path | None = None,
        resolver: Resolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        said = "".join(char for char in contact if char.isascii() and char.isprintable())
        self._clock = clock
        self._allowed_hosts, self._allowed_ports = tuple(allowed_hosts), tuple(allowed_ports)
        self._resolver, self._tls = resolver, tls
        self._robots = RobotsCache(cache) if obeys_robots else None
        self._timeouts = httpx.Timeout(read_timeout, connect=connect_timeout, pool=total_timeout)
        self._manners = Manners(
            user_agent=f"{NAME}/{version}{f' (+{said})' if said else ''}",
            concurrency=concurrency,
            per_host=per_host,
            delay=delay,
            header_timeout=header_timeout,
            total_timeout=total_timeout,
            max_redirects=max_redirects,
        )

    def fetch(self, requests: Sequence[FetchRequest]) -> list[FetchResult]:
        """One answer a request, in the same order; failures are data. Runs an event loop of its own: call it where none is running."""
        return asyncio.run(self._fetch_all(requests)) if requests else []

    async def _fetch_all(self, requests: Sequence[FetchRequest]) -> list[FetchResult]:
        tls = self._tls or httpx.create_ssl_context(trust_env=False)
        with SystemResolver() as system:
            backend = GuardedBackend(self._allowed_hosts, self._resolver or system, self._allowed_ports)
            transport = _GuardedTransport(backend, self._manners.concurrency, tls)
            async with httpx.AsyncClient(
                transport=transport, timeout=self._timeouts, follow_redirects=False, trust_env=False
            ) as client:
                batch = Batch(client, backend, self._clock, self._manners, self._robots)
                return list(await asyncio.gather(*(batch.fetch(request) for request in requests)))
