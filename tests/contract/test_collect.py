"""What every Warehouse does for collect and clean."""

from dataclasses import replace

import pytest
from tests.contract.samples import T0, article, days, entry, feed, minutes, poll, state

from sanctions_watch.errors import WarehouseError, WarehouseRefused
from sanctions_watch.records import Quarantined


def test_a_new_feed_is_due_at_once_and_comes_back_whole(warehouse):
    with warehouse.begin() as unit:
        unit.save_feeds([feed("one"), feed("two", format="page", is_specialist=False)], T0)
        assert unit.feeds_due(T0 - minutes(1)) == []
        assert unit.feeds_due(T0) == ["one", "two"]
        found = unit.feeds_to_poll(["two"], T0)
    assert [one.feed for one in found] == [feed("two", format="page", is_specialist=False)]
    assert found[0].state.url == feed("two").url
    assert found[0].state.next_poll_at == T0


def test_registering_again_changes_the_feed_and_leaves_its_state(warehouse):
    with warehouse.begin() as unit:
        unit.save_feeds([feed()], T0)
        unit.save_poll(poll())
        unit.save_feeds([feed(publisher="United Press International")], T0 + minutes(20))
        found = unit.feeds_to_poll(["upi-world"], T0 + days(1))
    assert found[0].feed.publisher == "United Press International"
    assert found[0].state == poll().state


def test_another_registered_address_starts_afresh(warehouse):
    moved = feed(url="https://elsewhere.example/feed")
    with warehouse.begin() as unit:
        unit.save_feeds([feed()], T0)
        unit.save_poll(poll(state=state(retired_at=T0, next_poll_at=T0 + days(1))))
        assert unit.feeds_due(T0 + days(2)) == []
        unit.save_feeds([moved], T0 + minutes(1))
        found = unit.feeds_to_poll(["upi-world"], T0 + minutes(1))
    assert found[0].state.url == moved.url
    assert found[0].state.etag == ""
    assert found[0].state.retired_at is None


def test_a_feed_no_longer_named_is_paused_until_it_is_named_again(warehouse):
    with warehouse.begin() as unit:
        unit.save_feeds([feed("one"), feed("two")], T0)
        unit.save_feeds([feed("two")], T0)
        assert unit.feeds_due(T0) == ["two"]
        assert unit.feeds_to_poll(["one", "two"], T0)[0].feed.feed_id == "two"
        unit.save_feeds([feed("one"), feed("two")], T0)
        assert unit.feeds_due(T0) == ["one", "two"]
        unit.save_feeds([], T0)
        assert unit.feeds_due(T0) == []


def test_the_longest_overdue_comes_first_and_the_retired_never(warehouse):
    with warehouse.begin() as unit:
        unit.save_feeds([feed("a"), feed("b"), feed("c"), feed("d")], T0)
        for name, minutes_ago in (("a", 1), ("b", 3), ("c", 2)):
            unit.save_poll(poll(feed_id=name, state=state(name, next_poll_at=T0 - minutes(minutes_ago))))
        unit.save_poll(poll(feed_id="d", state=state("d", next_poll_at=T0 - days(1), retired_at=T0 - days(1))))
        assert unit.feeds_due(T0) == ["b", "c", "a"]
        assert [one.feed.feed_id for one in unit.feeds_to_poll(["a", "b", "c", "d"], T0)] == ["b", "c", "a"]


def test_a_feed_in_another_workers_hands_is_left_out(warehouse):
    with warehouse.begin() as unit:
        unit.save_feeds([feed("one"), feed("two")], T0)
    with warehouse.begin() as first:
        assert [one.feed.feed_id for one in first.feeds_to_poll(["one"], T0)] == ["one"]
        with warehouse.begin() as second:
            assert [one.feed.feed_id for one in second.feeds_to_poll(["one", "two"], T0)] == ["two"]
            assert second.feeds_due(T0) == ["one", "two"]
    with warehouse.begin() as third:
        assert len(third.feeds_to_poll(["one", "two"], T0)) == 2


def test_a_feed_in_quarantine_is_not_polled(warehouse):
    with warehouse.begin() as unit:
        unit.save_feeds([feed("one"), feed("two")], T0)
        unit.quarantine(Quarantined("collect", "one", "cannot be read", "ValueError()", T0))
        assert unit.feeds_due(T0) == ["two"]
        assert [one.feed.feed_id for one in unit.feeds_to_poll(["one", "two"], T0)] == ["two"]


def test_a_poll_counts_what_is_new_once(warehouse):
    changed = entry(2, content_sha256="another", title="Changed")
    with warehouse.begin() as unit:
        unit.save_feeds([feed()], T0)
        assert unit.save_poll(poll(entry(1), entry(2))) == 2
        assert unit.save_poll(poll(entry(1), entry(2))) == 0
        assert unit.save_poll(poll(entry(1), changed, at=T0 + minutes(15))) == 1
        counts = unit.counts(T0)
    assert (counts.feeds_polled, counts.polls, counts.entries) == (1, 2, 2)


def test_one_poll_may_list_an_entry_twice(warehouse):
    with warehouse.begin() as unit:
        unit.save_feeds([feed()], T0)
        assert unit.save_poll(poll(entry(1), entry(1), entry(1, content_sha256="another"))) == 2
        assert unit.counts(T0).entries == 1


def test_a_poll_of_a_feed_that_nobody_registered_is_refused(warehouse):
    with pytest.raises(WarehouseRefused), warehouse.begin() as unit:
        unit.save_poll(poll())


def test_entries_come_back_whole_the_oldest_first(warehouse):
    entries = [entry(number, published_at=None, updated_at=None) for number in (3, 1, 2)]
    with warehouse.begin() as unit:
        unit.save_feeds([feed()], T0)
        unit.save_poll(poll(*entries))
        found = unit.entries_to_clean("clean-1", 2)
    assert [one.entry for one in found] == [entries[1], entries[2]]
    assert found[0].feed == feed()


def test_a_cleaned_entry_does_not_come_again_but_its_changed_content_does(warehouse):
    changed = entry(1, content_sha256="another", seen_at=T0 + days(1), title="Changed")
    with warehouse.begin() as unit:
        unit.save_feeds([feed()], T0)
        unit.save_poll(poll(entry(1)))
        unit.save_article(article(1), entry(1), "clean-1")
        assert unit.entries_to_clean("clean-1", 10) == []
        unit.save_poll(poll(changed, at=T0 + days(1)))
        assert [one.entry for one in unit.entries_to_clean("clean-1", 10)] == [changed]


def test_a_new_rule_set_cleans_everything_again_and_the_old_one_nothing(warehouse):
    with warehouse.begin() as unit:
        unit.save_feeds([feed()], T0)
        unit.save_poll(poll(entry(1), entry(2)))
        unit.save_article(article(1), entry(1), "clean-1")
        assert [one.entry for one in unit.entries_to_clean("clean-2", 10)] == [entry(1), entry(2)]
        unit.save_article(article(1), entry(1), "clean-2")
        unit.save_article(article(2), entry(2), "clean-2")
        assert unit.entries_to_clean("clean-2", 10) == []
        assert [one.entry for one in unit.entries_to_clean("clean-1", 10)] == [entry(2)]


def test_what_nobody_has_taken_goes_before_the_history(warehouse):
    with warehouse.begin() as unit:
        unit.save_feeds([feed()], T0)
        unit.save_poll(poll(entry(1), entry(2)))
        unit.save_article(article(1), entry(1), "clean-1")
        assert [one.entry for one in unit.entries_to_clean("clean-2", 1)] == [entry(2)]


def test_entries_in_another_workers_hands_are_left_out(warehouse):
    with warehouse.begin() as unit:
        unit.save_feeds([feed()], T0)
        unit.save_poll(poll(entry(1), entry(2), entry(3)))
    with warehouse.begin() as first:
        assert len(first.entries_to_clean("clean-1", 2)) == 2
        with warehouse.begin() as second:
            assert [one.entry for one in second.entries_to_clean("clean-1", 2)] == [entry(3)]


def test_an_entry_in_quarantine_is_not_taken(warehouse):
    with warehouse.begin() as unit:
        unit.save_feeds([feed()], T0)
        unit.save_poll(poll(entry(1), entry(2)))
        for _ in range(2):
            unit.quarantine(Quarantined("clean", entry(1).entry_id, "no text", "EntryError()", T0))
        assert [one.entry for one in unit.entries_to_clean("clean-1", 10)] == [entry(2)]
        counts = unit.counts(T0)
    assert (counts.quarantined, counts.waiting) == (1, 1)


def test_an_unknown_stage_cannot_quarantine(warehouse):
    with pytest.raises(WarehouseRefused), warehouse.begin() as unit:
        unit.quarantine(Quarantined("dedup", "x", "why", "", T0))


def test_articles_come_back_whole_in_their_latest_version(warehouse):
    second = article(1, 2, wire=None, notice=None, zones=(), dates=(), removed=(), is_sample=False)
    with warehouse.begin() as unit:
        assert unit.latest_article(article(1).article_id) is None
        unit.save_article(article(1), None, "clean-1")
        unit.save_article(article(1), None, "clean-1")
        assert unit.latest_article(article(1).article_id) == article(1)
        unit.save_article(second, None, "clean-1")
        unit.save_article(article(1), None, "clean-1")
        assert unit.latest_article(article(1).article_id) == second
        assert unit.counts(T0).articles == 1


def test_another_text_under_a_stored_version_is_never_lost_in_silence(warehouse):
    with warehouse.begin() as unit:
        unit.save_article(article(1), None, "clean-1")
    with pytest.raises(WarehouseError, match="try again"), warehouse.begin() as unit:
        unit.save_article(article(1, content_sha256="another"), None, "clean-1")


def test_what_cannot_be_stored_is_replaced_one_for_one(warehouse):
    odd = entry(1, title="a\x00b\ud800c", author="\udfff")
    shown = article(1, text="Head\x00line\n\nbody \ud83d", byline="\x00")
    with warehouse.begin() as unit:
        unit.save_feeds([feed()], T0)
        unit.save_poll(poll(odd))
        assert unit.entries_to_clean("clean-1", 1)[0].entry == replace(odd, title="a�b�c", author="�")
        unit.save_article(shown, odd, "clean-1")
        assert unit.latest_article(shown.article_id) == replace(shown, text="Head�line\n\nbody �", byline="�")


def test_a_transaction_that_raises_leaves_nothing(warehouse):
    with warehouse.begin() as unit:
        unit.save_feeds([feed()], T0)
        before = unit.counts(T0)
    with pytest.raises(RuntimeError), warehouse.begin() as unit:  # noqa: PT012 - what came before it is undone
        unit.save_poll(poll(entry(1)))
        unit.save_article(article(1), entry(1), "clean-1")
        unit.save_feeds([feed("other")], T0)
        raise RuntimeError
    with warehouse.begin() as unit:
        assert unit.counts(T0) == before
        assert unit.feeds_due(T0) == ["upi-world"]
        assert unit.entries_to_clean("clean-1", 1) == []


def test_a_part_that_raises_leaves_nothing_and_the_rest_stands(warehouse):
    with warehouse.begin() as unit:
        unit.save_feeds([feed()], T0)
        unit.save_poll(poll(entry(1), entry(2)))
        with pytest.raises(WarehouseRefused), unit.part():  # noqa: PT012 - what came before it is undone
            unit.save_article(article(1), entry(1), "clean-1")
            unit.save_poll(poll(feed_id="nobody"))
        with unit.part():
            unit.save_article(article(2), entry(2), "clean-1")
    with warehouse.begin() as unit:
        assert unit.counts(T0).articles == 1
        assert [one.entry for one in unit.entries_to_clean("clean-1", 10)] == [entry(1)]


def test_one_transaction_at_a_time_holds_a_name(warehouse):
    with warehouse.begin() as first:
        assert first.hold("deliver")
        assert first.hold("deliver")
        with warehouse.begin() as second:
            assert not second.hold("deliver")
            assert second.hold("another")
    with warehouse.begin() as third:
        assert third.hold("deliver")
