"""Bodies within bounds: decompressed by ourselves, for a library would unpack a bomb before anyone could count it."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Protocol

import brotli
from backports import zstd

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
_CHUNK = 262_144
_MAX_CODINGS = 3  # one upon another
_WINDOW_LOG = 23  # zstd: 8 MB, the most that RFC 9659 lets a server ask of a client


class BodyError(Exception):
    """The body is too large, damaged, or packed in a way that was not asked for."""


class _TooLarge(BodyError):
    """More than the bound."""


class _Layer(Protocol):
    """One coding: bytes in, unpacked pieces of at most ``_CHUNK`` out."""

    @property
    def is_whole(self) -> bool: ...  # whether the last stream came to its end

    def unpack(self, data: bytes) -> Iterator[bytes]: ...


async def read_body(raw: AsyncIterator[bytes], encoding: str, max_bytes: int, *, cuts: bool = False) -> bytes:
    """The body behind ``raw``, unpacked as Content-Encoding says.

    Raises BodyError beyond ``max_bytes``, be it on the wire, unpacked, or between two codings that stand one upon another;
    where ``cuts``, the start of what is too large is answered instead.
    """
    layers = _layers(encoding)
    body = bytearray()
    counts = [0] * (len(layers) + 1)

    def through(data: bytes, depth: int) -> None:
        counts[depth] += len(data)
        if counts[depth] > max_bytes:
            raise _TooLarge(f"{'unpacks to more' if depth else 'larger'} than {max_bytes} bytes")
        if depth == len(layers):
            body.extend(data)
            return
        for piece in layers[depth].unpack(data):
            if piece:
                through(piece, depth + 1)

    try:
        async for chunk in raw:
            through(chunk, 0)
    except _TooLarge:
        if not cuts:
            raise
    if layers and counts[0] and not body and not all(layer.is_whole for layer in layers):
        raise BodyError("damaged compression (it ends before it began)")
    return bytes(body)


def _layers(encoding: str) -> list[_Layer]:
    """What to undo, the last coding first."""
    names = [name.strip().lower() for name in encoding.split(",") if name.strip().lower() not in {"", "identity"}]
    if len(names) > _MAX_CODINGS:
        raise BodyError(f"packed {len(names)} times")
    unknown = [name for name in names if name not in _CODINGS]
    if unknown:
        raise BodyError(f"packed as {unknown[0][:40]!r}, which was not asked for")
    return [_CODINGS[name]() for name in reversed(names)]


class _Gzip:
    """gzip, also in several members; what only claims to be packed is passed as it is."""

    def __init__(self) -> None:
        self._opener: zlib._Decompress | None = None
        self._is_plain = False

    @property
    def is_whole(self) -> bool:
        return self._is_plain or (self._opener is not None and self._opener.eof)

    def unpack(self, data: bytes) -> Iterator[bytes]:
        if self._opener is None and not self._is_plain:
            self._is_plain = data[:1] != b"\x1f"
            self._opener = zlib.decompressobj(wbits=31)
        if self._is_plain or self._opener is None:
            yield from _pieces(data)
            return
        rest = data
        while rest:
            if self._opener.eof:
                if rest[:1] != b"\x1f":
                    return  # padding after the end
                self._opener = zlib.decompressobj(wbits=31)
            yield from _inflate(self._opener, rest)
            rest = self._opener.unused_data


class _Deflate:
    """deflate, with zlib's header or without."""

    def __init__(self) -> None:
        self._opener: zlib._Decompress | None = None
        self._start = b""  # until there are two bytes, by which a header is known

    @property
    def is_whole(self) -> bool:
        return self._opener is not None and self._opener.eof

    def unpack(self, data: bytes) -> Iterator[bytes]:
        if self._opener is None:
            self._start += data
            if len(self._start) < 2:
                return
            data = self._start
            has_header = data[0] & 0x0F == 8 and (data[0] * 256 + data[1]) % 31 == 0
            self._opener = zlib.decompressobj(wbits=15 if has_header else -15)
        if not self._opener.eof:
            yield from _inflate(self._opener, data)


class _Brotli:
    """br (RFC 7932)."""

    def __init__(self) -> None:
        self._opener = brotli.Decompressor()

    @property
    def is_whole(self) -> bool:
        return bool(self._opener.is_finished())

    def unpack(self, data: bytes) -> Iterator[bytes]:
        rest = data
        while (rest or not self._opener.can_accept_more_data()) and not self._opener.is_finished():
            try:
                piece = self._opener.process(rest, output_buffer_limit=_CHUNK)
            except brotli.error as error:
                raise BodyError("damaged compression (br)") from error
            rest = b""
            yield from _pieces(piece)


class _Zstd:
    """zstd (RFC 8878), also in several frames."""

    def __init__(self) -> None:
        self._opener = self._new()

    @property
    def is_whole(self) -> bool:
        return self._opener.eof

    def _new(self) -> zstd.ZstdDecompressor:
        return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG})

    def unpack(self, data: bytes) -> Iterator[bytes]:
        rest = data
        while rest or not (self._opener.needs_input or self._opener.eof):
            if self._opener.eof:
                self._opener = self._new()
            try:
                yield self._opener.decompress(rest, _CHUNK)
            except zstd.ZstdError as error:
                raise BodyError(f"damaged compression ({error})") from error
            rest = self._opener.unused_data if self._opener.eof else b""


def _inflate(opener: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """Everything that ``data`` unpacks to, up to the end of its stream."""
    rest, is_full = data, False
    while (rest or is_full) and not opener.eof:
        try:
            piece = opener.decompress(rest, _CHUNK)
        except zlib.error as error:
            raise BodyError(f"damaged compression ({error})") from error
        yield piece
        rest, is_full = opener.unconsumed_tail, len(piece) == _CHUNK


def _pieces(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), _CHUNK):
        yield data[start : start + _CHUNK]


_CODINGS: dict[str, type[_Gzip | _Deflate | _Brotli | _Zstd]] = {
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "deflate": _Deflate,
    "br": _Brotli,
    "zstd": _Zstd,
}
