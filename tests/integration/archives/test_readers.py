"""Every kind of archive, whole and broken: each bad input has a test that names it."""

import gzip
import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.integration.archives.making import CLOCK, NOW, bare, packed, page, response, warc

from sanctions_watch.adapters.archives import Choice, jsonl, open_archive, read_day
from sanctions_watch.adapters.archives import choice as choices
from sanctions_watch.errors import ConfigurationError, EntryError
from sanctions_watch.records import Feed, FetchResult

UPI = Feed("upi", "https://rss.upi.example/news.xml", "UPI", kind="agency", reliability="B", language="en", country="US")


def opened(path, **choice):
    return open_archive(str(path), Choice(**choice), CLOCK)


def read(path, after="", **choice):
    return list(opened(path, **choice).read(after))


def urls(readings):
    return [one.archived.entry.url for one in readings if one.archived]


def bad(readings):
    return [one.bad for one in readings if one.bad]


def skipped(readings):
    return [one.skipped for one in readings if one.skipped]


@pytest.fixture
def written(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    return write


# ---------------------------------------------------------------- WARC


@pytest.mark.parametrize("is_gzip", [True, False])
def test_warc_pages_come_as_entries_with_their_capture(written, is_gzip):
    path = written("a.warc.gz" if is_gzip else "a.warc", warc(response(1), response(2), is_gzip=is_gzip))
    readings = read(path)
    assert urls(readings) == ["http://news.example/1", "http://news.example/2"]
    one = readings[0].archived
    assert one.page.body == page(1)
    assert one.page.content_type == "text/html; charset=utf-8"
    assert one.page.captured_at == datetime(2018, 8, 9, 7, tzinfo=UTC)
    assert (one.entry.origin, one.entry.seen_at, one.entry.published_at) == ("backfill", NOW, None)
    assert one.entry.feed_id == one.feed.feed_id


@pytest.mark.parametrize("make", [lambda records: packed(*records), b"".join, lambda records: packed(b"".join(records))])
def test_warc_is_read_on_behind_any_record(written, make):
    """Packed by record, plain, and (against the standard) packed as a whole."""
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    path = written("a.warc", make([bare("response", f"http://news.example/{n}", block + page(n)) for n in range(5)]))
    whole = read(path)
    assert urls(whole) == [f"http://news.example/{n}" for n in range(5)]
    for number, one in enumerate(whole, 1):
        assert urls(read(path, one.position)) == urls(whole)[number:]


def test_warc_records_that_are_no_pages_are_passed_over(written):
    path = written("a.warc.gz", warc(
        ("warcinfo", "urn:x", b"software: x", None, {}),
        ("metadata", "http://news.example/1", b"outlink: x", None, {}),
        response(1),
        response(2, b"\x89PNG....", content_type="image/png"),
        response(3, b"%PDF-1.7 ...", content_type="application/pdf"),
        response(4, status="404 Not Found"),
        response(5, status="301 Moved Permanently", Location="/6"),
        response(6, b""),
        ("resource", "http://news.example/7", page(7), None, {"Content-Type": "text/html"}),
        ("resource", "ftp://news.example/8", page(8), None, {"Content-Type": "text/html"}),
    ))  # fmt: skip
    readings = read(path)
    assert urls(readings) == ["http://news.example/1", "http://news.example/7"]
    assert bad(readings) == []
    assert len(skipped(readings)) == 8
    assert "no page: image/png" in skipped(readings)
    assert "the server answered 404" in skipped(readings)


def test_warc_revisits_bring_nothing_new(written):
    revisit = ("revisit", "http://news.example/1", b"", ("200 OK", [("Content-Type", "text/html")]), {
        "WARC-Profile": "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest", "WARC-Refers-To-Date": "2018-08-01T00:00:00Z"
    })  # fmt: skip
    readings = read(written("a.warc.gz", warc(response(1), revisit, response(2))))
    assert urls(readings) == ["http://news.example/1", "http://news.example/2"]
    assert skipped(readings) == ["a revisit: the page was as it had been captured before"]


def test_warc_wrong_content_type_is_not_believed(written):
    path = written("a.warc", warc(
        response(1, content_type="application/octet-stream"),
        response(2, b"plain words, no markup", content_type="text/html"),
        response(3, content_type=""),
        is_gzip=False,
    ))  # fmt: skip
    readings = read(path)
    assert urls(readings) == ["http://news.example/1", "http://news.example/3"]
    assert [one.archived.page.content_type for one in readings if one.archived] == ["text/html", "text/html"]


def test_warc_packed_and_chunked_bodies_are_unpacked_and_false_encodings_seen_through(written):
    zipped = gzip.compress(page(1))
    chunked = f"{len(page(2)):x}\r\n".encode() + page(2) + b"\r\n0\r\n\r\n"
    path = written("a.warc", warc(
        response(1, zipped, Content_Encoding="gzip"),
        response(2, chunked, Transfer_Encoding="chunked"),
        response(3, page(3), Content_Encoding="gzip"),
        response(4, page(4), Transfer_Encoding="chunked"),
        response(5, b"\x0b\x02\x80no html at all\x03", Content_Encoding="br"),
        is_gzip=False,
    ))  # fmt: skip
    readings = read(path)
    assert [one.archived.page.body for one in readings if one.archived] == [page(1), page(2), page(3), page(4)]
    assert bad(readings) == ["http://news.example/5 is packed as br, which cannot be unpacked here"]


@pytest.mark.parametrize("block", [page(1), b"\r\n\r\n" + page(1), b"garbage: yes\r\n\r\n" + page(1)])
def test_warc_absent_or_broken_http_headers(written, block):
    path = written("a.warc", bare("response", "http://news.example/1", block) + warc(response(2), is_gzip=False))
    assert urls(read(path)) == ["http://news.example/1", "http://news.example/2"]


@pytest.mark.parametrize("is_gzip", [True, False])
def test_warc_a_broken_record_costs_only_itself(written, is_gzip):
    records = [warc(response(n), is_gzip=is_gzip) for n in range(3)]
    broken = bytearray(records[1])
    middle = len(broken) // 2
    broken[middle : middle + 40] = b"\x00" * 40
    if not is_gzip:
        broken = bytearray(b"WARC/1.0\r\nnonsense without end \xff\xfe" + b"x" * 300 + b"\r\n\r\n")
    readings = read(written("a.warc", records[0] + bytes(broken) + records[2]))
    assert urls(readings) == ["http://news.example/0", "http://news.example/2"]


@pytest.mark.parametrize("is_gzip", [True, False])
def test_warc_that_breaks_off_keeps_what_came_before(written, is_gzip):
    whole = warc(response(1), response(2), is_gzip=is_gzip)
    readings = read(written("a.warc", whole[: len(whole) - 120]))
    assert urls(readings)[0] == "http://news.example/1"
    assert len(readings) <= 3


def test_warc_a_page_beyond_the_bound_is_bad(written, monkeypatch):
    big = b"<html>" + b"x" * (choices.MAX_BODY + 10)
    readings = read(written("a.warc.gz", warc(response(1, gzip.compress(big), Content_Encoding="gzip"), response(2))))
    assert bad(readings) == [f"http://news.example/1 is larger than {choices.MAX_BODY} bytes"]
    assert urls(readings) == ["http://news.example/2"]


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b", b"\x1f\x8b\x08garbage", b"not a warc at all\n" * 50])
def test_warc_no_warc_at_all_ends_in_words(written, content):
    readings = read(written("a.warc.gz", content))
    assert urls(readings) == []
    assert len(readings) <= 2


def test_warc_dates_choose(written):
    path = written("a.warc", warc(response(1), is_gzip=False))
    assert urls(read(path, since=date(2018, 8, 9), until=date(2018, 8, 9))) == ["http://news.example/1"]
    assert skipped(read(path, since=date(2018, 8, 10))) == ["captured outside of the dates"]
    assert skipped(read(path, until=date(2018, 8, 8))) == ["captured outside of the dates"]


# ---------------------------------------------------------------- JSON Lines


def line(number, **changes):
    row = {"id": number, "url": f"http://news.example/{number}", "publisher": "UPI", "title": f"Report {number}",
           "published_at": "2018-08-04T10:00:00Z", "text": f"Text of {number}.", **changes}  # fmt: skip
    return json.dumps(row, ensure_ascii=False).encode()


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.ndjson"])
def test_jsonl_lines_come_as_entries_and_reading_goes_on_behind_any(written, name):
    content = b"\n".join([line(1), b"", line(2), line(3)]) + b"\n"
    path = written(name, gzip.compress(content) if name.endswith("gz") else content)
    whole = read(path, feeds=(UPI,))
    assert urls(whole) == [f"http://news.example/{n}" for n in (1, 2, 3)]
    one = whole[0].archived
    assert (one.entry.title, one.page.body, one.page.content_type) == ("Report 1", b"Text of 1.", "text/plain")
    assert one.entry.published_at == one.page.captured_at == datetime(2018, 8, 4, 10, tzinfo=UTC)
    assert (one.feed.publisher, one.feed.reliability, one.feed.kind) == ("UPI", "B", "agency")
    for number, reading in enumerate(whole, 1):
        assert urls(read(path, reading.position)) == urls(whole)[number:]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (b"{not json", "not JSON"),
        (b"[1, 2]", "not a JSON object"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (line(1, text=""), "text is missing"),
        (line(1, text=None), "text is missing"),
        (line(1, title=7), "title is not text"),
        (line(1, published_at="yesterday"), "is not an ISO 8601 time"),
    ],
)
def test_jsonl_a_bad_line_costs_only_itself(written, wrong, words):
    readings = read(written("a.jsonl", b"\n".join([line(8), wrong, line(9)])))
    assert urls(readings) == ["http://news.example/8", "http://news.example/9"]
    assert len(bad(readings)) == 1
    assert words in bad(readings)[0]


def test_jsonl_a_line_beyond_the_bound_is_passed_over(written, monkeypatch):
    monkeypatch.setattr(jsonl, "MAX_BODY", 1000)
    path = written("a.jsonl", b"\n".join([line(1), line(2, text="x" * 5000), line(3)]))
    readings = read(path)
    assert urls(readings) == ["http://news.example/1", "http://news.example/3"]
    assert bad(readings) == ["a line of more than 1000 bytes"]
    assert urls(read(path, readings[1].position)) == ["http://news.example/3"]


def test_jsonl_a_packed_file_that_breaks_off_keeps_what_came_before(written):
    content = gzip.compress(b"\n".join(line(n, text=os.urandom(300).hex()) for n in range(100)))
    readings = read(written("a.jsonl.gz", content[: len(content) // 2]))
    assert len(urls(readings)) > 20
    assert "breaks off" in bad(readings)[0]


def test_jsonl_rows_without_an_address_are_told_apart(written):
    readings = read(written("a.jsonl", b"\n".join(line(n, url=None, title="Untitled") for n in (1, 2))))
    assert len({one.archived.entry.entry_id for one in readings}) == 2


# ---------------------------------------------------------------- a folder


def test_a_folder_is_read_in_the_order_of_its_paths_and_on_behind_any(written, tmp_path):
    for name in ("b/2.html", "a.html", "b/c/3.htm", "b.html.gz", "z.HTML", "notes.txt"):
        written(f"f/{name}", gzip.compress(page(1)) if name.endswith("gz") else page(1))
    whole = read(tmp_path / "f")
    assert [one.position for one in whole] == ["a.html", "b/2.html", "b/c/3.htm", "b.html.gz", "z.HTML"]
    assert {one.archived.page.body for one in whole} == {page(1)}
    assert len({one.archived.entry.entry_id for one in whole}) == 5
    for number, one in enumerate(whole, 1):
        assert [rest.position for rest in read(tmp_path / "f", one.position)] == [rest.position for rest in whole[number:]]


def test_a_folder_tells_address_and_time(written, tmp_path):
    named = page(1).replace(b"<head>", b'<head><link rel="canonical" href="https://www.upi.example/a?x=1&amp;y=2">')
    path = written("f/a.html", named)
    os.utime(path, (1_533_800_000, 1_533_800_000))
    written("f/b.html", page(2).replace(b"<head>", b'<head><meta content="http://n.example/b" property="og:url">'))
    one, two = (found.archived for found in read(tmp_path / "f", feeds=(replace(UPI, url="https://upi.example/rss"),)))
    assert (one.entry.url, one.feed.publisher) == ("https://www.upi.example/a?x=1&y=2", "UPI")
    assert one.page.captured_at == datetime(2018, 8, 9, 7, 33, 20, tzinfo=UTC)
    assert (two.entry.url, two.feed.publisher) == ("http://n.example/b", "n.example")


def test_a_folder_does_not_follow_links_out_of_itself(written, tmp_path):
    secret = written("outside/secret.html", page(9))
    written("f/in.html", page(1))
    (tmp_path / "f" / "link.html").symlink_to(secret)
    (tmp_path / "f" / "folder").symlink_to(tmp_path / "outside")
    (tmp_path / "f" / "loop").symlink_to(tmp_path / "f")
    assert [one.position for one in read(tmp_path / "f")] == ["in.html"]


def test_a_folder_with_files_that_are_no_pages(written, tmp_path):
    written("f/empty.html", b"")
    written("f/text.html", b"no markup here")
    written("f/broken.html.gz", gzip.compress(page(1))[:40])
    os.mkfifo(tmp_path / "f" / "pipe.html")
    readings = read(tmp_path / "f")
    assert urls(readings) == []
    assert len(bad(readings)) == 1
    assert skipped(readings) == ["no page", "no page"]


# ---------------------------------------------------------------- a sitemap


class Web:
    """Answers by address."""

    def __init__(self, pages):
        self.pages, self.asked = pages, []

    def fetch(self, requests):
        self.asked += [request.url for request in requests]
        return [
            FetchResult(request, NOW, 200, request.url, content_type="text/html", body=self.pages[request.url])
            if request.url in self.pages
            else FetchResult(request, NOW, 404, request.url, error="HTTP 404 Not Found", failure="hard")
            for request in requests
        ]


SITE = "https://news.example"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
INDEX = f"""<sitemapindex {NS}><sitemap><loc>{SITE}/old.xml</loc><lastmod>2017-01-01</lastmod></sitemap>
<sitemap><loc>{SITE}/new.xml.gz</loc><lastmod>2018-09-01</lastmod></sitemap><sitemap><loc>{SITE}/map.xml</loc></sitemap></sitemapindex>""".encode()
NEW = gzip.compress(f"""<urlset {NS}><url><loc>{SITE}/2</loc><lastmod>2018-08-05T10:00:00Z</lastmod></url>
<url><loc>/1</loc><lastmod>2018-08-04</lastmod></url><url><loc>{SITE}/gone</loc><lastmod>2018-08-06</lastmod></url>
<url><loc>{SITE}/later</loc><lastmod>2018-10-01</lastmod></url><url><loc>file:///etc/passwd</loc></url></urlset>""".encode())  # fmt: skip


def site(**more):
    return Web({f"{SITE}/map.xml": INDEX, f"{SITE}/new.xml.gz": NEW, f"{SITE}/1": page(1), f"{SITE}/2": page(2), **more})


def test_a_sitemap_is_read_between_two_days_and_on_behind_any():
    web = site()
    choice = Choice(since=date(2018, 8, 1), until=date(2018, 8, 31), feeds=(replace(UPI, url=f"{SITE}/rss"),))
    reader = open_archive(f"{SITE}/map.xml", choice, CLOCK, web)
    readings = list(reader.read(""))
    assert urls(readings) == [f"{SITE}/1", f"{SITE}/2"]
    assert readings[0].archived.feed.publisher == "UPI"
    assert bad(readings) == [f"{SITE}/gone: HTTP 404 Not Found"]
    assert f"{SITE}/old.xml" not in web.asked, "last changed before the first day"
    assert f"{SITE}/later" not in web.asked
    assert urls(reader.read(readings[0].position)) == [f"{SITE}/2"]
    assert urls(reader.read(readings[-1].position)) == []


def test_a_sitemap_with_entities_fetches_and_expands_nothing():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    body = bomb + f"<urlset {NS}><url><loc>{SITE}/&b;&f;</loc></url><url><loc>{SITE}/1</loc></url></urlset>".encode()
    web = Web({f"{SITE}/map.xml": body, f"{SITE}/1": page(1)})
    assert f"{SITE}/1" in urls(open_archive(f"{SITE}/map.xml", Choice(), CLOCK, web).read(""))
    assert not [url for url in web.asked if "aaaa" in url]


def test_a_sitemap_that_is_none_is_told():
    for web in (Web({}), Web({f"{SITE}/map.xml": b"<html"[:0]})):
        with pytest.raises(EntryError):
            list(open_archive(f"{SITE}/map.xml", Choice(), CLOCK, web).read(""))


# ---------------------------------------------------------------- what may be opened


def test_what_cannot_be_opened_is_told(tmp_path, written):
    for source in (tmp_path / "none.warc", written("a.zip", b"PK")):
        with pytest.raises(ConfigurationError):
            opened(source)
    with pytest.raises(ConfigurationError):
        open_archive(f"{SITE}/map.xml", Choice(), CLOCK)
    with pytest.raises(ConfigurationError):
        read_day("04.08.2018")


def test_a_publisher_that_is_named_wins(written):
    path = written("a.jsonl", line(1, publisher="Somebody"))
    assert read(path, publisher="UPI", feeds=(UPI,))[0].archived.feed.reliability == "B"
    assert read(path, feeds=(UPI,))[0].archived.feed.reliability == "F"
    assert read(path)[0].archived.feed.publisher == "Somebody"
