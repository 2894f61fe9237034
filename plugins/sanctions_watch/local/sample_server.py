"""The bundled replay as a web server: feeds and pages as they stood at the virtual time.

    python -m sanctions_watch.local.sample_server PORT [--timeline FILE] [--memory FILE]

The virtual clock is the one that SANCTIONS_WATCH_CLOCK names. An article appears in its feeds, and its page answers, from
its time on; an update changes both. Feeds behave as the timeline says: one is malformed, one has moved, one is down.
``/status.json`` tells how far the replay is and whether every feed has handed out its last state.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

import yaml

from sanctions_watch.clock import clock_from
from sanctions_watch.data import include
from sanctions_watch.errors import ConfigurationError
from sanctions_watch.local.place import write_privately
from sanctions_watch.ports import Clock

_ADDRESS = "127.0.0.1"
_LISTED = 30  # a feed lists its newest articles
_KINDS = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}


@dataclass(frozen=True, slots=True)
class SampleFeed:
    """A feed and how it behaves: ok, malformed, not_modified (it sends ETag and Last-Modified), moved or down."""

    feed_id: str
    path: str
    format: str
    behaviour: str = "ok"
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """How an article stands from ``at`` on."""

    at: datetime
    page: str
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class SampleArticle:
    """An article of the timeline; ``states`` holds its first state and its updates, in order of time."""

    article_id: str
    feeds: tuple[str, ...]
    path: str
    author: str
    credit: str
    language: str
    states: tuple[State, ...]

    def state(self, now: datetime) -> State | None:
        """Its state at that time, None before it appeared."""
        past = [state for state in self.states if state.at <= now]
        return past[-1] if past else None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole replay."""

    start: datetime
    end: datetime
    feeds: tuple[SampleFeed, ...]
    articles: tuple[SampleArticle, ...]
    pages: Path

    def listed(self, feed: SampleFeed, now: datetime) -> list[tuple[SampleArticle, State]]:
        """What the feed shows at that time, the newest first."""
        shown = [
            (article, state)
            for article in self.articles
            if feed.feed_id in article.feeds and (state := article.state(now)) is not None
        ]
        return sorted(shown, key=lambda one: (one[0].states[0].at, one[0].article_id), reverse=True)[:_LISTED]

    def changed_at(self, feed: SampleFeed, now: datetime) -> datetime:
        """When the feed last changed by that time."""
        times = [
            state.at for article in self.articles if feed.feed_id in article.feeds for state in article.states if state.at <= now
        ]
        return max(times, default=self.start)


def read_timeline(path: Path) -> Timeline:
    """The timeline in a file, its pages in the folder ``pages`` beside it. Raises ConfigurationError with every problem at once."""
    problems: list[str] = []
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
        feeds = tuple(
            SampleFeed(
                str(row["feed_id"]),
                str(row["path"]),
                str(row["format"]),
                str(row.get("behaviour", "ok")),
                str(row.get("moved_to", "")),
            )
            for row in tree["feeds"]
        )
        articles = tuple(_article(row) for row in tree["articles"])
        timeline = Timeline(_time(tree["start"]), _time(tree["end"]), feeds, articles, path.parent / "pages")
    except (KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ConfigurationError(
            [f"{path}: not a timeline of the replay ({type(error).__name__}: {' '.join(str(error).split())})"]
        ) from error
    known = {feed.feed_id for feed in feeds}
    for article in articles:
        problems += [
            f"{path}: {article.article_id} is in the feed {name}, which is not listed"
            for name in article.feeds
            if name not in known
        ]
        problems += [
            f"{path}: the page {state.page} of {article.article_id} is missing"
            for state in article.states
            if not (timeline.pages / state.page).is_file()
        ]
    problems += [f"{path}: {feed.feed_id} has the unknown format {feed.format}" for feed in feeds if feed.format not in _KINDS]
    if problems:
        raise ConfigurationError(problems)
    return timeline


def _article(row: Mapping[str, Any]) -> SampleArticle:
    states = [State(_time(row["at"]), str(row["page"]), str(row["title"]), str(row.get("summary", "")))]
    for update in sorted(row.get("updates") or (), key=lambda update: _time(update["at"])):
        before = states[-1]
        states.append(
            State(
                _time(update["at"]), str(update.get("page", before.page)), str(update.get("title", before.title)),
                str(update.get("summary", before.summary)),
            )
        )  # fmt: skip
    return SampleArticle(
        str(row["id"]), tuple(row.get("feeds") or [row["feed"]]), str(row["path"]), str(row.get("author", "")),
        str(row.get("credit", "")), str(row.get("language", "en")), tuple(states),
    )  # fmt: skip


def _time(value: object) -> datetime:
    """A time of the timeline: YAML's own or ISO 8601 text; without a zone it is UTC."""
    time = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


# ---------------------------------------------------------------- feeds as bytes


def render(feed: SampleFeed, listed: list[tuple[SampleArticle, State]], changed: datetime, base: str) -> bytes:
    """The feed in its format. A malformed one has an unescaped ampersand, an unknown entity and no end tag, as such feeds have."""
    name = feed.feed_id.replace("-", " ").title()
    if feed.format == "json":
        return json.dumps(_json_feed(name, feed, listed, base), ensure_ascii=False, indent=1).encode()
    text = _atom(name, feed, listed, changed, base) if feed.format == "atom" else _rss(name, feed, listed, changed, base)
    if feed.behaviour == "malformed":
        text = text.replace("<description>", "<description>Q&A &hellip; ", 1).replace("</channel>", "").replace("</rss>", "")
    return text.encode()


def _rss(name: str, feed: SampleFeed, listed: list[tuple[SampleArticle, State]], changed: datetime, base: str) -> str:
    items = "".join(
        f"<item><title>{escape(state.title)}</title><link>{escape(base + article.path)}</link>"
        f'<guid isPermaLink="false">{escape(feed.feed_id)}:{escape(article.article_id)}</guid>'
        f"<pubDate>{format_datetime(article.states[0].at)}</pubDate><description>{escape(state.summary)}</description>"
        + (f"<atom:updated>{state.at.isoformat()}</atom:updated>" if state.at != article.states[0].at else "")
        + (f"<dc:creator>{escape(article.author)}</dc:creator>" if article.author else "")
        + (f"<dc:source>{escape(article.credit)}</dc:source>" if article.credit else "")
        + f"<dc:language>{escape(article.language)}</dc:language></item>\n"
        for article, state in listed
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">'
        f"<channel><title>{escape(name)}</title><link>{escape(base)}/</link><description>{escape(name)}</description>"
        f"<lastBuildDate>{format_datetime(changed)}</lastBuildDate>\n{items}</channel></rss>\n"
    )


def _atom(name: str, feed: SampleFeed, listed: list[tuple[SampleArticle, State]], changed: datetime, base: str) -> str:
    entries = "".join(
        f"<entry><title>{escape(state.title)}</title><id>tag:{escape(feed.feed_id)}.example,2018:{escape(article.article_id)}</id>"
        f'<link rel="alternate" href={quoteattr(base + article.path)}/><published>{article.states[0].at.isoformat()}</published>'
        f"<updated>{state.at.isoformat()}</updated><summary>{escape(state.summary)}</summary>"
        + (f"<author><name>{escape(article.author)}</name></author>" if article.author else "")
        + (f"<dc:source>{escape(article.credit)}</dc:source>" if article.credit else "")
        + "</entry>\n"
        for article, state in listed
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<title>{escape(name)}</title><id>tag:{escape(feed.feed_id)}.example,2018:feed</id><updated>{changed.isoformat()}</updated>\n{entries}</feed>\n"
    )


def _json_feed(name: str, feed: SampleFeed, listed: list[tuple[SampleArticle, State]], base: str) -> dict[str, Any]:
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": name,
        "home_page_url": f"{base}/",
        "feed_url": base + feed.path,
        "items": [
            {
                "id": f"{feed.feed_id}:{article.article_id}",
                "url": base + article.path,
                "title": state.title,
                "summary": state.summary,
                "date_published": article.states[0].at.isoformat(),
                "language": article.language,
            }
            | ({"date_modified": state.at.isoformat()} if state.at != article.states[0].at else {})
            | ({"authors": [{"name": article.author}]} if article.author else {})
            | ({"_source": article.credit} if article.credit else {})
            for article, state in listed
        ],
    }


# ---------------------------------------------------------------- the server


@dataclass(slots=True)
class Deliveries:
    """Up to which change each feed has been handed out; remembered in a file over restarts, where one is named."""

    memory: Path | None = None
    until: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        if self.memory is not None and self.memory.exists():
            self.until.update(json.loads(self.memory.read_text(encoding="utf-8")))

    def note(self, feed_id: str, changed: datetime) -> None:
        """The feed was handed out as it stood after that change."""
        with self._lock:
            if self.until.get(feed_id) == changed.isoformat():
                return
            self.until[feed_id] = changed.isoformat()
            if self.memory is not None:
                write_privately(self.memory, json.dumps(self.until, indent=1))


def status(timeline: Timeline, deliveries: Deliveries, now: datetime) -> dict[str, Any]:
    """How far the replay is. ``is_delivered``: it is over, and every feed that is not down has handed out its last state."""
    up = [feed for feed in timeline.feeds if feed.behaviour != "down"]
    return {
        "virtual_now": now.isoformat(),
        "start": timeline.start.isoformat(),
        "end": timeline.end.isoformat(),
        "is_over": now >= timeline.end,
        "articles_released": sum(article.state(now) is not None for article in timeline.articles),
        "articles": len(timeline.articles),
        "feeds": len(timeline.feeds),
        "is_delivered": now >= timeline.end
        and all(deliveries.until.get(feed.feed_id) == timeline.changed_at(feed, timeline.end).isoformat() for feed in up),
    }


def server(timeline: Timeline, clock: Clock, port: int = 0, memory: Path | None = None) -> ThreadingHTTPServer:
    """The server, on 127.0.0.1; port 0 takes a free one. The caller runs it."""
    deliveries = Deliveries(memory)
    by_path = {feed.path: feed for feed in timeline.feeds}
    moved = {feed.moved_to: feed for feed in timeline.feeds if feed.moved_to}
    pages = {article.path: article for article in timeline.articles}

    class Site(BaseHTTPRequestHandler):
        """Every publisher of the replay, under one address."""

        server_version = "replay"
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_GET(self) -> None:
            """Answer one request."""
            now = clock.now()
            path = urlsplit(self.path).path
            if path == "/robots.txt":
                self._answer(200, "text/plain; charset=utf-8", b"User-agent: *\nDisallow: /admin/\n")
            elif path == "/status.json":
                self._answer(200, "application/json", json.dumps(status(timeline, deliveries, now)).encode())
            elif (feed := by_path.get(path)) is not None and feed.behaviour == "moved":
                self._answer(301, "text/plain", b"moved", Location=self._base() + feed.moved_to)
            elif (feed := feed or moved.get(path)) is not None:
                self._feed(feed, now)
            elif (article := pages.get(path)) is not None and (state := article.state(now)) is not None:
                self._answer(
                    200, "text/html; charset=utf-8", (timeline.pages / state.page).read_bytes(),
                    **{"Last-Modified": format_datetime(state.at, usegmt=True)},
                )  # fmt: skip
            else:
                self._answer(404, "text/html; charset=utf-8", b"<!doctype html><title>Not found</title><p>There is no such page.")

        do_HEAD = do_GET  # noqa: N815 - the name http.server calls; _answer leaves the body out

        def _feed(self, feed: SampleFeed, now: datetime) -> None:
            if feed.behaviour == "down":
                self._answer(503, "text/plain", b"The server is under maintenance.", **{"Retry-After": "3600"})
                return
            changed = timeline.changed_at(feed, now)
            body = render(feed, timeline.listed(feed, now), changed, self._base())
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            modified = format_datetime(changed, usegmt=True)
            same = (
                self.headers.get("If-None-Match") == etag
                if "If-None-Match" in self.headers
                else self.headers.get("If-Modified-Since") == modified
            )
            if same:
                self._answer(304, "", b"", ETag=etag)
            else:
                kind = "text/xml" if feed.behaviour == "malformed" else _KINDS[feed.format]
                self._answer(200, f"{kind}; charset=utf-8", body, **{"ETag": etag, "Last-Modified": modified})
            deliveries.note(feed.feed_id, changed)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Log what the feeds' readers ask, not the launcher's looks at the status."""
            if self.path != "/status.json":
                super().log_request(code, size)

        def _base(self) -> str:
            return f"http://{_ADDRESS}:{self.connection.getsockname()[1]}"

        def _answer(self, status_code: int, kind: str, body: bytes, **headers: str) -> None:
            self.send_response(status_code)
            if kind:
                self.send_header("Content-Type", kind)
            if status_code != 304:
                self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

    return ThreadingHTTPServer((_ADDRESS, port), Site)


def main() -> None:
    """Read the arguments and serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m sanctions_watch.local.sample_server", description="Serves the bundled replay.")
    parser.add_argument("port", type=int)
    parser.add_argument("--timeline", type=Path, help="another timeline than include/sample/timeline.yaml")
    parser.add_argument("--memory", type=Path, help="a file that remembers what was handed out")
    chosen = parser.parse_args()
    clock = clock_from(os.environ.get("SANCTIONS_WATCH_CLOCK", ""))
    site = server(read_timeline(chosen.timeline or include("sample/timeline.yaml")), clock, chosen.port, chosen.memory)
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # in every thread: sigwait below takes them
    threading.Thread(target=site.serve_forever, name="site", daemon=True).start()
    print(f"the replay on http://{_ADDRESS}:{site.server_address[1]}, virtual time {clock.now().isoformat()}", flush=True)  # noqa: T201 - its log
    signal.sigwait(ends)
    site.shutdown()


if __name__ == "__main__":
    main()
