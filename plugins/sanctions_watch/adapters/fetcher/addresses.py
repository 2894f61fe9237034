"""Which addresses may be asked at all, told before a name is resolved.

Every check looks at the address as httpx has parsed it, for that is what will be connected to: two parsers that disagree are
how guards are got round.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address

import httpx

from sanctions_watch.urls import MAX_URL

PORTS = (80, 443)
_UNFIT = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
_LAST_LABEL_IS_NUMBER = re.compile(r"(?:\A|\.)(?:\d+|0x[0-9a-f]*)\Z", re.IGNORECASE)
_DOTS = str.maketrans(dict.fromkeys("。．｡", "."))


class AddressRefused(Exception):
    """The address must not be asked, or leads where nobody may be reached."""


def checked(url: str, allows: Callable[[str, int], bool], ports: frozenset[int] = frozenset(PORTS)) -> httpx.URL:
    """The address, parsed. Raises AddressRefused with the reason in words.

    ``allows`` tells whether the deployment names this host and port as its own; only then may the port be an unusual one.
    """
    if len(url) > MAX_URL:
        raise AddressRefused(f"the address is longer than {MAX_URL} characters")
    if _UNFIT.search(url):
        raise AddressRefused("the address holds white space, a control character or a backslash")
    try:
        parsed = httpx.URL(url)
        host, number = parsed.raw_host.decode("ascii"), parsed.port
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise AddressRefused("this is no web address") from error
    if parsed.scheme not in {"http", "https"} or not host:
        raise AddressRefused("this is no web address: only http:// and https:// with a host are read")
    if parsed.userinfo or "@" in parsed.netloc.decode("ascii", "replace"):
        raise AddressRefused("the address holds a user name or password")
    _check_host(url, host)
    port = port_of(parsed)
    if number == 0 or (port not in ports and not allows(host, port)):
        raise AddressRefused(
            f"port {number} is not a port of the web: SANCTIONS_WATCH_ALLOWED_PORTS or SANCTIONS_WATCH_ALLOWED_HOSTS may name it"
        )
    return parsed


def port_of(url: httpx.URL) -> int:
    """The port that will be connected to."""
    return url.port or (443 if url.scheme == "https" else 80)


def _check_host(url: str, host: str) -> None:
    """No zone ids, no numbers but plain IPv4, no characters that turn into other ones: readers disagree about all of these."""
    written = url.split("://", 1)[1]
    written = re.split(r"[/?#]", written, maxsplit=1)[0]
    if "%" in written:
        raise AddressRefused("the host holds a per cent sign, such as of a zone or an escape")
    mapped = unicodedata.normalize("NFKC", written).translate(_DOTS)
    if mapped.isascii() and not written.isascii():
        raise AddressRefused("the host is written in characters that look like others")
    if host.startswith("[") or ":" in host:
        _literal(host.strip("[]"))
    elif _LAST_LABEL_IS_NUMBER.search(host.rstrip(".")) and not isinstance(_literal(host.rstrip(".")), IPv4Address):
        raise AddressRefused("the host is a number that is no IPv4 address")


def _literal(host: str) -> IPv4Address | IPv6Address:
    try:
        return ip_address(host)
    except ValueError as error:
        raise AddressRefused("the host is a number in a notation that readers take for different addresses") from error
