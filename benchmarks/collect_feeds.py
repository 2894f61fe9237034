"""A thousand feeds from a loopback server that is slow, broken or hostile in a tenth of the cases: all polled, nothing lost?

    python benchmarks/collect_feeds.py [--feeds 1000] [--out benchmarks/results/collect_feeds.json]

One server (a process of its own, every feed on its own 127.x.y.z) is read by four readers one after another, twice over:

- ours: HttpFetcher and collect(), as `sanctions-watch feeds check` and the DAGs run them
- ours, stored: Flow.collect into the warehouse in memory
- reader (lemon24/reader, SQLite in memory, its default of one worker, and with 16), in a throw-away environment made by uv
- a plain loop: feedparser.parse(requests.get(url, timeout=30).content)

Each reader is a process of its own; of each: wall seconds, CPU seconds (user and system), peak RSS, good feeds whose 30 entries all
came, entries lost, bad feeds that were told with a reason, and hosts inside the network that were asked. Bad feeds are of ten kinds.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENTRIES = 30
BAD = ("hang", "drip", "header_drip", "bomb", "endless", "html", "cut_off", "reset", "circle", "not_found")
STORY = "<p>{}</p>".format("The coaster turned off its transponder near the port and was seen again two days later. " * 6)


def is_bad(number: int) -> bool:
    return number % 10 == 7


def kind_of(number: int) -> str:
    return BAD[number // 10 % len(BAD)] if is_bad(number) else "good"


def host_of(number: int) -> str:
    return f"127.1.{number // 250}.{number % 250 + 1}"


def document(number: int) -> bytes:
    items = "".join(
        f"<item><title>Report {n} of paper {number}: a ship &amp; its cargo</title><link>http://paper{number}.example/news/{n}</link>"
        f"<guid isPermaLink='false'>{number}-{n}</guid><pubDate>Thu, 02 May 2024 {n % 24:02d}:00:00 +0900</pubDate>"
        f"<description><![CDATA[{STORY}]]></description><dc:creator>A. Writer</dc:creator><category>World</category></item>"
        for n in range(ENTRIES)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>Paper {number}</title><link>http://paper{number}.example/</link><description>News</description>{items}</channel></rss>"
    ).encode()


# ---------------------------------------------------------------- the server


async def serve(port: int) -> None:
    bomb = gzip.compress(bytes(200_000_000))

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                path = line.split()[1].decode()
                while (await reader.readline()).strip():
                    pass
                await one(writer, path)
                await writer.drain()
        except (ConnectionError, IndexError, asyncio.IncompleteReadError, TimeoutError):
            pass
        finally:
            writer.close()

    def reply(
        writer: asyncio.StreamWriter, body: bytes, kind: str = "application/rss+xml", more: str = "", status: str = "200 OK"
    ) -> None:
        writer.write(f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body)

    async def one(writer: asyncio.StreamWriter, path: str) -> None:
        if not path.startswith("/feed/"):
            reply(writer, b"", status="404 Not Found")
            return
        number = int(path.split("/")[2])
        match kind_of(number):
            case "good":
                reply(writer, document(number))
            case "hang":
                await asyncio.sleep(600)
            case "drip":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
                await slowly(writer)
            case "header_drip":
                writer.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                await slowly(writer)
            case "bomb":
                reply(writer, bomb, more="Content-Encoding: gzip\r\n")
            case "endless":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nTransfer-Encoding: chunked\r\n\r\n")
                for _ in range(3_000):
                    writer.write(b"10000\r\n" + b"<item>  " * 8_192 + b"\r\n")
                    await writer.drain()
                raise ConnectionError
            case "html":
                reply(writer, b"<!doctype html><html><title>Just a moment</title><p>Checking your browser</p></html>", "text/html")
            case "cut_off":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n" + document(number)[:2_000])
                await writer.drain()
                raise ConnectionError
            case "reset":
                writer.transport.abort()
            case "circle":
                reply(writer, b"", more=f"Location: {path}\r\n", status="302 Found")
            case _:
                reply(writer, b"no", status="404 Not Found")

    async def slowly(writer: asyncio.StreamWriter) -> None:
        for _ in range(600):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(1)

    server = await asyncio.start_server(answer, "0.0.0.0", port, limit=1 << 16, backlog=1_000)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


# ---------------------------------------------------------------- the readers


def told(entries: dict[int, int], reasons: dict[int, str], count: int) -> dict:
    good = [number for number in range(count) if not is_bad(number)]
    bad = [number for number in range(count) if is_bad(number)]
    return {
        "good_whole": sum(entries.get(number, 0) == ENTRIES for number in good),
        "good": len(good),
        "entries_lost": sum(ENTRIES - entries.get(number, 0) for number in good),
        "bad_told": sum(bool(reasons.get(number)) for number in bad),
        "bad": len(bad),
    }


def ours(count: int, port: int, *, stored: bool) -> dict:
    sys.path.insert(0, str(ROOT / "plugins"))
    from sanctions_watch.adapters.fetcher import HttpFetcher
    from sanctions_watch.clock import FixedClock
    from sanctions_watch.records import Feed
    from sanctions_watch.stages.collect import collect, feed_request, first_state

    now = datetime(2024, 5, 3, 12, tzinfo=UTC)
    clock = FixedClock(now)
    fetcher = HttpFetcher(clock, allowed_hosts=[f"{host_of(number)}:{port}" for number in range(count)])
    feeds = [Feed(f"feed-{number}", f"http://{host_of(number)}:{port}/feed/{number}", f"Paper {number}") for number in range(count)]
    entries: dict[int, int] = {}
    reasons: dict[int, str] = {}
    if stored:
        from sanctions_watch.adapters.memory import MemoryWarehouse
        from sanctions_watch.pipeline import Flow

        warehouse = MemoryWarehouse()
        flow = Flow(warehouse, fetcher, None, clock)
        flow.register(feeds, [])
        report = flow.collect(flow.feeds_due())
        summary = report.summary()
        good = [number for number in range(count) if not is_bad(number)]
        return {"good": len(good), "bad": count - len(good), "entries_lost": ENTRIES * len(good) - report.made,
                "good_whole": summary.get("changed", 0), "bad_told": summary.get("unavailable", 0) + summary.get("broken", 0)}  # fmt: skip
    states = [first_state(feed, now) for feed in feeds]
    results = fetcher.fetch([feed_request(feed, state) for feed, state in zip(feeds, states, strict=True)])
    for number, (feed, state, result) in enumerate(zip(feeds, states, results, strict=True)):
        poll = collect(feed, state, result, now)
        entries[number] = len(poll.entries)
        reasons[number] = poll.reason if poll.outcome in {"unavailable", "broken"} else ""
    return told(entries, reasons, count)


def lemon24(count: int, port: int, workers: int) -> dict:
    from reader import make_reader

    reader = make_reader(":memory:")
    reader.after_feed_update_hooks.clear()
    numbers = {}
    for number in range(count):
        url = f"http://{host_of(number)}:{port}/feed/{number}"
        numbers[url] = number
        reader.add_feed(url, allow_invalid_url=True)
    reasons: dict[int, str] = {}
    for result in reader.update_feeds_iter(workers=workers):
        if isinstance(result.value, Exception):
            reasons[numbers[result.url]] = repr(result.value)[:200]
    entries = {numbers[feed.url]: reader.get_entry_counts(feed=feed).total for feed in reader.get_feeds()}
    return told(entries, reasons, count)


def loop(count: int, port: int) -> dict:
    import feedparser
    import requests

    entries: dict[int, int] = {}
    reasons: dict[int, str] = {}
    for number in range(count):
        try:
            answer = requests.get(f"http://{host_of(number)}:{port}/feed/{number}", timeout=30)
            answer.raise_for_status()
            parsed = feedparser.parse(answer.content)
            entries[number] = len(parsed.entries)
            reasons[number] = "" if parsed.entries else str(parsed.get("bozo_exception") or "no entries")
        except (requests.RequestException, ValueError) as error:
            reasons[number] = repr(error)[:200]
    return told(entries, reasons, count)


READERS = {
    "ours": lambda count, port: ours(count, port, stored=False),
    "ours, stored": lambda count, port: ours(count, port, stored=True),
    "reader, 16 workers": lambda count, port: lemon24(count, port, 16),
    "reader, 1 worker": lambda count, port: lemon24(count, port, 1),
    "feedparser loop": loop,
}


# ---------------------------------------------------------------- the run


def peers(folder: Path) -> Path:
    """An environment of its own for reader, requests and feedparser."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run(["uv", "venv", "-q", str(folder)], check=True)
        subprocess.run(
            ["uv", "pip", "install", "-q", "--python", str(python), "reader", "sgmllib3k", "requests", "feedparser"], check=True
        )
    return python


def measure(name: str, python: str, count: int, port: int, limit: float) -> dict:
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    command = [python, __file__, "--reader", name, "--feeds", str(count), "--port", str(port)]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=limit)
        found = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else {"failed": done.stderr[-300:]}
    except subprocess.TimeoutExpired:
        found = {"failed": f"not done after {limit:g} s, and ended"}
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"reader": name, "seconds": round(time.monotonic() - started, 1), "cpu_seconds": round(cpu, 1), **found}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--limit", type=float, default=600, help="seconds after which a reader is ended")
    parser.add_argument("--only", nargs="*", choices=list(READERS), default=list(READERS))
    parser.add_argument("--out", type=Path)
    parser.add_argument("--port", type=int, default=18_573)
    parser.add_argument("--peers", type=Path, default=Path(tempfile.gettempdir()) / "collect_feeds_peers")
    parser.add_argument("--reader", choices=list(READERS), help=argparse.SUPPRESS)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        asyncio.run(serve(given.port))
    if given.reader:
        found = READERS[given.reader](given.feeds, given.port)
        print(json.dumps(found | {"peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))
        return 0
    return run(given)


def run(given: argparse.Namespace) -> int:
    other = str(peers(given.peers)) if any(not name.startswith("ours") for name in given.only) else ""
    command = [sys.executable, __file__, "--serve", "--feeds", str(given.feeds), "--port", str(given.port)]
    rows = []
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout is not None
            server.stdout.readline()
            for number in range(given.rounds):
                for name in given.only:
                    python = sys.executable if name.startswith("ours") else other
                    row = measure(name, python, given.feeds, given.port, given.limit) | {"round": number + 1}
                    rows.append(row)
                    print(line(row, rows), flush=True)
        finally:
            server.kill()
    if given.out:
        given.out.write_text(json.dumps(about(given, rows), indent=1) + "\n", encoding="utf-8")
    return 0


def line(row: dict, rows: list[dict]) -> str:
    if "failed" in row:
        return f"{row['reader']:20} {row['seconds']:7.1f} s   {row['failed']}"
    base = next((one for one in rows if one["round"] == row["round"] and one["reader"] == "ours" and "failed" not in one), row)
    return (
        f"{row['reader']:20} {row['seconds']:7.1f} s (x{row['seconds'] / base['seconds']:.2f})  CPU {row['cpu_seconds']:6.1f} s "
        f"(x{row['cpu_seconds'] / base['cpu_seconds']:.2f})  {row['peak_megabytes']:4} MB  whole {row['good_whole']}/{row['good']}  "
        f"lost {row['entries_lost']}  told {row['bad_told']}/{row['bad']}"
    )


def about(given: argparse.Namespace, rows: list[dict]) -> dict:
    return {
        "command": f"python benchmarks/collect_feeds.py --feeds {given.feeds} --rounds {given.rounds} --limit {given.limit:g}",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, shared with other work (load {os.getloadavg()[1]:.1f}), Python {platform.python_version()}",
        "feeds": given.feeds,
        "entries_a_feed": ENTRIES,
        "bad": f"one feed in ten, of {len(BAD)} kinds: {', '.join(BAD)}",
        "rows": rows,
    }


if __name__ == "__main__":
    sys.exit(main())
