"""Cleaning against trafilatura's fast mode alone, on the same pages: body F1 of both, and CPU time by turns.

    PYTHONPATH=plugins:. python benchmarks/clean_pages.py [--rounds 15] [--result benchmarks/results/clean_pages.json]

The pages are tests/evaluation/pages, as they are (2 KB of markup around each report) and with the weight that a news site's pages carry (about
about 65 KB more: scripts, styles, menus, a footer, a grid of teasers). trafilatura alone gives the text and, for the second comparison, its metadata too: ours gives zones, byline,
publisher, dates, credit and language besides the text. One round reads every page with each reader, in an order that turns.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import trafilatura
from tests.evaluation.pages import Case, cases
from tests.evaluation.pages.score import f1, read, score


def ours(case: Case) -> str:
    """The body that the cleaner gives."""
    article = read(case)
    return article.body if article else ""


def theirs(case: Case) -> str:
    """The text that trafilatura's fast mode gives, comments left out as in the cleaner."""
    return trafilatura.extract(case.html, url=case.url, fast=True, include_comments=False) or ""


def theirs_with_metadata(case: Case) -> str:
    """The same with title, author, date and site, which the cleaner gives as well."""
    document = trafilatura.bare_extraction(case.html, url=case.url, fast=True, include_comments=False, with_metadata=True)
    return (document.text or "") if document else ""


_SCRIPT = "<script>!function(w,d){var q=[];w.tag=w.tag||function(){q.push(arguments)};for(var i=0;i<9;i++){tag('set','slot'+i,{x:i,y:'banner'})}}(window,document);</script>"
_STYLE = "<style>.grid{display:grid;gap:4px}.card>a:hover{color:#333}@media(max-width:600px){.menu{display:none}}</style>"


def weighed(case: Case) -> Case:
    """The page with the scripts, menus, footer and teasers of a large site around what it says."""
    menu = "".join(f'<li class="menu-item"><a href="/section/{n}" data-track="nav-{n}">Section {n}</a></li>' for n in range(180))
    teaser = '<div class="card related-card"><a href="/story/{n}"><img src="/thumb/{n}.jpg" alt=""></a><h3><a href="/story/{n}">Another story, number {n}</a></h3><span class="card-date">3 May 2025</span></div>'
    cards = "".join(teaser.format(n=n) for n in range(60))
    foot = "".join(f'<li><a href="/service/{n}">Service {n}</a></li>' for n in range(120))
    head = (_SCRIPT * 120 + _STYLE * 120).encode()
    page = re.sub(rb"(?i)</head>", lambda found: head + found[0], case.html, count=1)
    page = re.sub(rb"(?i)<body[^>]*>", lambda found: found[0] + f'<nav class="menu"><ul>{menu}</ul></nav>'.encode(), page, count=1)
    tail = f'<section class="related-grid">{cards}</section><footer class="site-footer"><ul>{foot}</ul></footer>'.encode()
    return replace(case, html=re.sub(rb"(?i)</body>", lambda found: tail + found[0], page, count=1))


READERS: dict[str, Callable[[Case], str]] = {
    "ours": ours,
    "trafilatura fast": theirs,
    "trafilatura fast with metadata": theirs_with_metadata,
}


def measure(pages: list[Case], rounds: int) -> dict[str, float]:
    """The median CPU seconds of a round over all pages, by reader."""
    spent: dict[str, list[float]] = {name: [] for name in READERS}
    names = list(READERS)
    for number in range(rounds + 1):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            started = time.process_time()
            for page in pages:
                READERS[name](page)
            if number:  # the first round warms up
                spent[name].append(time.process_time() - started)
    return {name: statistics.median(found) for name, found in spent.items()}


def compare(pages: list[Case], rounds: int) -> dict[str, object]:
    """Time and body F1 of every reader on the same pages."""
    seconds = measure(pages, rounds)
    golds = ["\n".join(case.texts("body")) for case in pages]
    return {
        "bytes": sum(len(case.html) for case in pages),
        "cpu_seconds_a_round": {name: round(value, 4) for name, value in seconds.items()},
        "speed_of_ours": {f"against {name}": round(seconds[name] / seconds["ours"], 3) for name in READERS if name != "ours"},
        "body_f1": {
            name: round(statistics.mean(f1(reader(case), gold) for case, gold in zip(pages, golds, strict=True)), 4)
            for name, reader in READERS.items()
        },
    }


def main() -> None:
    """Measure, print, and write the result where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--result", type=Path)
    options = parser.parse_args()
    pages = [case for case in cases() if not case.story["blocked"]]
    scores = score(cases())
    found = {
        "pages": len(pages),
        "rounds": options.rounds,
        "as they are": compare(pages, options.rounds),
        "with the weight of a large site": compare([weighed(case) for case in pages], options.rounds),
        "ours_by_what": {name: round(scores.mean(name), 4) for name in scores.shares},
        "versions": {"python": platform.python_version(), **{name: version(name) for name in ("trafilatura", "lxml")}},
        "machine": f"{os.cpu_count()} cores, shared with other work while this ran; CPU time of this process",
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    written = json.dumps(found, indent=2)
    print(written)
    if options.result:
        options.result.write_text(written + "\n", "utf-8")


if __name__ == "__main__":
    main()
