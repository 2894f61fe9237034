"""How fast an archive is read and worked off, and whether memory grows: python benchmarks/backfill.py [ARTICLES [SECONDS]].

Writes an archive of made-up pages (a WARC file packed record by record, one article in fifty about the sanctions), starts a PostgreSQL of
its own, and in this one process reads the archive in and takes every article through the stages. The memory of this process is
noted every two seconds; SECONDS end the stages early. The result goes to benchmarks/results/backfill.json.
"""

import json
import os
import random
import resource
import sys
import tempfile
import threading
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "plugins"))
OUT = ROOT / "benchmarks" / "results" / "backfill.json"

TOWNS = ["Ulverton", "Marsk", "Olden", "Brackwater", "Penfield", "Tarrow", "Quayle", "Sundry", "Estby", "Corrin"]
THINGS = ["bridge", "school", "harbour", "library", "clinic", "tram", "market", "theatre", "orchard", "mill"]
WORDS = [
    "council",
    "budget",
    "meeting",
    "residents",
    "plan",
    "opened",
    "after",
    "years",
    "repairs",
    "cost",
    "said",
    "spring",
    "engineers",
    "vote",
    "wider",
    "street",
    "north",
    "open",
    "autumn",
]


def page(number, rng):
    town, thing = rng.choice(TOWNS), rng.choice(THINGS)
    date = f"2018-{number % 12 + 1:02d}-{number % 28 + 1:02d}T08:00:00Z"
    if number % 50 == 0:
        title = f"UN panel: {town} Shipping moved North Korean coal to {town}"
        lead = f"The Panel of Experts said on Tuesday that {town} Shipping bought {number % 900 + 100} tonnes of coal from North Korea, in breach of UN sanctions."
    else:
        title = f"{town} votes on its {thing}, {number}"
        lead = f"The council of {town} voted on Monday on the {thing}, said engineer number {number}."
    body = "".join(
        f"<p>{' '.join(rng.choices(WORDS, k=45)).capitalize()}, according to document {number}-{part} of {town}.</p>"
        for part in range(7)
    )
    return (
        f'<html><head><title>{title}</title><meta property="article:published_time" content="{date}"></head><body>'
        f"<nav><a href='/'>Home</a> <a href='/news'>News</a></nav><article><h1>{title}</h1><p>{lead}</p>{body}</article>"
        f"<footer>All rights reserved</footer></body></html>"
    ).encode()


def write_archive(path, articles):
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    rng = random.Random(7)
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number in range(articles):
            http = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            url = f"https://paper{number % 40}.example/{number}"
            headers = {"WARC-Date": "2019-01-01T00:00:00Z"}
            writer.write_record(
                writer.create_warc_record(
                    url, "response", payload=BytesIO(page(number, rng)), http_headers=http, warc_headers_dict=headers
                )
            )


class Memory:
    """This process's resident memory in MB over time."""

    def __init__(self):
        self.curve, self.started, self.phase = [], time.monotonic(), "start"
        threading.Thread(target=self._watch, daemon=True).start()

    def now(self):
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def _watch(self):
        while True:
            self.curve.append((round(time.monotonic() - self.started), self.phase, round(self.now(), 1)))
            time.sleep(2)

    def of(self, phase):
        return [mb for _, name, mb in self.curve if name == phase]


def timed(run):
    cpu = resource.getrusage(resource.RUSAGE_SELF)
    started = time.monotonic()
    answer = run()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return answer, time.monotonic() - started, after.ru_utime + after.ru_stime - cpu.ru_utime - cpu.ru_stime


def main():
    articles = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    limit = float(sys.argv[2]) if len(sys.argv) > 2 else 0
    from sanctions_watch.adapters.archives import Choice, open_archive
    from sanctions_watch.adapters.warehouse import connect, migrate
    from sanctions_watch.backfill import read_archive, until_over, work_off
    from sanctions_watch.clock import SystemClock
    from sanctions_watch.library import NoFetcher
    from sanctions_watch.local.postgres import EmbeddedPostgres
    from sanctions_watch.pipeline import Flow

    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive.warc.gz"
        write_archive(archive, articles)
        server = EmbeddedPostgres(Path(folder) / "postgres")
        server.start()
        try:
            migrate(server.url())
            warehouse, clock, memory = connect(server.url()), SystemClock(), Memory()
            reader = open_archive(str(archive), Choice(), clock)
            memory.phase = "read"
            state, read_s, read_cpu = timed(lambda: read_archive(warehouse, reader, clock))
            flow = Flow(warehouse=warehouse.in_lane("backfill"), fetcher=NoFetcher(), mailer=None, clock=clock)
            flow = replace(flow, batch=200)
            memory.phase = "stages"
            stages = (flow.clean, flow.select, flow.deduplicate, flow.extract, flow.assess)
            taken, work_s, work_cpu = timed(lambda: work_off(stages, until_over(limit)))
            with warehouse.begin() as unit:
                counts = unit.counts(clock.now())
            _, again_s, _ = timed(lambda: read_archive(warehouse, reader, clock))
            warehouse.close()
        finally:
            server.remove()
        size = archive.stat().st_size if archive.exists() else 0
    result = {
        "command": f"python benchmarks/backfill.py {articles}{f' {limit:g}' if limit else ''}",
        "machine": "2 cores, shared with other work while this ran: times are upper bounds",
        "articles": articles, "archive_mb": round(size / 1e6, 1), "entries": state.entries, "bad": state.bad,
        "read": {"seconds": round(read_s, 1), "cpu_seconds": round(read_cpu, 1), "per_second": round(articles / read_s)},
        "stages": {"seconds": round(work_s, 1), "cpu_seconds": round(work_cpu, 1), "cleaned_per_cpu_second": round(taken["clean"] / work_cpu, 1), "taken": taken},
        "read_again_seconds": round(again_s, 2),
        "counts": {"articles": counts.articles, "selected": counts.selected, "claims": counts.claims, "alerts": counts.alerts,
                   "waiting": counts.waiting, "quarantined": counts.quarantined},
        "memory_mb": {
            phase: {"first": values[0], "quarter": values[len(values) // 4], "half": values[len(values) // 2], "last": values[-1], "most": max(values)}
            for phase in ("read", "stages") if (values := memory.of(phase))
        },
        "curve_seconds_phase_mb": memory.curve[:: max(1, len(memory.curve) // 60)],
    }  # fmt: skip
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps({key: value for key, value in result.items() if key != "curve_seconds_phase_mb"}, indent=1))


if __name__ == "__main__":
    main()
