"""The commands on feeds, against a real server on this machine and a real warehouse."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sanctions_watch.adapters.warehouse import connect
from sanctions_watch.records import Feed
from sanctions_watch.stages.collect.registry import read_feeds, write_feeds

ROOT = Path(__file__).resolve().parents[2]


def rss() -> bytes:
    now = datetime.now(UTC)
    listed = "".join(
        f"<item><guid>g{n}</guid><link>https://p.example/{n}</link><title>Ship {n} held</title>"
        f"<pubDate>{now - timedelta(hours=3 * n + 2):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for n in range(20)
    )
    return f"<rss version='2.0'><channel><title>P</title>{listed}</channel></rss>".encode()


class Site(BaseHTTPRequestHandler):
    """Feeds as they come: honest, forgetful, moved, a page, none."""

    def do_GET(self) -> None:
        body, status, headers = rss(), 200, {}
        if self.path == "/honest":
            headers["ETag"] = '"1"'
            if self.headers["If-None-Match"] == '"1"':
                status, body = 304, b""
        elif self.path == "/forgetful":
            headers["ETag"] = '"1"'
        elif self.path == "/old":
            status, body, headers["Location"] = 301, b"", "/plain"
        elif self.path == "/html":
            body = b"<!doctype html><html><head><title>Just a moment</title></head></html>"
        elif self.path == "/none":
            status, body = 404, b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def registry(site, tmp_path):
    path = tmp_path / "feeds.yaml"
    names = ("honest", "forgetful", "plain", "old", "html", "none")
    path.write_text(write_feeds(Feed(f"feed-{name}", f"http://{site}/{name}", f"The {name} one") for name in names))
    return path


def command(*words, given=b"", code=0, **environment):
    done = subprocess.run(
        [sys.executable, "-m", "sanctions_watch.cli", "feeds", *map(str, words)],
        input=given,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "plugins"), "PYTHONIOENCODING": "utf-8", **environment},
        check=False,
    )
    assert done.returncode == code, done.stderr.decode()
    return done.stdout.decode(), done.stderr.decode()


# ---------------------------------------------------------------- check


def test_check_says_of_each_feed_what_a_person_would_want_to_know(registry, site):
    out, errors = command("check", registry, "--json", "--allow-host", site, code=1)
    found = {row["feed_id"]: row for row in map(json.loads, out.splitlines())}
    assert errors == ""
    honest = found["feed-honest"]
    assert (honest["is_well"], honest["format"], honest["entries"], honest["rhythm"]) == (True, "rss20", 20, "every 3 hours")
    assert honest["newest"]
    assert {name: row["etag"] for name, row in found.items()} == {
        "feed-honest": "honours its ETag",
        "feed-forgetful": "ignores its ETag: sends everything again",
        "feed-plain": "none",
        "feed-old": "none",
        "feed-html": "not tried",
        "feed-none": "not tried",
    }
    assert found["feed-old"]["moved_to"] == f"http://{site}/plain"
    assert 'an HTML page titled "Just a moment"' in found["feed-html"]["reason"]
    assert (found["feed-none"]["is_well"], found["feed-none"]["status"], found["feed-none"]["rhythm"]) == (False, 404, None)


def test_check_without_a_terminal_is_a_plain_table(registry, site):
    out, errors = command("check", registry, "--allow-host", site, code=1)
    assert "\x1b" not in out + errors
    assert "4 of 6 feeds are well." in out
    assert "Not well: feed-html, feed-none" in out
    assert f"feed-old → http://{site}/plain" in out
    assert re.search(r"feed-honest.+well.+rss20.+20.+2 h ago.+every 3 hours", out)


def on_a_terminal(*words, **environment):
    """Standard output as a terminal gets it."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sanctions_watch.cli", "feeds", *map(str, words)],
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "PYTHONPATH": str(ROOT / "plugins"), "TERM": "xterm-256color", "COLUMNS": "200", **environment},
    )
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 65536):
            shown += piece
    except OSError:  # the other end has closed
        pass
    process.wait()
    os.close(ours)
    return shown.decode()


COLOUR = re.compile(r"\x1b\[[0-9;]*3[1-7]m")


def test_colours_and_progress_are_for_terminals_and_no_color_is_respected(registry, site):
    shown = on_a_terminal("check", registry, "--allow-host", site)
    assert COLOUR.search(shown)
    assert "checking feeds" in shown
    assert not COLOUR.search(on_a_terminal("check", registry, "--allow-host", site, NO_COLOR="1"))


def test_check_of_one_address(site):
    out, _ = command("check", f"http://{site}/honest", "--allow-host", site)
    assert f"http://{site}/honest" in out
    assert "1 of 1 feeds are well." in out


def test_check_names_every_problem_of_a_registry(tmp_path):
    path = tmp_path / "feeds.yaml"
    path.write_text("feeds:\n  - {id: A, url: 'ftp://x', publisher: X}\n  - {id: ok-1}\n")
    _, errors = command("check", path, code=1)
    assert len(errors.splitlines()) >= 4
    assert "is not a web address" in errors


# ---------------------------------------------------------------- lists


def test_a_list_goes_out_and_comes_back(registry, tmp_path):
    out, _ = command("export", registry)
    (tmp_path / "list.opml").write_text(out)
    back, errors = command("import", tmp_path / "list.opml")
    assert read_feeds(back, "back") == read_feeds(registry.read_text(), "registry")
    assert errors == ""


def test_a_list_with_problems_writes_nothing_unless_asked_to(tmp_path):
    listed = b"<opml><body><outline text='A' xmlUrl='x'/><outline text='B' type='rss'/><outline text='C' xmlUrl='https://c.example/rss'/></body></opml>"
    out, errors = command("import", "-", given=listed, code=1)
    assert out == ""
    assert len(errors.splitlines()) == 2
    out, errors = command("import", "-", "--skip-bad", given=listed)
    assert [feed.feed_id for feed in read_feeds(out, "out")] == ["c-example"]
    assert len(errors.splitlines()) == 2


def test_no_list_is_told_in_a_line():
    assert command("import", "-", given=b"<rss/>", code=1)[1].startswith("sanctions-watch: - is no OPML")
    assert "cannot be read" in command("import", "/nowhere.opml", code=1)[1]


# ---------------------------------------------------------------- a person's word


@pytest.mark.postgres
def test_a_persons_word_holds_over_reloads_of_the_registry(warehouse_url, registry):
    warehouse = connect(warehouse_url)
    feeds = read_feeds(registry.read_text(), "registry")
    now = datetime.now(UTC)
    with warehouse.begin() as unit:
        unit.save_feeds(feeds, now)
    out, _ = command(
        "pause", "feed-plain", "feed-old", "--by", "ana", "--reason", "moving", SANCTIONS_WATCH_WAREHOUSE_URL=warehouse_url
    )
    assert out == "feed-plain, feed-old: paused.\n"
    with warehouse.begin() as unit:
        unit.save_feeds(feeds, now)
        assert not {"feed-plain", "feed-old"} & set(unit.feeds_due(datetime.now(UTC)))
        assert [(one.feed_id, one.word, one.ordered_by, one.reason) for one in unit.feed_orders()] == [
            ("feed-old", "pause", "ana", "moving"),
            ("feed-plain", "pause", "ana", "moving"),
        ]
    command("resume", "feed-plain", SANCTIONS_WATCH_WAREHOUSE_URL=warehouse_url)
    command("poll", "feed-old", SANCTIONS_WATCH_WAREHOUSE_URL=warehouse_url)
    with warehouse.begin() as unit:
        assert {"feed-plain", "feed-old"} <= set(unit.feeds_due(datetime.now(UTC)))
    _, errors = command("pause", "nobody", SANCTIONS_WATCH_WAREHOUSE_URL=warehouse_url, code=1)
    assert "feed nobody is not registered" in errors or "refuses it" in errors
    warehouse.close()
