"""The fingerprint index at size: a warehouse on PostgreSQL is grown in steps, and looked up and written to at each.

    PYTHONPATH=plugins .venv/bin/python benchmarks/story_index.py                        # 10,000, 100,000 and 1,000,000 articles
    PYTHONPATH=plugins .venv/bin/python benchmarks/story_index.py --sizes 10000 --docs   # the small step, and docs/story-index.md

The server is the embedded one with the settings of ``make run``. A pool of 20,000 generated articles (``story_corpus``) is fingerprinted
by the stage; the warehouse holds it as often as the size asks, the fingerprints of each copy moved by a number of its own, so that
copies are kin within a repetition only. Fingerprints that several stories share (agencies' background, page furniture, and a paragraph
that one article in twenty ends with) are left as they are. So counts and skew are those of the stage on the corpus. All repetitions
spread over the same year, so that every look-up reads the same months, the fuller the larger the size.

The run goes on where it was stopped: what has been filled stays in the folder. ``--remove`` deletes it in the end.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import resource
import shutil
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.json import Jsonb
from story_corpus import DAYS, HOUSE_RULES, KINDS, START, Dispatch, Press, corpus, pair, variant

from sanctions_watch.adapters.frequent import FEW, FREQUENT
from sanctions_watch.adapters.warehouse import PostgresWarehouse, connect, migrate
from sanctions_watch.adapters.warehouse.codec import encode
from sanctions_watch.adapters.warehouse.queries import query
from sanctions_watch.clock import SystemClock
from sanctions_watch.local.postgres import EmbeddedPostgres
from sanctions_watch.pipeline import Flow
from sanctions_watch.records import Article, Fingerprints, Selection, Zone
from sanctions_watch.stages import deduplicate
from sanctions_watch.stages.deduplicate.background import PERIOD_SECONDS
from sanctions_watch.stories import CANDIDATES, STORY_WINDOW_DAYS, Placing

ROOT = Path(__file__).resolve().parents[1]
SEED = 7
POOL = 20_000
BASES = 1_950  # dispatches: with variants and hard negatives a little over 20,000 articles
SLICE = 10_000  # half the pool: what one transaction fills in
SHARED_BY_STORIES = 3  # more stories than this share a fingerprint: it stays the same in every repetition
POOL_DATABASE = "pool"
STEP = 0x9E3779B97F4A7C15

SCHEMA = """
create schema if not exists bench;
create table if not exists bench.pool (
    number integer primary key, own bigint[], kept bigint[], words integer, published_at timestamptz, title text, text text,
    publisher text, zones jsonb, wire jsonb, story integer, is_lead boolean
);
create table if not exists bench.slices (slice integer primary key);
create table if not exists bench.probes (run integer primary key);
"""

FILL = """
create temp table fresh on commit drop as
select
    pool.*,
    %(slice)s * 10000::bigint + pool.number %% 10000 + 1 as article_number,
    format('u%%s.%%s', %(repetition)s, pool.number) as article_id,
    format('s%%s.%%s', %(repetition)s, pool.story) as story_id,
    format('u%%s.%%s', %(repetition)s, first_value(pool.number) over (partition by pool.story order by pool.number)) as lead_id
from bench.pool
where pool.number / 10000 = %(slice)s %% 2;
insert into core.articles (article_id, article_number, latest_version, first_seen_at) overriding system value
select article_id, article_number, 1, published_at from fresh;
insert into core.article_versions (
    article_id, version, entry_id, url, publisher, language, title, text, published_at, first_seen_at, content_sha256, zones, removed,
    byline, dates, has_date_conflict, wire, notice, feed_kind, feed_reliability, is_sample, is_backfill, cleaner_version
)
select
    article_id, 1, '', 'https://example.org/' || article_id, publisher, 'en', title, text, published_at, published_at, article_id, zones,
    '[]', '', '[]', false, wire, null, 'newspaper', 'C', false, false, 'v1'
from fresh;
insert into core.selections select article_id, 1, 'v1', true, false, 1, '{concerns the sanctions}' from fresh;
insert into core.stories select distinct story_id, lead_id, '' from fresh on conflict do nothing;
insert into core.story_articles
select
    article_id, 1, %(version)s, story_id, case when article_id = lead_id then 'lead' else 'copy' end, lead_id, lead_id, '', 1,
    '{the same text}', '{}', true
from fresh;
insert into core.article_fingerprints
select article_id, 1, array(select one # %(key)s from unnest(own) as one) || kept, words, published_at from fresh;
insert into core.fingerprints (fingerprint, published_at, article_number, agency_number)
select hash, published_at, article_number, coalesce(agency.agency_number, 0)
from (
    select one # %(key)s as hash, published_at, article_number, wire from fresh cross join unnest(own) as one
    union all
    select one, published_at, article_number, wire from fresh cross join unnest(kept) as one
) as print
left join core.agencies as agency on agency.name = print.wire ->> 'agency';
insert into core.extractions (extraction_id, article_id, version, extractor_version, claims)
select 'e' || article_id, article_id, 1, 'v1', 0 from fresh;
insert into core.stage_inputs
select
    stage, article_id, case when stage = 'assess' then 'e' || article_id else '1' end, published_at, published_at, %(version)s, array[%(version)s]
from fresh cross join unnest(array['select', 'deduplicate', 'extract', 'assess']) as stage;
insert into bench.slices values (%(slice)s);
"""

# As full as an index that is written to in random order gets (ln 2): a freshly built one would look better than it is in use.
INDEX = """
create index fingerprints_lookup on core.fingerprints (fingerprint, published_at) include (article_number, agency_number) with (fillfactor = 69)
"""


@dataclass(frozen=True, slots=True)
class Probe:
    """An article to look up; ``is_hot``: it ends with the paragraph of one article in twenty."""

    article: Article
    is_hot: bool


# ---------------------------------------------------------------- fill


def with_house_rules(article: Article) -> Article:
    text = f"{article.text}\n\n{HOUSE_RULES}"
    headline, body = article.zones
    return replace(article, text=text, zones=(headline, Zone("body", body.start, len(text))))


def make_pool(connection: psycopg.Connection[Any]) -> None:
    """Generate and fingerprint the pool, where it is not there yet."""
    if connection.execute("select count(*) from bench.pool").fetchone() == (POOL,):
        return
    rows: list[tuple[Article, int, Fingerprints]] = []
    rng = random.Random(SEED)
    for labelled in corpus(SEED, BASES):
        article = with_house_rules(labelled.article) if rng.random() < 0.05 else labelled.article
        rows.append((article, labelled.story, deduplicate.fingerprint(article)))
        if len(rows) == POOL:
            break
    if len(rows) < POOL:
        raise SystemExit(f"the corpus has only {len(rows)} articles: raise BASES")
    stories: dict[int, set[int]] = defaultdict(set)
    for _, story, prints in rows:
        for value in prints.hashes:
            stories[value].add(story)
    connection.execute("truncate bench.pool")
    columns = "number, own, kept, words, published_at, title, text, publisher, zones, wire, story"
    with connection.cursor().copy(f"copy bench.pool ({columns}) from stdin") as copy:
        for number, (article, story, prints) in enumerate(rows):
            hashes = list(dict.fromkeys(prints.hashes))
            kept = [value for value in hashes if len(stories[value]) > SHARED_BY_STORIES]
            own = [value for value in hashes if len(stories[value]) <= SHARED_BY_STORIES]
            wire = Jsonb(encode(article.wire)) if article.wire else None
            copy.write_row((number, own, kept, prints.words, article.published_at, article.title, article.text, article.publisher,
                            Jsonb(encode(article.zones)), wire, story))  # fmt: skip


def prepare(server: EmbeddedPostgres, size: int) -> str:
    """The address of the database for this size; a new one is copied from one that holds the pool alone.

    A database for each size: a smaller one could not be measured again once it has grown.
    """
    server.create_database(POOL_DATABASE)
    migrate(server.url(POOL_DATABASE))
    with psycopg.connect(server.url(POOL_DATABASE)) as connection:
        connection.execute(SCHEMA)
        make_pool(connection)
    name = f"articles_{size}"
    with psycopg.connect(server.url(), autocommit=True) as connection:
        if not connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            connection.execute(f"create database {name} template {POOL_DATABASE}")
    migrate(server.url(name))
    return server.url(name)


def fill(url: str, size: int) -> float:
    """Bring the warehouse to this many articles; answers the seconds it took."""
    started = time.monotonic()
    with psycopg.connect(url, autocommit=True) as connection:
        with connection.transaction():
            connection.execute(query("ensure_partitions").text.replace(":from_date", "%(a)s").replace(":to_date", "%(b)s"),
                               {"a": START.date(), "b": (START + timedelta(days=DAYS + 40)).date()})  # fmt: skip
        connection.execute("set maintenance_work_mem = '1GB'; set work_mem = '256MB'; set synchronous_commit = off")
        connection.execute(
            "insert into core.agencies (name) select distinct wire ->> 'agency' from bench.pool where wire is not null on conflict do nothing"
        )
        done = {row[0] for row in connection.execute("select slice from bench.slices")}
        wanted = set(range(size // SLICE)) - done
        if wanted:
            connection.execute("drop index if exists core.fingerprints_lookup")
        for slice_ in sorted(wanted):
            repetition = slice_ // (POOL // SLICE)
            key = (repetition * STEP) % (1 << 64)
            with connection.transaction():
                connection.execute(psycopg.ClientCursor(connection).mogrify(
                    FILL, {"slice": slice_, "repetition": repetition, "version": deduplicate.VERSION, "key": key - (1 << 64) if key >> 63 else key}
                ))  # fmt: skip
            print(f"  {(slice_ + 1) * SLICE:>9,} articles after {time.monotonic() - started:.0f} s", end="\r", flush=True)
        if connection.execute("select to_regclass('core.fingerprints_lookup')").fetchone() == (None,):
            connection.execute(INDEX)
        if wanted:
            connection.execute(
                "select setval(pg_get_serial_sequence('core.articles', 'article_number'), max(article_number)) from core.articles"
            )
            connection.execute("vacuum (analyze)")
            connection.execute("checkpoint")
    return time.monotonic() - started


# ---------------------------------------------------------------- ask


def probes(number: int, run: int) -> list[Probe]:
    """New articles: three in five print a dispatch of the pool, the others are dispatches that it does not hold; one in four is hot."""
    rng = random.Random(f"probes {run}")
    press = Press(SEED)
    made = []
    for place in range(number):
        name = f"p{run}.{place}"
        base = rng.randrange(900) if place % 5 < 3 else 1_000_000 + run * 10_000 + place
        kind = rng.choice(KINDS)
        one = variant(rng, press, *_of(base, kind), name, 0).article
        one = replace(
            one, first_seen_at=START + timedelta(days=DAYS), content_sha256=name, feed_kind="newspaper", cleaner_version="v1"
        )
        made.append(Probe(with_house_rules(one) if place % 4 == 3 else one, place % 4 == 3))
    return made


def _of(base: int, kind: str) -> tuple[Dispatch, str, Dispatch]:
    of, other = pair(SEED, base)
    return of, kind, other


def milliseconds(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    answer = work()
    return (time.perf_counter() - started) * 1000, answer


def look_ups(warehouse: PostgresWarehouse, asked: Sequence[Probe]) -> Iterator[dict[str, Any]]:
    """Each article alone: a look-up, then all of its placing (fingerprints, look-ups, verdict, what is stored). Nothing stays."""
    for probe in asked:
        article = probe.article
        try:
            with warehouse.begin() as unit:
                unit.save_article(article, None, "v1")
                prints = deduplicate.fingerprint(article)
                look_up_ms, found = milliseconds(partial(unit.candidates, prints, STORY_WINDOW_DAYS, CANDIDATES))
                placing = Placing(unit, article.first_seen_at)
                place_ms, placement = milliseconds(partial(placing.place, article))
                settle_ms, _ = milliseconds(placing.settle)
                yield {
                    "look_up": look_up_ms, "both": place_ms + settle_ms, "found": len(found), "is_hot": probe.is_hot,
                    "is_copy": placement.related_to != "", "prints": len(prints.hashes),
                }  # fmt: skip
                raise _NothingStays
        except _NothingStays:
            pass


class _NothingStays(Exception):
    pass


def in_batches(warehouse: PostgresWarehouse, articles: Sequence[Article], batch: int) -> tuple[float, float]:
    """Articles a second through the stage as the flow runs it, committed; and the CPU seconds of this process for each article."""
    with warehouse.begin() as unit:
        for article in articles:
            unit.save_article(article, None, "v1")
            unit.save_selection(Selection(article.article_id, 1, True, False, 1.0, (), "v1"))
    flow = Flow(warehouse, None, None, SystemClock(), batch=batch)  # type: ignore[arg-type]
    started, cpu = time.monotonic(), cpu_seconds()
    taken = flow.drain(flow.deduplicate).taken
    seconds = time.monotonic() - started
    if taken < len(articles):
        raise SystemExit(f"only {taken} of {len(articles)} articles were placed")
    return len(articles) / seconds, (cpu_seconds() - cpu) / len(
        articles
    )  # those placed again, displaced by earlier ones, cost time as well


def cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


SIZES = """
select
    sum(pg_relation_size(inhrelid)) filter (where relkind = 'r') as rows_bytes,
    sum(pg_indexes_size(inhrelid)) filter (where relkind = 'r') as index_bytes,
    pg_total_relation_size('core.article_fingerprints') as list_bytes,
    (select count(*) from core.articles) as articles
from pg_inherits inner join pg_class on oid = inhrelid
where inhparent = 'core.fingerprints'::regclass
"""


def measure(url: str, size: int, number: int, batch: int, run: int) -> dict[str, Any]:
    """Everything that is measured at one size."""
    warehouse = connect(url)
    try:
        list(look_ups(warehouse, probes(max(50, number // 5), run * 10 + 1)))  # the cache as it is in use
        rows = list(look_ups(warehouse, probes(number, run * 10 + 2)))
        with warehouse.begin() as unit:
            counts_ms, _ = milliseconds(lambda: unit.counts(START))
            work_ms, _ = milliseconds(
                lambda: (unit.articles_to_select("v1", 200), unit.articles_to_extract("v1", 200), unit.articles_to_assess("v1", 50))
            )
        rate, cpu = in_batches(warehouse, [probe.article for probe in probes(number, run * 10 + 3)], batch)
    finally:
        warehouse.close()
    with psycopg.connect(url) as connection:
        sizes = connection.execute(SIZES).fetchone()
    told: dict[str, Any] = {"articles": size, "probes": number, "prints": statistics.mean(row["prints"] for row in rows)}
    for name in ("look_up", "both"):
        values = [row[name] for row in rows]
        told |= {
            f"{name}_p50": percentile(values, 0.5),
            f"{name}_p95": percentile(values, 0.95),
            f"{name}_mean": statistics.mean(values),
        }
    for name, is_hot in (("hot", True), ("cold", False)):
        values = [row["look_up"] for row in rows if row["is_hot"] == is_hot]
        told |= {f"{name}_p50": percentile(values, 0.5), f"{name}_p95": percentile(values, 0.95)}
    told |= {"found": statistics.mean(row["found"] for row in rows), "copies": sum(row["is_copy"] for row in rows) / len(rows)}
    told |= {"batch_rate": rate, "batch_cpu_ms": cpu * 1000, "counts_ms": counts_ms, "work_ms": work_ms}
    rows_bytes, index_bytes, list_bytes, articles = map(float, sizes)
    told |= {"rows_bytes": rows_bytes / articles, "index_bytes": index_bytes / articles, "list_bytes": list_bytes / articles}
    return told


def next_run(url: str) -> int:
    """A number that no run of this folder has had, so that its articles are new."""
    with psycopg.connect(url) as connection:
        return int(
            connection.execute(
                "insert into bench.probes select coalesce(max(run), 0) + 1 from bench.probes returning run"
            ).fetchone()[0]
        )


# ---------------------------------------------------------------- tell

TABLE = (
    ("fingerprints of a new article", "prints", "{:.0f}"),
    ("look-up, p50 (ms)", "look_up_p50", "{:.2f}"),
    ("look-up, p95 (ms)", "look_up_p95", "{:.2f}"),
    ("look-up without the hot paragraph, p50 / p95 (ms)", ("cold_p50", "cold_p95"), "{:.2f}"),
    ("look-up with the hot paragraph, p50 / p95 (ms)", ("hot_p50", "hot_p95"), "{:.2f}"),
    ("candidates found", "found", "{:.1f}"),
    ("look-up and assignment, with what is stored, p50 (ms)", "both_p50", "{:.2f}"),
    ("look-up and assignment, with what is stored, p95 (ms)", "both_p95", "{:.2f}"),
    ("in batches, committed (articles/s)", "batch_rate", "{:.0f}"),
    ("CPU of the worker in batches (ms an article)", "batch_cpu_ms", "{:.2f}"),
    ("rows of the index table (bytes an article)", "rows_bytes", "{:,.0f}"),
    ("its index (bytes an article)", "index_bytes", "{:,.0f}"),
    ("list of fingerprints (bytes an article)", "list_bytes", "{:,.0f}"),
    ("asking three stages for work (ms)", "work_ms", "{:.1f}"),
    ("counts (ms)", "counts_ms", "{:.1f}"),
)


def table(results: Sequence[dict[str, Any]]) -> str:
    lines = ["| | " + " | ".join(f"{one['articles']:,}" for one in results) + " |", "|---" * (len(results) + 1) + "|"]
    for title, named, form in TABLE:
        names = (named,) if isinstance(named, str) else named
        lines.append(f"| {title} | " + " | ".join(" / ".join(form.format(one[name]) for name in names) for one in results) + " |")
    return "\n".join(lines)


PLANS = (
    "candidates",
    "previous_placement",
    "reprints_of",
    "latest_articles",
    "take_inputs",
    "save_fingerprints",
    "retire_placement",
)


def plans(url: str) -> str:
    """The plans of the stage's queries for one article that has copies, as PostgreSQL runs them here."""
    warehouse = connect(url)
    one = next(probe.article for probe in probes(10, 0) if not probe.is_hot)
    prints = deduplicate.fingerprint(one)
    window = timedelta(days=STORY_WINDOW_DAYS)
    looked_up = {"article_id": one.article_id, "hashes": list(prints.hashes), "first_at": one.published_at - window,
                 "last_at": one.published_at + window, "frequent": FREQUENT, "period_seconds": PERIOD_SECONDS}  # fmt: skip
    asked: dict[str, dict[str, Any]] = {
        "candidates": {**looked_up, "few": FEW, "limit": CANDIDATES},
        "carried": looked_up,
        "save_placement": {"placement": json.dumps({
            "article_id": "u0.7", "version": 1, "story_id": "s0.0", "relation": "copy", "related_to": "u0.0", "lead_article_id": "u0.0",
            "origin_agency": "", "containment": 1, "evidence": [], "deduplicator_version": "v2", "displaces": ["u0.8"], "text_digest": 0,
        })},
        "story_members": {"story_id": "s0.0"},
        "previous_placement": {"article_id": "u0.7"},
        "reprints_of": {"story_ids": ["s0.7", "s0.8"]},
        "latest_articles": {"article_ids": ["u0.7", "u0.8"]},
        "take_inputs": {"stage": "deduplicate", "version": "v1", "limit": 200, "is_backfill": False},
        "save_fingerprints": {"fingerprints": json.dumps(encode(replace(prints, article_id="u0.7")))},
        "retire_placement": {"article_id": "u0.7", "version": 2, "deduplicator_version": "v2"},
    }  # fmt: skip
    told = []
    try:
        for name in PLANS:
            with warehouse.connection() as connection:
                statement = f"explain (analyze, buffers, costs off, timing off, summary on) {query(name).text}"
                lines = [row[0] for row in connection.exec_driver_sql(*_bound(statement, asked[name]))]
                connection.rollback()
            told.append(f"### `{name}`\n```\n" + "\n".join(_shortened(lines)) + "\n```\n")
    finally:
        warehouse.close()
    return "\n".join(told)


def _bound(statement: str, parameters: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    for name in sorted(parameters, key=len, reverse=True):
        statement = statement.replace(f":{name}", f"%({name})s")
    return statement, parameters


def _shortened(lines: Sequence[str]) -> list[str]:
    """Partitions beyond the first of each run are left out, and arrays of hashes cut."""
    kept: list[str] = []
    seen: set[tuple[int, str]] = set()
    skipping: int | None = None
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if skipping is not None and indent > skipping:
            continue
        skipping = None
        if "fingerprints_y" in line and "->" in line:
            key = (indent, line.strip().split(" on ")[0].split(" using ")[0])
            if key in seen:
                skipping = indent
                if not kept[-1].strip().startswith("… "):
                    kept.append(" " * indent + "… the same for the other months")
                continue
            seen.add(key)
        kept.append(line if len(line) < 180 else line[:170] + " …")
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=lambda text: [int(part) for part in text.split(",")], default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--probes", type=int, default=1_000, help="new articles looked up, and as many placed in batches")
    parser.add_argument("--batch", type=int, default=200)
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "benchmarks" / "story_index")
    parser.add_argument("--docs", action="store_true", help="write docs/story-index.md")
    parser.add_argument("--fill-only", action="store_true", help="measure later: the folder keeps what was filled in")
    parser.add_argument("--remove", action="store_true", help="delete the folder in the end")
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    given.folder.mkdir(parents=True, exist_ok=True)
    server = EmbeddedPostgres(given.folder)
    server.start()
    results = []
    try:
        for size in sorted(given.sizes):
            url = prepare(server, size)
            seconds = fill(url, size)
            if given.fill_only:
                print(f"{size:,} articles, filled in {seconds:.0f} s", flush=True)
                continue
            told = measure(url, size, given.probes, given.batch, next_run(url))
            print(f"{size:,} articles, filled in {seconds:.0f} s", " " * 20, "\n" + json.dumps(told), flush=True)
            results.append(told)
        if results:
            print(table(results))
        if results and given.docs:
            write_docs(results, plans(server.url(f"articles_{max(given.sizes)}")))
    finally:
        server.stop()
        if given.remove:
            server.remove()
            shutil.rmtree(given.folder, ignore_errors=True)
    return 0


def write_docs(results: Sequence[dict[str, Any]], told: str) -> None:
    path = ROOT / "docs" / "story-index.md"
    head, _, _ = path.read_text(encoding="utf-8").partition("<!-- generated")
    largest, smallest = results[-1], results[0]
    ratio = largest["look_up_p50"] / smallest["look_up_p50"]
    cores = os.cpu_count()
    path.write_text(
        f"""{head}<!-- generated by benchmarks/story_index.py --docs: change it there -->
## Measured
{largest["probes"]:,} new articles at each size on {cores} cores, one worker, the embedded PostgreSQL with the settings of `make run`.
A look-up in {largest["articles"]:,} articles costs {ratio:.2f} times one in {smallest["articles"]:,} (medians).

{table(results)}

## Plans
At {largest["articles"]:,} articles; the months after the first are left out.

{told}""",
        encoding="utf-8",
    )


if __name__ == "__main__":
    sys.exit(main())
