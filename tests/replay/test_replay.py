"""The bundled replay through the real flow on real HTTP and PostgreSQL, with the clock moved by hand: a month in half a minute."""

import re
import threading
from datetime import timedelta

import psycopg
import pytest
from tests.pipeline.edges import MailServer
from tests.replay.rows import differences, known_gaps

from sanctions_watch.adapters.fetcher import HttpFetcher
from sanctions_watch.adapters.warehouse import connect
from sanctions_watch.clock import FixedClock
from sanctions_watch.data import include
from sanctions_watch.local.sample_server import read_timeline, server
from sanctions_watch.pipeline import Flow
from sanctions_watch.stages.alert import read_subscribers
from sanctions_watch.stages.collect.registry import read_feeds

pytestmark = pytest.mark.postgres
STEP = timedelta(hours=6)


@pytest.fixture(scope="module")
def replayed(postgres_url):
    from tests.conftest import create_database

    create_database(postgres_url(), "sanctions_watch_replay", "sanctions_watch_template")
    url = postgres_url("sanctions_watch_replay")
    timeline = read_timeline(include("sample/timeline.yaml"))
    clock = FixedClock(timeline.start)
    site = server(timeline, clock)
    thread = threading.Thread(target=site.serve_forever)
    thread.start()
    host = f"127.0.0.1:{site.server_address[1]}"
    warehouse = connect(url)
    try:
        flow = Flow(warehouse, HttpFetcher(clock, allowed_hosts=[host]), MailServer(), clock)
        feeds = read_feeds(include("sample/feeds.yaml").read_text(), "feeds.yaml", {"sample": f"http://{host}"})
        flow.register(feeds, read_subscribers(include("sample/subscribers.yaml").read_text(), "subscribers.yaml"))
        while clock.time < timeline.end + timedelta(days=1):
            run_once(flow)
            clock.time += STEP
        yield flow, url
    finally:
        site.shutdown()
        thread.join()
        site.server_close()
        warehouse.close()


def run_once(flow):
    flow.collect(flow.feeds_due())
    for stage in (flow.clean, flow.select, flow.deduplicate, flow.extract, flow.assess, flow.fan_out):
        flow.drain(stage)
    flow.digest()
    flow.deliver()


def test_what_came_out_is_what_an_analyst_expects_row_by_row(replayed):
    _, url = replayed
    found = set(differences(url))
    new, gone = sorted(found - known_gaps()), sorted(known_gaps() - found)
    assert not new, "new differences:\n" + "\n".join(new)
    assert not gone, "no longer differences, take them out of known_gaps.txt:\n" + "\n".join(gone)


def test_every_article_has_come_and_nothing_waits(replayed):
    flow, _ = replayed
    with flow.warehouse.begin() as unit:
        counts = unit.counts(flow.clock.now())
    timeline = read_timeline(include("sample/timeline.yaml"))
    assert counts.articles == len(timeline.articles)
    assert counts.waiting == 0
    assert counts.quarantined == 0


def test_once_more_changes_nothing(replayed):
    flow, _ = replayed
    with flow.warehouse.begin() as unit:
        before = unit.counts(flow.clock.now())
    mails = len(flow.mailer.accepted)
    flow.clock.time += timedelta(days=1)
    run_once(flow)
    with flow.warehouse.begin() as unit:
        after = unit.counts(flow.clock.now())
    assert (after.entries, after.articles, after.claims, after.alerts) == (
        before.entries,
        before.articles,
        before.claims,
        before.alerts,
    )
    assert len(flow.mailer.accepted) == mails


def test_mails_are_marked_as_sample(replayed):
    flow, _ = replayed
    assert flow.mailer.accepted
    assert all(mail.subject.startswith("SAMPLE [") for mail in flow.mailer.accepted)


def test_the_daily_digests_hold_every_alert_once(replayed):
    flow, url = replayed
    digests = [mail for mail in flow.mailer.accepted if mail.recipient == "daily@analysts.example"]
    assert len(digests) > 5
    assert all(mail.subject.startswith("SAMPLE [DIGEST] Daily digest") for mail in digests)
    with psycopg.connect(url) as connection:
        states = connection.execute(
            "select state, count(*) from core.notifications where subscriber_id = 'daily' and alert_id is not null group by 1"
        ).fetchall()
        [alerts] = connection.execute("select count(*) from core.alerts").fetchone()
    assert states == [("digested", alerts)]
    assert sum(int(re.search(r": (\d+) alert", mail.subject)[1]) for mail in digests) == alerts
