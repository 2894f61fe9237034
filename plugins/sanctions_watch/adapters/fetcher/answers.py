"""From a response to a FetchResult: its headers within bounds, its dates read, its body unpacked."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

from sanctions_watch.adapters.fetcher.bodies import ACCEPT_ENCODING, BodyError, read_body
from sanctions_watch.adapters.fetcher.failures import Failed, Weight
from sanctions_watch.records import FetchRequest, FetchResult

_ACCEPT = {
    "feed": "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
    "page": "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5",
    "robots": "text/plain, */*;q=0.5",
}
_TEMPORARY = frozenset({408, 425, 429, 502, 503, 504})
_RETRY_AFTER_MAXIMUM = 7 * 86_400
_MAX_HEADERS, _MAX_HEADER_BYTES = 200, 65_536
_MAX_AGE = re.compile(r"\bmax-age\s*=\s*\"?(\d{1,9})")


def headers_for(request: FetchRequest, user_agent: str) -> dict[str, str]:
    """What is sent: who asks, for what, and the conditions where they can be sent as they came."""
    headers = {"User-Agent": user_agent, "Accept": _ACCEPT[request.purpose], "Accept-Encoding": ACCEPT_ENCODING}
    if _sendable(request.etag):
        headers["If-None-Match"] = request.etag
    if _sendable(request.last_modified):
        headers["If-Modified-Since"] = request.last_modified
    return headers


def check_headers(response: httpx.Response) -> None:
    """Raises Failed where a server says too much before its answer; what is beyond 100 KB never gets here."""
    count = len(response.headers.raw)
    size = sum(len(name) + len(value) for name, value in response.headers.raw)
    if count > _MAX_HEADERS:
        raise Failed(f"the answer has {count} headers, more than {_MAX_HEADERS}", "soft")
    if size > _MAX_HEADER_BYTES:
        raise Failed(f"the answer's headers are larger than {_MAX_HEADER_BYTES // 1024} KB", "soft")


async def read_answer(blank: FetchResult, response: httpx.Response, url: str, moved_to: str, now: datetime) -> FetchResult:
    """The result of the last hop. Raises BodyError and what httpx raises while a body is read."""
    request, status, headers = blank.request, response.status_code, response.headers
    result = replace(
        blank,
        status=status,
        final_url=url,
        moved_to=moved_to,
        content_type=headers.get("content-type", "")[:200],
        etag=_sendable(headers.get("etag", "")),
        last_modified=_sendable(headers.get("last-modified", "")),
        retry_after_seconds=_retry_after(headers.get("retry-after", ""), headers.get("date", ""), now),
        max_age_seconds=_max_age(headers.get("cache-control", "")),
    )
    if 200 <= status < 300:
        is_robots = request.purpose == "robots"  # RFC 9309: the start of a file that is too large counts
        declared = headers.get("content-length", "")
        if declared.isascii() and declared.isdigit() and int(declared[:20]) > request.max_bytes and not is_robots:
            raise BodyError(f"larger than {request.max_bytes} bytes")
        body = await read_body(response.aiter_raw(), headers.get("content-encoding", ""), request.max_bytes, cuts=is_robots)
        return replace(result, body=body)
    if status == HTTPStatus.NOT_MODIFIED:
        return result
    weight: Weight = "temporary" if status in _TEMPORARY else "hard" if 400 <= status < 500 else "soft"
    return replace(result, error=f"HTTP {status} {_phrase(status)}".strip(), failure=weight)


def _sendable(value: str) -> str:
    """The value where it can be sent back as it came, else nothing."""
    return value if value.isascii() and value.isprintable() and len(value) <= 500 else ""


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _max_age(cache_control: str) -> int | None:
    written = _MAX_AGE.search(cache_control.lower())
    return int(written[1]) if written else None


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
