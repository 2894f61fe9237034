"""Retention by publisher on a real warehouse: what is past its days goes, and everything that was said stays explained."""

from dataclasses import replace

import psycopg
import pytest
from tests.contract.samples import QUOTE, T0, Filled, article, bare_claim, claim, days, entry, feed, poll

from sanctions_watch.adapters.warehouse import maintain
from sanctions_watch.adapters.warehouse.maintenance import purge, would_purge
from sanctions_watch.errors import ConfigurationError
from sanctions_watch.records import Archived, Page
from sanctions_watch.retention import PublisherRule, read_rules

RULES = (PublisherRule("", 400, 600), PublisherRule("UPI", 10, 50))
OTHER = feed("other", publisher="AFP")


# ---------------------------------------------------------------- the file


def test_the_projects_own_file_is_good():
    from sanctions_watch.data import include

    assert read_rules(include("retention.yaml").read_text(), "retention.yaml", 321) == (PublisherRule("", 321, 600),)


def test_what_is_left_out_takes_the_default():
    text = "default: {quote_characters: 300}\npublishers:\n  UPI: {keep_days: 30}\n  AFP: {quote_characters: 80}\n  TASS:\n"
    assert read_rules(text, "f", 400) == (
        PublisherRule("", 400, 300), PublisherRule("UPI", 30, 300), PublisherRule("AFP", 400, 80), PublisherRule("TASS", 400, 300),
    )  # fmt: skip
    assert read_rules("", "f", 7) == (PublisherRule("", 7, 600),)


def test_every_problem_is_told_at_once():
    text = "defaults: {}\ndefault: [1]\npublishers:\n  UPI: {keep_days: 0, days: 3}\n  7: {}\n  AFP: {quote_characters: 601}\n  X: {keep_days: true}\n"
    with pytest.raises(ConfigurationError) as raised:
        read_rules(text, "f", 400)
    assert len(raised.value.problems) == 7


@pytest.mark.parametrize("text", ["[1]", "a: [", "publishers: [UPI]"])
def test_what_is_no_file_of_rules_is_told(text):
    with pytest.raises(ConfigurationError):
        read_rules(text, "f", 400)


# ---------------------------------------------------------------- the warehouse


def rows(url, statement):
    with psycopg.connect(url) as connection:
        return connection.execute(statement).fetchall()


@pytest.fixture
def kept(postgres_warehouse):
    """Payloads of two publishers, 20 days apart."""
    with postgres_warehouse.begin() as unit:
        unit.save_feeds([feed(), OTHER], T0)
        for at in (T0 - days(20), T0):
            unit.save_poll(poll(at=at))
            unit.save_poll(poll(feed_id="other", at=at))
    return postgres_warehouse


@pytest.mark.postgres
def test_each_publisher_has_its_own_days(kept, warehouse_url):
    done = purge(kept, T0, RULES)
    assert done == {"partitions_dropped": 0, "payloads_deleted": 1, "pages_deleted": 0}
    assert sorted(rows(warehouse_url, "select feed_id, polled_at from raw.payloads")) == sorted(
        [("upi-world", T0), ("other", T0), ("other", T0 - days(20))]
    )
    assert set(purge(kept, T0, RULES).values()) == {0}


@pytest.mark.postgres
def test_a_whole_month_goes_once_it_is_past_everybodys_days(kept, warehouse_url):
    done = purge(kept, T0 + days(60), (PublisherRule("", 30), PublisherRule("UPI", 10)))
    assert done["partitions_dropped"] >= 1
    assert rows(warehouse_url, "select count(*) from raw.payloads") == [(0,)]
    assert rows(warehouse_url, "select count(*) from raw.polls") == [(4,)]


@pytest.mark.postgres
def test_a_dry_run_says_what_would_go_and_changes_nothing(kept, warehouse_url):
    [row] = would_purge(kept, T0, RULES)
    assert (row["publisher"], row["kind"], row["keep_days"], row["rows"], row["oldest"]) == ("UPI", "payload", 10, 1, T0 - days(20))
    assert row["bytes"] > 0
    assert rows(warehouse_url, "select count(*) from raw.payloads") == [(4,)]
    assert rows(warehouse_url, "select publisher from core.publisher_rules") == [("",)]


def archived(number, at):
    one = entry(number, feed_id="archive-upi", origin="backfill", seen_at=at)
    return Archived(one, feed("archive-upi"), Page(one.url, "text/html", b"<p>x</p>", T0))


@pytest.mark.postgres
def test_archived_pages_go_too_but_none_that_waits_to_be_cleaned(postgres_warehouse, warehouse_url):
    cleaned, waiting = archived(1, T0 - days(20)), archived(2, T0 - days(20))
    with postgres_warehouse.begin() as unit:
        unit.save_archived([cleaned, waiting])
        unit.save_article(article(1), cleaned.entry, "clean-1")
    assert purge(postgres_warehouse, T0, RULES)["pages_deleted"] == 1
    assert rows(warehouse_url, "select entry_id from raw.pages") == [(waiting.entry.entry_id,)]
    purge(postgres_warehouse, T0 + days(2000), RULES)
    with postgres_warehouse.begin() as unit:
        assert unit.archived_pages([waiting.entry]) == {waiting.entry.entry_id: waiting.page}


@pytest.mark.postgres
def test_claims_keep_their_quotes_and_their_offsets_stay_explained(postgres_warehouse, warehouse_url):
    Filled(postgres_warehouse).extracted(article(1), claims=[claim, bare_claim])
    with postgres_warehouse.begin() as unit:
        unit.save_feeds([feed()], T0)
        unit.save_poll(poll(entry(1)))
    done = maintain(postgres_warehouse, T0 + days(5000), RULES)
    assert done["partitions_dropped"] + done["payloads_deleted"] >= 1
    assert rows(warehouse_url, "select count(*) from raw.payloads") == [(0,)]
    explained = rows(
        warehouse_url,
        "select span.quote, substr(edition.text, span.start_offset + 1, span.end_offset - span.start_offset) "
        "from core.claim_spans as span join core.article_versions as edition using (article_id, version)",
    )
    assert len(explained) == 3
    assert all(quote == text for quote, text in explained)
    assert QUOTE in {quote for quote, _ in explained}


@pytest.mark.postgres
def test_a_cap_shortens_what_is_shown_and_not_what_is_kept(postgres_warehouse, warehouse_url):
    Filled(postgres_warehouse).extracted(article(1, publisher="UPI"), claims=[claim])
    purge(postgres_warehouse, T0, RULES)
    [(shown, further)] = rows(warehouse_url, "select quote, further_quotes from mart.claims")
    assert len(QUOTE) > 50
    assert (len(shown) <= 50, shown.endswith("…"), QUOTE.startswith(shown[:-1])) == (True, True, True)
    assert further == [article(1).text[:6]]
    assert QUOTE in {row[0] for row in rows(warehouse_url, "select quote from core.claim_spans")}
    purge(postgres_warehouse, T0, (replace(RULES[0]),))
    assert rows(warehouse_url, "select quote from mart.claims") == [(QUOTE,)]
