"""The fetcher against a real HTTP server on 127.0.0.1, and the guard on every way to write an inner address."""

from __future__ import annotations

import gzip
import threading
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sanctions_watch.adapters.fetcher import HttpFetcher
from sanctions_watch.adapters.fetcher.guard import is_public
from sanctions_watch.clock import FixedClock
from sanctions_watch.records import FetchRequest, FetchResult

NOW = datetime(2024, 5, 2, 12, tzinfo=UTC)
TEXT = b"<p>Three coasters were seen off Nampo.</p>" * 50


class Site(ThreadingHTTPServer):
    """Answers by path; remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()

    def handle_error(self, request, client_address):
        """A client that hangs up is what some of these tests are about."""

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{path}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site

    def log_message(self, *args):
        pass

    def do_GET(self):
        with self.server.lock:
            self.server.asked.append((self.path, dict(self.headers)))
            self.server.at_once += 1
            self.server.most_at_once = max(self.server.most_at_once, self.server.at_once)
        try:
            name, _, argument = self.path[1:].partition("/")
            getattr(self, name)(argument)
        finally:
            with self.server.lock:
                self.server.at_once -= 1

    def reply(self, status=200, body=b"", **headers):
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def plain(self, _):
        self.reply(body=TEXT, Content_Type="text/html; charset=utf-8", ETag='"one"', Last_Modified="Thu, 02 May 2024 10:00:00 GMT")

    def conditional(self, _):
        if self.headers.get("If-None-Match") == '"one"' and self.headers.get("If-Modified-Since"):
            self.reply(304, ETag='"one"')
        else:
            self.plain("")

    def status(self, code):
        self.reply(int(code), b"no", Retry_After="120")

    def later(self, _):
        self.send_response_only(503)
        self.send_header("Date", "Thu, 02 May 2024 10:00:00 GMT")
        self.send_header("Retry-After", "Thu, 02 May 2024 10:05:00 GMT")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def moved(self, argument):
        """moved/301-302: answers 301 to moved/302, that 302 to plain."""
        first, _, rest = argument.partition("-")
        self.reply(int(first), Location=f"/moved/{rest}" if rest else "/plain")

    def inward(self, _):
        self.reply(302, Location="http://localhost:1/secret")

    def loop(self, _):
        self.reply(302, Location="/loop")

    def elsewhere(self, _):
        self.reply(302, Location="ftp://example.org/file")

    def zipped(self, kind):
        if kind == "members":
            self.reply(body=gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:]), Content_Encoding="gzip")
        elif kind == "raw":
            self.reply(body=zlib.compress(TEXT)[2:-4], Content_Encoding="deflate")
        elif kind == "claimed":
            self.reply(body=TEXT, Content_Encoding="gzip")
        elif kind == "damaged":
            self.reply(body=gzip.compress(TEXT)[:10] + b"\x07" * 40, Content_Encoding="gzip")
        elif kind == "brotli":
            self.reply(body=TEXT, Content_Encoding="br")
        else:
            self.reply(body=gzip.compress(TEXT), Content_Encoding="gzip")

    def bomb(self, _):
        self.reply(body=gzip.compress(bytes(60_000_000)), Content_Encoding="gzip")

    def huge(self, _):
        """No length told: the bound must be kept while reading."""
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        block = b"x" * 65_536
        for _ in range(400):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(block), block))
        self.wfile.write(b"0\r\n\r\n")

    def declared(self, _):
        self.send_response(200)
        self.send_header("Content-Length", "9000000000")
        self.end_headers()

    def drip(self, _):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def slow(self, _):
        time.sleep(1)
        self.plain("")

    def pause(self, _):
        time.sleep(0.15)
        self.plain("")

    def broken(self, _):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf")
        self.close_connection = True

    def nonsense(self, _):
        self.wfile.write(b"\x00\x01 not http at all\r\n\r\n")
        self.close_connection = True


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    server = Site()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


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
    assert all(headers["Accept-Encoding"] == "gzip, deflate" for _, headers in site.asked)


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


def test_redirects_end(site):
    site.asked.clear()
    result = get(site, "/loop", max_redirects=4)
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
    result = get(site, "/plain", allowed_hosts=[])
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

    result = get(site, "/plain", allowed_hosts=[], resolver=resolver)
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


@pytest.mark.parametrize("kind", ["plain", "members", "raw", "claimed"])
def test_compression(site, kind):
    assert get(site, f"/zipped/{kind}").body == TEXT


@pytest.mark.parametrize(("kind", "words"), [("damaged", "damaged compression"), ("brotli", "not asked for")])
def test_compression_that_cannot_be_undone(site, kind, words):
    result = get(site, f"/zipped/{kind}")
    assert words in result.error
    assert result.failure == "soft"


@pytest.mark.parametrize("path", ["/bomb", "/huge", "/declared"])
def test_bodies_are_bounded(site, path):
    started = time.monotonic()
    result = get(site, path, max_bytes=300_000)
    assert "300000 bytes" in result.error
    assert (result.body, result.failure) == (b"", "soft")
    assert time.monotonic() - started < 3


def test_a_body_of_exactly_the_bound_is_taken(site):
    assert get(site, "/zipped/plain", max_bytes=len(TEXT)).body == TEXT
    assert get(site, "/zipped/plain", max_bytes=len(TEXT) - 1).body == b""


@pytest.mark.parametrize(("path", "settings"), [("/slow", {"read_timeout": 0.2}), ("/drip", {"total_timeout": 0.4})])
def test_time_is_bounded(site, path, settings):
    started = time.monotonic()
    result = get(site, path, **settings)
    assert result.error.startswith("no answer in time")
    assert result.failure == "temporary"
    assert time.monotonic() - started < 2.5


@pytest.mark.parametrize("path", ["/broken", "/nonsense"])
def test_a_connection_that_breaks_off(site, path):
    result = get(site, path)
    assert (result.failure, result.body) == ("temporary", b"")


def test_nobody_listens(site):
    [result] = HttpFetcher(FixedClock(NOW), allowed_hosts=["127.0.0.1:9"]).fetch([FetchRequest("http://127.0.0.1:9/")])
    assert result.failure == "soft"


def test_two_at_a_time_for_one_host(site):
    while site.at_once:  # those that earlier tests hung up on
        time.sleep(0.02)
    site.most_at_once = 0
    results = fetcher(site).fetch([FetchRequest(site.url("/pause"))] * 6)
    assert [result.status for result in results] == [200] * 6
    assert site.most_at_once == 2


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("240.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("2002:7f00:1::", False),  # 6to4 of 127.0.0.1
        ("64:ff9b::7f00:1", False),  # NAT64 of 127.0.0.1
        ("64:ff9b::808:808", True),
        ("2001:0:7f00:1::", False),  # Teredo
        ("::7f00:1", False),
        ("no address", False),
    ],
)
def test_public_addresses(address, expected):
    assert is_public(address) is expected
