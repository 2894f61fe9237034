"""Every bad input that the world's feeds send, by its name; and what makes two deliveries one entry."""

from __future__ import annotations

import gzip
import json
import re
import resource
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sanctions_watch.records import Entry, Feed, FetchRequest, FetchResult, Poll
from sanctions_watch.stages.collect import collect, first_state
from sanctions_watch.stages.collect.sitemaps import joined, sitemaps_of

NOW = datetime(2024, 5, 2, 12, tzinfo=UTC)
FEED = Feed("paper", "https://paper.example/feed", "Paper")
FOUND_BY_FUZZING = sorted((Path(__file__).parents[2] / "data" / "fuzz_feeds").glob("*.bin.gz"))


def poll(
    body: bytes | str, *, feed: Feed = FEED, content_type: str = "application/xml", final_url: str = "https://paper.example/feed"
) -> Poll:
    data = body.encode() if isinstance(body, str) else body
    result = FetchResult(FetchRequest(feed.url, "feed"), NOW, 200, final_url, content_type=content_type, body=data)
    return collect(feed, first_state(feed, NOW), result, NOW)


def rss(*items: str, head: str = "", declaration: str = '<?xml version="1.0"?>') -> str:
    return f'{declaration}<rss version="2.0"><channel><title>P</title><link>https://paper.example/</link>{head}{"".join(items)}</channel></rss>'


def item(title: str = "Ship held", link: str = "/news/1", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


# ---------------------------------------------------------------- formats

RSS_IN_ALL_VERSIONS = {
    "0.90": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>P</title></channel><item><title>Ship held</title><link>https://paper.example/news/1</link></item></rdf:RDF>',
    "0.91 Netscape": '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>P</title><item><title>Ship held</title><link>https://paper.example/news/1</link></item></channel></rss>',
    "0.92": '<rss version="0.92"><channel><title>P</title><item><title>Ship held</title><link>https://paper.example/news/1</link><source url="https://w.example/">W</source></item></channel></rss>',
    "1.0": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x"><title>P</title></channel><item rdf:about="https://paper.example/news/1"><title>Ship held</title><link>https://paper.example/news/1</link></item></rdf:RDF>',
    "2.0": rss(item(link="https://paper.example/news/1")),
    "none": "<rss><channel><item><title>Ship held</title><link>https://paper.example/news/1</link></item></channel></rss>",
    "Atom 0.3": '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>P</title><entry><title>Ship held</title><link rel="alternate" type="text/html" href="https://paper.example/news/1"/><id>tag:1</id><issued>2024-05-02T10:00:00Z</issued><modified>2024-05-02T10:00:00Z</modified></entry></feed>',
    "Atom 1.0": '<feed xmlns="http://www.w3.org/2005/Atom"><title>P</title><entry><title>Ship held</title><link href="https://paper.example/news/1"/><id>tag:1</id><updated>2024-05-02T10:00:00Z</updated></entry></feed>',
    "JSON Feed 1.0": json.dumps({"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "url": "https://paper.example/news/1", "title": "Ship held", "content_text": "x", "author": {"name": "A"}}]}),
    "JSON Feed 1.1": json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": "https://paper.example/news/1", "title": "Ship held", "content_html": "x", "authors": [{"name": "A"}]}]}),
    "news sitemap": '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://paper.example/news/1</loc><n:news><n:title>Ship held</n:title></n:news></url></urlset>',
}  # fmt: skip


@pytest.mark.parametrize("version", RSS_IN_ALL_VERSIONS)
def test_every_format(version):
    [entry] = poll(RSS_IN_ALL_VERSIONS[version]).entries
    assert (entry.title, entry.url) == ("Ship held", "https://paper.example/news/1")


INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://paper.example/old.xml</loc><lastmod>2019-01-01</lastmod></sitemap>
<sitemap><loc>/b.xml</loc><lastmod>2024-05-01</lastmod></sitemap><sitemap><loc>https://paper.example/c.xml.gz</loc><lastmod>2024-05-02</lastmod></sitemap><sitemap><loc>https://paper.example/d.xml</loc></sitemap>
<sitemap><loc>https://other.example/e.xml</loc><lastmod>2024-06-01</lastmod></sitemap></sitemapindex>"""


def test_an_index_of_sitemaps_leads_to_its_newest():
    index = FetchResult(FetchRequest(FEED.url, "feed"), NOW, 200, "https://paper.example/index.xml", body=INDEX.encode())
    requests = sitemaps_of(FEED, index)
    assert [one.url for one in requests] == ["https://paper.example/c.xml.gz", "https://paper.example/b.xml", "https://paper.example/old.xml"]  # fmt: skip
    good = FetchResult(requests[0], NOW, 200, requests[0].url, body=gzip.compress(RSS_IN_ALL_VERSIONS["news sitemap"].encode()))
    gone = FetchResult(requests[1], NOW, 404, requests[1].url, error="HTTP 404")
    whole = joined(index, [good, gone])
    assert [entry.title for entry in poll(whole.body).entries] == ["Ship held"]
    assert "index of sitemaps" in poll(joined(index, [gone]).body).reason
    assert sitemaps_of(FEED, good) == ()


# ---------------------------------------------------------------- encodings and wrappings

KOREAN, RUSSIAN, JAPANESE, CHINESE = "북한 선박 억류", "Судно задержано в порту", "北朝鮮の船を拿捕", "朝鲜船只被扣留"


@pytest.mark.parametrize(
    ("title", "written", "declared", "header", "language"),
    [
        (KOREAN, "euc-kr", "utf-8", "", "ko"), (KOREAN, "cp949", "", "", "ko"), (KOREAN, "euc-kr", "", "text/xml; charset=iso-8859-1", "ko"), (KOREAN, "euc-kr", "euc-kr", "", "en"),
        (KOREAN, "utf-8", "euc-kr", "text/xml; charset=euc-kr", "ko"), (RUSSIAN, "cp1251", "utf-8", "", "ru"), (RUSSIAN, "koi8-r", "", "", "ru"), (RUSSIAN, "utf-8", "windows-1251", "", "ru"),
        (JAPANESE, "shift_jis", "utf-8", "", "ja"), (JAPANESE, "euc_jp", "", "", "ja"), (JAPANESE, "iso2022_jp", "iso-2022-jp", "", "ja"), (CHINESE, "gb2312", "utf-8", "", "zh"),
        ("北韓船隻被扣留", "big5", "big5", "", "zh"), ("Schiff in Köln – „fest“", "cp1252", "utf-8", "", "de"), ("Schiff in Köln", "latin-1", "no-such", "text/xml; charset=nonsense", "de"),
        ("Schiff in Köln", "utf-8", "base64", "", "de"), ("Ship held", "ascii", "utf-16", "", "en"),
    ],
)  # fmt: skip
def test_the_wrong_encoding_is_declared(title, written, declared, header, language):
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else '<?xml version="1.0"?>'
    [entry] = poll(
        rss(item(title), declaration=declaration).encode(written), feed=replace(FEED, language=language), content_type=header
    ).entries
    assert entry.title == title


@pytest.mark.parametrize("written", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("declared", ["utf-8", "utf-16", ""])
def test_byte_order_marks_and_utf16(written, declared):
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    body = rss(item(KOREAN), declaration=declaration).encode(written)
    assert [entry.title for entry in poll(body).entries] == [KOREAN]


def test_a_byte_order_mark_in_json():
    body = b"\xef\xbb\xbf" + RSS_IN_ALL_VERSIONS["JSON Feed 1.1"].encode()
    assert len(poll(body).entries) == 1


@pytest.mark.parametrize("content_type", ["text/html", "text/plain", "application/octet-stream", "image/png", "application/json", "", ";;;", "text/html; charset=iso-8859-1"])  # fmt: skip
def test_a_wrong_content_type(content_type):
    assert [entry.title for entry in poll(rss(item(KOREAN)), content_type=content_type).entries] == [KOREAN]


@pytest.mark.parametrize("html", ["<!DOCTYPE html><html><title>Just a moment</title></html>", "\n<HTML><HEAD><TITLE>Just a moment</TITLE>", "<!-- x --><html><title>Just a moment</title>"])  # fmt: skip
def test_html_instead_of_a_feed(html):
    result = poll(html)
    assert result.outcome == "broken"
    assert 'HTML page titled "Just a moment"' in result.reason


def test_gzip_without_its_header():
    result = poll(gzip.compress(rss(item()).encode()))
    assert len(result.entries) == 1
    assert "gzip without a Content-Encoding header" in result.reason


@pytest.mark.parametrize("body", [b"", b" \r\n\t ", b"\xef\xbb\xbf", b"\x00" * 50, gzip.compress(b"", mtime=0)])
def test_an_empty_body(body):
    result = poll(body)
    assert (result.outcome, result.entries) == ("broken", ())
    assert "empty answer" in result.reason


def test_a_bomb_in_gzip_without_its_header_is_bounded():
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join(packer.compress(b" " * 1_000_000) for _ in range(300)) + packer.flush()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert poll(bomb).outcome == "broken"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000


# ---------------------------------------------------------------- damaged and hostile XML


def test_truncated_xml_is_read_as_far_as_it_goes():
    whole = rss(*(item(f"Ship {n}", f"/news/{n}") for n in range(10)))
    result = poll(whole[: whole.index("Ship 8") + 3])
    assert {entry.title for entry in result.entries} >= {f"Ship {n}" for n in range(8)}
    assert "not well-formed" in result.reason
    large = rss(*(item(f"Ship {n}", f"/news/{n}", "<description>" + "x" * 2_000 + "</description>") for n in range(200)))
    assert len(poll(large[: large.index("Ship 190")]).entries) >= 190


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1f", "\x08", "&#0;", "&#x1F;", "&#11;", "&#xFFFF;", "&#xD800;"])
def test_control_characters(bad):
    result = poll(rss(item(f"Ship {bad} held")))
    assert [entry.title for entry in result.entries] == ["Ship held"]
    assert "control characters" in result.reason
    assert "not well-formed" not in result.reason


@pytest.mark.parametrize(
    ("title", "plain"),
    [("Fish & chips", "Fish & chips"), ("a&nbsp;b", "a b"), ("Caf&eacute; &amp; &lt;b&gt;", "Café &"), ("5 &lt; 6", "5 < 6"), ("R&D", "R&D"), ("&hellip;", "…"), ("&amp;quot;x&amp;quot;", '"x"')],
)  # fmt: skip
def test_ampersands_and_the_entities_of_html(title, plain):
    assert [entry.title for entry in poll(rss(item(title))).entries] == [plain]


LAUGHS = '<!DOCTYPE rss [<!ENTITY a "ha">' + "".join(f'<!ENTITY {b} "&{a};&{a};&{a};&{a};&{a};&{a};&{a};&{a};&{a};&{a};">' for a, b in zip("abcdefghij", "bcdefghijk", strict=True)) + "]>"  # fmt: skip


@pytest.mark.parametrize(
    "doctype",
    [
        LAUGHS,
        '<!DOCTYPE rss [<!ENTITY k SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]>',
        '<!doctype rss SYSTEM "http://127.0.0.1/rss.dtd">',
        '<!DOCTYPE rss [<!ENTITY k "<item><title>made up</title></item>">] >',
    ],
)
def test_document_types_and_entities_bring_nothing_in(doctype):
    result = poll(rss(item("Ship held"), item("x &k; y", "/2"), declaration=f'<?xml version="1.0"?>{doctype}'))
    said = "".join(f"{entry.title}{entry.summary}" for entry in result.entries)
    assert "Ship held" in said
    assert "haha" not in said
    assert "made up" not in said
    assert len(said) < 200


def test_a_document_type_that_never_ends():
    assert "never ends" in poll("<!DOCTYPE rss [ <!ENTITY a 'x'> <rss><channel><item><title>x</title>").reason


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (rss("<a>" * 1_000 + "</a>" * 1_000), "more than 200 deep"),
        (rss("<item>" * 1_000), "more than 200 deep"),
        (rss("<item>" + "<category/>" * 250_000 + "</item>"), "more than 200000 elements"),
        (rss("<item " + " ".join(f'a{n}="1"' for n in range(5_000)) + "/>"), "more than 256 attributes"),
        (rss("<![CDATA[" * 200_000), "without a single entry"),
        ("[" * 200_000, "not JSON"),
        ('{"items": [' + '{"a":' * 100_000, "not JSON"),
    ],
)
def test_nesting_elements_and_attributes_are_bounded(body, words):
    result = poll(body)
    assert result.outcome == "broken"
    assert words in result.reason


def test_ten_thousand_entries_and_what_is_beyond():
    result = poll(rss(*(item(f"Ship {n}", f"/news/{n}") for n in range(10_000))))
    assert len(result.entries) == 10_000
    assert "left out" not in result.reason
    more = poll(rss(*(item(f"Ship {n}", f"/news/{n}") for n in range(10_200))))
    assert len(more.entries) == 10_000
    assert "200 entries beyond the first 10000 were left out" in more.reason
    assert "not well-formed" not in more.reason


def test_other_characters_before_the_feed():
    result = poll("\n\nWarning: mysql_connect() failed\n" + rss(item()))
    assert len(result.entries) == 1
    assert "stood before the feed" in result.reason


@pytest.mark.parametrize("path", FOUND_BY_FUZZING, ids=lambda path: path.name)
def test_what_fuzzing_found(path):
    data = gzip.decompress(path.read_bytes())
    for form in ("auto", "page", "json"):
        assert poll(data, feed=replace(FEED, format=form)).reason
    answer = FetchResult(FetchRequest(FEED.url, "feed"), NOW, 200, FEED.url, body=data)
    assert poll(joined(answer, [answer]).body).reason
    assert len(sitemaps_of(FEED, answer)) <= 3


# ---------------------------------------------------------------- entries without id, link or date


@pytest.mark.parametrize(
    ("body", "url", "title"),
    [
        ("<item><title>Ship held</title></item>", "", "Ship held"),
        ("<item><link>/news/1</link></item>", "https://paper.example/news/1", ""),
        ("<item><guid>https://paper.example/news/1</guid><title>T</title></item>", "https://paper.example/news/1", "T"),
        ("<item><guid isPermaLink='false'>77</guid><title>T</title></item>", "", "T"),
        ("<item><title>T</title><link>/news/1</link><pubDate>soon</pubDate></item>", "https://paper.example/news/1", "T"),
    ],
)
def test_entries_without_id_link_or_date(body, url, title):
    [entry] = poll(rss(body)).entries
    assert (entry.url, entry.title, entry.published_at) == (url, title, None)
    assert entry.entry_id == poll(rss(body)).entries[0].entry_id


@pytest.mark.parametrize(
    ("link", "expected"),
    [("/news/1", "https://paper.example/news/1"), ("news/1", "https://paper.example/news/1"), ("../1", "https://paper.example/1"), ("//cdn.example/1", "https://cdn.example/1"), ("?id=1", "https://paper.example/feed?id=1"),
     (" https://paper.example/a\n b ", "https://paper.example/ab"), ("HTTPS://paper.example/1", "https://paper.example/1")],
)  # fmt: skip
def test_relative_links(link, expected):
    [entry] = poll(rss(item(link=link))).entries
    assert entry.url.lower() == expected


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [("https://a.example/x/", "", "https://a.example/x/n/1"), ("https://a.example/x/", "y/", "https://a.example/x/y/n/1"), ("/z/", "", "https://paper.example/z/n/1")],
)  # fmt: skip
def test_xml_base(outer, inner, expected):
    base = f' xml:base="{inner}"' if inner else ""
    [entry] = poll(f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{outer}"><entry{base}><id>1</id><title>T</title><link href="n/1"/></entry></feed>').entries  # fmt: skip
    assert entry.url == expected


# ---------------------------------------------------------------- one entry, however it is delivered


def one(link: str = "https://paper.example/news/1", guid: str = "g1", date: str = "Thu, 02 May 2024 10:00:00 GMT", title: str = "Ship held") -> Entry:  # fmt: skip
    others = "".join(item(f"Other {n}", f"/other/{n}") for n in range(3))
    body = rss(
        f"<item><title>{title}</title><link>{link.replace('&', '&amp;')}</link><guid isPermaLink='false'>{guid}</guid><pubDate>{date}</pubDate></item>",
        others,
    )
    return next(entry for entry in poll(body).entries if not entry.title.startswith("Other"))


def test_a_guid_that_changes_on_every_poll_makes_no_new_entry():
    assert one(guid="1714650000-1").entry_id == one(guid="1714650600-1").entry_id
    assert one(guid="1714650000-1").content_sha256 == one(guid="1714650600-1").content_sha256


@pytest.mark.parametrize(
    "link",
    [
        "https://paper.example/news/1?utm_source=rss&utm_medium=feed", "https://paper.example/news/1?fbclid=abc#comments", "http://paper.example/news/1", "https://www.paper.example/news/1/",
        "https://m.paper.example/news/1", "https://mobile.paper.example/news/1", "https://amp.paper.example/news/1", "https://paper.example/news/1/amp/", "https://paper.example/amp/news/1", "https://paper.example/news/1?amp=1",
        "https://paper.example/news/1.amp", "https://www.google.com/amp/s/paper.example/news/1", "https://paper-example.cdn.ampproject.org/c/s/paper.example/news/1/amp",
    ],
)  # fmt: skip
def test_tracking_mobile_and_amp_addresses_are_the_same_entry_and_version(link):
    assert one(link).entry_id == one().entry_id
    assert one(link).content_sha256 == one().content_sha256


def test_a_republished_date_is_a_new_version_of_the_same_entry():
    before, after = one(), one(date="Thu, 02 May 2024 11:30:00 GMT")
    assert before.entry_id == after.entry_id
    assert before.content_sha256 != after.content_sha256


def test_a_changed_entry_is_a_new_version_not_a_new_entry():
    before, after = one(), one(title="Ship held, owner named")
    assert (before.entry_id == after.entry_id, before.content_sha256 == after.content_sha256) == (True, False)


def test_other_parameters_are_other_entries():
    assert one("https://paper.example/view?id=1").entry_id != one("https://paper.example/view?id=2").entry_id


def test_one_address_for_all_leaves_the_guids_to_tell_them_apart():
    items = [
        f"<item><title>T{n}</title><link>https://paper.example/live</link><guid isPermaLink='false'>{n}</guid></item>"
        for n in range(3)
    ]
    assert len({entry.entry_id for entry in poll(rss(*items)).entries}) == 3
    home = [
        f"<item><title>T{n}</title><link>https://paper.example/</link><guid isPermaLink='false'>{n}</guid></item>" for n in range(3)
    ]
    assert len({entry.entry_id for entry in poll(rss(*home)).entries}) == 3
    assert poll(rss(home[0])).entries[0].entry_id == poll(rss(*home)).entries[0].entry_id


def test_a_feedburner_address_gives_way_to_the_original():
    extra = '<feedburner:origLink xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">https://paper.example/news/1</feedburner:origLink>'
    [entry] = poll(rss(item(link="http://feeds.feedburner.com/~r/paper/~3/xyz/", more=extra))).entries
    assert entry.url == "https://paper.example/news/1"


def test_reasons_are_one_line():
    for body in (rss(item("\x00")), "<html>", "", "{", rss("<a>" * 1_000)):
        assert not re.search(r"[\r\n\t]", poll(body).reason)
