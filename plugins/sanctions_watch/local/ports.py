"""Free TCP ports on 127.0.0.1, starting from a friendly number."""

from __future__ import annotations

import socket

from sanctions_watch.errors import ConfigurationError

_TRIED = 200


def is_free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1:``port`` now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: one that just closed does not count
        try:
            attempt.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(first: int, taken: frozenset[int] = frozenset()) -> int:
    """The first free port from ``first`` on that is not among ``taken``. Raises ConfigurationError."""
    for port in range(first, min(first + _TRIED, 65536)):
        if port not in taken and is_free(port):
            return port
    raise ConfigurationError([f"no port of {first} to {first + _TRIED - 1} is free on 127.0.0.1: stop a program that holds one"])
