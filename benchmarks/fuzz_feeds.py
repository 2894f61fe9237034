"""Fuzz what reads feeds: bytes in, never a crash, never a hang, never memory beyond the bound.

    python benchmarks/fuzz_feeds.py --minutes 30 [--corpus FOLDER] [--out benchmarks/results/fuzz_feeds.json]

Inputs are bred from a seed corpus of all formats by atheris (coverage-guided) where it is installed (pip install atheris; on
Linux), else by mutations of our own. Each input goes the whole way a feed's answer goes: collect(), and what reads dates,
encodings and sitemap indexes. An input fails that raises, takes more than --seconds of CPU, or lets the process grow by more
than --megabytes. What fails is written to tests/data/fuzz_feeds/, where a regression test reads it.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import importlib.util
import json
import os
import platform
import random
import resource
import signal
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "plugins"))
KEPT = ROOT / "tests" / "data" / "fuzz_feeds"
NOW = datetime(2024, 5, 2, 12, tzinfo=UTC)

SEEDS = [
    b'<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>P</title><link>https://p.example/</link><item><title>Ship &amp; crew</title><link>/1?utm_source=x</link><guid isPermaLink="false">1</guid><pubDate>Thu, 02 May 2024 10:00:00 KST</pubDate><dc:creator>A B (a@b.example)</dc:creator><content:encoded><![CDATA[<p>x<br>y</p>]]></content:encoded><enclosure url="a.jpg" length="1" type="image/jpeg"/></item></channel></rss>',
    b'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://p.example/"><title>P</title><entry><id>tag:1</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">S <b>x</b></div></title><link href="1"/><updated>2024-05-02T10:00:00Z</updated><author><name>A</name></author><content type="html">&lt;p&gt;x&lt;/p&gt;</content></entry></feed>',
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>P</title></channel><item rdf:about="https://p.example/1"><title>T</title><link>https://p.example/1</link><dc:date>2024-05-02T10:00:00Z</dc:date></item></rdf:RDF>',
    b'{"version":"https://jsonfeed.org/version/1.1","home_page_url":"https://p.example/","items":[{"id":7,"url":"/1","title":"T","content_html":"<p>x</p>","date_published":"2024-05-02T10:00:00Z","authors":[{"name":"A"}]},5]}',
    b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://p.example/1</loc><news:news><news:publication><news:language>en</news:language></news:publication><news:publication_date>2024-05-02</news:publication_date><news:title>T</news:title></news:news></url></urlset>',
    b"<sitemapindex><sitemap><loc>https://p.example/1.xml</loc><lastmod>2024-05-02</lastmod></sitemap></sitemapindex>",
    b'<html><head><base href="/l/"><title>N</title><link rel=alternate type="application/rss+xml" href="/rss"></head><body><main><a href="1.html">A headline of several words</a><time datetime="2024-05-01">x</time></main></body></html>',
    b'<?xml version="1.0" encoding="euc-kr"?><!DOCTYPE rss [<!ENTITY a "b"><!ENTITY c SYSTEM "file:///etc/passwd">]><rss><channel><item><title>\xba\xcf\xc7\xd1 &a; &c; &nbsp;&#0;</title><link>x</link></item></channel></rss>',
    gzip.compress(b"<rss><channel><item><title>T</title><link>/1</link></item></channel></rss>"),
    "<rss><channel><item><title>북한</title><pubDate>2024년 5월 2일 오후 7:30</pubDate></item></channel></rss>".encode("utf-16"),
]  # fmt: skip
WORDS = [b"<item>", b"</item>", b"<entry>", b"<title>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<!DOCTYPE x [", b"]>", b"<!ENTITY a '&a;&a;'>", b"&a;", b"&#x1F;", b"&#xD800;", b"&amp;amp;", b"&", b"<", b">", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf",
         b"\x1f\x8b", b"\xc3", b"xml:base='http://['", b"href='//[x'", b"<a>", b"</a>", b"<div>", b"<author>a.a.a@", b"<pubDate>", b"2024-05-02T10:00:00+99:99", b"<link rel='alternate' href='", b"<dc:date>", b"\xe2\x80\xae", b"9" * 400, b"[" * 300,
         b"<?xml version='1.0' encoding='utf-7'?>", b"<?xml encoding='utf-16'?>", b"<media:content>", b"<geo:lat>x", b"<georss:polygon>1 1 1", b"<itunes:duration>", b"<textinput>", b"<image><url>", b"<source>", b"<category term='", b"<enclosure length='x' url='data:'/>", b"<content type='application/octet-stream'>A===", b"<svg>", b"<math>"]  # fmt: skip


class TooLong(BaseException):
    """The input took more than its time. No Exception: the parsers' own handlers must not swallow it."""


class Failure(Exception):
    """What an input did."""


def _alarm(*_: object) -> None:
    raise TooLong


class Trial:
    """One input after another through everything that reads feeds."""

    def __init__(self, seconds: float, megabytes: int) -> None:
        from sanctions_watch.records import Feed
        from sanctions_watch.stages.collect import first_state

        self.seconds, self.megabytes = seconds, megabytes
        self.feeds = [Feed("f", "https://p.example/feed", "P", format=form, country=country, language=language) for form, country, language in (("auto", "", "en"), ("auto", "KR", "ko"), ("auto", "RU", "ru"), ("page", "", "en"), ("json", "", "en"))]  # fmt: skip
        self.states = [first_state(feed, NOW) for feed in self.feeds]
        self.slowest, self.runs, self.outcomes = 0.0, 0, {}
        signal.signal(signal.SIGVTALRM, _alarm)

    def read(self, data: bytes) -> None:
        """Raises Failure."""
        chosen = hashlib.sha256(data).digest()[0] % 8
        number = chosen if chosen < len(self.feeds) else 0
        before, started = _megabytes(), time.process_time()
        signal.setitimer(signal.ITIMER_VIRTUAL, self.seconds)
        try:
            self._whole_way(self.feeds[number], self.states[number], data)
        except TooLong as error:
            raise Failure(f"took more than {self.seconds:g} s") from error
        except Exception as error:
            raise Failure(f"{type(error).__name__}: {error}"[:300]) from error
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        self.runs += 1
        self.slowest = max(self.slowest, time.process_time() - started)
        if _megabytes() - before > self.megabytes:
            raise Failure(f"grew by more than {self.megabytes} MB")

    def _whole_way(self, feed, state, data: bytes) -> None:
        from sanctions_watch.records import FetchRequest, FetchResult
        from sanctions_watch.stages.collect import collect
        from sanctions_watch.stages.collect.dates import read_date
        from sanctions_watch.stages.collect.sitemaps import joined, sitemaps_of

        result = FetchResult(FetchRequest("https://p.example/feed", "feed"), NOW, 200, "https://p.example/feed", body=data)
        poll = collect(feed, state, result, NOW)
        self.outcomes[poll.outcome] = self.outcomes.get(poll.outcome, 0) + 1
        for entry in poll.entries:
            f"{entry.title}{entry.summary}{entry.content}{entry.author}{entry.guid}{entry.url}".encode()
            if entry.url and not entry.url.startswith(("http://", "https://")):
                raise ValueError(f"an address that is none: {entry.url[:80]}")
        again = collect(feed, state, result, NOW)
        if [one.entry_id for one in again.entries] != [one.entry_id for one in poll.entries]:
            raise ValueError("the same bytes gave other entries")
        collect(feed, state, joined(result, [result]), NOW)
        sitemaps_of(feed, result)
        read_date(data[:100].decode("utf-8", "replace"), "KR", NOW)


def _megabytes() -> int:
    """The most this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def mutate(data: bytes, pool: list[bytes], chance: random.Random) -> bytes:
    """A few changes: bytes, words, stretches doubled, dropped, repeated many times, or taken from another input."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8))):
        at = chance.randrange(len(made) + 1)
        end = min(len(made), at + chance.choice((1, 4, 20, 200)))
        match chance.randrange(8):
            case 0 if made:
                made[at % len(made)] = chance.randrange(256)
            case 1:
                made[at:at] = chance.choice(WORDS)
            case 2:
                del made[at:end]
            case 3:
                made[at:at] = made[at:end] * chance.choice((1, 2, 10, 300))
            case 4:
                other = chance.choice(pool)
                cut = chance.randrange(len(other) + 1)
                made[at:end] = other[cut : cut + 300]
            case 5:
                made[at:at] = chance.choice(WORDS) * chance.choice((2, 50, 1_500))
            case 6:
                del made[at:]
            case _:
                made[at:at] = chance.randbytes(chance.choice((1, 3, 16)))
    return bytes(made[:400_000])


def keep(data: bytes, why: str, found: list[dict]) -> None:
    """Write what failed, once for each way to fail."""
    kind = why.split(":", maxsplit=1)[0][:60]
    if sum(one["kind"] == kind for one in found) >= 3:
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    name = f"{hashlib.sha256(data).hexdigest()[:16]}.bin.gz"
    if any(one["file"] == name for one in found):
        return
    (KEPT / name).write_bytes(gzip.compress(data, mtime=0))
    found.append({"kind": kind, "why": why, "file": name, "bytes": len(data)})
    print(f"  {why}: {name}", flush=True)


def own(trial: Trial, until: float, seed: int, found: list[dict]) -> None:
    """Mutations of our own; an input that takes unusually long, or ends in an unusual way, joins the pool."""
    chance, pool = random.Random(seed), list(SEEDS)
    for data in SEEDS:
        trial.read(data)
    usual = {}
    while time.monotonic() < until:
        data = mutate(chance.choice(pool), pool, chance)
        before, started = dict(trial.outcomes), time.process_time()
        try:
            trial.read(data)
        except Failure as error:
            keep(data, str(error), found)
            continue
        took = time.process_time() - started
        kind = tuple(sorted(set(trial.outcomes) - set(before)))
        if took > 1.5 * usual.get(len(data) // 1_000, 0.01) or kind:
            usual[len(data) // 1_000] = took
            pool.append(data)
            pool[len(SEEDS) :] = pool[len(SEEDS) :][-400:]


def guided(trial: Trial, until: float, seed: int, found: list[dict], corpus: Path, report) -> None:
    """atheris: it never comes back, so the report is written from inside."""
    import atheris

    chance = random.Random(seed)

    told = time.monotonic()

    def one(data: bytes) -> None:
        nonlocal told
        if time.monotonic() - told > 60:  # what is known so far, should the run be cut off
            told = time.monotonic()
            report()
        if time.monotonic() > until:
            report()
            os._exit(1 if found else 0)
        try:
            trial.read(data)
        except Failure as error:
            keep(data, str(error), found)

    def breed(data: bytes, size: int, _: int) -> bytes:
        if chance.random() < 0.5:
            return atheris.Mutate(data, size)
        return mutate(data, SEEDS, chance)[:size]

    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(SEEDS):
        (corpus / f"seed{number}").write_bytes(data)
    atheris.Setup([sys.argv[0], str(corpus), "-max_len=200000", f"-seed={seed}", "-rss_limit_mb=0", "-timeout=900", "-verbosity=0", f"-artifact_prefix={corpus}/"], one, custom_mutator=breed)  # fmt: skip
    atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seconds", type=float, default=15, help="CPU seconds that one input may take")
    parser.add_argument("--megabytes", type=int, default=300, help="by which one input may let the process grow")
    parser.add_argument("--seed", type=int, default=20240502)
    parser.add_argument("--corpus", type=Path, default=Path("/var/tmp/fuzz_feeds_corpus"))
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results" / "fuzz_feeds.json")
    given = parser.parse_args()
    has_atheris = importlib.util.find_spec("atheris") is not None
    found: list[dict] = []
    started, began = time.monotonic(), datetime.now(UTC)
    until = started + given.minutes * 60
    trial: Trial

    def report() -> None:
        given.out.write_text(
            json.dumps(
                {
                    "what": "feed bytes: collect(), sitemap indexes, dates",
                    "by": "atheris, with mutations of our own" if has_atheris else "mutations of our own",
                    "command": f"python benchmarks/fuzz_feeds.py --minutes {given.minutes:g} --seed {given.seed}",
                    "began": began.isoformat(timespec="seconds"),
                    "minutes": round((time.monotonic() - started) / 60, 1),
                    "cpu_seconds": round(time.process_time()),
                    "machine": f"{os.cpu_count()} cores, shared with other work, Python {platform.python_version()}",
                    "inputs": trial.runs,
                    "outcomes": trial.outcomes,
                    "bounds": {"cpu_seconds_an_input": given.seconds, "megabytes_an_input": given.megabytes},
                    "slowest_input_cpu_seconds": round(trial.slowest, 2),
                    "peak_rss_megabytes": _megabytes(),
                    "failures": found,
                },
                indent=1,
            )
            + "\n",
            encoding="utf-8",
        )

    if has_atheris:
        import atheris

        with atheris.instrument_imports(include=["sanctions_watch.stages.collect", "sanctions_watch.urls", "feedparser"]):
            import sanctions_watch.stages.collect  # noqa: F401
        trial = Trial(given.seconds, given.megabytes)
        guided(trial, until, given.seed, found, given.corpus, report)
    trial = Trial(given.seconds, given.megabytes)
    with suppress(KeyboardInterrupt):
        own(trial, until, given.seed, found)
    report()
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
