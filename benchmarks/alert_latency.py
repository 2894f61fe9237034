"""From an entry standing at its feed to the mail server's acceptance: python benchmarks/alert_latency.py [ALERTS] (100).

What it is: the stages one after the other in this one process (Flow), with a real PostgreSQL, a real web server and a real SMTP server on
127.0.0.1. What it is not: it does not go through Airflow, so the starts of tasks and the hand-over from DAG to DAG, which take longest,
are left out; and a publisher's own server is slower than this one. An entry becomes visible, its feed is polled at once (the wait for
the poll is left out), and the time ends when the SMTP server has the message. The result goes to benchmarks/results/alert_latency.json.
"""

import json
import os
import statistics
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "plugins")]
OUT = ROOT / "benchmarks" / "results" / "alert_latency.json"
START = datetime(2019, 5, 14, 9, 0, tzinfo=UTC)
NAMES = ["".join(parts) for parts in product(["Mar", "Tol", "Ves", "Quin", "Hald", "Bor", "Selk", "Dor", "Fen", "Yar"],
                                             ["andel", "oria", "ensk", "umbra", "ikon", "avent", "ester", "olin", "ubert", "emar"])]  # fmt: skip
STAGES = ("clean", "select", "deduplicate", "extract", "assess", "fan_out")


class Publisher(BaseHTTPRequestHandler):
    """A feed of the latest entry, and its page."""

    pages: dict[str, bytes] = {}  # noqa: RUF012 - one web for all requests

    def do_GET(self):
        body = self.pages.get(self.path)
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "application/rss+xml" if self.path == "/feed.xml" else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *arguments):
        pass


def publish(root, number, now):
    """Make one more entry visible: another company, another tonnage."""
    from tests.pipeline.edges import COAL_PAGE, COAL_TITLE, rss

    name, url = f"{NAMES[number % len(NAMES)]} Shipping", f"{root}/2019/{number}"
    title = COAL_TITLE.replace("Lumina Bay Shipping", name)
    told = COAL_PAGE.decode().replace("Lumina Bay Shipping", name).replace("21,500", f"{11 + number},500")
    Publisher.pages[f"/2019/{number}"] = told.encode()
    Publisher.pages["/feed.xml"] = rss((url, title, "Bought coal from North Korea, UN experts say.", now - timedelta(minutes=5)))


def one_alert(flow, server, stages):
    """Seconds from now to the acceptance; None where no mail came of it."""
    before, began = len(server.accepted), time.monotonic()
    flow.collect(flow.feeds_due())
    stages["collect"] = stages.get("collect", 0) + time.monotonic() - began
    for name in STAGES:
        since = time.monotonic()
        flow.drain(getattr(flow, name))
        stages[name] = stages.get(name, 0) + time.monotonic() - since
    since = time.monotonic()
    flow.deliver()
    stages["deliver"] = stages.get("deliver", 0) + time.monotonic() - since
    return time.monotonic() - began if len(server.accepted) > before else None


def measure(flow, root, server, alerts):
    """The seconds of each alert, how many entries made none, and the seconds by stage."""
    taken, silent, stages = [], 0, {}
    for number in range(alerts):
        flow.clock.time += timedelta(days=1)  # every feed is due
        publish(root, number, flow.clock.now())
        seconds = one_alert(flow, server, stages)
        silent += seconds is None
        taken += [] if seconds is None else [seconds]
    return taken, silent, stages


def main(alerts):
    from tests.chaos.unruly import UnrulyServer
    from tests.pipeline.edges import ANALYST

    from sanctions_watch.adapters.fetcher import HttpFetcher
    from sanctions_watch.adapters.mailer import SmtpMailer
    from sanctions_watch.adapters.warehouse import connect, migrate
    from sanctions_watch.clock import FixedClock
    from sanctions_watch.local.postgres import EmbeddedPostgres
    from sanctions_watch.pipeline import Flow
    from sanctions_watch.records import Feed

    clock = FixedClock(START)
    with tempfile.TemporaryDirectory() as folder, ThreadingHTTPServer(("127.0.0.1", 0), Publisher) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        host = f"127.0.0.1:{site.server_address[1]}"
        database, server = EmbeddedPostgres(Path(folder) / "postgres"), UnrulyServer(0)
        server.is_calm = True
        database.start()
        server.start()
        try:
            database.create_database("latency")
            migrate(database.url("latency"))
            warehouse = connect(database.url("latency"))
            flow = Flow(warehouse, HttpFetcher(clock, allowed_hosts=[host]), SmtpMailer(server.url), clock)
            flow.register(
                [Feed("harbour-post", f"http://{host}/feed.xml", "Harbour Post", country="SG", reliability="C")], [ANALYST]
            )
            used = time.process_time()
            taken, silent, stages = measure(flow, f"http://{host}", server, alerts)
            used = time.process_time() - used
            warehouse.close()
        finally:
            server.stop()
            database.remove()
            site.shutdown()
    percentile = statistics.quantiles(taken, n=100, method="inclusive") if len(taken) > 1 else taken * 99
    result = {
        "command": f"python benchmarks/alert_latency.py {alerts}",
        "what": "Flow's stages in one process, with PostgreSQL, HTTP and SMTP on 127.0.0.1; without Airflow's DAGs, whose task starts come on top",
        "machine": f"{os.cpu_count()} cores, shared with other work while this ran: times are upper bounds",
        "entries": alerts,
        "alerts_mailed": len(taken),
        "entries_without_a_mail": silent,
        "seconds": {
            "first": round(taken[0], 2),
            "p50": round(percentile[49], 2),
            "p95": round(percentile[94], 2),
            "max": round(max(taken), 2),
        },
        "cpu_seconds_an_alert": round(used / alerts, 3),
        "mean_seconds_by_stage": {name: round(seconds / alerts, 3) for name, seconds in stages.items()},
    }
    OUT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
