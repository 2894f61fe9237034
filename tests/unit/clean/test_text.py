"""Plain text rows: junk of every kind goes, the report stays; dates, bylines, versions, ids."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sanctions_watch.errors import EntryError
from sanctions_watch.records import Article, Entry, Feed, FetchRequest, FetchResult
from sanctions_watch.stages.clean import article_id_of, clean, clean_text
from sanctions_watch.stages.clean.dates import choose, dateline_date, read_date, url_date
from sanctions_watch.stages.clean.language import language_of

NOW = datetime(2024, 5, 2, 12, tzinfo=UTC)
A = "Customs officers in Busan held a coaster on Monday that had loaded coal in Nampo, three officials said."
B = "The owner, a firm in Dalian, said that the coal was Russian and that he had papers to prove it."
C = "The council banned the trade in 2017, and no member has asked for an exception since then."


def cleaned(text: str, title: str = "Coaster held over coal", **told) -> Article:
    told = {"url": "https://paper.example/a", "publisher": "Paper", "published_at": NOW - timedelta(days=1)} | told
    return clean_text(title=title, text=text, now=NOW, **told)


def body(text: str, title: str = "Coaster held over coal") -> list[str]:
    return cleaned(text, title).body.split("\n\n")


@pytest.mark.parametrize(
    "junk",
    [
        "Advertisement", "ADVERTISEMENT", "- Advertisement -", "Story continues below advertisement", "Sponsored content", "광고", "Реклама",
        "Read more: Five ships and their names", "Related: Who sits on the council?", "ALSO READ | A port and its cranes", "Читайте также: Порт и краны",
        "Subscribe to our newsletter for the morning briefing", "Sign up for alerts in our app", "Follow us on Telegram @paper", "Share this article", "Comments (14)",
        "Listen to this article – 4 min", "3 min read", "Copyright © 2024 Paper. All rights reserved.", "© Paper 2024", "Tags: coal, ships", "Trending now: heat, trams",
        "Photo by Ada Person/EPA-EFE", "Photo: A crane in the port. (File)", "[Photo provided by the port]", "A coaster in the port of Busan. (Yonhap)",
        "The coaster at its berth on Monday. REUTERS/Ada Person", "This undated photo released by the port shows the coaster", "Reuters/File Photo: The port of Busan",
        "ada@paper.example (END)", "---", "* * *", "<iframe src='https://video.example/1'></iframe>", "Home > World > Asia", "무단 전재 및 재배포 금지",
    ],
)  # fmt: skip
def test_a_line_of_junk_goes(junk):
    assert body(f"{A}\n\n{junk}\n\n{B}\n\n{C}") == [A, B, C]
    assert junk in [one.text for one in cleaned(f"{A}\n\n{junk}\n\n{B}\n\n{C}").removed]


@pytest.mark.parametrize(
    "story",
    [
        "Photos released by the port showed the coaster at her berth.",
        "He was identified from a photograph by investigators in Seoul.",
        "He named the Korean Central News Agency (KCNA).",
        "Share prices of the owner fell by a tenth, the exchange said.",
        "Subscribe was the word the sailor used for signing on, the court heard.",
        "“Read more carefully,” the officer told the captain of the ship.",
        "Most recent shipments went through a third port, customs said.",
        "Kim",
        "The ships are named:",
        "- the Lin Yue (IMO 8660210)",
        "What did the owner know?",
        "A spokesman wrote to the paper at tips@paper.example that nothing was wrong with the cargo at all.",
    ],
)
def test_a_line_of_the_report_stays(story):
    assert body(f"{A}\n\n{story}\n\n{B}\n\n{C}") == [A, story, B, C]


@pytest.mark.parametrize(
    "tail",
    [
        "Latest Headlines\nWorld // 3 hours ago\nVolcano wakes\nU.S. News // 5 hours ago\nBudget passes",
        "You may also like\n\nChina accused of new coal runs: what we know\n\nRecipe: cold noodles",
        "MOST READ\n\n1. Why bread is dear\n\n2. Second coaster held, panel told",
        "MORE FROM THE LANTERN\n\nStorm closes beaches\n\nWhere to eat",
        "Opinion\n\nEditorial\n\nDry canals\nUpdated 22 Nov, 2025\n\nDry canals\n\nIt would be an error to let the water flow away unused every single year.\nSlow trains\n21 Nov, 2025\n\nSlow trains\n\nThe timetable promises an hour less, and the...",
        "Editor's Picks\n\nA night in the harbour\n\nTen chess players and a clock",
        "Топ новости\nСегодня в мире\nЧитайте также\nВулкан проснулся\nБюджет принят",
        "많이 본 뉴스\n북한 석탄 실은 배 또 적발\n태풍 북상",
        "What readers are opening\n\nWhy the river turned red again\n\nCoach quits two days before derby\n\nNine recipes for plums",
    ],
)  # fmt: skip
def test_what_follows_the_report_goes(tail):
    kept = body(f"{A}\n\n{B}\n\n{C}\n\n{tail}")
    if tail.startswith("Топ"):
        kept = [line for line in kept if line not in {"Топ новости", "Сегодня в мире"}]
    assert kept == [A, B, C]


@pytest.mark.parametrize("heading", ["READ MORE:", "Related stories", "Most read", "Latest Headlines"])
def test_a_box_within_the_report_ends_where_the_report_goes_on(heading):
    assert body(f"{A}\n\n{heading}\n\nFerry resumes service\n\nVolcano wakes\n\n{B}\n\n{C}") == [A, B, C]
    assert body(f"{A}\n\n{heading}\n\nFerry resumes service\n\n{B}") == [
        A,
        B,
    ]  # one paragraph is left, and somebody is quoted in it


def test_crossheads_and_short_chapters_stay():
    text = f"{A}\n\nBackground\n\n{B}\n\nAnalysis\n\n{C}"
    assert body(text) == [A, "Background", B, "Analysis", C]


def test_a_list_that_the_report_announces_stays():
    ships = ["Song Un", "Wise Crane of Nampo", "Lin Yue the Second"]
    assert body("\n\n".join([A, B, "The panel named these ships:", *ships])) == [A, B, "The panel named these ships:", *ships]


def test_a_doubled_caption_goes_and_a_doubled_paragraph_is_told_once():
    caption = "Cranes over the commercial harbour of Busan on a winter evening, seen from the hill where the customs house stands"
    assert body(f"{caption}\n{caption}\n\n{A}\n\n{B}") == [A, B]
    assert body(f"{A}\n\n{B}\n\n{B}\n\n{C}") == [A, B, C]


def test_headline_found_where_none_is_given():
    article = cleaned(f"Advertisement\n\nCoaster held over coal\n\nBy Ada Writer\n\n{A}\n\n{B}", title="")
    assert (article.title, article.body, article.byline) == ("Coaster held over coal", f"{A}\n\n{B}", "Ada Writer")
    bare = cleaned(f"{A}\n\n{B}", title="")
    assert (bare.title, [zone.kind for zone in bare.zones]) == ("", ["body"])
    assert bare.body == bare.text


def test_the_headline_is_not_told_again():
    assert body(f"Coaster held over coal\n\n{A}") == [A]
    assert cleaned(A, "Coaster held over coal | Paper").title == "Coaster held over coal"


def test_wrapped_lines_are_one_paragraph():
    words = f"{A} {B} {C}".split()
    lines, line = [], ""
    for word in words:
        if len(line) + len(word) > 68:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    assert body("\n".join([*lines, line])) == [f"{A} {B} {C}"]


def test_a_crawlers_glue_before_the_dateline_goes():
    article = cleaned(f"customs-coasterCoaster held over coalBy Ada Writer SEOUL, May 1 (Yonhap) -- {A}\n\n{B}")
    assert article.body == f"{A}\n\n{B}"
    assert article.wire is not None
    assert article.wire.agency == "Yonhap"


def test_nothing_left():
    with pytest.raises(EntryError, match="no readable text"):
        cleaned("Advertisement\n\n---", title=" ")


def test_teasers_give_no_date_and_no_credit():
    article = cleaned(
        f"{A}\n\n{B}\n\nOpinion\n\nDry canals\n22 Nov, 2023\n\nThe water...\n\nSlow trains\n21 Nov, 2023\n\n© AFP",
        published_at=None,
        url="",
    )
    assert article.dates == ()
    assert article.published_at == NOW


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2018-08-04T10:15:00+09:00", datetime(2018, 8, 4, 1, 15, tzinfo=UTC)),
        ("2018-08-04", datetime(2018, 8, 4, tzinfo=UTC)),
        ("20180804", None),
        ("Sat, 04 Aug 2018 10:15:00 GMT", datetime(2018, 8, 4, 10, 15, tzinfo=UTC)),
        ("August 4, 2018, 10:15 p.m.", datetime(2018, 8, 4, 22, 15, tzinfo=UTC)),
        ("4 août 2018", datetime(2018, 8, 4, tzinfo=UTC)),
        ("04.08.2018 10:15", datetime(2018, 8, 4, 10, 15, tzinfo=UTC)),
        ("2018年8月4日 10:15", datetime(2018, 8, 4, 10, 15, tzinfo=UTC)),
        ("입력 2018.08.04 10:15", datetime(2018, 8, 4, 10, 15, tzinfo=UTC)),
        ("2018-13-44", None),
        ("99999999999999999999", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_written_dates(written, expected):
    assert read_date(written) == expected


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://p.example/2018/08/04/ship", (2018, 8, 4)),
        ("https://p.example/news/20180804-ship", (2018, 8, 4)),
        ("https://p.example/AEN20180804001234", None),
        ("https://p.example/2018/13/40/ship", None),
        ("https://p.example/view/1234567890", None),
    ],
)
def test_dates_in_addresses(url, day):
    found = url_date(url)
    assert (found and (found.value.year, found.value.month, found.value.day)) == day


@pytest.mark.parametrize(
    ("written", "published", "day"),
    [
        ("Aug. 4 (UPI) --", datetime(2018, 8, 5, tzinfo=UTC), datetime(2018, 8, 4, tzinfo=UTC)),
        ("SEOUL, Dec. 31 (Yonhap) --", datetime(2019, 1, 1, tzinfo=UTC), datetime(2018, 12, 31, tzinfo=UTC)),
        ("ПХЕНЬЯН, 19 июня. /ТАСС/.", datetime(2019, 6, 20, tzinfo=UTC), datetime(2019, 6, 19, tzinfo=UTC)),
        ("新华社北京8月4日电", datetime(2018, 8, 4, tzinfo=UTC), datetime(2018, 8, 4, tzinfo=UTC)),
        ("WASHINGTON, Aug 3, 2017 (Reuters) -", datetime(2018, 8, 3, tzinfo=UTC), datetime(2017, 8, 3, tzinfo=UTC)),
        ("MOSCOW (AFP) –", datetime(2018, 8, 3, tzinfo=UTC), None),
    ],
)
def test_a_dateline_takes_its_year_from_the_others(written, published, day):
    article = cleaned(A, published_at=published)
    found = dateline_date(written, article.dates, NOW)
    assert (found and found.value) == day


def test_a_dateline_alone_is_the_last_such_day_before_now():
    article = cleaned(f"Nov. 20 (UPI) -- {A}", published_at=None)
    assert article.published_at == datetime(2023, 11, 20, tzinfo=UTC)


def test_dates_conflict_and_the_future_is_not_believed():
    from sanctions_watch.records import DateCandidate as D

    at = datetime(2024, 4, 1, tzinfo=UTC)
    week = timedelta(days=7)
    assert choose([D("feed", at), D("json_ld", at + timedelta(hours=30))], NOW)[0] == at + timedelta(hours=30)
    assert choose([D("feed", at), D("json_ld", at + week)], NOW)[2]
    assert choose([D("json_ld", at + week), D("feed", at), D("url", at)], NOW)[0] == at  # two against one
    assert choose([D("given", at + week), D("feed", at), D("url", at)], NOW)[0] == at + week  # but somebody's word stands
    assert choose([D("json_ld", NOW + week), D("feed", at)], NOW)[0] == at
    assert choose([D("json_ld", NOW + week)], NOW) == (NOW, (), False)


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        (f"{A} {B}", "", "en"),
        (f"{A} {B}", "ko", "en"),
        ("Судно под флагом КНДР задержали в порту, сообщила таможня в понедельник вечером.", "", "ru"),
        ("북한 선박이 부산항에 억류됐다고 세관이 밝혔다.", "en", "ko"),
        ("北朝鮮の船が港に入ったと税関が明らかにした。", "", "ja"),
        ("一艘朝鲜货船在港口被扣押，海关星期一表示。", "", "zh"),
        ("Ship held", "de-DE", "de"),
        ("123", "", "und"),
    ],
)
def test_languages(text, declared, language):
    assert language_of(text, declared) == language


# ---------------------------------------------------------------- ids and versions


def test_one_page_has_one_id():
    first = article_id_of("http://www.paper.example/a/?utm_source=rss#top", "Paper", "T")
    assert first == article_id_of("https://m.paper.example/a", "Other", "U")
    assert first != article_id_of("https://paper.example/b", "Paper", "T")
    assert article_id_of("", "Paper", "Coaster held!") == article_id_of("", "Paper", "coaster held")


FEED = Feed("paper", "https://paper.example/feed", "Paper", kind="newspaper", reliability="B", is_sample=True)


def entry(**told) -> Entry:
    fields = {"entry_id": "e", "feed_id": "paper", "url": "https://paper.example/a?utm_source=rss", "guid": "", "title": "Coaster held over coal", "summary": f"<p>{A}</p>",
              "content": "", "author": "Ada Writer", "credit": "", "language": "en", "published_at": NOW - timedelta(hours=3), "updated_at": None, "seen_at": NOW, "content_sha256": "x"}  # fmt: skip
    return Entry(**(fields | told))


def page(*paragraphs: str, head: str = "", url: str = "https://paper.example/a") -> FetchResult:
    inner = "".join(f"<p>{one}</p>" for one in paragraphs)
    html = f"<html><head>{head}</head><body><article><h1>Coaster held over coal</h1>{inner}</article></body></html>"
    return FetchResult(FetchRequest(url), NOW, 200, url, content_type="text/html", body=html.encode())


def test_an_article_from_its_page():
    article = clean(entry(), FEED, page(A, B, C), None, NOW)
    assert article.text == f"Coaster held over coal\n\n{A}\n\n{B}\n\n{C}"
    assert (article.entry_id, article.version, article.url) == ("e", 1, "https://paper.example/a")
    assert (article.feed_kind, article.feed_reliability, article.is_sample, article.is_backfill) == ("newspaper", "B", True, False)
    assert article.published_at == NOW - timedelta(hours=3)
    assert article.byline == "Ada Writer"
    assert clean(entry(), FEED, page(A, B, C), None, NOW, is_backfill=True).is_backfill


def test_an_article_from_the_feed_alone():
    article = clean(entry(), FEED, None, None, NOW)
    assert article.text == f"Coaster held over coal\n\n{A}"
    full = clean(entry(content=f"<p>{A}</p><p>{B}</p>"), FEED, None, None, NOW)
    assert full.body == f"{A}\n\n{B}"


@pytest.mark.parametrize(
    "wall",
    ["Please enable cookies to continue reading this website.", "Access denied. You do not have permission to view this.", ""],
)
def test_a_wall_is_poorer_than_the_feed(wall):
    assert clean(entry(), FEED, page(wall), None, NOW).body == A


def test_what_is_no_html_is_not_read():
    pdf = replace(page(), body=b"%PDF-1.7 ...", content_type="application/pdf")
    assert clean(entry(), FEED, pdf, None, NOW).body == A


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://paper.example/b", "https://paper.example/b"),
        ("/b?utm_source=x", "https://paper.example/b"),
        ("https://www.paper.example/", "https://paper.example/a"),  # a front page is nobody's address
        ("https://agency.example/original", "https://paper.example/a"),  # a reprint is its publisher's article
    ],
)
def test_canonical_addresses(link, url):
    assert clean(entry(), FEED, page(A, B, C, head=f'<link rel="canonical" href="{link}">'), None, NOW).url == url


def test_versions():
    first = clean(entry(), FEED, page(A, B, C), None, NOW)
    same = clean(entry(), FEED, page(A, B, C, head="<meta name=x content=y>"), first, NOW + timedelta(hours=1))
    assert (same.version, same.first_seen_at, same.article_id) == (1, NOW, first.article_id)
    other = clean(entry(entry_id="f"), FEED, page(A, B.replace("Russian", "Chinese"), C), first, NOW + timedelta(hours=1))
    assert (other.version, other.first_seen_at, other.entry_id) == (2, NOW, "e")
    # a page that cannot be read today does not shorten what was read yesterday
    assert clean(entry(), FEED, None, first, NOW).text == first.text
    # but a desk's word does
    killed = clean(entry(title="KILL: Coaster held over coal", summary="The article is withdrawn."), FEED, None, first, NOW)
    assert (killed.version, killed.notice and killed.notice.kind) == (2, "kill")
