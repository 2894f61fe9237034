"""The network guard: no connection to an address inside the deployment's own network, unless a setting names it.

The address that was checked is the address that is connected to: the host is resolved here, once, so that a name server cannot
answer one thing to the check and another to the connection. What a host is called does not matter, only where it leads:
decimal, octal, IPv4-in-IPv6 and other disguises end as an address like any other.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpcore

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
Resolver = Callable[[str, int], Awaitable[list[str]]]
_MAX_ADDRESSES = 4
# Translators carry an IPv4 address in the last 32 bits: RFC 6052 and RFC 8215.
_NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
_SITE_LOCAL = ip_network("fec0::/10")


class AddressRefused(Exception):
    """The host leads to an address that must not be reached."""


class HostUnknown(Exception):
    """The host has no address. ``is_temporary``: the name server could not say."""

    def __init__(self, reason: str, *, is_temporary: bool) -> None:
        self.is_temporary = is_temporary
        super().__init__(reason)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, the IPv4 address that an IPv6 one may carry included."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    carried = _carried(found)
    is_only_carrier = isinstance(found, IPv6Address) and found.ipv4_mapped is not None
    return all(_is_public(one) for one in (carried if is_only_carrier else (found, *carried)))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and (address in _SITE_LOCAL or any(address in network for network in _NAT64)):
        return address not in _SITE_LOCAL
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    )


def _carried(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses inside an IPv6 one: mapped, 6to4, Teredo, NAT64."""
    if isinstance(address, IPv4Address):
        return []
    carried = [one for one in (address.ipv4_mapped, address.sixtofour) if one is not None]
    if address.teredo is not None:
        carried += address.teredo
    if any(address in network for network in _NAT64) or int(address) >> 32 == 0:
        carried.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return carried


async def system_resolver(host: str, port: int) -> list[str]:
    """The host's addresses as the system knows them, the best first. Raises HostUnknown."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        is_temporary = error.errno == socket.EAI_AGAIN
        raise HostUnknown(f"{host} has no address ({error.strerror})", is_temporary=is_temporary) from error
    except UnicodeError as error:
        raise HostUnknown(f"{host} is not a name a host can have", is_temporary=False) from error
    return list(dict.fromkeys(str(info[4][0]) for info in found))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections to public addresses, and to the ``allowed`` pairs of "host:port" wherever they lead."""

    def __init__(self, allowed: Collection[str], resolver: Resolver = system_resolver) -> None:
        self._allowed = frozenset(one.strip().lower() for one in allowed)
        self._resolver = resolver
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first address of ``host`` that may be reached and answers. Raises AddressRefused, HostUnknown, httpcore's errors."""
        addresses = await self._resolver(host, port)
        if not self.allows(host, port):
            public = [one for one in addresses if is_public(one)]
            if not public:
                raise AddressRefused(
                    f"{host} leads to {', '.join(addresses[:3])}, which is not a public address: SANCTIONS_WATCH_ALLOWED_HOSTS may name it"
                )
            addresses = public
        failure: Exception = HostUnknown(f"{host} has no address", is_temporary=False)
        for address in addresses[:_MAX_ADDRESSES]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def allows(self, host: str, port: int) -> bool:
        """Whether the setting names this host and port."""
        name = host.lower()
        return f"{name}:{port}" in self._allowed or f"[{name}]:{port}" in self._allowed

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
