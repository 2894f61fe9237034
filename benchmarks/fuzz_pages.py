"""Throw damaged pages at the cleaner: no crash, no hang, no memory beyond the bound.

    PYTHONPATH=plugins:. python benchmarks/fuzz_pages.py --seconds 1800 --seed 1 [--keep DIR] [--result benchmarks/results/fuzz_pages.json]

The corpus is tests/evaluation/pages and tests/data; each case is one of them after one to six mutations, made from (seed, number) alone, so a
finding can be had again with ``--only NUMBER``. A child reads the cases; its parent kills it where one takes too long, and goes on behind it.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import random
import re
import resource
import subprocess
import sys
import time
import traceback
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SLOW = 10.0  # CPU seconds for one page of at most MAX_PAGE bytes: a finding
HANG = 60.0  # CPU seconds over one page after which the child is killed: on a busy machine a wall clock accuses the innocent
MEMORY = 1_500_000_000  # bytes of address space that the child may have
MAX_PAGE = 8_000_000  # what the fetcher lets through
TOKENS = [
    b"<p>", b"</p>", b"<div>", b"</div>", b"<table><tr><td>", b"</table>", b"<article>", b"</article>", b"<br>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<script>", b"</script>",
    b'<script type="application/ld+json">', b'{"@type":"NewsArticle","datePublished":"', b'{"@graph":[', b'"articleBody":"', b"<svg>", b"<math>", b"<template>", b"<noscript>",
    b"<meta charset=utf-16>", b"<meta charset=shift_jis>", b"<meta charset=utf-7>", b"<base href='http://[::1'>", b'<link rel="canonical" href="//[">', b"&#0;", b"&#x110000;",
    b"&#xd800;", b"&amp;lt;", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xe2\x80\xae", "\u200b\u0301".encode(), "（共同）".encode(), "新华社北京8月4日电".encode(),
    b"SEOUL, Oct. 3 (Yonhap) -- ", b"(Reuters) - ", b"(With inputs from ANI)", "© 2018 AFP".encode(), b"Advertisement", b"Latest Headlines", b"Aug. 99, 20181", b"99999-99-99T99:99:99+99:99",
    b"<time datetime='", b"</time>", b"class='", b"<h1>", b"</h1>", b"<html>", b"<body>", b"<figure>", b"<!DOCTYPE", b"<?xml version='1.0' encoding='x'?>", b"<a href='", b"<plaintext>",
]  # fmt: skip


def corpus() -> list[bytes]:
    """The pages that are damaged."""
    from tests.evaluation.pages import cases

    return [case.html for case in cases()] + [path.read_bytes() for path in sorted((ROOT / "tests/data").glob("*/page.html"))]


def mutate(pages: list[bytes], rng: random.Random) -> bytes:
    """One page after one to six mutations."""
    page = rng.choice(pages)
    for _ in range(rng.choice((1, 1, 2, 2, 3, 4, 6))):
        page = rng.choice(MUTATIONS)(page, pages, rng)[:MAX_PAGE]
    return page


def _place(page: bytes, rng: random.Random) -> tuple[int, int]:
    start = rng.randrange(len(page) + 1)
    return start, min(len(page), start + int(rng.paretovariate(0.7) * 4))


def _flip(page: bytes, _: list[bytes], rng: random.Random) -> bytes:
    found = bytearray(page)
    for _number in range(rng.choice((1, 3, 10, 100)) if found else 0):
        found[rng.randrange(len(found))] = rng.randrange(256)
    return bytes(found)


def _drop(page: bytes, _: list[bytes], rng: random.Random) -> bytes:
    start, end = _place(page, rng)
    return page[:start] + page[end:]


def _truncate(page: bytes, _: list[bytes], rng: random.Random) -> bytes:
    return page[: rng.randrange(len(page) + 1)]


def _repeat(page: bytes, _: list[bytes], rng: random.Random) -> bytes:
    start, end = _place(page, rng)
    part = page[start : min(end, start + 4_000)]
    return page[:start] + part * rng.choice((2, 10, 100, 1_000)) + page[end:]


def _insert(page: bytes, _: list[bytes], rng: random.Random) -> bytes:
    start = rng.randrange(len(page) + 1)
    return page[:start] + rng.choice(TOKENS) * rng.choice((1, 1, 2, 50, 3_000)) + page[start:]


def _splice(page: bytes, pages: list[bytes], rng: random.Random) -> bytes:
    other = rng.choice(pages)
    return page[: rng.randrange(len(page) + 1)] + other[rng.randrange(len(other)) :]


def _nest(page: bytes, _: list[bytes], rng: random.Random) -> bytes:
    tag = rng.choice(
        (
            b"div",
            b"table><tr><td",
            b"ul><li",
            b"blockquote",
            b"span",
            b"b",
            b"article",
            b"a href=x",
            b"font",
            b"section class=related",
        )
    )
    start = rng.randrange(len(page) + 1)
    return page[:start] + b"<%s>" % tag * rng.choice((10, 300, 5_000, 50_000)) + page[start:]


def _run(page: bytes, _: list[bytes], rng: random.Random) -> bytes:
    """A long run of one character, or of two by turns: what regular expressions choke on."""
    signs = ["a", "A", " ", "\t", "\n", ".", ",", "-", "--", "(", ")", "[", "]", "/", "|", "'", '"', "@", "a@", "a.", "A ", "Ab ", "1 ", "2018-", "9", "年", "가", "ー", "е", "é", "=",
             ":", "&", "<", ">", "</", "By ", "SEOUL ", "AP/", "AP ", "(AP", "© ", "http://", "\u00a0", "\u3000", "\u0301", "😀", "_", "*", "#", "Aug. ", "read more ", "more "]  # fmt: skip
    run = (rng.choice(signs) + rng.choice((*signs, "", "", ""))) * rng.choice((20, 300, 5_000, 100_000))
    start = rng.randrange(len(page) + 1)
    return page[:start] + run.encode() + page[start:]


def _attribute(page: bytes, _: list[bytes], rng: random.Random) -> bytes:
    names = [match.start() for match in re.finditer(rb"<[a-z]+", page)] or [0]
    start = page.find(b">", rng.choice(names))
    name = rng.choice((b"class", b"id", b"datetime", b"content", b"href", b"alt", b"itemprop", b"data-x", b"lang", b"rel"))
    value = rng.choice((b"related ", b"aB", b"ad-slot ", b"x", b"2018-08-04", b"caption", b"http://", b"&#65;")) * rng.choice(
        (1, 100, 20_000, 300_000)
    )
    return page[:start] + b" " + name + b'="' + value + b'"' + page[start:]


def _shuffle(page: bytes, _: list[bytes], rng: random.Random) -> bytes:
    parts = re.split(rb"(?=<)", page)
    rng.shuffle(parts)
    return b"".join(parts)


def _many(page: bytes, _: list[bytes], rng: random.Random) -> bytes:
    tags = re.findall(rb"<[^<>]{1,200}>[^<>]{0,200}", page) or [b"<p>x"]
    start = rng.randrange(len(page) + 1)
    return page[:start] + rng.choice(tags) * rng.choice((30, 1_000, 20_000)) + page[start:]


def _recode(page: bytes, _: list[bytes], rng: random.Random) -> bytes:
    text = page.decode("utf-8", "replace")
    return text.encode(rng.choice(("utf-16", "utf-32", "utf-8-sig", "cp949", "shift_jis", "cp1251", "utf-7", "cp037")), "replace")


MUTATIONS = [_flip, _drop, _truncate, _repeat, _insert, _splice, _nest, _run, _attribute, _shuffle, _many, _recode, _run, _insert]


def read(page: bytes) -> None:
    """Clean a page the two ways there are, and look at what comes out. Raises for what may not be."""
    from sanctions_watch.errors import EntryError
    from sanctions_watch.records import Entry, Feed, FetchRequest, FetchResult
    from sanctions_watch.stages.clean import clean, extract_text

    url = "https://paper.example/2018/08/04/story"
    summary = page[:3_000].decode("latin-1")
    entry = Entry("e", "f", url, "", "A ship was held in port", summary, "", "", "", "en", None, None, NOW, "")
    fetched = FetchResult(FetchRequest(url), NOW, 200, url, content_type="text/html", body=page)
    for make in (
        lambda: extract_text(page, url, NOW),
        lambda: clean(entry, Feed("f", url, "The Paper"), fetched, None, NOW),
    ):
        try:
            article = make()
        except EntryError:
            continue
        article.text.encode("utf-8")
        assert "\x00" not in article.text
        assert article.published_at <= NOW + timedelta(days=1)
        assert all(0 <= zone.start < zone.end <= len(article.text) for zone in article.zones)
        assert len(article.text) <= 5_000_000


def work(seed: int, first: int, until: float, keep: Path) -> None:
    """The child: case after case, one JSON line each."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    pages = corpus()
    number = first
    while time.time() < until:
        page = mutate(pages, random.Random(f"{seed}-{number}"))
        print(json.dumps({"begin": number}), flush=True)
        started = time.process_time()
        fault = ""
        try:
            read(page)
        except MemoryError:
            fault = "memory"
        except Exception:  # noqa: BLE001 - every kind of crash is what is looked for
            fault = traceback.format_exc(limit=-3)
        seconds = time.process_time() - started
        if seconds > SLOW:
            fault = fault or f"slow: {seconds:.1f} s for {len(page)} bytes"
        if fault:
            (keep / f"{seed}-{number}.html").write_bytes(page)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(json.dumps({"end": number, "seconds": seconds, "bytes": len(page), "fault": fault, "peak_kb": peak}), flush=True)
        number += 1
        if number % 200 == 0:
            gc.collect()


def watch(options: argparse.Namespace) -> dict[str, object]:
    """The parent: starts children, kills one that hangs, gathers what they say."""
    options.keep.mkdir(parents=True, exist_ok=True)
    until = time.time() + options.seconds
    started, first, ends, findings = time.time(), 0, [], []
    while time.time() < until - 1:
        command = [
            sys.executable,
            __file__,
            "--child",
            str(first),
            "--seed",
            str(options.seed),
            "--until",
            str(until),
            "--keep",
            str(options.keep),
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0) as child:
            first = _listen(child, ends, findings, first)
    slowest = sorted(ends, key=lambda one: -one["seconds"])[:5]
    return {
        "what": "cleaning of damaged pages: extract_text and clean with the page as fetched",
        "seconds": round(time.time() - started),
        "cases": len(ends),
        "bytes": sum(one["bytes"] for one in ends),
        "seed": options.seed,
        "bound_bytes_of_address_space": MEMORY,
        "peak_resident_mb": round(max((one["peak_kb"] for one in ends), default=0) / 1024),
        "slow_is_over_cpu_seconds": SLOW,
        "slowest_cpu_seconds": [[one["end"], round(one["seconds"], 2), one["bytes"]] for one in slowest],
        "findings": findings,
        "versions": {"python": platform.python_version(), **{name: version(name) for name in ("trafilatura", "lxml")}},
        "machine": f"{os.cpu_count()} cores, shared with other work while this ran",
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _listen(child: subprocess.Popen[bytes], ends: list[dict], findings: list[dict], first: int) -> int:
    """Read a child's lines until it ends or hangs; the number of the next case."""
    import select

    assert child.stdout is not None
    running, rest, spent = first, b"", 0.0
    while True:
        ready, _, _ = select.select([child.stdout], [], [], HANG)
        if not ready and _cpu_seconds(child.pid) - spent < HANG:
            continue
        chunk = os.read(child.stdout.fileno(), 65_536) if ready else b""
        if not ready:
            child.kill()
            findings.append({"case": running, "fault": f"hang: {HANG:.0f} CPU s over one page"})
        if not chunk:
            code = child.wait()
            if ready and code:
                findings.append({"case": running, "fault": f"the process died with {code}"})
            return running + 1
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            said = json.loads(line)
            running, spent = said.get("begin", running), _cpu_seconds(child.pid)
            if "end" in said:
                ends.append(said)
                if said["fault"]:
                    findings.append({"case": said["end"], "fault": said["fault"]})


def _cpu_seconds(pid: int) -> float:
    """What a process has used so far; 0 where it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Run as asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=ROOT / "var/fuzz_pages", help="where pages that found something are kept")
    parser.add_argument("--result", type=Path)
    parser.add_argument("--only", type=int, help="one case, in this process")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--until", type=float, default=0.0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child is not None:
        work(options.seed, options.child, options.until, options.keep)
    elif options.only is not None:
        page = mutate(corpus(), random.Random(f"{options.seed}-{options.only}"))
        started = time.process_time()
        read(page)
        print(f"{len(page)} bytes, {time.process_time() - started:.2f} CPU s")
    else:
        found = json.dumps(watch(options), indent=2)
        print(found)
        if options.result:
            options.result.write_text(found + "\n", "utf-8")


if __name__ == "__main__":
    main()
