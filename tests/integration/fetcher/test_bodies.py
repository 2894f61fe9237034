"""Unpacking within bounds, whatever the pieces that come; the memory a bomb may take."""

from __future__ import annotations

import asyncio
import os
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.integration.fetcher.site import PACK

from sanctions_watch.adapters.fetcher.bodies import BodyError, read_body

CODINGS = {"gzip": "gzip", "deflate": "deflate", "raw": "deflate", "br": "br", "zstd": "zstd"}


async def pieces(body: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


def unpacked(body: bytes, encoding: str, max_bytes: int = 10_000_000, size: int = 65_536) -> bytes:
    return asyncio.run(read_body(pieces(body, size), encoding, max_bytes))


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=3_000),
    st.lists(st.sampled_from(sorted(CODINGS)), max_size=3),
    st.integers(min_value=2, max_value=700),
    st.integers(min_value=1, max_value=400),
)
def test_what_was_packed_comes_back_in_pieces_of_any_size(core, codings, size, times):
    text = body = core * times
    for coding in codings:
        body = PACK[coding](body)
    if text or codings:
        assert unpacked(body, ", ".join(CODINGS[one] for one in codings), size=size) == text


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=2_000), st.sampled_from(["gzip", "deflate", "br", "zstd", "br, gzip", "zstd, zstd"]))
def test_noise_is_told_or_passed_never_raised(noise, encoding):
    for body in (noise, PACK["gzip"](noise), PACK["zstd"](noise), PACK["br"](noise)):
        with suppress(BodyError):
            assert len(unpacked(body, encoding, 5_000)) <= 5_000


@pytest.mark.parametrize(
    "codings", [["gzip"], ["deflate"], ["raw"], ["br"], ["zstd"], ["gzip", "gzip"], ["br", "zstd"], ["zstd", "br", "gzip"]]
)
def test_a_bomb_takes_no_more_memory_than_its_bound(codings):
    body = bytes(30_000_000)
    for coding in codings:
        body = PACK[coding](body)
    tracemalloc.start()
    with pytest.raises(BodyError, match="more than 1000000 bytes"):
        unpacked(body, ", ".join(CODINGS[one] for one in codings), 1_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


def test_the_start_of_what_is_too_large_where_that_is_asked_for():
    noise = os.urandom(200_000)
    start = asyncio.run(read_body(pieces(noise, 30_000), "", 100_000, cuts=True))
    assert len(start) == 90_000
    assert noise.startswith(start)


def test_a_zstd_window_larger_than_browsers_allow_is_refused():
    from backports import zstd

    body = zstd.compress(os.urandom(1_000) * 20_000, options={zstd.CompressionParameter.window_log: 27})
    with pytest.raises(BodyError, match="damaged"):
        unpacked(body, "zstd", 50_000_000)
