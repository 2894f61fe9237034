"""The replay's server over HTTP, with a clock that the test sets."""

import http.client
import json
import threading
from datetime import UTC, datetime
from time import monotonic, sleep
from urllib.parse import urlsplit

import feedparser
import pytest
import yaml

from sanctions_watch.clock import FixedClock
from sanctions_watch.data import include
from sanctions_watch.errors import ConfigurationError
from sanctions_watch.local.sample_server import read_timeline, server

TIMELINE = """
start: 2018-08-01T00:00:00Z
end: 2018-08-05T00:00:00Z
feeds:
  - {feed_id: wire, path: /feeds/wire.xml, format: rss, behaviour: ok}
  - {feed_id: broken, path: /feeds/broken.xml, format: rss, behaviour: malformed}
  - {feed_id: atom, path: /feeds/a.atom, format: atom, behaviour: moved, moved_to: /feeds/b.atom}
  - {feed_id: json, path: /feeds/j.json, format: json, behaviour: ok}
  - {feed_id: down, path: /feeds/down.xml, format: rss, behaviour: down}
articles:
  - {id: one, feeds: [wire, broken, atom, json], at: 2018-08-02T10:00:00Z, page: one.html, path: /wire/one.html, title: "Coal & <ships>",
     summary: "A & B", author: "Ada", credit: "Kyodo", language: en,
     updates: [{at: 2018-08-03T12:00:00Z, page: one-2.html, title: "Coal, ships: update"}]}
  - {id: two, feeds: [wire], at: 2018-08-02T11:00:00Z, page: two.html, path: /wire/two.html, title: "Two", summary: "", author: "", credit: "", language: en}
"""


def _at(written):
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pages").mkdir()
    for name in ("one", "one-2", "two"):
        (tmp_path / "pages" / f"{name}.html").write_text(f"<p>page {name}</p>")
    (tmp_path / "timeline.yaml").write_text(TIMELINE)
    return tmp_path


class Site:
    def __init__(self, timeline, memory=None):
        self.clock = FixedClock(timeline.start)
        self.server = server(timeline, self.clock, 0, memory)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def get(self, path, method="GET", **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        answer.body = answer.read()
        connection.close()
        return answer

    def status(self):
        return json.loads(self.get("/status.json").body)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def site(folder):
    one = Site(read_timeline(folder / "timeline.yaml"), folder / "memory.json")
    yield one
    one.stop()


def test_articles_come_and_change_at_their_time(site):
    for time, titles, page in (
        ("2018-08-02T09:59:59", [], (404, None)),
        ("2018-08-02T10:00:00", ["Coal & <ships>"], (200, b"<p>page one</p>")),
        ("2018-08-02T11:00:00", ["Two", "Coal & <ships>"], (200, b"<p>page one</p>")),
        ("2018-08-03T12:00:00", ["Two", "Coal, ships: update"], (200, b"<p>page one-2</p>")),
    ):
        site.clock.time = _at(time)
        feed = feedparser.parse(site.get("/feeds/wire.xml").body)
        assert not feed.bozo
        assert [entry.title for entry in feed.entries] == titles
        answer = site.get("/wire/one.html")
        assert answer.status == page[0]
        assert page[1] is None or answer.body == page[1]


def test_every_format_tells_the_same(site):
    site.clock.time = _at("2018-08-02T10:30:00")
    base = f"http://127.0.0.1:{site.port}"
    rss = feedparser.parse(site.get("/feeds/wire.xml").body).entries[0]
    atom = feedparser.parse(site.get("/feeds/b.atom").body).entries[0]
    listed = json.loads(site.get("/feeds/j.json").body)
    assert listed["version"] == "https://jsonfeed.org/version/1.1"
    for entry in (rss, atom):
        assert (entry.title, entry.link, entry.author, entry.dc_source) == (
            "Coal & <ships>",
            f"{base}/wire/one.html",
            "Ada",
            "Kyodo",
        )
        assert entry.published_parsed[:5] == (2018, 8, 2, 10, 0)
    one = listed["items"][0]
    assert (one["title"], one["url"], one["authors"], one["_source"]) == (
        "Coal & <ships>",
        f"{base}/wire/one.html",
        [{"name": "Ada"}],
        "Kyodo",
    )
    site.clock.time = _at("2018-08-04T00:00:00")
    changed = feedparser.parse(site.get("/feeds/b.atom").body).entries[0]
    assert changed.id == atom.id
    assert changed.updated_parsed[:5] == (2018, 8, 3, 12, 0)


def test_an_unchanged_feed_answers_304(site):
    site.clock.time = _at("2018-08-02T10:30:00")
    first = site.get("/feeds/wire.xml")
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    again = site.get("/feeds/wire.xml", **{"If-None-Match": etag, "If-Modified-Since": modified})
    assert (again.status, again.body) == (304, b"")
    assert site.get("/feeds/wire.xml", **{"If-Modified-Since": modified}).status == 304
    site.clock.time = _at("2018-08-02T11:30:00")
    assert site.get("/feeds/wire.xml", **{"If-None-Match": etag, "If-Modified-Since": modified}).status == 200


def test_the_feeds_that_misbehave(site):
    site.clock.time = _at("2018-08-02T10:30:00")
    broken = feedparser.parse(site.get("/feeds/broken.xml").body)
    assert broken.bozo
    assert broken.entries[0].link.endswith("/wire/one.html"), "malformed, but recoverable"
    moved = site.get("/feeds/a.atom")
    assert moved.status == 301
    assert urlsplit(moved.headers["Location"]).path == "/feeds/b.atom"
    down = site.get("/feeds/down.xml")
    assert down.status == 503
    assert down.headers["Retry-After"]


def test_head_robots_and_unknown_pages(site):
    site.clock.time = _at("2018-08-02T10:30:00")
    assert site.get("/wire/one.html", method="HEAD").body == b""
    assert site.get("/robots.txt").status == 200
    assert site.get("/wire/none.html").status == 404


def test_the_status_knows_when_all_was_handed_out(site, folder):
    for path in ("/feeds/wire.xml", "/feeds/broken.xml", "/feeds/b.atom", "/feeds/j.json"):
        site.clock.time = _at("2018-08-02T12:00:00")
        site.get(path)
    status = site.status()
    assert (status["articles_released"], status["articles"], status["is_over"], status["is_delivered"]) == (2, 2, False, False)
    site.clock.time = _at("2018-08-05T00:00:01")
    assert site.status()["is_over"]
    assert not site.status()["is_delivered"], "the update was handed out to nobody yet"
    for path in ("/feeds/wire.xml", "/feeds/broken.xml", "/feeds/b.atom"):
        site.get(path)
    assert not site.status()["is_delivered"]
    site.get("/feeds/j.json")
    end = monotonic() + 10  # the server notes it once the answer has left, in its own thread
    while not site.status()["is_delivered"] and monotonic() < end:
        sleep(0.02)
    assert site.status()["is_delivered"]
    restarted = Site(read_timeline(folder / "timeline.yaml"), folder / "memory.json")
    try:
        restarted.clock.time = site.clock.time
        assert restarted.status()["is_delivered"], "remembered over a restart"
    finally:
        restarted.stop()


def test_every_fault_of_a_timeline_is_named(folder):
    text = (
        TIMELINE.replace("page: two.html", "page: none.html")
        .replace("feeds: [wire],", "feeds: [nowhere],")
        .replace("format: json", "format: odd")
    )
    (folder / "timeline.yaml").write_text(text)
    with pytest.raises(ConfigurationError) as error:
        read_timeline(folder / "timeline.yaml")
    assert len(error.value.problems) == 3
    (folder / "timeline.yaml").write_text("feeds: 3")
    with pytest.raises(ConfigurationError, match="not a timeline"):
        read_timeline(folder / "timeline.yaml")


def test_the_bundled_replay_is_served_whole():
    timeline = read_timeline(include("sample/timeline.yaml"))
    registry = yaml.safe_load(include("sample/feeds.yaml").read_text(encoding="utf-8"))["feeds"]
    assert {row["id"]: row["url"].removeprefix("{sample}") for row in registry} == {
        feed.feed_id: feed.path for feed in timeline.feeds
    }
    site = Site(timeline)
    try:
        site.clock.time = timeline.end
        for feed in timeline.feeds:
            answer = site.get(feed.path)
            assert answer.status == {"down": 503, "moved": 301}.get(feed.behaviour, 200), feed.feed_id
        for article in timeline.articles:
            assert site.get(article.path).status == 200, article.article_id
    finally:
        site.stop()
