"""Real articles through the real DAGs: served as pages behind a feed on loopback, they must all arrive with their verdicts.

    .venv/bin/python benchmarks/real_articles.py ARTICLES.jsonl.gz

A row holds id, title, text and published_at. The system is started as `make run FEEDS=…` starts it, in a folder of its own, and stopped.
"""

import argparse
import gzip
import html
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import psycopg

ROOT = Path(__file__).resolve().parents[1]


def site(rows: list[dict]) -> ThreadingHTTPServer:
    pages = {f"/article/{quote(str(row['id']), safe='')}": row for row in rows}

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            base = f"http://127.0.0.1:{self.server.server_address[1]}"
            row = pages.get(self.path)
            if self.path == "/feed.xml":
                kind, body = "application/rss+xml", feed(base, pages)
            elif row is not None:
                kind, body = "text/html", page(row)
            else:
                self.send_error(404)
                return
            data = body.encode("utf-8", "replace")
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def feed(base: str, pages: dict[str, dict]) -> str:
    items = "".join(
        f"<item><guid>{base}{path}</guid><link>{base}{path}</link><title>{html.escape(row['title'] or '')}</title>"
        f"<description>{html.escape((row['text'] or '')[:300])}</description><pubDate>{published(row)}</pubDate></item>"
        for path, row in pages.items()
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Real articles</title>{items}</channel></rss>'


def published(row: dict) -> str:
    found = re.match(r"\d{4}-\d\d-\d\d", row.get("published_at") or "")
    day = datetime.fromisoformat(found[0]).replace(tzinfo=UTC) if found else datetime.now(UTC)
    return format_datetime(day)


def page(row: dict) -> str:
    paragraphs = "".join(f"<p>{html.escape(part)}</p>" for part in re.split(r"\n\s*\n", row["text"] or "") if part.strip())
    title = html.escape(row["title"] or "")
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title></head><body><nav><a href=/>Home</a></nav>"
        f"<article><h1>{title}</h1>{paragraphs}</article><footer>All rights reserved</footer></body></html>"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--minutes", type=float, default=15)
    given = parser.parse_args()
    opener = gzip.open if given.articles.suffix == ".gz" else open
    with opener(given.articles, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    server = site(rows)
    folder = Path(tempfile.mkdtemp(prefix="real-articles-", dir="/var/tmp"))
    folder.chmod(0o755)
    host = f"127.0.0.1:{server.server_address[1]}"
    registry = folder / "feeds.yaml"
    registry.write_text(
        f'feeds:\n  - {{id: real, url: "http://{host}/feed.xml", publisher: Real, country: "US", language: en, '
        "kind: newspaper, reliability: F, is_specialist: true}\n"
    )
    command = [sys.executable, "-P", "-m", "sanctions_watch.local", "--var", str(folder / "var")]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "plugins"),
        "FEEDS": str(registry),
        "SANCTIONS_WATCH_ALLOWED_HOSTS": host,
        "SANCTIONS_WATCH_COLLECT_SECONDS": "10",
    }
    started = time.monotonic()
    with (folder / "run.log").open("wb") as log:
        system = subprocess.Popen([*command, "run"], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        return watch(folder, rows, started, given.minutes)
    finally:
        subprocess.run([*command, "stop"], cwd=ROOT, env=environment, check=False)
        system.wait(60)
        subprocess.run([*command, "clean"], cwd=ROOT, env=environment, check=False)


def watch(folder: Path, rows: list[dict], started: float, minutes: float) -> int:
    readable = sum(bool((row["title"] or "").strip() or (row["text"] or "").strip()) for row in rows)
    secret = folder / "var" / "run" / "warehouse.secret"
    counts: dict[str, int] = {}
    while time.monotonic() - started < minutes * 60:
        time.sleep(2)
        if not secret.exists():
            continue
        try:
            with psycopg.connect(secret.read_text()) as connection:
                counts = {
                    name: connection.execute(question).fetchone()[0]
                    for name, question in {
                        "entries": "select count(distinct entry_id) from raw.entries",
                        "articles": "select count(*) from core.articles",
                        "verdicts": "select count(distinct article_id) from core.selections",
                        "selected": "select count(distinct article_id) from core.selections where is_selected",
                        "stories": "select count(*) from core.stories",
                        "extracted": "select count(distinct article_id) from core.extractions",
                        "claims": "select count(*) from core.claims",
                        "accepted": "select count(*) from core.claims where status = 'accepted'",
                        "allegations": "select count(*) from core.allegations",
                        "alerts": "select count(*) from core.alerts",
                        "quarantine": "select count(*) from core.quarantine",
                    }.items()
                }
        except psycopg.Error:
            continue
        if counts["verdicts"] + counts["quarantine"] >= readable and counts["extracted"] >= counts["selected"]:
            break
    print(f"{len(rows)} rows, {readable} with something to read; {time.monotonic() - started:.0f} s from the start")
    print(", ".join(f"{name} {count}" for name, count in counts.items()))
    return 0 if counts.get("verdicts", 0) + counts.get("quarantine", 0) >= readable else 1


if __name__ == "__main__":
    sys.exit(main())
