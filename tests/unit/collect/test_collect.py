"""What an answer means: entries of every form, outcomes, states, schedules."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sanctions_watch.records import Feed, FeedState, FetchResult, Poll
from sanctions_watch.stages.collect import collect, feed_request, first_state
from sanctions_watch.stages.collect.dates import read_date

NOW = datetime(2024, 5, 2, 12, tzinfo=UTC)
FEED = Feed("paper", "https://paper.example/feed", "Paper")
STATE = first_state(FEED, NOW)


def rss(*items: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>P</title><link>https://paper.example/</link>{head}{"".join(items)}</channel></rss>'.encode()


def item(number: int = 1, *, date: str = "Thu, 02 May 2024 10:00:00 GMT", title: str = "", more: str = "") -> str:
    title = title or f"Ship {number} held"
    return f"<item><title>{title}</title><link>/news/{number}?utm_source=rss</link><guid isPermaLink='false'>g{number}</guid><pubDate>{date}</pubDate><description>About {number}</description>{more}</item>"


def answer(body: bytes = b"", status: int = 200, **told) -> FetchResult:
    fields = {
        "fetched_at": NOW,
        "status": status,
        "final_url": "https://paper.example/feed",
        "content_type": "application/xml",
        "body": body,
    } | told
    return FetchResult(feed_request(FEED, STATE), **fields)


def poll(body: bytes = b"", status: int = 200, *, feed: Feed = FEED, state: FeedState = STATE, now: datetime = NOW, **told) -> Poll:
    return collect(feed, state, answer(body, status, **told), now, 7)


ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://paper.example/x/"><title>P</title><entry><title type="html">Ship &amp;lt;b&amp;gt;held&amp;lt;/b&amp;gt; &amp;amp; freed</title>
<id>tag:paper.example,2024:1</id><link href="../news/1"/><published>2024-05-02T19:00:00+09:00</published><updated>2024-05-02T11:00:00Z</updated><author><name>Ada Writer</name></author>
<summary>Short</summary><content type="html">&lt;p&gt;The whole text of it.&lt;/p&gt;</content></entry></feed>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://paper.example/"><title>P</title></channel>
<item rdf:about="https://paper.example/news/1"><title>Ship held</title><link>https://paper.example/news/1</link><dc:date>2024-05-02T10:00:00Z</dc:date><dc:creator>Ada Writer</dc:creator></item></rdf:RDF>"""
JSON = json.dumps({"version": "https://jsonfeed.org/version/1.1", "home_page_url": "https://paper.example/", "items": [
    {"id": 7, "url": "/news/1", "title": "Ship held", "content_html": "<p>All of it</p>", "summary": "Short", "date_published": "2024-05-02T10:00:00Z", "authors": [{"name": "Ada Writer"}], "language": "en-GB"}, 5]}).encode()  # fmt: skip
SITEMAP = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://paper.example/news/1</loc>
<news:news><news:publication><news:name>P</news:name><news:language>en</news:language></news:publication><news:publication_date>2024-05-02T10:00:00Z</news:publication_date><news:title>Ship held</news:title></news:news></url>
<url><loc>https://paper.example/news/second-ship-held.html</loc></url></urlset>"""
PAGE = b"""<html><head><base href="/list/"></head><body><nav><a href="/about">About this office and its work</a></nav><main><ul><li><a href="1.html">Recent action: a ship and its owner</a> <time datetime="2024-05-01">May 1</time></li>
<li><a href="1.html#top">Recent action: a ship and its owner</a></li><li><a href="https://other.example/x">A partner's page about the same thing</a></li><li><a href="2.html">More</a></li></ul></main></body></html>"""


# ---------------------------------------------------------------- forms


def test_rss():
    result = poll(rss(item(more="<source url='https://w.example'>Reuters</source><dc:creator>Ada Writer</dc:creator>")))
    [entry] = result.entries
    assert (result.outcome, result.status, result.duration_ms, result.payload[:5]) == ("changed", 200, 7, b"<?xml")
    assert (entry.url, entry.guid, entry.title, entry.summary) == (
        "https://paper.example/news/1?utm_source=rss",
        "g1",
        "Ship 1 held",
        "About 1",
    )
    assert (entry.author, entry.credit, entry.language) == ("Ada Writer", "Reuters", "en")
    assert entry.published_at == datetime(2024, 5, 2, 10, tzinfo=UTC)
    assert (entry.updated_at, entry.seen_at) == (None, NOW)


def test_atom():
    [entry] = poll(ATOM).entries
    assert (entry.url, entry.title, entry.summary, entry.content) == (
        "https://paper.example/news/1",
        "Ship held & freed",
        "Short",
        "<p>The whole text of it.</p>",
    )
    assert (entry.published_at, entry.updated_at) == (datetime(2024, 5, 2, 10, tzinfo=UTC), datetime(2024, 5, 2, 11, tzinfo=UTC))


def test_rdf():
    [entry] = poll(RDF).entries
    assert (entry.url, entry.title, entry.author) == ("https://paper.example/news/1", "Ship held", "Ada Writer")
    assert entry.published_at == datetime(2024, 5, 2, 10, tzinfo=UTC)


def test_json_feed():
    result = poll(JSON, content_type="application/feed+json")
    [entry] = result.entries
    assert (entry.url, entry.guid, entry.content, entry.author, entry.language) == (
        "https://paper.example/news/1",
        "7",
        "<p>All of it</p>",
        "Ada Writer",
        "en",
    )
    assert "1 items are not objects" in result.reason


def test_news_sitemap():
    first, second = poll(SITEMAP).entries
    assert (first.url, first.title, first.published_at) == (
        "https://paper.example/news/1",
        "Ship held",
        datetime(2024, 5, 2, 10, tzinfo=UTC),
    )
    assert (second.title, second.published_at) == ("second ship held", None)


def test_page_watch():
    feed = replace(FEED, format="page", url="https://paper.example/list")
    [entry] = poll(PAGE, feed=feed, final_url="https://paper.example/list").entries
    assert (entry.url, entry.title) == ("https://paper.example/list/1.html", "Recent action: a ship and its owner")
    assert entry.published_at == datetime(2024, 5, 1, tzinfo=UTC)


def test_gzip_without_its_header():
    result = poll(gzip.compress(rss(item())))
    assert len(result.entries) == 1
    assert "gzip without" in result.reason


def test_malformed_is_read_as_far_as_it_goes():
    body = rss(item(1), item(2, title="Fish & chips <")).replace(b"</channel></rss>", b"<item><title>cut")
    result = poll(body)
    assert result.outcome == "changed"
    assert {entry.guid for entry in result.entries} >= {"g1", "g2"}
    assert "not well-formed" in result.reason


def test_unreadable_utf16_and_bom():
    assert len(poll(b"\xef\xbb\xbf" + rss(item())).entries) == 1
    assert len(poll(rss(item()).decode().replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16")).entries) == 1


# ---------------------------------------------------------------- entries


def test_ids_stay_over_polls_and_changes_show():
    first = poll(rss(item(1), item(2))).entries
    again = poll(rss(item(2), item(1, title="Ship 1 freed"))).entries
    assert {entry.entry_id for entry in first} == {entry.entry_id for entry in again}
    before, after = ({entry.guid: entry.content_sha256 for entry in entries} for entries in (first, again))
    assert before["g2"] == after["g2"]
    assert before["g1"] != after["g1"]


def test_ids_without_a_guid_ignore_tracking():
    def one(url: str) -> str:
        [entry] = poll(rss(f"<item><title>T</title><link>{url}</link></item>")).entries
        return entry.entry_id

    assert one("https://paper.example/a?utm_source=x") == one("https://PAPER.example/a#top")
    assert one("https://paper.example/a?id=1") != one("https://paper.example/a?id=2")


def test_a_guid_for_everything_identifies_nothing():
    bodies = [f"<item><title>T{n}</title><link>/{n}</link><guid>0</guid></item>" for n in range(3)]
    result = poll(rss(*bodies))
    assert len({entry.entry_id for entry in result.entries}) == 3
    assert "share a guid" in result.reason


def test_the_first_of_two_entries_with_one_id_counts():
    assert [entry.title for entry in poll(rss(item(1), item(1, title="Again"))).entries] == ["Ship 1 held", "Again"][:1]


def test_an_entry_without_address_and_title_is_none():
    result = poll(rss("<item><description>x</description></item>", item(1)))
    assert len(result.entries) == 1
    assert "1 entries had neither address nor title" in result.reason


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "http://[bad", "mailto:a@b"])
def test_addresses_that_are_none(link):
    [entry] = poll(rss(f"<item><title>T</title><link>{link}</link></item>")).entries
    assert entry.url == ""


def test_a_feed_that_dates_everything_now_does_not_change_at_every_poll():
    def at(minute: int) -> Poll:
        stamp = f"Thu, 02 May 2024 12:{minute:02d}:00 GMT"
        return poll(rss(*(item(n, date=stamp) for n in range(4))), now=NOW + timedelta(minutes=minute))

    assert [entry.content_sha256 for entry in at(0).entries] == [entry.content_sha256 for entry in at(9).entries]
    assert all(entry.published_at is None for entry in at(0).entries)


def test_lengths_and_counts_are_bounded():
    long = poll(rss(item(title="x" * 5_000, more="<dc:creator>" + "y" * 5_000 + "</dc:creator>"))).entries[0]
    assert (len(long.title), len(long.author)) == (1_000, 300)
    many = json.dumps(
        {"version": "https://jsonfeed.org/version/1", "items": [{"id": str(n), "title": "t"} for n in range(10_050)]}
    ).encode()
    result = poll(many)
    assert len(result.entries) == 10_000
    assert "left out" in result.reason


def test_what_no_database_takes_is_replaced():
    [entry] = poll(
        json.dumps({"items": [{"id": "a\x00b", "title": "x\x00y\ud800", "content_text": "\ud800\x07"}]}).encode()
    ).entries
    for text in (entry.guid, entry.title, entry.content):
        text.encode()
        assert "\x00" not in text


@pytest.mark.parametrize(
    ("written", "country", "expected"),
    [
        ("Thu, 02 May 2024 10:00:00 +0900", "", datetime(2024, 5, 2, 1, tzinfo=UTC)),
        ("Thu, 02 May 2024 10:00:00 KST", "", datetime(2024, 5, 2, 1, tzinfo=UTC)),
        ("Thu, 02 May 2024 10:00:00 MSK", "RU", datetime(2024, 5, 2, 7, tzinfo=UTC)),
        ("Thu, 02 May 2024 10:00:00 CST", "CN", datetime(2024, 5, 2, 2, tzinfo=UTC)),
        ("Thu, 02 May 2024 10:00:00 CST", "US", datetime(2024, 5, 2, 16, tzinfo=UTC)),
        ("Thu, 02 May 2024 10:00:00 GMT+9", "", datetime(2024, 5, 2, 1, tzinfo=UTC)),
        ("2 May 2024 10:00:00 EDT", "", datetime(2024, 5, 2, 14, tzinfo=UTC)),
        ("2024-05-02T10:00:00Z", "KR", datetime(2024, 5, 2, 10, tzinfo=UTC)),
        ("2024-05-02T10:00:00.123+09:00", "", datetime(2024, 5, 2, 1, tzinfo=UTC)),
        ("2024-05-02 10:00:00", "KR", datetime(2024, 5, 2, 1, tzinfo=UTC)),
        ("2024-05-02 10:00", "FR", datetime(2024, 5, 2, 10, tzinfo=UTC)),
        ("2024-05-02", "", datetime(2024, 5, 2, tzinfo=UTC)),
        ("Fri, 03 May 2024 11:59:00 GMT", "", datetime(2024, 5, 3, 11, 59, tzinfo=UTC)),
        ("Fri, 03 May 2024 12:01:00 GMT", "", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "", None),
        ("2024-02-31", "", None),
        ("soon", "", None),
        ("", "", None),
    ],
)
def test_dates(written, country, expected):
    assert read_date(written, country, NOW) == expected


# ---------------------------------------------------------------- outcomes and states


def test_the_same_again_is_unchanged_whatever_else_the_feed_says():
    first = poll(rss(item(1), head="<lastBuildDate>Thu, 02 May 2024 11:00:00 GMT</lastBuildDate>"))
    second = poll(rss(item(1), head="<lastBuildDate>Thu, 02 May 2024 11:59:00 GMT</lastBuildDate>"), state=first.state)
    assert (second.outcome, second.payload) == ("unchanged", b"")
    assert second.state.body_sha256 == first.state.body_sha256
    assert len(second.entries) == 1


def test_not_modified():
    state = replace(STATE, etag='"1"', last_modified="x", failures=2.0, last_error="no", body_sha256="h")
    result = poll(status=304, state=state)
    assert (result.outcome, result.entries) == ("not_modified", ())
    assert (result.state.etag, result.state.last_modified, result.state.body_sha256) == ('"1"', "x", "h")
    assert (result.state.failures, result.state.last_error, result.state.last_success_at) == (0.0, "", NOW)


def test_conditions_are_sent_and_kept():
    state = poll(rss(item()), etag='"1"', last_modified="Thu").state
    request = feed_request(FEED, state)
    assert (request.purpose, request.etag, request.last_modified) == ("feed", '"1"', "Thu")


def test_an_etag_that_lies_is_found_out_and_not_sent_again():
    first = poll(rss(item(1)), etag='"1"')
    second = poll(rss(item(1), item(2)), state=first.state, etag='"1"')
    assert second.state.etag_lies
    assert "ETag" in second.reason
    assert feed_request(FEED, second.state).etag == ""
    assert not poll(rss(item(1), item(2)), state=first.state, etag='"2"').state.etag_lies


def test_a_long_silence_is_doubted_one_time_in_eight():
    state = replace(STATE, etag='"1"', last_entry_at=NOW - timedelta(days=3))
    asked = [feed_request(FEED, replace(state, next_poll_at=NOW + timedelta(minutes=n))).etag for n in range(80)]
    assert asked.count("") == 10
    assert feed_request(FEED, replace(state, last_entry_at=NOW)).etag == '"1"'


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty answer"),
        (b"   \n", "empty answer"),
        (b"<!DOCTYPE html><html><head><title>Just a moment</title><link rel=alternate type='application/rss+xml' href='/rss'></head></html>",
         'an HTML page titled "Just a moment" instead of a feed; it names the feed https://paper.example/rss'),
        (rss(), "without a single entry"),
        (b'{"items": []}', "without a single entry"),
        (b'{"error": "no"}', 'without a list "items"'),
        (b"{nonsense", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"just text", "neither RSS"),
        (b"\x1f\x8bnot gzip", "damaged gzip"),
        (b"<sitemapindex><sitemap><loc>https://paper.example/1.xml</loc></sitemap></sitemapindex>", "index of sitemaps"),
        (b"<?xml version='1.0'?><!-- a -->\n<urlset></urlset>", "without a single address"),
        (bytes(range(256)) * 20, ""),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_broken(body, words):
    state = replace(STATE, etag='"1"', body_sha256="h", interval_seconds=600)
    result = poll(body, state=state)
    assert result.outcome == "broken"
    assert words in result.reason
    assert (result.state.failures, result.state.body_sha256, result.state.etag) == (0.5, "h", '"1"')
    assert result.state.last_error


@pytest.mark.parametrize(
    ("status", "failure", "weight"),
    [
        (404, "hard", 1.0),
        (404, "", 1.0),
        (500, "", 0.5),
        (500, "soft", 0.5),
        (503, "", 0.25),
        (0, "", 0.25),
        (0, "hard", 1.0),
        (429, "temporary", 0.25),
        (301, "", 0.5),
    ],
)
def test_failures_are_weighed_and_back_off(status, failure, weight):
    state = replace(STATE, interval_seconds=900, failures=2.0, last_success_at=NOW)
    result = poll(status=status, failure=failure, error=f"HTTP {status}", state=state)
    assert (result.outcome, result.state.failures) == ("unavailable", 2.0 + weight)
    wait = (result.state.next_poll_at - NOW).total_seconds()
    assert 0.89 * 900 * 2 ** (2 + weight) <= wait <= 1.11 * 900 * 2 ** (2 + weight)
    assert result.state.last_success_at == NOW


def test_no_feed_dies_silently():
    state = STATE
    for n in range(200):
        now = NOW + timedelta(days=n)
        result = poll(status=404, failure="hard", error="HTTP 404", state=state, now=now)
        state = result.state
        assert state.retired_at is None
        assert timedelta(minutes=5) <= state.next_poll_at - now <= timedelta(days=1, hours=3)
    assert "failures weigh 200" in result.reason


@pytest.mark.parametrize(("seconds", "expected"), [(7_200, 7_200), (10**7, 86_400), (0, 0)])
def test_retry_after_is_honoured_and_capped(seconds, expected):
    result = poll(status=429, failure="temporary", error="HTTP 429", retry_after_seconds=seconds)
    wait = (result.state.next_poll_at - NOW).total_seconds()
    assert wait >= expected
    assert wait <= max(expected, 900 * 2**0.25) * 1.11


def test_a_permanent_move_is_followed_once_the_new_address_is_a_feed():
    moved = "https://paper.example/new"
    assert poll(rss(item()), moved_to=moved).state.url == moved
    assert poll(status=304, moved_to=moved).state.url == moved
    parked = poll(b"<html><title>For sale</title></html>", moved_to=moved)
    assert (parked.outcome, parked.state.url) == ("broken", FEED.url)
    assert feed_request(FEED, poll(rss(item()), moved_to=moved).state).url == moved


def test_gone_for_good_is_retired():
    result = poll(status=410, error="HTTP 410 Gone", failure="hard")
    assert (result.outcome, result.state.retired_at) == ("retired", NOW)
    assert "410" in result.reason


def test_news_is_noted():
    first = poll(rss(item(1)))
    assert first.state.last_entry_at == NOW
    later = NOW + timedelta(hours=1)
    old = poll(rss(item(1), item(2)), state=first.state, now=later)
    assert (old.state.last_entry_at, old.unseen) == (later, 1)  # dated before the last poll, and yet it was not there
    same = poll(rss(item(1, title="Ship 1 freed")), state=first.state, now=later)
    assert (same.outcome, same.state.last_entry_at, same.unseen) == ("changed", NOW, 0)


# ---------------------------------------------------------------- rhythm


def wait_after(gap: timedelta, *, feed: Feed = FEED, count: int = 20) -> float:
    dates = [(NOW - gap * (n + 0.5)).strftime("%a, %d %b %Y %H:%M:%S GMT") for n in range(count)]
    result = poll(rss(*(item(n, date=date) for n, date in enumerate(dates))), feed=feed)
    return (result.state.next_poll_at - NOW).total_seconds()


def test_the_feeds_own_rhythm():
    minute, hourly, daily, weekly = (
        wait_after(gap) for gap in (timedelta(minutes=2), timedelta(hours=1), timedelta(days=1), timedelta(days=7))
    )
    assert 300 <= minute <= 330
    assert 300 <= hourly <= 1200
    assert 1800 < daily < 2 * 3600
    assert 2 * 3600 < weekly <= 27 * 3600
    assert minute < hourly < daily < weekly


def test_silence_slows_down_and_news_speeds_up():
    def at(day: int) -> FeedState:
        return poll(status=304, state=state, now=NOW + timedelta(days=day)).state

    state = poll(rss(*(item(n, date=f"Thu, 02 May 2024 11:{50 - n}:00 GMT") for n in range(0, 50, 10)))).state
    waits = [at(day).interval_seconds for day in (0, 1, 3, 10, 40)]
    assert waits == sorted(waits)
    assert waits[0] == 300
    assert waits[-1] == 86_400
    late = NOW + timedelta(days=40)
    dates = [(late - timedelta(minutes=10 * n)).strftime("%a, %d %b %Y %H:%M:%S GMT") for n in range(9)]
    body = rss(*(item(100 + n, date=date) for n, date in enumerate(dates)))
    assert poll(body, state=at(39), now=late).state.interval_seconds < waits[2]


def test_the_replay_never_waits_longer_than_its_clock_allows():
    sample = replace(FEED, is_sample=True)
    assert wait_after(timedelta(days=7), feed=sample) <= 12 * 3600
    slow = replace(STATE, interval_seconds=86_400, failures=9.0)
    assert poll(status=304, feed=sample, state=slow).state.next_poll_at <= NOW + timedelta(hours=12)
    assert poll(status=500, error="x", feed=sample, state=slow).state.next_poll_at <= NOW + timedelta(hours=24)


# ---------------------------------------------------------------- whatever comes

NOISE = st.one_of(
    st.binary(max_size=400),
    st.lists(st.sampled_from([b"<rss>", b"<channel>", b"<item>", b"</item>", b"<title>", b"<![CDATA[", b"]]>", b"&lt;", b"&#0;", b"&#xD800;", b"<feed xmlns='http://www.w3.org/2005/Atom'>", b"<entry>",
                              b"<link href='//[x'/>", b"<pubDate>Thu, 99 Foo</pubDate>", b"<?xml version='1.0' encoding='x-none'?>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"{", b'"items":[', b"{}", b"]", b"}", b"\x00",
                              b"\xff\xfe", b"\x1f\x8b", b"<urlset>", b"<url>", b"<loc>x</loc>", b"<html>", b"<a href='http://[::1'>x y z and much more</a>", b"<base href='http://['>"]), max_size=25).map(b"".join),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    NOISE,
    st.sampled_from(["auto", "page", "json", "rss"]),
    st.sampled_from(["", "text/html", "application/xml; charset=nonsense"]),
    st.sampled_from([200, 206, 304, 404, 0]),
)
@example(b"<rss><channel><item><title>x", "auto", "", 200)
def test_never_raises(body, form, content_type, status):
    result = poll(body, status, feed=replace(FEED, format=form), content_type=content_type)
    assert result.reason
    assert result.state.next_poll_at > NOW
    for entry in result.entries:
        f"{entry.title}{entry.summary}{entry.content}{entry.url}{entry.guid}{entry.author}".encode()
        assert entry.url == "" or entry.url.startswith(("http://", "https://"))
