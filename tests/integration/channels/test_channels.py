"""Webhooks and Slack against a real HTTP server on loopback."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sanctions_watch.adapters.channels import ChannelAddress, ChannelMessenger, read_channels
from sanctions_watch.clock import FixedClock
from sanctions_watch.errors import ConfigurationError, DeliveryError
from sanctions_watch.records import Post

NOW = datetime(2018, 8, 4, 12, tzinfo=UTC)
KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
POST = Post("n1", "webhook", "cases", "application/cloudevents+json; charset=utf-8", '{"title":"수산물"}')


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.seen.append((dict(self.headers), body))
        word = self.path.strip("/")
        if word == "hangs":
            self.server.release.wait(5)
        elif word == "drops":
            self.connection.close()
        else:
            self.send_response(int(word))
            if word == "302":
                self.send_header("location", "/200")
            self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def receiver():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.seen, server.release = [], threading.Event()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.release.set()
    server.shutdown()
    server.server_close()
    thread.join()


def messenger(receiver, path, kind="webhook", **changes):
    url = f"http://127.0.0.1:{receiver.server_port}/{path}"
    return ChannelMessenger({"cases": ChannelAddress(kind, url, KEY)}, FixedClock(NOW), **changes)


def test_an_accepted_event_is_signed_so_that_the_receiver_can_check_it(receiver):
    messenger(receiver, "200").deliver(POST)
    [(headers, body)] = receiver.seen
    assert body == POST.body.encode()
    assert headers["content-type"] == POST.content_type
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("n1", str(int(NOW.timestamp())))
    wanted = hmac.new(KEY, b"n1." + headers["webhook-timestamp"].encode() + b"." + body, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(wanted).decode()


def test_slack_is_not_signed(receiver):
    messenger(receiver, "200", kind="slack").deliver(Post("n1", "slack", "cases", "application/json", "{}"))
    assert not any(name.startswith("webhook-") for name in receiver.seen[0][0])


@pytest.mark.parametrize(
    ("answer", "retryable", "uncertain"),
    [
        ("404", False, False),
        ("410", False, False),
        ("302", False, False),
        ("429", True, False),
        ("500", True, False),
        ("503", True, False),
        ("drops", False, True),
    ],
)
def test_what_became_of_it_is_told_apart(receiver, answer, retryable, uncertain):
    with pytest.raises(DeliveryError) as caught:
        messenger(receiver, answer).deliver(POST)
    assert (caught.value.is_retryable, caught.value.is_uncertain) == (retryable, uncertain)
    assert len(receiver.seen) == 1, "no redirect is followed and nothing is repeated behind the outbox's back"


def test_a_receiver_that_hangs_is_uncertain(receiver):
    with pytest.raises(DeliveryError) as caught:
        messenger(receiver, "hangs", timeout=0.3).deliver(POST)
    assert caught.value.is_uncertain
    assert not receiver.release.is_set(), "it still hangs: we did not wait for it"


def test_nobody_there_and_an_unknown_channel_can_be_tried_again(receiver):
    gone = ChannelMessenger({"cases": ChannelAddress("webhook", "http://127.0.0.1:9/x", KEY)}, FixedClock(NOW))
    for one, reason in ((gone, "no connection"), (ChannelMessenger({}, FixedClock(NOW)), "no webhook named cases")):
        with pytest.raises(DeliveryError, match=reason) as caught:
            one.deliver(POST)
        assert caught.value.is_retryable


def test_an_address_never_stands_in_an_error_or_a_repr(receiver):
    channel = ChannelAddress("slack", "https://hooks.slack.example/T0/B0/verysecret")
    assert "verysecret" not in repr(channel)
    with pytest.raises(DeliveryError) as caught:
        messenger(receiver, "404").deliver(POST)
    assert "/404" not in str(caught.value)


def test_the_file_of_channels(tmp_path):
    path = tmp_path / "channels.yaml"
    path.write_text(
        f"channels:\n  cases: {{kind: webhook, url: https://x.example/h, secret: {SECRET}}}\n  desk: {{kind: slack, url: https://y.example/s}}\n"
    )
    assert read_channels(path) == {
        "cases": ChannelAddress("webhook", "https://x.example/h", KEY),
        "desk": ChannelAddress("slack", "https://y.example/s"),
    }


def test_every_mistake_of_the_file_is_named_at_once_and_no_secret(tmp_path):
    path = tmp_path / "channels.yaml"
    path.write_text(
        "channels:\n  a: {kind: fax, url: https://x.example/topsecret, secret: c2hvcnQ=}\n"
        "  b: {kind: slack, url: http://x.example/s, secret: z}\n  c: 3\n  d: {kind: webhook, url: https://x.example, secret: '', colour: red}\n"
    )
    with pytest.raises(ConfigurationError) as caught:
        read_channels(path)
    said = "\n".join(caught.value.problems)
    for part in (
        "channel a: kind",
        "channel a: secret",
        "channel b: url",
        "channel b: Slack",
        "channel c",
        "channel d: secret",
        "'colour'",
    ):
        assert part in said
    assert "topsecret" not in said
    assert "c2hvcnQ" not in said


@pytest.mark.parametrize("text", ["", "channels: []", "{", "other: 1"])
def test_what_is_no_file_of_channels(tmp_path, text):
    path = tmp_path / "channels.yaml"
    path.write_text(text)
    with pytest.raises(ConfigurationError):
        read_channels(path)
