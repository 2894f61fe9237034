"""The commands on feeds: check them, exchange lists as OPML, and give a person's word on one."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from sanctions_watch.errors import ConfigurationError

if TYPE_CHECKING:
    from rich.console import Console

    from sanctions_watch.records import Feed, FetchResult, Poll

_BATCH = 24  # feeds that are asked at a time
_GOOD = ("changed", "unchanged", "not_modified")
_WORDS: dict[str, str] = {
    "pause": "stop polling a feed until it is resumed, whatever the registry says",
    "retire": "stop polling a feed that nobody expects back",
    "resume": "poll a feed again that was paused or retired, or that the server called gone",
    "poll": "visit a feed at the next run of collect_feeds, whatever its schedule",
}


def add_verbs(verb: Callable[..., argparse.ArgumentParser], group: Any) -> None:
    """Add the verbs of ``sanctions-watch feeds``."""
    check = verb("check", _check, "poll each feed of a registry once and report on it as a reader would want it", """\
A registry is a file in the form of include/feeds.yaml; an address checks that one feed. A feed with an ETag is asked twice, to see whether
it honours it. The exit status is 1 where a feed is not well.

Example: sanctions-watch feeds check include/feeds.yaml
         sanctions-watch feeds check https://example.org/rss.xml --json""", group)  # fmt: skip
    check.add_argument("registry", nargs="?", default="", help="a file or an address; nothing takes the project's own registry")
    check.add_argument("--json", action="store_true", help="one JSON object a line instead of the table")
    check.add_argument("--allow-host", action="append", default=[], metavar="HOST:PORT", help="let the network guard through to it")
    reads = verb("import", _import, "turn another reader's list (OPML) into a registry, on standard output", """\
Look it through, complete publisher, country, kind and reliability, and save it as the file that SANCTIONS_WATCH_FEEDS names. Every problem
of the list is named; with --skip-bad the rest is written all the same.

Example: sanctions-watch feeds import subscriptions.opml > feeds.yaml""", group)  # fmt: skip
    reads.add_argument("file", help="an OPML file; - reads standard input")
    reads.add_argument("--skip-bad", action="store_true", help="write the feeds without problems although others have some")
    writes = verb("export", _export, "write a registry as OPML, for other readers, on standard output", """\
Reading it back with feeds import gives the same feeds.

Example: sanctions-watch feeds export > feeds.opml""", group)  # fmt: skip
    writes.add_argument("registry", nargs="?", default="", help="a file; nothing takes the project's own registry")
    for word, told in _WORDS.items():
        order = verb(word, _order, told, f"""\
The warehouse is the one that SANCTIONS_WATCH_WAREHOUSE_URL names. Who ordered it, when and why is kept.

Example: sanctions-watch feeds {word} upi-world --reason "moving to another host" """, group)  # fmt: skip
        order.set_defaults(word=word)
        order.add_argument("feed", nargs="+", metavar="ID", help="the id of a feed of the registry")
        order.add_argument("--reason", default="", help="why, in a few words")
        order.add_argument("--by", default="", metavar="NAME", help="who; your login name if nothing is given")


# ---------------------------------------------------------------- check


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found of one feed."""

    feed: Feed
    poll: Poll
    etag: str  # in words

    @property
    def is_well(self) -> bool:
        """Whether it answered as a feed."""
        return self.poll.outcome in _GOOD

    @property
    def newest(self) -> datetime | None:
        """The date of its newest entry."""
        return max((entry.published_at for entry in self.poll.entries if entry.published_at), default=None)

    def as_json(self) -> dict[str, Any]:
        """Everything, for a program."""
        from sanctions_watch.stages.collect.rhythm import in_words

        moved = self.poll.state.url if self.poll.state.url != self.feed.url else ""
        return {
            "feed_id": self.feed.feed_id, "url": self.feed.url, "publisher": self.feed.publisher, "is_well": self.is_well,
            "outcome": self.poll.outcome, "status": self.poll.status, "reason": self.poll.reason, "format": self.poll.form or None,
            "entries": len(self.poll.entries), "newest": self.newest.isoformat() if self.newest else None,
            "rhythm": in_words(self.poll.state.rhythm) if self.is_well else None, "moved_to": moved or None, "etag": self.etag,
        }  # fmt: skip


def _check(given: argparse.Namespace) -> int:
    feeds = _registry(given.registry, may_be_address=True)
    findings: list[Finding] = []
    for finding in _with_progress(_findings(feeds, given.allow_host), len(feeds)):
        findings.append(finding)
        if given.json:
            print(json.dumps(finding.as_json(), ensure_ascii=False), flush=True)
    if not given.json:
        _show(findings)
    return 0 if all(finding.is_well for finding in findings) else 1


def _findings(feeds: Sequence[Feed], allowed: Sequence[str]) -> Iterator[Finding]:
    """A visit to each feed, and a second one where the first brought an ETag or a date to ask with."""
    from sanctions_watch.adapters.fetcher import HttpFetcher
    from sanctions_watch.clock import SystemClock
    from sanctions_watch.stages.collect import collect, feed_request, first_state

    clock = SystemClock()
    fetcher = HttpFetcher(clock, allowed_hosts=allowed)
    for start in range(0, len(feeds), _BATCH):
        batch = feeds[start : start + _BATCH]
        states = [first_state(feed, clock.now()) for feed in batch]
        results = fetcher.fetch([feed_request(feed, state) for feed, state in zip(batch, states, strict=True)])
        polls = [collect(*one, clock.now()) for one in zip(batch, states, results, strict=True)]
        asked = {n: feed_request(feed, polls[n].state) for n, feed in enumerate(batch) if _can_be_asked(polls[n])}
        again = dict(zip(asked, fetcher.fetch(list(asked.values())), strict=True))
        for number, (feed, poll) in enumerate(zip(batch, polls, strict=True)):
            yield Finding(feed, poll, _etag_in_words(poll, again.get(number)))


def _can_be_asked(poll: Poll) -> bool:
    return poll.outcome in _GOOD and bool(poll.state.etag or poll.state.last_modified)


def _etag_in_words(poll: Poll, again: FetchResult | None) -> str:
    """Whether the server keeps to what its ETag or date promises."""
    if poll.outcome not in _GOOD:
        return "not tried"
    if again is None:
        return "none"
    what = "ETag" if poll.state.etag else "Last-Modified"
    if again.status == 304:
        return f"honours its {what}"
    if again.error:
        return f"not known: {again.error}"
    return f"ignores its {what}: sends everything again"


def _with_progress(findings: Iterator[Finding], total: int) -> Iterator[Finding]:
    """The same, with a bar on standard error where a person is looking."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(findings, "checking feeds", total, console=console, transient=True, disable=not console.is_terminal)


def _show(findings: Sequence[Finding]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from sanctions_watch.stages.collect.rhythm import in_words

    console = Console()
    if not console.is_terminal:
        console = Console(width=200)
    table = Table("feed", "state", "format", "entries", "newest", "rhythm", "ETag", "in words")
    table.columns[3].justify = "right"
    for one in findings:
        state = Text("well", "green") if one.is_well else Text(one.poll.outcome, "red")
        rhythm = in_words(one.poll.state.rhythm) if one.is_well else "–"
        table.add_row(
            Text(one.feed.feed_id if one.feed.publisher else one.feed.url), state, one.poll.form or "–", str(len(one.poll.entries)),
            _age(one), rhythm, Text(one.etag, "" if not one.etag.startswith("ignores") else "yellow"), Text(one.poll.reason),
        )  # fmt: skip
    console.print(table)
    _sum_up(console, findings)


def _age(one: Finding) -> str:
    """How old the newest entry is."""
    if one.newest is None:
        return "–"
    age = max(timedelta(0), one.poll.polled_at - one.newest)
    if age < timedelta(hours=1):
        return f"{age.seconds // 60} min ago"
    return f"{age.total_seconds() / 3600:.0f} h ago" if age < timedelta(days=2) else f"{age.days} days ago"


def _sum_up(console: Console, findings: Sequence[Finding]) -> None:
    bad = [one.feed.feed_id for one in findings if not one.is_well]
    moved = [f"{one.feed.feed_id} → {one.poll.state.url}" for one in findings if one.poll.state.url != one.feed.url]
    console.print(f"{len(findings) - len(bad)} of {len(findings)} feeds are well.", highlight=False)
    if bad:
        console.print(f"Not well: {', '.join(bad)}", style="red", highlight=False, markup=False)
    if moved:
        console.print(f"Moved for good, correct the registry: {'; '.join(moved)}", style="yellow", highlight=False, markup=False)


# ---------------------------------------------------------------- lists


def _registry(name: str, *, may_be_address: bool = False) -> tuple[Feed, ...]:
    """The feeds of a file, of the project's own registry where none is named, or the one at an address."""
    from sanctions_watch.data import include
    from sanctions_watch.records import Feed
    from sanctions_watch.stages.collect.registry import read_feeds

    if may_be_address and name.startswith(("http://", "https://")):
        return (Feed(feed_id="feed", url=name, publisher=""),)
    path = Path(name) if name else include("feeds.yaml")
    return read_feeds(_read(str(path)).decode("utf-8", "replace"), str(path))


def _read(name: str) -> bytes:
    """At most a little more than the longest list that is read."""
    from sanctions_watch.stages.collect.opml import MAX_BYTES

    try:
        if name == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with Path(name).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigurationError([f"{name} cannot be read: {error.strerror}"]) from error


def _import(given: argparse.Namespace) -> int:
    from sanctions_watch.stages.collect.opml import read_opml
    from sanctions_watch.stages.collect.registry import write_feeds

    feeds, problems = read_opml(_read(given.file), given.file)
    for problem in problems:
        print(f"sanctions-watch: {problem}", file=sys.stderr)
    if problems and not (given.skip_bad and feeds):
        return 1
    print(write_feeds(feeds), end="")
    return 0


def _export(given: argparse.Namespace) -> int:
    from sanctions_watch.stages.collect.opml import write_opml

    print(write_opml(_registry(given.registry)), end="")
    return 0


# ---------------------------------------------------------------- a person's word


def _order(given: argparse.Namespace) -> int:
    from sanctions_watch import runtime
    from sanctions_watch.clock import clock_from
    from sanctions_watch.records import FeedOrder

    now, by = clock_from(runtime.settings().clock).now(), given.by or getpass.getuser()
    word = cast("Literal['pause', 'retire', 'resume', 'poll']", given.word)
    with runtime.page_warehouse().begin() as unit:
        for feed_id in given.feed:
            unit.save_feed_order(FeedOrder(feed_id, word, by, now, given.reason))
            if word == "resume":
                unit.save_feed_order(FeedOrder(feed_id, "poll", by, now, given.reason))
    done = {
        "pause": "paused",
        "retire": "retired",
        "resume": "resumed, and visited at the next run",
        "poll": "visited at the next run",
    }
    print(f"{', '.join(given.feed)}: {done[word]}.")
    return 0
