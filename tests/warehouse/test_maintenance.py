"""Partitions come when they are needed, what came before them moves in, and what is past its retention goes."""

import zlib
from datetime import UTC, datetime

import psycopg
import pytest
from tests.contract.samples import T0, Filled, article, days, feed, fingerprints, poll

from sanctions_watch.adapters.warehouse import maintain

pytestmark = pytest.mark.postgres


def rows(url, statement):
    with psycopg.connect(url) as connection:
        return connection.execute(statement).fetchall()


def count(url, table):
    return rows(url, f"select count(*) from {table}")[0][0]


def tables(url):
    return {
        row[0]
        for row in rows(url, "select inhrelid::regclass::text from pg_inherits join pg_class on oid = inhrelid and relkind = 'r'")
    }


@pytest.fixture
def filled(postgres_warehouse):
    return Filled(postgres_warehouse)


def keep_payload(warehouse, *times):
    with warehouse.begin() as unit:
        unit.save_feeds([feed()], T0)
        for at in times:
            unit.save_poll(poll(at=at))


def test_a_payload_goes_into_the_month_it_came_in(postgres_warehouse, warehouse_url):
    keep_payload(postgres_warehouse, T0, T0 + days(31))
    assert {"raw.payloads_y2018m08", "raw.payloads_y2018m09", "core.fingerprints_y2018m08"} <= tables(warehouse_url)
    assert count(warehouse_url, "raw.payloads_y2018m08") == 1
    assert count(warehouse_url, "raw.payloads_default") == 0
    body, size = rows(warehouse_url, "select body, body_bytes from raw.payloads limit 1")[0]
    assert zlib.decompress(body) == poll().payload
    assert size == len(poll().payload)


def test_a_repeated_visit_keeps_one_payload(postgres_warehouse, warehouse_url):
    keep_payload(postgres_warehouse, T0, T0)
    assert count(warehouse_url, "raw.payloads") == 1


def test_fingerprints_go_into_the_month_of_publication(filled, postgres_warehouse, warehouse_url):
    one = article(1, published_at=datetime(2017, 2, 28, 23, 59, 59, tzinfo=UTC))
    filled.selected(one)
    with postgres_warehouse.begin() as unit:
        unit.articles_to_place("place-1", 10)
    filled.placed(one)
    assert count(warehouse_url, "core.fingerprints_y2017m02") == len(set(fingerprints(one).hashes))


def test_a_new_version_leaves_no_fingerprint_of_the_old(filled, warehouse_url):
    filled.placed(article(1))
    filled.placed(article(1, 2, published_at=T0 + days(40)))
    found = {row[0] for row in rows(warehouse_url, "select fingerprint from core.fingerprints")}
    assert found == set(fingerprints(article(1, 2)).hashes)


def test_what_came_before_its_partition_moves_in(filled, postgres_warehouse, warehouse_url):
    filled.placed(article(1))  # placed without asking for work: no partition was made
    assert count(warehouse_url, "core.fingerprints_default") == 3
    counts = maintain(postgres_warehouse, T0 + days(100), 400)
    assert counts["partitions_made"] == 12  # August, and November to January, of all three tables
    assert count(warehouse_url, "core.fingerprints_default") == 0
    assert count(warehouse_url, "core.fingerprints_y2018m08") == 3
    with postgres_warehouse.begin() as unit:
        assert len(unit.candidates(fingerprints(article(2)), 90, 10)) == 1


def test_a_writer_is_not_waited_for_and_the_next_call_makes_it_good(postgres_warehouse, warehouse_url):
    with psycopg.connect(warehouse_url) as writer:
        writer.execute("insert into raw.payloads values ('x', '2018-08-04', '', 0)")
        postgres_warehouse.ensure_month(T0.date())
        assert "raw.payloads_y2018m08" not in tables(warehouse_url)
        keep_payload(postgres_warehouse, T0)
    assert count(warehouse_url, "raw.payloads_default") == 2
    maintain(postgres_warehouse, T0, 400)
    assert count(warehouse_url, "raw.payloads_default") == 0
    assert count(warehouse_url, "raw.payloads_y2018m08") == 2


def test_retention_drops_months_and_days(postgres_warehouse, warehouse_url):
    keep_payload(postgres_warehouse, T0 - days(70), T0 - days(20), T0 - days(2), T0)
    counts = maintain(postgres_warehouse, T0, 10)
    assert (counts["partitions_dropped"], counts["payloads_deleted"]) == (2, 1)  # of payloads and of pages
    assert {row[0] for row in rows(warehouse_url, "select polled_at from raw.payloads")} == {T0, T0 - days(2)}
    assert count(warehouse_url, "raw.polls") == 4
    again = maintain(postgres_warehouse, T0, 10)
    assert set(again.values()) == {0}


def test_inputs_of_earlier_states_are_forgotten(filled, postgres_warehouse, warehouse_url):
    filled.extracted(article(1))
    with psycopg.connect(warehouse_url) as connection:
        connection.execute(
            "insert into core.stage_inputs values ('select', 'gone', '1', now(), now()), ('clean', 'entry', 'x', now(), now())"
        )
    before = count(warehouse_url, "core.stage_inputs")
    assert maintain(postgres_warehouse, T0, 400)["inputs_dropped"] == 1
    assert count(warehouse_url, "core.stage_inputs") == before - 1


def test_partitions_of_a_year_change(postgres_warehouse, warehouse_url):
    maintain(postgres_warehouse, datetime(2018, 11, 30, tzinfo=UTC), 400)
    assert {"raw.payloads_y2018m11", "raw.payloads_y2018m12", "raw.payloads_y2019m01"} <= tables(warehouse_url)
    # the bounds are in UTC, whatever the server's zone
    bounds = rows(
        warehouse_url + "?options=-ctimezone%3DUTC",
        "select pg_get_expr(relpartbound, oid) from pg_class where relname = 'payloads_y2018m12'",
    )
    assert bounds == [("FOR VALUES FROM ('2018-12-01 00:00:00+00') TO ('2019-01-01 00:00:00+00')",)]
