"""A backfill from end to end: killed anywhere and started again, never a mail, and live news first."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.integration.archives.making import response, warc
from tests.pipeline.edges import COAL, FEED, NOW, Killed, KillingWarehouse, Web, flow_on, run, world

from sanctions_watch.adapters.archives import Choice, open_archive
from sanctions_watch.adapters.archives.by_hand import Given, added
from sanctions_watch.backfill import read_archive, try_archive, work_off
from sanctions_watch.clock import FixedClock
from sanctions_watch.stages import assess, clean, deduplicate, extract, select

CLOCK = FixedClock(NOW)


def stages(flow):
    return (flow.clean, flow.select, flow.deduplicate, flow.extract, flow.assess)


def lane(flow):
    return replace(flow, warehouse=flow.warehouse.in_lane("backfill"))


def counts(warehouse):
    with warehouse.begin() as unit:
        return unit.counts(NOW)


def archive(tmp_path, *records, name="a.warc.gz"):
    path = tmp_path / name
    path.write_bytes(warc(*records))
    return open_archive(str(path), Choice(feeds=(FEED,)), CLOCK)


def of_world(url=COAL):
    """The page that raises an alert when it comes live."""
    return replace_url(response(0, world()[0][url]), url)


def replace_url(record, url):
    return (record[0], url, *record[2:])


def test_reading_stores_everything_once_and_says_how_far_it_came(warehouse, tmp_path):
    reader = archive(tmp_path, *(response(n) for n in range(450)), response(9, status="404 Not Found"))
    seen = []
    state = read_archive(warehouse, reader, CLOCK, watch=seen.append)
    assert (state.records, state.entries, state.skipped, state.bad) == (451, 450, 1, 0)
    assert state.finished_at == NOW
    assert [one.records for one in seen] == [200, 400, 451]
    assert [one.done for one in seen] == sorted(one.done for one in seen)
    assert seen[-1].done <= state.total
    again = read_archive(warehouse, reader, CLOCK, watch=seen.append)
    assert again == state
    assert counts(warehouse).entries == 450


@pytest.mark.parametrize("at", range(1, 20))
def test_killed_at_any_call_and_started_again_nothing_is_lost_and_nothing_comes_twice(warehouse, tmp_path, at):
    reader = archive(
        tmp_path,
        *(response(n) for n in range(450)),
        ("response", "http://news.example/x", b"\x0bno", ("200 OK", [("Content-Encoding", "br")]), {}),
    )
    with suppress(Killed):
        read_archive(KillingWarehouse(warehouse, at), reader, CLOCK)
    state = read_archive(warehouse, reader, CLOCK)
    assert (state.records, state.entries, state.bad) == (451, 450, 1)
    assert counts(warehouse).entries == 450
    assert counts(warehouse).quarantined == 1


def test_a_reading_that_was_ended_early_goes_on_where_it_was(warehouse, tmp_path):
    reader = archive(tmp_path, *(response(n) for n in range(450)))
    first = read_archive(warehouse, reader, CLOCK, is_over=lambda: True)
    assert (first.records, first.finished_at) == (200, None)
    assert read_archive(warehouse, reader, CLOCK).records == 450


def test_an_archive_that_has_grown_is_read_again_and_only_the_new_is_stored(warehouse, tmp_path):
    read_archive(warehouse, archive(tmp_path, response(1)), CLOCK)
    state = read_archive(warehouse, archive(tmp_path, response(1), response(2)), CLOCK)
    assert (state.records, state.entries) == (2, 1)


def test_a_dry_run_stores_nothing_and_tells_the_reasons(warehouse, tmp_path):
    state, reasons = try_archive(archive(tmp_path, response(1), response(2, status="404 Not Found")), CLOCK)
    assert (state.records, state.entries, state.skipped) == (2, 1, 1)
    assert reasons == {"the server answered 404": 1}
    assert counts(warehouse).entries == 0


def test_a_backfill_fills_the_ledger_and_never_mails(warehouse, tmp_path):
    flow = flow_on(warehouse)
    read_archive(warehouse, archive(tmp_path, replace_date(of_world())), CLOCK)
    taken = work_off(stages(lane(flow)))
    assert taken["assess"] == 1
    assert counts(warehouse).allegations >= 1
    assert (counts(warehouse).alerts, counts(warehouse).waiting) == (0, 0)


def replace_date(record):
    """Captured an hour ago: inside of the window in which a live article would alert."""
    return (*record[:4], {"WARC-Date": (NOW - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")})


def test_the_same_page_live_would_have_alerted(warehouse):
    flow = flow_on(warehouse)
    run(flow)
    assert counts(warehouse).alerts >= 1


def test_a_backfilled_article_stays_silent_under_every_new_version(warehouse, tmp_path, monkeypatch):
    flow = flow_on(warehouse)
    read_archive(warehouse, archive(tmp_path, replace_date(of_world())), CLOCK)
    work_off(stages(lane(flow)))
    for module in (clean, select, deduplicate, extract, assess):
        monkeypatch.setattr(module, "VERSION", f"{module.VERSION}-next")
        work_off(stages(lane(flow)))
        run(flow)
    assert counts(warehouse).alerts == len([mail for mail in flow.mailer.accepted if mail]) == 0


def test_a_live_copy_of_what_a_backfill_brought_is_no_news_but_what_it_adds_is(warehouse, tmp_path):
    pages, _ = world()
    flow = flow_on(warehouse, pages=pages)
    read_archive(warehouse, archive(tmp_path, replace_date(of_world())), CLOCK)
    work_off(stages(lane(flow)))
    run(flow)
    assert flow.mailer.accepted == [], "everything it says was known"
    assert counts(warehouse).entries == 3
    flow.clock.time = NOW + timedelta(hours=8)
    pages[COAL] = pages[COAL].replace(b"21,500 tonnes", b"38,000 tonnes")
    from tests.pipeline.edges import rss

    pages[FEED.url] = rss(
        (
            COAL,
            "UN panel: Lumina Bay Shipping moved North Korean coal through Vietnam (updated)",
            "A company bought coal from North Korea, UN experts say. Updated.",
            NOW,
        )
    )
    run(flow)
    assert [mail.subject for mail in flow.mailer.accepted if "UPDATE" in mail.subject], "a new number is news"


def test_an_archives_copy_never_replaces_what_came_live(warehouse, tmp_path):
    flow = flow_on(warehouse)
    run(flow)
    url = COAL
    with warehouse.begin() as unit:
        live = unit.latest_article(clean.article_id_of(url, FEED.publisher, ""))
    older = of_world()
    older = (older[0], older[1], older[2].replace(b"21,500 tonnes", b"2 tonnes"), *older[3:])
    read_archive(warehouse, archive(tmp_path, older), CLOCK)
    work_off(stages(lane(flow)))
    with warehouse.begin() as unit:
        assert unit.latest_article(live.article_id) == live


def test_live_news_do_not_wait_for_a_backfill(warehouse, tmp_path):
    flow = flow_on(warehouse)
    read_archive(warehouse, archive(tmp_path, *(response(n) for n in range(300))), CLOCK)
    live = replace(flow, warehouse=warehouse.in_lane("live"))
    run(live)
    assert len(flow.mailer.accepted) >= 1
    assert counts(warehouse).waiting == 300, "the backfill waits for its own tasks"
    assert live.waiting() == 0
    assert work_off(stages(lane(flow)))["clean"] == 300


def test_an_article_added_by_hand_alerts_as_any_other(warehouse):
    flow = flow_on(warehouse)
    one = added("-", world()[0][COAL], Given(publisher="The Times of Somewhere"), Choice(), CLOCK, Web(CLOCK, {}))
    with warehouse.begin() as unit:
        assert unit.save_archived([one]) == 1
    live = replace(flow, warehouse=warehouse.in_lane("live"))
    work_off(stages(live))
    assert counts(warehouse).alerts >= 1


def test_where_retention_has_purged_the_page_the_article_stands(warehouse, tmp_path, monkeypatch):
    flow = flow_on(warehouse)
    read_archive(warehouse, archive(tmp_path, response(1)), CLOCK)
    work_off(stages(lane(flow)))
    if hasattr(warehouse, "pages"):
        warehouse.pages.clear()
    else:
        from sqlalchemy import text

        with warehouse.connection() as connection:
            connection.execute(text("delete from raw.pages"))
    monkeypatch.setattr(clean, "VERSION", "clean-next")
    assert work_off(stages(lane(flow)))["clean"] == 1
    assert (counts(warehouse).articles, counts(warehouse).quarantined) == (1, 0)


def test_pages_of_a_report_are_kept_with_its_article(warehouse, tmp_path):
    from tests.integration.archives.pdfs import REPORT

    path = tmp_path / "report.pdf"
    path.write_bytes(REPORT)
    one = added(
        str(path), b"", Given(publisher="Panel", published_at=datetime(2019, 5, 1, tzinfo=UTC)), Choice(), CLOCK, Web(CLOCK, {})
    )
    with warehouse.begin() as unit:
        unit.save_archived([one])
    work_off(stages(flow_on(warehouse)))
    with warehouse.begin() as unit:
        article = unit.latest_article(clean.article_id_of("", "Panel", "report"))
        assert [(mark.page, article.text[mark.start :][:8]) for mark in unit.page_marks(article)] == [
            (1, "1. The P"),
            (2, "answered"),
            (3, "4. Nothi"),
        ]
