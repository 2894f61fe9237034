"""The fetcher against a real HTTP server on 127.0.0.1, and the guard on every way to write an inner address."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from tests.integration.fetcher.site import TEXT, Site, running

from sanctions_watch.adapters.fetcher import HttpFetcher
from sanctions_watch.clock import FixedClock
from sanctions_watch.records import FetchRequest, FetchResult

NOW = datetime(2024, 5, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running(Site()) as server:
        yield server


def fetcher(site: Site, **settings) -> HttpFetcher:
    settings = {"allowed_hosts": [f"127.0.0.1:{site.server_address[1]}"], "read_timeout": 5, "total_timeout": 10} | settings
    return HttpFetcher(FixedClock(NOW), contact="desk@example.org", **settings)


def get(site: Site, path: str, *, max_bytes: int = 1_000_000, etag: str = "", last_modified: str = "", **settings) -> FetchResult:
    request = FetchRequest(site.url(path), etag=etag, last_modified=last_modified, max_bytes=max_bytes)
    [result] = fetcher(site, **settings).fetch([request])
    assert result.request == request
    assert result.fetched_at == NOW
    return result


def test_a_page(site):
    result = get(site, "/plain")
    assert (result.status, result.body, result.error, result.failure, result.moved_to) == (200, TEXT, "", "", "")
    assert (result.etag, result.last_modified) == ('"one"', "Thu, 02 May 2024 10:00:00 GMT")
    assert result.content_type == "text/html; charset=utf-8"
    assert result.final_url == site.url("/plain")


def test_says_who_asks_and_what_for(site):
    site.asked.clear()
    fetcher(site).fetch([FetchRequest(site.url("/plain"), "feed"), FetchRequest(site.url("/plain"), "page")])
    accepts = {headers["Accept"].split(",")[0] for _, headers in site.asked}
    assert accepts == {"application/rss+xml", "text/html"}
    assert all(headers["User-Agent"] == "SanctionsWatch/0.1 (+desk@example.org)" for _, headers in site.asked)
    assert all(headers["Accept-Encoding"] == "gzip, deflate, br, zstd" for _, headers in site.asked)


def test_answers_stand_in_the_order_of_the_requests(site):
    paths = ["/pause", "/status/404", "/plain", "/conditional"]
    results = fetcher(site).fetch([FetchRequest(site.url(path), etag='"one"', last_modified="x") for path in paths])
    assert [result.status for result in results] == [200, 404, 200, 304]
    assert fetcher(site).fetch([]) == []


def test_not_modified(site):
    result = get(site, "/conditional", etag='"one"', last_modified="Thu, 02 May 2024 10:00:00 GMT")
    assert (result.status, result.body, result.error, result.etag) == (304, b"", "", '"one"')


def test_a_header_that_would_break_the_request_is_not_sent(site):
    result = get(site, "/conditional", etag='"one"\r\nX-Evil: 1', last_modified="Thu")
    assert result.status == 200


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (404, "hard"),
        (403, "hard"),
        (410, "hard"),
        (408, "temporary"),
        (429, "temporary"),
        (500, "soft"),
        (503, "temporary"),
        (299, ""),
    ],
)
def test_statuses_weigh(site, code, failure):
    result = get(site, f"/status/{code}")
    assert (result.status, result.failure, bool(result.error)) == (code, failure, bool(failure))
    assert result.retry_after_seconds == 120


def test_retry_after_as_a_date_is_read_by_the_servers_clock(site):
    assert get(site, "/later").retry_after_seconds == 300


@pytest.mark.parametrize(
    ("chain", "moved_to"),
    [("301", "/plain"), ("308-301", "/plain"), ("302", ""), ("301-302", "/moved/302"), ("302-301", ""), ("307-303", "")],
)
def test_redirects(site, chain, moved_to):
    result = get(site, f"/moved/{chain}")
    assert (result.status, result.body) == (200, TEXT)
    assert result.final_url == site.url("/plain")
    assert result.moved_to == (site.url(moved_to) if moved_to else "")


@pytest.mark.parametrize("path", ["/loop", "/circle/a"])
def test_redirects_that_lead_in_a_circle(site, path):
    site.asked.clear()
    result = get(site, path)
    assert (result.error, result.failure) == ("its redirects lead in a circle", "soft")
    assert len(site.asked) <= 2


def test_redirects_end(site):
    site.asked.clear()
    result = get(site, "/far/0", max_redirects=4)
    assert (result.error, result.failure) == ("more than 4 redirects", "soft")
    assert len(site.asked) == 5


def test_a_redirect_out_of_the_web_is_refused(site):
    assert get(site, "/elsewhere").error == "HTTP 302 without an address to go to"


def test_a_redirect_inward_is_refused(site):
    result = get(site, "/inward")
    assert "not a public address" in result.error
    assert result.failure == "hard"


def test_without_the_setting_the_inner_network_is_refused_before_a_byte_is_sent(site):
    site.asked.clear()
    result = get(site, "/plain", allowed_hosts=[], allowed_ports=[site.server_address[1]])
    assert "127.0.0.1, which is not a public address" in result.error
    assert result.failure == "hard"
    assert site.asked == []


def test_the_setting_names_a_port_too(site):
    assert get(site, "/plain", allowed_hosts=["127.0.0.1:1"]).status == 0


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "0.0.0.0"]
)
def test_disguises_of_this_machine_are_refused(site, host):
    port = site.server_address[1]
    site.asked.clear()
    [result] = fetcher(site).fetch([FetchRequest(f"http://{host}:{port}/plain")])
    assert result.failure == "hard", result
    assert site.asked == []


def test_the_address_that_was_checked_is_the_one_connected_to(site):
    """A name server that answers "public" first and "inner" next gets one question only, and its first answer is used."""
    answers = iter([["203.0.113.9"], ["127.0.0.1"]])

    async def resolver(host: str, port: int) -> list[str]:
        return next(answers)

    result = get(site, "/plain", allowed_hosts=[], allowed_ports=[site.server_address[1]], resolver=resolver)
    assert "203.0.113.9, which is not a public address" in result.error  # documentation range: not public
    assert next(answers) == ["127.0.0.1"]


def test_a_name_goes_where_the_resolver_says_and_keeps_its_name(site):
    async def resolver(host: str, port: int) -> list[str]:
        assert host == "replay.example"
        return ["127.0.0.1"]

    port = site.server_address[1]
    site.asked.clear()
    one = HttpFetcher(FixedClock(NOW), allowed_hosts=[f"replay.example:{port}"], resolver=resolver)
    [result] = one.fetch([FetchRequest(f"http://replay.example:{port}/plain")])
    assert result.body == TEXT
    assert site.asked[0][1]["Host"] == f"replay.example:{port}"


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org/x", "file:///etc/passwd", "javascript:alert(1)", "", "http://", "http://user:secret@example.org/", "http://[::bad/", "http://a b/", "http://x:99999/"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(site, url):
    [result] = fetcher(site).fetch([FetchRequest(url)])
    assert (result.status, result.failure) == (0, "hard")
    assert "secret" not in result.error


@pytest.mark.parametrize(
    "kind",
    ["gzip", "deflate", "raw", "br", "zstd", "members", "frames", "claimed", "gzip+gzip", "br+gzip", "gzip+br", "zstd+deflate", "raw+zstd+br"],
)  # fmt: skip
def test_compression_gzip_br_zstd_deflate_and_stacked(site, kind):
    assert get(site, f"/zipped/{kind}").body == TEXT


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("damaged-gzip", "damaged compression"),
        ("damaged-deflate", "damaged compression"),
        ("damaged-br", "damaged compression"),
        ("damaged-zstd", "damaged compression"),
        ("unknown", "not asked for"),
        ("gzip+gzip+gzip+gzip", "packed 4 times"),
    ],
)
def test_compression_that_cannot_be_undone(site, kind, words):
    result = get(site, f"/zipped/{kind}")
    assert words in result.error
    assert result.failure == "soft"


@pytest.mark.parametrize(
    "path",
    ["/bomb/gzip", "/bomb/deflate", "/bomb/raw", "/bomb/br", "/bomb/zstd", "/bomb/gzip+gzip", "/bomb/gzip+br", "/bomb/br+zstd+gzip", "/huge", "/declared"],
)  # fmt: skip
def test_bodies_are_bounded_on_the_wire_and_unpacked(site, path):
    result = get(site, path, max_bytes=300_000)
    assert "than 300000 bytes" in result.error
    assert (result.body, result.failure) == (b"", "soft")


def test_a_bomb_between_two_codings_is_bounded(site):
    """20 MB of zeros are a small gzip file; packed once more they are smaller than the bound, and must not be unpacked to see it."""
    assert "unpacks to more than 15000 bytes" in get(site, "/bomb/gzip+gzip", max_bytes=15_000).error


def test_a_body_of_exactly_the_bound_is_taken(site):
    assert get(site, "/zipped/gzip", max_bytes=len(TEXT)).body == TEXT
    assert get(site, "/zipped/gzip", max_bytes=len(TEXT) - 1).body == b""


@pytest.mark.parametrize(
    ("path", "settings", "words"),
    [
        ("/slow", {"read_timeout": 0.2}, "nothing came for too long"),
        ("/slow", {"header_timeout": 0.2}, "no header within 0.2 s"),
        ("/headerdrip", {"header_timeout": 0.3}, "no header within 0.3 s"),
        ("/continues", {"header_timeout": 0.3}, "no header within 0.3 s"),
        ("/headerdrip", {"total_timeout": 0.3}, "no header within"),
        ("/drip", {"total_timeout": 0.4}, "did not come within 0.4 s"),
    ],
)
def test_time_is_bounded_in_total_and_by_phase(site, path, settings, words):
    result = get(site, path, **settings)
    assert result.error.startswith("no answer in time")
    assert words in result.error
    assert result.failure == "temporary"
    assert 0 < result.seconds < 4  # the server goes on for five


def test_a_name_server_that_does_not_answer_is_not_waited_for(site):
    async def resolver(host: str, port: int) -> list[str]:
        await asyncio.sleep(60)
        raise AssertionError

    [result] = fetcher(site, connect_timeout=0.2, resolver=resolver).fetch([FetchRequest("http://slow.example/", "feed")])
    assert (result.error, result.failure) == ("no name server told the address of slow.example in time", "temporary")


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("250-1", "251 headers"),
        ("100-800", "larger than 64 KB"),
        ("2-70000", "larger than 100 KB"),
        ("9000-100", "larger than 100 KB"),
    ],
)
def test_headers_are_bounded_in_number_and_size(site, argument, words):
    result = get(site, f"/headers_/{argument}")
    assert words in result.error
    assert (result.failure, result.body) == ("soft", b"")


def test_ordinary_headers_are_no_fault(site):
    assert get(site, "/headers_/60-500").body == b"ok"


def test_an_address_that_is_too_long(site):
    result = get(site, "/plain?" + "x" * 2_000)
    assert (result.error, result.failure) == ("the address is longer than 2000 characters", "hard")


@pytest.mark.parametrize(("seconds", "expected"), [("600", 600), ("0", 0), ("soon", None)])
def test_how_long_an_answer_calls_itself_good(site, seconds, expected):
    assert get(site, f"/cached/{seconds}").max_age_seconds == expected


def test_one_connection_serves_the_whole_batch(site):
    site.connections = 0
    results = fetcher(site, per_host=1).fetch([FetchRequest(site.url("/plain"), "feed")] * 5)
    assert [result.status for result in results] == [200] * 5
    assert site.connections == 1


@pytest.mark.parametrize("path", ["/broken", "/nonsense"])
def test_a_connection_that_breaks_off(site, path):
    result = get(site, path)
    assert (result.failure, result.body) == ("temporary", b"")


def test_nobody_listens(site):
    [result] = HttpFetcher(FixedClock(NOW), allowed_hosts=["127.0.0.1:9"]).fetch([FetchRequest("http://127.0.0.1:9/", "feed")])
    assert result.failure == "soft"


def test_two_at_a_time_for_one_host(site):
    while site.at_once:  # those that earlier tests hung up on
        time.sleep(0.02)
    site.most_at_once = 0
    results = fetcher(site).fetch([FetchRequest(site.url("/pause"))] * 6)
    assert [result.status for result in results] == [200] * 6
    assert site.most_at_once == 2
