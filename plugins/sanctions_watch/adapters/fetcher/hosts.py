"""Turns: how many requests one host gets at a time, and how far apart they begin."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Host:
    slots: asyncio.Semaphore
    gate: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0  # the loop's time
    delay: float = 0.0  # seconds that robots.txt asks for


class Hosts:
    """The hosts of one batch. ``concurrency`` bounds all requests together, ``per_host`` those to one host, ``delay`` (seconds) parts them."""

    def __init__(self, concurrency: int, per_host: int, delay: float) -> None:
        self._slots = asyncio.Semaphore(concurrency)
        self._per_host, self._delay = per_host, delay
        self._hosts: dict[str, _Host] = {}

    def slow_down(self, host: str, seconds: float) -> None:
        """From now on at least so long between two requests to this host."""
        self._host(host).delay = seconds

    @asynccontextmanager
    async def turn(self, host: str, *, is_own: bool) -> AsyncIterator[None]:
        """The host's turn; no delay for a host of the deployment's own. A little more than the delay, never less: no even beat."""
        one = self._host(host)
        async with one.slots:
            delay = max(one.delay, 0.0 if is_own else self._delay)
            if delay:
                async with one.gate:
                    loop = asyncio.get_running_loop()
                    await asyncio.sleep(max(0.0, one.free_at - loop.time()))
                    one.free_at = loop.time() + delay * (1 + random.random() / 4)  # noqa: S311 - not a secret
            async with self._slots:
                yield

    def _host(self, host: str) -> _Host:
        return self._hosts.setdefault(host, _Host(asyncio.Semaphore(self._per_host)))
