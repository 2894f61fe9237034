"""What every Warehouse does for the schedule: persons' orders, live stories, pages that are tried again."""

from dataclasses import replace

import pytest
from tests.contract.samples import T0, article, days, entry, feed, minutes, poll, state

from sanctions_watch.errors import WarehouseRefused
from sanctions_watch.records import FeedOrder, PageVisit, Quarantined


def order(word, at=T0, feed_id="one"):
    return FeedOrder(feed_id, word, "ana", at, "because of it")


def visit(number=1, **changes):
    one = entry(number)
    full = PageVisit(one.entry_id, one.content_sha256, "waiting", 1, T0, T0 + minutes(10), 503, "HTTP 503 Service Unavailable")
    return replace(full, **changes)


# ---------------------------------------------------------------- persons' orders


@pytest.mark.parametrize("word", ["pause", "retire"])
def test_a_persons_word_survives_the_registry_until_it_is_taken_back(warehouse, word):
    with warehouse.begin() as unit:
        unit.save_feeds([feed("one"), feed("two")], T0)
        unit.save_feed_order(order(word))
        unit.save_feed_order(order(word))
        assert unit.feeds_due(T0) == ["two"]
        unit.save_feeds([feed("two")], T0)
        unit.save_feeds([feed("one", url="https://elsewhere.example/feed"), feed("two")], T0)
        assert unit.feeds_due(T0) == ["two"]
        assert [one.feed.feed_id for one in unit.feeds_to_poll(["one", "two"], T0)] == ["two"]
        assert unit.feed_orders() == [order(word)]
        unit.save_feed_order(order("resume", T0 + minutes(1)))
        assert unit.feeds_due(T0) == ["one", "two"]
        assert unit.feed_orders() == []


def test_an_order_to_poll_is_followed_once_also_of_a_paused_feed(warehouse):
    with warehouse.begin() as unit:
        unit.save_feeds([feed("one")], T0)
        unit.save_poll(poll(feed_id="one"))
        unit.save_feed_order(order("pause"))
        assert unit.feeds_due(T0) == []
        unit.save_feed_order(order("poll", T0 + minutes(1)))
        assert unit.feeds_due(T0 + minutes(1)) == ["one"]
        assert len(unit.feeds_to_poll(["one"], T0 + minutes(1))) == 1
        unit.save_poll(poll(feed_id="one", at=T0 + minutes(2)))
        assert unit.feeds_due(T0 + days(9)) == []


def test_what_the_server_called_gone_a_person_may_resume(warehouse):
    with warehouse.begin() as unit:
        unit.save_feeds([feed("one")], T0)
        unit.save_poll(poll(feed_id="one", state=state("one", retired_at=T0)))
        assert unit.feeds_due(T0 + days(2)) == []
        unit.save_feed_order(order("resume", T0 + days(1)))
        assert unit.feeds_due(T0 + days(2)) == ["one"]
        assert len(unit.feeds_to_poll(["one"], T0 + days(2))) == 1


def test_an_order_about_a_feed_that_nobody_registered_is_refused(warehouse):
    with pytest.raises(WarehouseRefused), warehouse.begin() as unit:
        unit.save_feed_order(order("pause"))


# ---------------------------------------------------------------- live stories


def carried(filled, **of_feed):
    """A feed, not due for a day, that carries an article of a story with an alert at T0 + 1 minute."""
    with filled.warehouse.begin() as unit:
        unit.save_feeds([feed(**{"is_sample": False, "is_unhurried": False} | of_feed), feed("other", is_sample=False)], T0)
        for name, entries in (("upi-world", [entry(1), entry(2)]), ("other", [])):
            after = state(name, failures=0.0, last_polled_at=T0, next_poll_at=T0 + days(1))
            unit.save_poll(poll(*entries, feed_id=name, state=after))
    return filled.alerted(article(1, is_backfill=False), at=T0 + minutes(1))


def due(warehouse, at):
    with warehouse.begin() as unit:
        return unit.feeds_due(at)


def test_a_feed_with_a_live_story_is_due_every_minute_for_three_hours(warehouse, filled):
    carried(filled)
    assert due(warehouse, T0 + minutes(2)) == ["upi-world"]
    with warehouse.begin() as unit:
        [found] = unit.feeds_to_poll(["upi-world", "other"], T0 + minutes(2))
        assert found.live_story == "story-1"
        after = state(failures=0.0, last_polled_at=T0 + minutes(2), next_poll_at=T0 + days(1))
        unit.save_poll(poll(at=T0 + minutes(2), state=after))
    assert due(warehouse, T0 + minutes(2.9)) == []
    assert due(warehouse, T0 + minutes(3)) == ["upi-world"]
    assert due(warehouse, T0 + minutes(190)) == []


def test_a_new_article_keeps_an_alerted_story_live(warehouse, filled):
    carried(filled)
    filled.placed(article(2, first_seen_at=T0 + days(2), is_backfill=False), relation="copy", lead=article(1))
    assert due(warehouse, T0 + days(2) + minutes(60)) == ["other", "upi-world"]  # their own time has come
    with warehouse.begin() as unit:
        after = state(failures=0.0, last_polled_at=T0 + days(2), next_poll_at=T0 + days(9))
        unit.save_poll(poll(at=T0 + days(2), state=after))
    assert "upi-world" in due(warehouse, T0 + days(2) + minutes(179))
    assert "upi-world" not in due(warehouse, T0 + days(2) + minutes(181))


def test_a_backfilled_article_keeps_nothing_live(warehouse, filled):
    carried(filled)
    filled.placed(article(2, first_seen_at=T0 + minutes(800), is_backfill=True), relation="copy", lead=article(1))
    assert due(warehouse, T0 + minutes(801)) == []


@pytest.mark.parametrize("of_feed", [{"is_unhurried": True}, {"is_sample": True}])
def test_a_setting_of_the_feed_forbids_it(warehouse, filled, of_feed):
    carried(filled, **of_feed)
    assert due(warehouse, T0 + minutes(2)) == []


def test_a_failing_feed_is_not_hurried(warehouse, filled):
    carried(filled)
    with warehouse.begin() as unit:
        after = state(failures=0.25, last_polled_at=T0 + minutes(1), next_poll_at=T0 + days(1))
        unit.save_poll(poll(at=T0 + minutes(1), state=after))
    assert due(warehouse, T0 + minutes(9)) == []


# ---------------------------------------------------------------- pages


def with_entries(unit):
    unit.save_feeds([feed()], T0)
    unit.save_poll(poll(entry(1), entry(2)))
    for number in (1, 2):
        unit.save_article(article(number), entry(number), "clean-1")


def test_a_page_waits_for_its_time_and_comes_with_its_entry(warehouse):
    with warehouse.begin() as unit:
        with_entries(unit)
        before = unit.counts(T0).waiting
        unit.save_page_visit(visit(2, next_try_at=T0 + minutes(9)))
        unit.save_page_visit(visit(1))
        assert unit.pages_to_try(T0 + minutes(8), 10) == []
        assert unit.counts(T0 + minutes(8)).waiting == before
        found = unit.pages_to_try(T0 + minutes(10), 10)
        assert [(one.entry, one.feed, one.page_attempts) for one in found] == [(entry(2), feed(), 1), (entry(1), feed(), 1)]
        assert len(unit.pages_to_try(T0 + minutes(10), 1)) == 1
        assert unit.counts(T0 + minutes(10)).waiting == before + 2


@pytest.mark.parametrize("end", ["fetched", "given_up"])
def test_what_came_of_a_page_replaces_what_was_known(warehouse, end):
    over = visit(state=end, attempts=2, next_try_at=None, status=200, error="")
    with warehouse.begin() as unit:
        with_entries(unit)
        assert unit.page_visit(entry(1).entry_id) is None
        unit.save_page_visit(visit())
        unit.save_page_visit(over)
        assert unit.page_visit(entry(1).entry_id) == over
        assert unit.pages_to_try(T0 + days(1), 10) == []


def test_a_page_in_another_workers_hands_or_in_quarantine_is_left_out(warehouse):
    with warehouse.begin() as unit:
        with_entries(unit)
        unit.save_page_visit(visit(1))
        unit.save_page_visit(visit(2))
    with warehouse.begin() as first:
        assert len(first.pages_to_try(T0 + days(1), 1)) == 1
        with warehouse.begin() as second:
            assert [one.entry for one in second.pages_to_try(T0 + days(1), 10)] == [entry(2)]
    with warehouse.begin() as unit:
        unit.quarantine(Quarantined("clean", entry(1).entry_id, "no text", "EntryError()", T0))
        assert [one.entry for one in unit.pages_to_try(T0 + days(1), 10)] == [entry(2)]


def test_a_visit_for_an_entry_that_is_not_stored_is_refused(warehouse):
    with pytest.raises(WarehouseRefused), warehouse.begin() as unit:
        unit.save_page_visit(visit())
