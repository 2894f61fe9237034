"""A site on 127.0.0.1 that answers by path, well and badly."""

from __future__ import annotations

import gzip
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
from backports import zstd

TEXT = b"<p>Three coasters were seen off Nampo.</p>" * 50
PACK = {
    "gzip": gzip.compress,
    "br": lambda data: brotli.compress(data, quality=1),
    "zstd": zstd.compress,
    "deflate": zlib.compress,
    "raw": lambda data: zlib.compress(data)[2:-4],
}


class Site(ThreadingHTTPServer):
    """Answers by path; remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.connections = 0
        self.robots: tuple[int, bytes, dict[str, str]] = (404, b"", {})
        self.robots_asked = 0
        self.target = ""
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()

    def process_request(self, request, client_address):
        self.connections += 1
        super().process_request(request, client_address)

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
        if self.path == "/robots.txt":
            self.server.robots_asked += 1
            status, body, headers = self.server.robots
            self.reply(status, body, **headers)
            return
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
        self.reply(302, Location="http://localhost/secret")

    def to(self, _):
        """Wherever the test says, byte for byte."""
        self.send_response_only(302)
        self.wfile.write(
            b"".join(self._headers_buffer) + b"Location: " + self.server.target.encode() + b"\r\nContent-Length: 0\r\n\r\n"
        )
        self._headers_buffer = []

    def loop(self, _):
        self.reply(302, Location="/loop")

    def elsewhere(self, _):
        self.reply(302, Location="ftp://example.org/file")

    def zipped(self, kind):
        """zipped/gzip, zipped/br+gzip (first br, then gzip around it), and what is wrong with it."""
        if kind == "members":
            self.reply(body=gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:]), Content_Encoding="gzip")
        elif kind == "frames":
            self.reply(body=zstd.compress(TEXT[:100]) + zstd.compress(TEXT[100:]), Content_Encoding="zstd")
        elif kind == "claimed":
            self.reply(body=TEXT, Content_Encoding="gzip")
        elif kind == "unknown":
            self.reply(body=TEXT, Content_Encoding="compress")
        elif kind.startswith("damaged-"):
            coding = kind.partition("-")[2]
            self.reply(body=PACK[coding](TEXT)[:12] + b"\x07" * 40, Content_Encoding=coding)
        else:
            self.packed(TEXT, kind)

    def packed(self, body, kind):
        codings = kind.split("+")
        for coding in codings:
            body = PACK[coding](body)
        self.reply(body=body, Content_Encoding=", ".join("deflate" if one == "raw" else one for one in codings))

    def bomb(self, kind):
        self.packed(bytes(20_000_000), kind)

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

    def headerdrip(self, _):
        """A header that never ends, each piece in time."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(100):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def headers_(self, argument):
        """headers_/count-size: so many headers of so many bytes."""
        count, _, size = argument.partition("-")
        self.send_response_only(200)
        for number in range(int(count)):
            self.send_header(f"X-{number}", "x" * int(size))
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def continues(self, _):
        """100 Continue without end."""
        for _ in range(100):
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            time.sleep(0.05)

    def circle(self, letter):
        self.reply(302, Location="/circle/b" if letter == "a" else "/circle/a")

    def far(self, number):
        self.reply(302, Location=f"/far/{int(number) + 1}")

    def cached(self, seconds):
        self.reply(body=TEXT, Cache_Control=f"public, max-age={seconds}")

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


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[ThreadingHTTPServer]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
