"""What every Warehouse does for archives, articles added by hand, and the lane of backfills."""

from dataclasses import replace

import pytest
from tests.contract.samples import T0, article, days, entry, feed, fingerprints, minutes, placement, poll, selection

from sanctions_watch.errors import WarehouseError
from sanctions_watch.records import Archived, Backfill, Page, PageMark, Quarantined

PUBLISHER = feed("archive-upi", is_sample=False)
PAGE = Page("https://news.example/1", "text/html", b"<p>What stood there</p>" * 50, T0 - days(900))


def archived(number, origin="backfill", **changes):
    one = entry(number, feed_id=PUBLISHER.feed_id, origin=origin, published_at=None, **changes)
    return Archived(one, PUBLISHER, replace(PAGE, url=one.url))


def reading(**changes):
    full = Backfill("b1", "/archive/one.warc.gz", "warc", "size 10", T0, T0, "17", 5, 10, 9, 6, 2, 1, T0 + minutes(1))
    return replace(full, **changes)


def test_archived_entries_come_with_their_page_and_are_stored_once(warehouse):
    first, second = archived(1), archived(2)
    with warehouse.begin() as unit:
        assert unit.save_archived([first, second, first]) == 2
        assert unit.save_archived([first, second]) == 0
        assert unit.save_archived([]) == 0
        found = unit.entries_to_clean("clean-1", 10)
        assert [one.entry for one in found] == [first.entry, second.entry]
        assert found[0].feed == PUBLISHER
        assert unit.archived_pages([one.entry for one in found]) == {one.entry.entry_id: one.page for one in (first, second)}
        assert unit.archived_pages([]) == {}
        assert unit.counts(T0).entries == 2


def test_the_feed_of_an_archive_is_never_polled_and_registering_others_leaves_it(warehouse):
    with warehouse.begin() as unit:
        unit.save_archived([archived(1)])
        unit.save_feeds([feed("live")], T0)
        assert unit.feeds_due(T0 + days(100)) == ["live"]
        assert unit.save_archived([archived(2)]) == 1
        assert unit.feeds_due(T0 + days(100)) == ["live"]


def test_a_changed_page_of_an_entry_is_new(warehouse):
    changed = archived(1, content_sha256="another")
    with warehouse.begin() as unit:
        unit.save_archived([archived(1)])
        assert unit.save_archived([changed]) == 1
        assert unit.counts(T0).entries == 1


def test_what_came_live_goes_before_a_backfill_however_old(warehouse):
    live = entry(9, seen_at=T0 + days(1))
    with warehouse.begin() as unit:
        unit.save_archived([archived(1), archived(2)])
        unit.save_feeds([feed()], T0)
        unit.save_poll(poll(live))
        assert [one.entry for one in unit.entries_to_clean("clean-1", 1)] == [live]
        assert next(one.entry for one in unit.entries_to_clean("clean-1", 3)) == live


def test_a_lane_gives_out_and_counts_its_own_work_only(warehouse):
    live, by_hand = entry(9), archived(3, origin="by_hand")
    with warehouse.begin() as unit:
        unit.save_archived([archived(1), by_hand])
        unit.save_feeds([feed()], T0)
        unit.save_poll(poll(live))
    with warehouse.in_lane("live").begin() as unit:
        assert {one.entry.entry_id for one in unit.entries_to_clean("clean-1", 10)} == {live.entry_id, by_hand.entry.entry_id}
        assert unit.counts(T0).waiting == 2
    with warehouse.in_lane("backfill").begin() as unit:
        assert [one.entry for one in unit.entries_to_clean("clean-1", 10)] == [archived(1).entry]
        assert unit.counts(T0).waiting == 1
    with warehouse.begin() as unit:
        assert unit.counts(T0).waiting == 3


def test_an_article_of_a_backfill_stays_in_its_lane_through_every_stage(warehouse):
    old, news = article(1, is_backfill=True), article(2, is_backfill=False)
    lanes = {"backfill": old, "live": news}
    with warehouse.begin() as unit:
        for one in (old, news):
            unit.save_article(one, None, "clean-1")
    for lane, one in lanes.items():
        with warehouse.in_lane(lane).begin() as unit:
            assert unit.articles_to_select("select-1", 10) == [one]
            unit.save_selection(selection(one))
            assert unit.articles_to_place("place-1", 10) == [one]
            unit.save_placement(placement(one, story=lane), fingerprints(one))
            assert unit.articles_to_extract("extract-1", 10) == [one]
            unit.save_claims(one, [], "extract-1")
            assert [work.article for work in unit.articles_to_assess("assess-1", 10)] == [one]
            unit.save_assessments(one, [], [], "assess-1")
            assert unit.counts(T0).waiting == 0


def test_how_far_a_reading_has_come_is_kept(warehouse):
    with warehouse.begin() as unit:
        assert unit.backfill("b1") is None
        unit.save_backfill(reading(finished_at=None))
        unit.save_backfill(reading())
    with warehouse.begin() as unit:
        assert unit.backfill("b1") == reading()


def test_two_do_not_read_one_archive_at_once(warehouse):
    with warehouse.begin() as unit:
        unit.save_backfill(reading())
    with warehouse.begin() as first:
        first.backfill("b1")
        with pytest.raises(WarehouseError, match="try again"), warehouse.begin() as second:
            second.backfill("b1")


def test_a_bad_record_of_an_archive_is_quarantined(warehouse):
    with warehouse.begin() as unit:
        unit.quarantine(Quarantined("backfill", "one.warc#5", "broken off", "", T0))
        assert unit.counts(T0).quarantined == 1


def test_page_marks_belong_to_an_article_version(warehouse):
    one, two = article(1), article(1, 2)
    marks = [PageMark(1, 0), PageMark(3, 40)]
    with warehouse.begin() as unit:
        unit.save_article(one, None, "clean-1")
        assert unit.page_marks(one) == []
        unit.save_page_marks(one, [PageMark(2, 5)])
        unit.save_page_marks(one, marks)
        assert unit.page_marks(one) == marks
        assert unit.page_marks(two) == []
