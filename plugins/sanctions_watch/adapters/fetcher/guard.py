"""The network guard: no connection to an address inside the deployment's own network, unless a setting names it.

The address that was checked is the address that is connected to: the host is resolved here, once, so that a name server cannot
answer one thing to the check and another to the connection. What a host is called does not matter, only where it leads: IPv4 in
IPv6 and other disguises end as an address like any other.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Self

import httpcore

from sanctions_watch.adapters.fetcher.addresses import PORTS, AddressRefused

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
Resolver = Callable[[str, int], Awaitable[list[str]]]
_MAX_ADDRESSES = 4
# All of the public internet's IPv6 (RFC 4291, IANA's registry); what is carved out of it, Python knows but for the newest.
_UNICAST = ip_network("2000::/3")
_NOT_PUBLIC_6 = (ip_network("3fff::/20"), ip_network("2001::/23"))  # documentation (RFC 9637); IETF protocols
# 6to4 relays (RFC 7526), benchmarks, IETF protocols, and the address at which one cloud's machines reach their host.
_NOT_PUBLIC_4 = tuple(ip_network(one) for one in ("192.88.99.0/24", "198.18.0.0/15", "192.0.0.0/24", "168.63.129.16/32"))
# Translators that carry an IPv4 address in the last 32 bits: RFC 6052, RFC 2765.
_NAT64, _SIIT = ip_network("64:ff9b::/96"), ip_network("::ffff:0:0:0/96")
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})  # RFC 5214: before an IPv4 address, in the lower half


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
    if isinstance(found, IPv4Address):
        return _is_public_4(found)
    carried = _carried(found)
    is_only_carrier = found.ipv4_mapped is not None or found in _NAT64
    return (is_only_carrier or _is_public_6(found)) and all(_is_public_4(one) for one in carried)


def _is_public_4(address: IPv4Address) -> bool:
    is_special = address.is_multicast or address.is_reserved or any(address in network for network in _NOT_PUBLIC_4)
    return address.is_global and not is_special


def _is_public_6(address: IPv6Address) -> bool:
    return address in _UNICAST and address.is_global and not any(address in network for network in _NOT_PUBLIC_6)


def _carried(address: IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses inside an IPv6 one: mapped, 6to4, Teredo, NAT64, SIIT, ISATAP."""
    carried = [one for one in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())) if one is not None]
    if address in _NAT64 or address in _SIIT or int(address) >> 32 & 0xFFFFFFFF in _ISATAP:
        carried.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return carried


class SystemResolver:
    """The system's name service, in threads of its own: name servers that do not answer must hold up nobody else."""

    def __init__(self, threads: int = 32) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="resolve")

    async def __call__(self, host: str, port: int) -> list[str]:
        """The host's addresses, the best first. Raises HostUnknown."""
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._pool, _look_up, host, port)
        except socket.gaierror as error:
            is_temporary = error.errno == socket.EAI_AGAIN
            raise HostUnknown(f"{host} has no address ({error.strerror})", is_temporary=is_temporary) from error
        except UnicodeError as error:
            raise HostUnknown(f"{host} is not a name a host can have", is_temporary=False) from error
        return list(dict.fromkeys(str(info[4][0]) for info in found))

    def __enter__(self) -> Self:
        """For one batch."""
        return self

    def __exit__(self, *_: object) -> None:
        """Wait for nobody."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str, port: int) -> list[tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[object, ...]]]:
    return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections to public addresses on ``ports``, and to the ``allowed`` pairs of "host:port" wherever they lead."""

    def __init__(self, allowed: Collection[str], resolver: Resolver, ports: Collection[int] = PORTS) -> None:
        self._allowed = frozenset(one.strip().lower() for one in allowed)
        self._resolver = resolver
        self.ports = frozenset(ports)
        self._inner = httpcore.AnyIOBackend()
        self._found: dict[tuple[str, int], list[str]] = {}  # for the length of one batch: a name is asked for once

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first address of ``host`` that may be reached and answers. Raises AddressRefused, HostUnknown, httpcore's errors."""
        addresses = await self._addresses(host, port, timeout)
        failure: Exception = HostUnknown(f"{host} has no address", is_temporary=False)
        for address in addresses[:_MAX_ADDRESSES]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:  # noqa: ASYNC109
        """Where ``host`` leads, as far as it may be reached."""
        addresses = self._found.get((host, port))
        try:
            async with asyncio.timeout(timeout):
                addresses = self._found[host, port] = addresses or await self._resolver(host, port)
        except TimeoutError as error:
            raise HostUnknown(f"no name server told the address of {host} in time", is_temporary=True) from error
        if self.allows(host, port):
            return addresses
        if port not in self.ports:
            raise AddressRefused(f"port {port} is not a port of the web: SANCTIONS_WATCH_ALLOWED_PORTS may name it")
        public = [one for one in addresses if is_public(one)]
        if addresses and not public:
            raise AddressRefused(
                f"{host} leads to {', '.join(addresses[:3])}, which is not a public address: SANCTIONS_WATCH_ALLOWED_HOSTS may name it"
            )
        return public

    def allows(self, host: str, port: int) -> bool:
        """Whether the setting names this host and port."""
        name = host.lower().rstrip(".").strip("[]")
        return f"{name}:{port}" in self._allowed or f"[{name}]:{port}" in self._allowed

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
