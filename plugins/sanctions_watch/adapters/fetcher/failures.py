"""What went wrong, in words and by weight: hard where it will stay so, soft where it may, temporary where it will pass."""

from __future__ import annotations

import ssl
from typing import Literal

import httpx

from sanctions_watch.adapters.fetcher.addresses import AddressRefused
from sanctions_watch.adapters.fetcher.bodies import BodyError
from sanctions_watch.adapters.fetcher.guard import HostUnknown

Weight = Literal["hard", "soft", "temporary"]
# Everything a server, or what stands between, can make the client raise. ValueError and LookupError: header values that cannot be decoded.
SERVER_FAULTS = (
    httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, ssl.SSLError, OSError, EOFError, ValueError, LookupError,
    AddressRefused, BodyError, HostUnknown,
)  # fmt: skip


class Failed(Exception):
    """The exchange is over without a body."""

    def __init__(self, reason: str, failure: Weight, *, is_refused: bool = False) -> None:
        self.reason, self.failure, self.is_refused = reason, failure, is_refused
        super().__init__(reason)


def told(error: Exception, phase: str) -> tuple[str, Weight]:
    """The reason in words, and what it weighs. ``phase`` is what was being done when time ran out."""
    match error:
        case AddressRefused() | httpx.InvalidURL():
            return str(error), "hard"
        case HostUnknown():
            return str(error), "temporary" if error.is_temporary else "hard"
        case BodyError():
            return str(error), "soft"
        case httpx.ConnectTimeout():
            return "no answer in time: no connection", "temporary"
        case httpx.ReadTimeout():
            return "no answer in time: nothing came for too long", "temporary"
        case TimeoutError() | httpx.TimeoutException():
            return f"no answer in time: {phase}", "temporary"
        case _ if certificate := _certificate_fault(error):
            return f"the server's certificate is not to be trusted: {certificate}", "hard"
        case httpx.RemoteProtocolError() if "too long" in str(error).lower() or "header list" in str(error).lower():
            return "the answer's headers are larger than 100 KB", "soft"
        case httpx.ReadError() | httpx.WriteError() | httpx.RemoteProtocolError():
            return f"the connection broke off ({error or type(error).__name__})", "temporary"
        case httpx.ConnectError():
            return f"no connection ({error})", "soft"
        case _:
            return f"{type(error).__name__}: {error}", "soft"


def _certificate_fault(error: BaseException | None) -> str:
    """What is wrong with a certificate, as OpenSSL says it; "" where nothing is. httpx wraps the error twice."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return str(error.verify_message)
        error = error.__cause__ or error.__context__
    return ""
