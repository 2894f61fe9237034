"""The commands on archives: read them in, add one article by hand, search what is there."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from sanctions_watch.errors import ConfigurationError, SanctionsWatchError

if TYPE_CHECKING:
    from sanctions_watch.adapters.archives import Choice
    from sanctions_watch.adapters.fetcher import HttpFetcher
    from sanctions_watch.adapters.warehouse import PostgresWarehouse
    from sanctions_watch.records import Backfill

Verb = Callable[..., argparse.ArgumentParser]

_HIGHLIGHT = ("\ue000", "\ue001")  # what search.sql marks found words with: private characters, no markup


def register(verb: Verb, warehouse: Any) -> None:
    """Add the verbs ``backfill``, ``add`` and ``search``, and ``retention`` to those of the warehouse."""
    backfill = verb("backfill", _backfill, "read archives into the warehouse; they fill the ledger and never mail", """\
A source is a WARC file (.warc, .warc.gz), JSON Lines as for analyze (.jsonl, .jsonl.gz), a folder of HTML, or the address of a
sitemap. It can be stopped at any moment and started again: it goes on where it ended, and stores nothing twice. What cannot be read
is kept in core.quarantine under the stage "backfill", with its reason.

Example: sanctions-watch backfill 2018.warc.gz pages/ --warehouse postgresql://… --since 2018-01-01 --until 2018-12-31
         sanctions-watch backfill https://example.org/sitemap.xml --since 2018-08-01 --dry-run""")  # fmt: skip
    backfill.add_argument("sources", nargs="+", metavar="SOURCE", help="a file, a folder, or the address of a sitemap")
    backfill.add_argument("--publisher", default="", help="whose it all is; by itself it is told by the site of each page")
    backfill.add_argument("--since", default="", metavar="DAY", help="the first day, as 2018-08-04")
    backfill.add_argument("--until", default="", metavar="DAY", help="the last day")
    backfill.add_argument("--dry-run", action="store_true", help="read everything, store nothing, say what would come in")
    backfill.add_argument(
        "--read-only", action="store_true", help="store the pages, and leave the stages to the DAG maintain_warehouse"
    )
    _reaches(backfill)
    add = verb("add", _add, "add one article by hand: an address, a file (HTML, text, PDF), or - for pasted text", """\
It goes the way of every entry, and may alert. Of a PDF the text is extracted and the page of every quote is kept.

Example: sanctions-watch add https://example.org/article --warehouse postgresql://…
         sanctions-watch add report.pdf --publisher "Panel of Experts" --date 2018-03-05 --pages 1-150
         pbpaste | sanctions-watch add - --title "…" --publisher "…" --date 2018-08-04""")  # fmt: skip
    add.add_argument("source", help="an address, a file, or -")
    add.add_argument("--publisher", default="")
    add.add_argument("--title", default="")
    add.add_argument("--url", default="", help="where it stands on the web, for a file or pasted text")
    add.add_argument("--date", default="", help="when it was published, as 2018-08-04 or 2018-08-04T10:30")
    add.add_argument("--language", default="", help="ISO 639-1, where it cannot be told from the text")
    add.add_argument("--pages", default="", metavar="FROM-TO", help="of a PDF: these pages only")
    _reaches(add)
    search = verb("search", _search, "find articles and claims by their words", """\
Words must all be there, in any form English has for them; "a phrase" stands as it is; or, and -without, as in search engines.

Example: sanctions-watch search '"ship-to-ship" coal -Iran' --since 2018-01-01 --claims""")  # fmt: skip
    search.add_argument("words", nargs="+", metavar="WORDS")
    search.add_argument("--claims", action="store_true", help="look into the quotes of claims instead of whole articles")
    search.add_argument("--publisher", default="")
    search.add_argument("--language", default="", help="ISO 639-1")
    search.add_argument("--since", default="", metavar="DAY", help="published on this day or later")
    search.add_argument("--until", default="", metavar="DAY", help="published on this day or before")
    search.add_argument("--limit", type=int, default=20)
    search.add_argument("--json", action="store_true", help="one JSON object a line")
    _reaches(search)
    retention = verb("retention", _retention, "say what is past its publisher's retention and would go", """\
The rules are those of include/retention.yaml, or of the file that --rules names. What goes are payloads of feeds and pages of archives;
articles and the quotes of claims stay. The DAG maintain_warehouse does it every hour.

Example: sanctions-watch warehouse retention --rules my-retention.yaml""", warehouse)  # fmt: skip
    retention.add_argument("--rules", default="", metavar="FILE", help="a file in the form of include/retention.yaml")
    retention.add_argument("--keep-days", type=int, default=400, help="where the file says nothing else")
    retention.add_argument("--apply", action="store_true", help="do it, instead of saying what would go")
    _reaches(retention)


def _reaches(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--warehouse", default="", metavar="URL", help="postgresql://…; by itself the one of SANCTIONS_WATCH_WAREHOUSE_URL"
    )
    verb.add_argument("--allow-host", action="append", default=[], metavar="HOST:PORT", help="let the network guard through to it")


def _warehouse(given: argparse.Namespace) -> PostgresWarehouse:
    from sanctions_watch import runtime
    from sanctions_watch.adapters.warehouse import connect

    return connect(given.warehouse or runtime.settings().warehouse_url)


def _fetcher(given: argparse.Namespace) -> HttpFetcher:
    from sanctions_watch.adapters.fetcher import HttpFetcher
    from sanctions_watch.clock import SystemClock

    return HttpFetcher(SystemClock(), allowed_hosts=given.allow_host)


def _choice(given: argparse.Namespace) -> Choice:
    from sanctions_watch.adapters.archives import Choice, read_day
    from sanctions_watch.data import include
    from sanctions_watch.stages.collect.registry import read_feeds

    path = include("feeds.yaml")
    feeds = read_feeds(path.read_text(encoding="utf-8"), str(path))
    return Choice(given.publisher, read_day(getattr(given, "since", "")), read_day(getattr(given, "until", "")), feeds)


# ---------------------------------------------------------------- backfill


def _backfill(given: argparse.Namespace) -> int:
    from sanctions_watch.adapters.archives import open_archive
    from sanctions_watch.backfill import read_archive, try_archive
    from sanctions_watch.clock import SystemClock

    clock, choice, fetcher = SystemClock(), _choice(given), _fetcher(given)
    readers = [open_archive(source, choice, clock, fetcher) for source in given.sources]  # all are looked at before one is read
    failed = 0
    warehouse = None if given.dry_run else _warehouse(given)
    for reader in readers:
        progress = _Progress(reader.source)
        try:
            if warehouse is None:
                state, reasons = try_archive(reader, clock, watch=progress.show)
                progress.end(state, "would come in")
                for reason, count in sorted(reasons.items(), key=lambda one: -one[1])[:20]:
                    print(f"    {count} × {reason}")
            else:
                progress.end(read_archive(warehouse, reader, clock, chosen=choice.key, watch=progress.show), "stored")
        except SanctionsWatchError as error:
            failed += 1
            progress.clear()
            print(f"sanctions-watch: {reader.source}: {error}", file=sys.stderr)
    if warehouse is not None and not given.read_only:
        _work_off(warehouse, clock, fetcher)
    return 1 if failed else 0


def _work_off(warehouse: PostgresWarehouse, clock: Any, fetcher: HttpFetcher) -> None:
    from sanctions_watch.backfill import work_off
    from sanctions_watch.pipeline import Flow

    lane = Flow(warehouse=warehouse, fetcher=fetcher, mailer=None, clock=clock)
    lane = replace(lane, warehouse=warehouse.in_lane("backfill"))
    progress = _Progress("stages")
    taken = work_off((lane.clean, lane.select, lane.deduplicate, lane.extract, lane.assess), watch=progress.show_stages)
    progress.clear()
    print("stages: " + ", ".join(f"{stage} {count}" for stage, count in taken.items()) + "; no mail")


class _Progress:
    """A line on standard error while a long reading runs, where a person is looking."""

    def __init__(self, source: str) -> None:
        self._source, self._started, self._is_shown = source, monotonic(), sys.stderr.isatty()
        self._first: int | None = None

    def show(self, state: Backfill) -> None:
        """How far it has come, how fast, and how long it will take."""
        if not self._is_shown:
            return
        seconds = max(0.001, monotonic() - self._started)
        self._first = state.records if self._first is None else self._first
        speed = (state.records - self._first) / seconds
        share = state.done / state.total if state.total else 0.0
        left = f", {seconds / share * (1 - share):.0f} s left" if 0 < share < 1 else ""
        print(
            f"\r\x1b[K{self._source}: {state.records} records, {speed:.0f}/s, {share:.0%}{left}",
            end="",
            file=sys.stderr,
            flush=True,
        )

    def show_stages(self, taken: dict[str, int]) -> None:
        """How much each stage has taken."""
        if self._is_shown:
            told = ", ".join(f"{stage} {count}" for stage, count in taken.items())
            print(f"\r\x1b[K{told}", end="", file=sys.stderr, flush=True)

    def end(self, state: Backfill, word: str) -> None:
        """The line that stays."""
        self.clear()
        print(f"{state.source}: {state.records} records: {state.entries} {word}, "
              f"{state.records - state.entries - state.skipped - state.bad} known before, {state.skipped} left out, {state.bad} bad")  # fmt: skip

    def clear(self) -> None:
        """Take the line away."""
        if self._is_shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


# ---------------------------------------------------------------- add


def _add(given: argparse.Namespace) -> int:
    from sanctions_watch.adapters.archives.by_hand import Given, added, read_time
    from sanctions_watch.clock import SystemClock

    first, last = _pages(given.pages)
    said = Given(given.publisher, given.title, given.url, read_time(given.date), given.language, first, last)
    pasted = sys.stdin.buffer.read() if given.source == "-" else b""
    choice = replace(_choice(given), publisher="")
    one = added(given.source, pasted, said, choice, SystemClock(), _fetcher(given))
    with _warehouse(given).begin() as unit:
        is_new = bool(unit.save_archived([one]))
    what = one.entry.title or one.entry.url or "the text"
    print(
        f"{what} ({one.feed.publisher}): {'stored; the next run takes it' if is_new else 'is there already'}. Entry {one.entry.entry_id}."
    )
    return 0


def _pages(written: str) -> tuple[int, int]:
    if not written:
        return 1, 0
    match = re.fullmatch(r"([1-9]\d{0,4})(?:-([1-9]\d{0,4})?)?", written)
    if match is None:
        raise ConfigurationError([f"--pages {written!r} is not of the form 1-150, 151- or 7"])
    first = int(match[1])
    return first, (int(match[2] or 0) if "-" in written else first)


# ---------------------------------------------------------------- search


def _search(given: argparse.Namespace) -> int:
    from sanctions_watch.adapters.archives import read_day

    words = " ".join(given.words)
    rows = _warehouse(given).read(
        "search_claims" if given.claims else "search_articles",
        words=words, publisher=given.publisher, language=given.language,
        since=read_day(given.since), until=read_day(given.until), limit=max(1, min(given.limit, 500)),
    )  # fmt: skip
    for row in rows:
        if given.json:
            plain = {key: _plain(value) for key, value in row.items()}
            print(json.dumps(plain, ensure_ascii=False, default=str))
        else:
            _show(row)
    if not rows and not given.json:
        print("Nothing found.")
    return 0


def _plain(value: Any) -> Any:
    return value.translate({ord(mark): None for mark in _HIGHLIGHT}) if isinstance(value, str) else value


def _show(row: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True, highlight=False)
    page = f", page {row['page']}" if row.get("page") else ""
    console.print(
        Text(f"{row['title']}", style="bold"), Text(f"{row['publisher']}, {row['published_at']:%d %b %Y}{page}", style="dim")
    )
    if row.get("conduct"):
        console.print(
            Text(f"  {', '.join(row['accused']) or 'nobody named'}: {row['conduct']} – {row['modality']}, {row['status']}")
        )
    shown = Text("  ")
    for part in re.split(f"({_HIGHLIGHT[0]}.*?{_HIGHLIGHT[1]})", " ".join(row["snippet"].split())):
        shown.append(_plain(part), style="bold yellow" if part.startswith(_HIGHLIGHT[0]) else "")
    console.print(shown)
    console.print(Text(f"  {row['url']}", style="dim"))


# ---------------------------------------------------------------- retention


def _retention(given: argparse.Namespace) -> int:
    from sanctions_watch.adapters.warehouse.maintenance import purge, would_purge
    from sanctions_watch.clock import SystemClock
    from sanctions_watch.data import include
    from sanctions_watch.retention import read_rules

    path = Path(given.rules) if given.rules else include("retention.yaml")
    try:
        rules = read_rules(path.read_text(encoding="utf-8"), str(path), given.keep_days)
    except OSError as error:
        raise ConfigurationError([f"{path} cannot be read: {error.strerror}"]) from error
    warehouse, now = _warehouse(given), SystemClock().now()
    for row in would_purge(warehouse, now, rules):
        told = f"{row['rows']} {row['kind']}{'s' if row['rows'] != 1 else ''}, {row['bytes'] / 1e6:.1f} MB, {row['oldest']:%d %b %Y} to {row['newest']:%d %b %Y}"
        print(f"{row['publisher']} (kept {row['keep_days']} days): {told}")
    if given.apply:
        print("gone: " + ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in purge(warehouse, now, rules).items()))
    return 0
