"""Bodies within bounds: decompressed by ourselves, for a library would unpack a bomb before anyone could count it."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator

_CHUNK = 262_144


class BodyError(Exception):
    """The body is too large, damaged, or packed in a way that was not asked for."""


async def read_body(raw: AsyncIterator[bytes], encoding: str, max_bytes: int) -> bytes:
    """The body behind ``raw``, unpacked as Content-Encoding says. Raises BodyError beyond ``max_bytes``, on the wire or unpacked."""
    unpack = _unpacker(encoding)
    body = bytearray()
    received = 0
    async for chunk in raw:
        received += len(chunk)
        if received > max_bytes:
            raise BodyError(f"larger than {max_bytes} bytes")
        body += unpack(chunk, max_bytes - len(body))
        if len(body) > max_bytes:
            raise BodyError(f"unpacks to more than {max_bytes} bytes")
    return bytes(body)


def _unpacker(encoding: str) -> _Plain | _Zlib:
    names = [name.strip().lower() for name in encoding.split(",") if name.strip().lower() not in {"", "identity"}]
    if not names:
        return _Plain()
    if len(names) > 1 or names[0] not in {"gzip", "x-gzip", "deflate"}:
        raise BodyError(f"packed as {encoding[:40]!r}, which was not asked for")
    return _Zlib(is_gzip="gzip" in names[0])


class _Plain:
    def __call__(self, chunk: bytes, room: int) -> bytes:  # noqa: ARG002 - the wire's own bound is enough
        return chunk


class _Zlib:
    """gzip (also in several members) and deflate (with or without zlib's header); what only claims to be packed is passed as it is."""

    def __init__(self, *, is_gzip: bool) -> None:
        self._is_gzip = is_gzip
        self._opener: zlib._Decompress | None = None
        self._is_plain = False

    def __call__(self, chunk: bytes, room: int) -> bytes:
        """At most one byte more than ``room``."""
        if self._opener is None and not self._is_plain:
            self._start(chunk)
        if self._opener is None:
            return chunk
        out = bytearray()
        rest = chunk
        while rest and len(out) <= room:
            if self._opener.eof:
                if not (self._is_gzip and rest[:1] == b"\x1f"):
                    break  # padding after the end
                self._opener = zlib.decompressobj(wbits=31)
            try:
                out += self._opener.decompress(rest, min(_CHUNK, room + 1 - len(out)))
            except zlib.error as error:
                raise BodyError(f"damaged compression ({error})") from error
            rest = self._opener.unused_data if self._opener.eof else self._opener.unconsumed_tail
        return bytes(out)

    def _start(self, first: bytes) -> None:
        if self._is_gzip:
            self._is_plain = first[:1] != b"\x1f"
            self._opener = None if self._is_plain else zlib.decompressobj(wbits=31)
        else:
            has_header = len(first) > 1 and first[0] & 0x0F == 8 and (first[0] * 256 + first[1]) % 31 == 0
            self._opener = zlib.decompressobj(wbits=15 if has_header else -15)
