"""TLS on loopback with certificates made here: good, expired, for another host, of nobody known; HTTP/2 on one connection."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import h2.config
import h2.connection
import h2.events
import pytest
import trustme
from tests.integration.fetcher.site import TEXT, Site, running

from sanctions_watch.adapters.fetcher import HttpFetcher
from sanctions_watch.clock import FixedClock
from sanctions_watch.records import FetchRequest, FetchResult

NOW = datetime(2024, 5, 2, 12, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@contextmanager
def secure(certificate: trustme.LeafCert) -> Iterator[Site]:
    server = Site()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with running(server):
        yield server


def get(port: int, authority: trustme.CA, count: int = 1, host: str = "127.0.0.1") -> list[FetchResult]:
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)

    async def resolver(name: str, _: int) -> list[str]:
        return ["127.0.0.1"]

    one = HttpFetcher(FixedClock(NOW), allowed_hosts=[f"{host}:{port}"], tls=trusted, resolver=resolver)
    return one.fetch([FetchRequest(f"https://{host}:{port}/plain", "feed")] * count)


def test_a_certificate_that_is_in_order(authority):
    with secure(authority.issue_cert("paper.example")) as site:
        [result] = get(site.server_address[1], authority, host="paper.example")
    assert (result.body, result.error) == (TEXT, "")


@pytest.mark.parametrize(
    ("kind", "words"), [("expired", "expired"), ("other", "not valid for"), ("unknown", "unable to get local issuer certificate")]
)
def test_a_certificate_that_is_not(authority, kind, words):
    certificate = {
        "expired": lambda: authority.issue_cert("127.0.0.1", not_before=datetime(2019, 1, 1, tzinfo=UTC), not_after=LONG_AGO),
        "other": lambda: authority.issue_cert("other.example"),
        "unknown": lambda: trustme.CA().issue_cert("127.0.0.1"),
    }[kind]()
    with secure(certificate) as site:
        [result] = get(site.server_address[1], authority)
        assert site.asked == []
    assert result.error.startswith("the server's certificate is not to be trusted")
    assert words in result.error
    assert (result.failure, result.status) == ("hard", 0)


def test_a_server_that_speaks_no_tls(authority):
    with running(Site()) as site:
        [result] = get(site.server_address[1], authority)
    assert result.status == 0
    assert "connection" in result.error


class _Http2(asyncio.Protocol):
    """The smallest server of HTTP/2: every stream is answered with TEXT."""

    connections = 0

    def connection_made(self, transport):
        type(self).connections += 1
        self.transport = transport
        self.state = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        self.state.initiate_connection()
        transport.write(self.state.data_to_send())

    def data_received(self, data):
        for event in self.state.receive_data(data):
            if isinstance(event, h2.events.RequestReceived):
                self.state.send_headers(event.stream_id, [(":status", "200"), ("content-length", str(len(TEXT)))])
                self.state.send_data(event.stream_id, TEXT, end_stream=True)
        self.transport.write(self.state.data_to_send())


def test_http2_is_spoken_over_one_connection(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    context.set_alpn_protocols(["h2"])
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(_Http2, "127.0.0.1", 0, ssl=context))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        results = get(server.sockets[0].getsockname()[1], authority, count=6)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        server.close()
        loop.close()
    assert [result.body for result in results] == [TEXT] * 6
    assert _Http2.connections == 1
