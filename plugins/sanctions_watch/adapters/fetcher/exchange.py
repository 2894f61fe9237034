"""One batch of GETs: each request through its redirects to an answer, or to a failure that says what it weighs."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Literal
from urllib.parse import urlsplit

import httpx

from sanctions_watch.adapters.fetcher.bodies import BodyError, read_body
from sanctions_watch.adapters.fetcher.guard import AddressRefused, GuardedBackend, HostUnknown
from sanctions_watch.ports import Clock
from sanctions_watch.records import FetchRequest, FetchResult
from sanctions_watch.urls import absolute_url, canonical_url

_ACCEPT = {
    "feed": "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
    "page": "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5",
}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_TEMPORARY = frozenset({408, 425, 429, 502, 503, 504})
_RETRY_AFTER_MAXIMUM = 7 * 86_400
# Everything a server, or what stands between, can make the client raise. ValueError and LookupError: header values that cannot be decoded.
_SERVER_FAULTS = (httpx.HTTPError, httpx.StreamError, ssl.SSLError, OSError, EOFError, ValueError, LookupError)


@dataclass(frozen=True, slots=True)
class Manners:
    """How a batch behaves; times in seconds."""

    user_agent: str
    concurrency: int
    per_host: int
    delay: float
    total_timeout: float
    max_redirects: int


@dataclass(slots=True)
class _Host:
    """One host within a batch: so many requests at a time, and not too quickly one after another."""

    slots: asyncio.Semaphore
    gate: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0


class _Failed(Exception):
    """The exchange is over without a body."""

    def __init__(self, reason: str, failure: Literal["hard", "soft", "temporary"]) -> None:
        self.reason, self.failure = reason, failure
        super().__init__(reason)


class Batch:
    """The requests of one call of ``fetch``, on one client."""

    def __init__(self, client: httpx.AsyncClient, backend: GuardedBackend, clock: Clock, manners: Manners) -> None:
        self._client, self._backend, self._clock, self._manners = client, backend, clock, manners
        self._hosts: dict[str, _Host] = {}
        self._slots = asyncio.Semaphore(manners.concurrency)

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """The answer to one request. Never raises for what a server does."""
        blank = FetchResult(request, self._clock.now())
        try:
            return await self._follow(request, blank)
        except _Failed as error:
            return self._failure(blank, error.reason, error.failure)
        except (AddressRefused, httpx.InvalidURL) as error:
            return self._failure(blank, str(error), "hard")
        except HostUnknown as error:
            return self._failure(blank, str(error), "temporary" if error.is_temporary else "hard")
        except BodyError as error:
            return self._failure(blank, str(error), "soft")
        except (TimeoutError, httpx.TimeoutException) as error:
            return self._failure(blank, f"no answer in time ({type(error).__name__})", "temporary")
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError) as error:
            return self._failure(blank, f"the connection broke off ({error or type(error).__name__})", "temporary")
        except _SERVER_FAULTS as error:
            return self._failure(blank, f"{type(error).__name__}: {error}", "soft")

    def _failure(self, blank: FetchResult, reason: str, failure: Literal["hard", "soft", "temporary"]) -> FetchResult:
        return replace(blank, fetched_at=self._clock.now(), error=" ".join(reason.split())[:500], failure=failure)

    async def _follow(self, request: FetchRequest, blank: FetchResult) -> FetchResult:
        """From hop to hop; each is checked, waits for its host's turn and counts."""
        url, moved_to, is_permanent = request.url, "", True
        seconds_left = self._manners.total_timeout
        for _ in range(self._manners.max_redirects + 1):
            _check(url)
            async with self._turn(url):
                loop = asyncio.get_running_loop()
                started = loop.time()
                async with (
                    asyncio.timeout(seconds_left),
                    self._client.stream("GET", url, headers=self._headers(request)) as response,
                ):
                    if response.status_code not in _REDIRECTS:
                        return await self._answer(request, blank, response, url, moved_to)
                    target = absolute_url(url, response.headers.get("location", ""))
                    if not target:
                        raise _Failed(f"HTTP {response.status_code} without an address to go to", "soft")
                    is_permanent = is_permanent and response.status_code in _PERMANENT
                    moved_to = target if is_permanent else moved_to
                    url = target
                seconds_left = max(0.01, seconds_left - (loop.time() - started))
        raise _Failed(f"more than {self._manners.max_redirects} redirects", "soft")

    async def _answer(
        self, request: FetchRequest, blank: FetchResult, response: httpx.Response, url: str, moved_to: str
    ) -> FetchResult:
        status, headers = response.status_code, response.headers
        result = replace(
            blank,
            status=status,
            final_url=url,
            moved_to=moved_to,
            content_type=headers.get("content-type", "")[:200],
            etag=_header(headers.get("etag", "")),
            last_modified=_header(headers.get("last-modified", "")),
            retry_after_seconds=_retry_after(headers.get("retry-after", ""), headers.get("date", ""), self._clock.now()),
        )
        if 200 <= status < 300:
            declared = headers.get("content-length", "")
            if declared.isascii() and declared.isdigit() and int(declared[:20]) > request.max_bytes:
                raise BodyError(f"larger than {request.max_bytes} bytes")
            body = await read_body(response.aiter_raw(), headers.get("content-encoding", ""), request.max_bytes)
            return replace(result, body=body, fetched_at=self._clock.now())
        if status == HTTPStatus.NOT_MODIFIED:
            return replace(result, fetched_at=self._clock.now())
        failure: Literal["hard", "soft", "temporary"] = (
            "temporary" if status in _TEMPORARY else "hard" if 400 <= status < 500 else "soft"
        )
        return replace(result, fetched_at=self._clock.now(), error=f"HTTP {status} {_phrase(status)}".strip(), failure=failure)

    def _headers(self, request: FetchRequest) -> dict[str, str]:
        headers = {"User-Agent": self._manners.user_agent, "Accept": _ACCEPT[request.purpose], "Accept-Encoding": "gzip, deflate"}
        if _header(request.etag):
            headers["If-None-Match"] = request.etag
        if _header(request.last_modified):
            headers["If-Modified-Since"] = request.last_modified
        return headers

    @asynccontextmanager
    async def _turn(self, url: str) -> AsyncIterator[None]:
        """The host's turn: a free slot, and ``delay`` after the last request to it began; no delay for a host that the setting names."""
        parts = httpx.URL(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        host = self._hosts.setdefault(f"{parts.host}:{port}", _Host(asyncio.Semaphore(self._manners.per_host)))
        async with host.slots:
            if not self._backend.allows(parts.host, port):
                async with host.gate:
                    loop = asyncio.get_running_loop()
                    await asyncio.sleep(max(0.0, host.free_at - loop.time()))
                    host.free_at = loop.time() + self._manners.delay
            async with self._slots:
                yield


def _check(url: str) -> None:
    """Refuse what is no web address, or carries a name and password. Raises _Failed."""
    try:
        parts = urlsplit(url)
        has_credentials = parts.username is not None or parts.password is not None
    except ValueError:
        raise _Failed("not a web address", "hard") from None
    if not canonical_url(url):
        raise _Failed(f"not a web address ({parts.scheme[:20] or 'no scheme'})", "hard")
    if has_credentials:
        raise _Failed("the address holds a user name or password", "hard")


def _header(value: str) -> str:
    """The value where it can be sent back as it came, else nothing."""
    return value if value.isascii() and value.isprintable() and len(value) <= 500 else ""


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _retry_after(written: str, answered: str, now: datetime) -> int | None:
    """Seconds to wait: a number, or a date seen from the server's own clock where it tells it."""
    text = written.strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), _RETRY_AFTER_MAXIMUM)
    at, since = _http_date(text), _http_date(answered) or now
    return None if at is None else int(min(_RETRY_AFTER_MAXIMUM, max(0.0, (at - since).total_seconds())))


def _http_date(written: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
