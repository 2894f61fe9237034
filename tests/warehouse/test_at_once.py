"""Several workers on one PostgreSQL: stages that must not overlap wait, the others share, and a killed one leaves nothing."""

import contextlib
import multiprocessing
import os
import threading
import time

import psycopg
import pytest
from tests.contract.samples import T0, Filled, article, entry, feed, fingerprints, placement, poll, selection

from sanctions_watch.adapters.warehouse import connect
from sanctions_watch.errors import WarehouseError

pytestmark = pytest.mark.postgres


@pytest.fixture
def filled(postgres_warehouse):
    return Filled(postgres_warehouse)


@pytest.mark.parametrize("stage", ["articles_to_place", "articles_to_assess"])
def test_placing_and_assessing_wait_for_each_other(postgres_warehouse, filled, stage):
    filled.selected(article(1), article(2))
    filled.extracted(article(3))
    order = []
    inside = threading.Event()

    def second():
        inside.wait(5)
        with postgres_warehouse.begin() as unit:
            getattr(unit, stage)("v1", 10)
            order.append("second")

    worker = threading.Thread(target=second)
    worker.start()
    with postgres_warehouse.begin() as unit:
        getattr(unit, stage)("v1", 10)
        inside.set()
        time.sleep(0.3)
        order.append("first")
    worker.join(10)
    assert order == ["first", "second"]


def test_what_one_places_the_next_can_see(postgres_warehouse, filled):
    """The second reads after the first has committed: a copy placed meanwhile is a candidate."""
    filled.selected(article(1), article(2))
    seen = []
    inside = threading.Event()

    def second():
        inside.wait(5)
        with postgres_warehouse.begin() as unit:
            work = unit.articles_to_place("place-1", 10)
            seen.extend((one.article_id, len(unit.candidates(fingerprints(one), 90, 10))) for one in work)

    worker = threading.Thread(target=second)
    worker.start()
    with postgres_warehouse.begin() as unit:
        first = unit.articles_to_place("place-1", 1)[0]
        inside.set()
        time.sleep(0.2)
        unit.save_placement(placement(first), fingerprints(first))
    worker.join(10)
    assert seen == [(article(2).article_id, 1)]


def test_many_workers_share_the_work_without_overlap(postgres_warehouse, filled):
    filled.cleaned(*(article(number) for number in range(60)))
    taken = []

    def worker():
        while True:
            with postgres_warehouse.begin() as unit:
                work = unit.articles_to_select("select-1", 7)
                for one in work:
                    unit.save_selection(selection(one))
                    taken.append(one.article_id)
            if not work:
                return

    workers = [threading.Thread(target=worker) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(30)
    # A worker that finds all the rest in other hands ends; those hands finish it.
    assert len(taken) == len(set(taken)) == 60


def test_one_worker_at_a_time_holds_a_lock_and_a_cut_connection_frees_it(postgres_warehouse, warehouse_url):
    with pytest.raises(WarehouseError), postgres_warehouse.begin() as unit:  # noqa: PT012 - it raises at the end, when it finds out
        assert unit.hold("deliver")
        with psycopg.connect(warehouse_url, autocommit=True) as other:
            other.execute(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity "
                "where state = 'idle in transaction' and datname = current_database()"
            )
        with postgres_warehouse.begin() as second:
            assert second.hold("deliver")
        unit.counts(T0)


def _take_and_wait(url, ready):
    with connect(url).begin() as unit:
        ready.put([one.entry.entry_id for one in unit.entries_to_clean("clean-1", 10)])
        unit.save_article(article(1), entry(1), "clean-1")
        ready.put("saved")
        time.sleep(60)


def test_a_killed_worker_leaves_nothing_and_its_work_is_found_again(postgres_warehouse, warehouse_url):
    with postgres_warehouse.begin() as unit:
        unit.save_feeds([feed()], T0)
        unit.save_poll(poll(entry(1)))
    context = multiprocessing.get_context("fork")
    ready = context.Queue()
    victim = context.Process(target=_take_and_wait, args=(warehouse_url, ready))
    victim.start()
    assert ready.get(timeout=20) == [entry(1).entry_id]
    assert ready.get(timeout=20) == "saved"
    with postgres_warehouse.begin() as unit:
        assert unit.entries_to_clean("clean-1", 10) == []
        assert unit.counts(T0).articles == 0
    os.kill(victim.pid, 9)
    victim.join(10)
    deadline = time.monotonic() + 10
    found = []
    while not found and time.monotonic() < deadline:
        with postgres_warehouse.begin() as unit:
            found = unit.entries_to_clean("clean-1", 10)
    assert [one.entry for one in found] == [entry(1)]
    with postgres_warehouse.begin() as unit:
        assert unit.latest_article(article(1).article_id) is None


def test_a_row_that_another_holds_is_waited_for_within_bounds(postgres_warehouse, warehouse_url, monkeypatch):
    from sanctions_watch.adapters import warehouse as package

    monkeypatch.setitem(package._UNIT_BOUNDS, "lock_timeout", "100ms")
    with postgres_warehouse.begin() as unit:
        unit.save_feeds([feed()], T0)
    with psycopg.connect(warehouse_url) as other:
        other.execute("select * from raw.feed_states for update")
        with pytest.raises(WarehouseError, match="another transaction is in the way"), postgres_warehouse.begin() as unit:
            unit.save_poll(poll())


def test_a_server_that_went_away_is_found_again(postgres_warehouse, warehouse_url):
    with postgres_warehouse.begin() as unit:
        unit.save_feeds([feed()], T0)
    with psycopg.connect(warehouse_url, autocommit=True) as other:
        other.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'sanctions_watch' and datname = current_database()"
        )
    with contextlib.suppress(WarehouseError), postgres_warehouse.begin() as unit:
        unit.feeds_due(T0)
    with postgres_warehouse.begin() as unit:
        assert unit.feeds_due(T0) == ["upi-world"]


def test_the_password_is_never_shown(warehouse_url):
    for url in (warehouse_url, "postgresql://user:secret-word@127.0.0.1:9/nothing"):
        password = psycopg.conninfo.conninfo_to_dict(url)["password"]
        held = connect(url)
        assert password not in repr(held)
        held.close()
    unreachable = connect("postgresql://user:secret-word@127.0.0.1:9/nothing")
    with pytest.raises(WarehouseError, match="does not answer") as caught, unreachable.begin():
        pass
    assert "secret-word" not in str(caught.value)


def test_the_page_reads_and_cannot_write(postgres_warehouse, filled):
    filled.notified(article(1))
    assert postgres_warehouse.read("page_overview")[0]["alerts"] == 1
    with pytest.raises(WarehouseError, match="read-only"):
        postgres_warehouse.read("mark_fanned_out", alert_id="x")


def test_an_unmigrated_database_is_told(empty_url):
    held = connect(empty_url)
    with pytest.raises(WarehouseError, match="migrate"), held.begin() as unit:
        unit.feeds_due(T0)
    held.close()
