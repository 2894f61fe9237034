"""OPML in and out: what goes out comes back; what strangers send is bounded; every problem is told at once."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanctions_watch.data import include
from sanctions_watch.errors import ConfigurationError
from sanctions_watch.records import Feed
from sanctions_watch.stages.collect.opml import MAX_BYTES, MAX_DEPTH, read_opml, write_opml
from sanctions_watch.stages.collect.registry import KINDS, read_feeds, write_feeds

FULL = Feed("paper-nk", "https://paper.example/nk.json?a=1&b=2", "Paper & Söhne, „Nord“ 북한", "nb", "NO", "specialist", "json", "B",
            is_specialist=True, is_sample=True, is_unhurried=True, note="50 % of it / the rest, later", verified_on=date(2024, 5, 1))  # fmt: skip
LEAST = Feed("least", "https://least.example/rss", "Least")


def opml(*outlines: str) -> bytes:
    return f"<?xml version='1.0'?><opml version='2.0'><head/><body>{''.join(outlines)}</body></opml>".encode()


def test_what_goes_out_comes_back():
    assert read_opml(write_opml([FULL, LEAST]).encode(), "x") == ((FULL, LEAST), ())


def test_the_shipped_registry_goes_round():
    feeds = read_feeds(include("feeds.yaml").read_text(encoding="utf-8"), "feeds.yaml")
    back, problems = read_opml(write_opml(feeds).encode(), "x")
    assert problems == ()
    assert {feed.feed_id: feed for feed in back} == {feed.feed_id: feed for feed in feeds}
    assert read_feeds(write_feeds(back), "again") == back


TEXT = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=30
)


@settings(max_examples=100, deadline=None)
@given(
    st.builds(
        Feed,
        feed_id=st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}[a-z0-9]", fullmatch=True),
        url=st.from_regex(r"https://[a-z]{2,9}\.example/[a-z0-9&=?]{0,20}", fullmatch=True),
        publisher=TEXT,
        language=st.from_regex(r"[a-z]{2}", fullmatch=True),
        country=st.from_regex(r"([A-Z]{2})?", fullmatch=True),
        kind=st.sampled_from(KINDS),
        format=st.sampled_from(["auto", "rss", "atom", "json", "sitemap", "page"]),
        reliability=st.sampled_from("ABCDEF"),
        is_specialist=st.booleans(),
        is_sample=st.booleans(),
        is_unhurried=st.booleans(),
        note=TEXT | st.just(""),
        verified_on=st.none() | st.dates(),
    )
)
def test_any_feed_goes_round(feed):
    assert read_opml(write_opml([feed]).encode(), "x") == ((feed,), ())
    assert read_feeds(write_feeds([feed]), "x") == (feed,)


def test_another_readers_list():
    feeds, problems = read_opml(
        opml(
            "<outline text='Agencies'/><outline text='Agency'><outline text='UPI' title='UPI' type='rss' xmlUrl='https://rss.upi.com/news/news.rss' htmlUrl='https://www.upi.com' language='en-us' category='/News/World'/>",
            "<outline title='Yonhap' type='rss' version='RSS2' xmlUrl='https://en.yna.co.kr/RSS/news.xml'/></outline>",
            "<outline type='rss' xmlUrl='https://rss.upi.com/news/topnews.rss'/>",
        ),
        "list.opml",
    )
    assert problems == ()
    assert [(feed.feed_id, feed.publisher, feed.kind, feed.language, feed.format) for feed in feeds] == [
        ("upi-com", "UPI", "agency", "en", "auto"),
        ("en-yna-co-kr", "Yonhap", "agency", "en", "rss"),
        ("upi-com-news-topnews-rss", "rss.upi.com", "newspaper", "en", "auto"),
    ]


def test_every_problem_at_once_and_the_rest_is_read():
    feeds, problems = read_opml(
        opml(
            "<outline text='A' type='rss'/>",
            "<outline text='B' xmlUrl='file:///etc/passwd'/>",
            "<outline text='C' xmlUrl='https://u:p@c.example/rss'/>",
            "<outline text='D' xmlUrl='https://d.example/rss' category='/kind/blog,/country/xx,/reliability/G,/verified_on/soon'/>",
            "<outline text='E' xmlUrl='https://e.example/rss'/>",
            "<outline text='E again' xmlUrl='http://www.e.example/rss/'/>",
            "<outline text='F' xmlUrl='https://f.example/rss' category='/id/e-example'/>",
        ),
        "list.opml",
    )
    told = "\n".join(problems)
    for words in ("outline 1 (feed): url is missing", "'file:///etc/passwd' is not a web address", "user name or password", "kind: 'blog'", "country: 'xx'",
                  "reliability: 'G'", "verified_on: 'soon'", "has the address of e-example", "the id e-example is used twice"):  # fmt: skip
        assert words in told, words
    assert [feed.feed_id for feed in feeds] == ["e-example"]


BOMB = b"""<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<opml version="2.0"><body><outline text="&b;" xmlUrl="https://a.example/rss"/></body></opml>"""
OUTSIDE = b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body><outline text="&x;" xmlUrl="https://a.example/"/></body></opml>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (BOMB, "declares entities"),
        (OUTSIDE, "declares entities"),
        (BOMB.decode().replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16"), "declares entities"),
        (b" " * (MAX_BYTES + 1), "larger than"),
        (b"", "not readable XML"),
        (b"<opml><body>", "not readable XML"),
        (b"\x00\xff\x00", "not readable XML"),
        (b"<rss><channel/></rss>", "is no OPML"),
        (b"<opml><head/></opml>", "is no OPML"),
        (b"<opml><body>" + b"<outline>" * 5000 + b"</outline>" * 5000 + b"</body></opml>", "not readable XML"),
    ],
)
def test_hostile_files_are_refused_with_a_reason(data, words):
    with pytest.raises(ConfigurationError, match=words):
        read_opml(data, "list.opml")


def test_depth_is_bounded_and_said():
    deep = "<outline text='x'>" * 100 + "<outline text='A' xmlUrl='https://a.example/rss'/>" + "</outline>" * 100
    feeds, problems = read_opml(opml(deep, "<outline text='B' xmlUrl='https://b.example/rss'/>"), "list.opml")
    assert [feed.publisher for feed in feeds] == ["B"]
    assert f"more than {MAX_DEPTH} deep" in problems[0]


def test_a_list_without_a_feed_is_said():
    assert read_opml(opml("<outline text='Empty folder'/>"), "list.opml") == (
        (),
        ("list.opml lists no feed: an outline of one has xmlUrl",),
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([b"<opml>", b"<body>", b"<outline text='x' xmlUrl='https://[x'", b"/>", b">", b"</outline>", b"</body>", b"</opml>", b"&#0;", b"&x;", b"\xff", b"<!--", b"-->", b"category='/id/,,//,/kind'"]), max_size=20).map(b"".join))  # fmt: skip
def test_whatever_comes_it_is_refused_or_read(data):
    try:
        feeds, problems = read_opml(data, "x")
    except ConfigurationError:
        return
    assert feeds or problems
