"""What a person adds: an address, a file, pasted text; PDF reports with the page of every word."""

from datetime import UTC, datetime

import pytest
from tests.integration.archives.making import CLOCK, NOW, page
from tests.integration.archives.pdfs import REPORT, page_of, pdf

from sanctions_watch.adapters.archives import Choice
from sanctions_watch.adapters.archives import pdf as pdfs
from sanctions_watch.adapters.archives.by_hand import Given, added, read_time
from sanctions_watch.adapters.archives.pdf import Line, document_text, pdf_text
from sanctions_watch.errors import ConfigurationError, EntryError
from sanctions_watch.records import FetchResult
from sanctions_watch.stages.clean.brought import clean_brought, page_marks


class Web:
    def __init__(self, pages):
        self.pages = pages

    def fetch(self, requests):
        return [
            FetchResult(request, NOW, 200, request.url, content_type=self.pages[request.url][0], body=self.pages[request.url][1])
            if request.url in self.pages
            else FetchResult(request, NOW, error="10.0.0.1 is not a public address", failure="hard")
            for request in requests
        ]


def add(source, pasted=b"", web=None, **given):
    return added(str(source), pasted, Given(**given), Choice(), CLOCK, Web(web or {}))


def cleaned(one):
    return clean_brought(one.entry, one.feed, one.page, None, NOW)


# ---------------------------------------------------------------- PDF


def test_a_report_is_paragraphs_without_running_lines_and_with_its_words_mended():
    assert pdf_text(REPORT).replace("\f", "|") == (
        "1. The Panel inspected the motor tanker Blue Heron, which had left port without its transponder, and spoke to the crew.\n\n"
        "2. The master said that he had no knowledge of any ship-to-ship transfer of petroleum. The Panel holds satellite photographs "
        "of a ship-to-ship transfer on 4 May 2018, and the owner has not |answered two letters. Photographs show the hull number.\n\n"
        "3. The vessel was scrapped.\n\n"
        "|4. Nothing else was found on board, where the search took four days, and the Panel thanks the port authority for its help."
    )


def test_every_word_of_a_report_knows_its_page(tmp_path):
    path = tmp_path / "Panel_report.pdf"
    path.write_bytes(REPORT)
    one = add(path, publisher="Panel of Experts", published_at=datetime(2018, 9, 1, tzinfo=UTC))
    article = cleaned(one)
    assert (article.title, article.publisher) == ("Panel report", "Panel of Experts")
    assert (article.published_at, article.is_backfill) == (datetime(2018, 9, 1, tzinfo=UTC), False)
    marks = page_marks(article, one.page)

    def page_at(words):
        start = article.text.index(words)
        return max(mark.page for mark in marks if mark.start <= start)

    assert [page_at(words) for words in ("Blue Heron", "satellite", "answered", "hull", "scrapped", "Nothing else")] == [
        1,
        1,
        2,
        2,
        2,
        3,
    ]
    assert [article.text[mark.start :][:8] for mark in marks] == ["1. The P", "answered", "4. Nothi"]


def test_some_pages_of_a_report_keep_their_numbers(tmp_path):
    path = tmp_path / "r.pdf"
    path.write_bytes(REPORT)
    one = add(path, first_page=3)
    assert one.entry.title == "r, pages 3–end"
    assert [(mark.page, cleaned(one).text[mark.start :][:3]) for mark in page_marks(cleaned(one), one.page)] == [(3, "4. ")]


LOCKED = b"/ID [<%s> <%s>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (
    b"00" * 16,
    b"00" * 16,
    b"41" * 32,
    b"42" * 32,
)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (pdf(page_of(1, ["Words."]), trailer=LOCKED), "encrypted"),
        (pdf([]), "a scan"),
        (REPORT[:300], "damaged"),
        (b"%PDF-1.7\n" + b"\x00" * 5000, "damaged"),
        (b"%PDF-1.4\n" + b"1 0 obj << /A " * 20_000, "damaged"),
    ],
)
def test_a_pdf_without_text_to_read_is_told_clearly(body, words):
    with pytest.raises(EntryError, match=words):
        pdf_text(body)


def test_a_pdf_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(pdfs, "SECONDS", 0.01)
    with pytest.raises(EntryError, match="within"):
        pdf_text(REPORT)


def test_a_pdf_that_wants_too_much_memory_ends_alone(tmp_path, monkeypatch):
    worker = tmp_path / "worker.py"
    source = pdfs._WORKER.read_text().replace("MEMORY = 2_000_000_000", "MEMORY = 10_000_000")
    worker.write_text(source)
    monkeypatch.setattr(pdfs, "_WORKER", worker)
    with pytest.raises(EntryError, match="memory"):
        pdf_text(REPORT)


def test_a_pdf_beyond_the_bounds_is_refused_unread(monkeypatch):
    monkeypatch.setattr(pdfs, "MAX_BYTES", 100)
    with pytest.raises(EntryError, match="larger than"):
        pdf_text(REPORT)


def test_lines_whose_place_is_not_known_still_make_paragraphs():
    lines = [
        Line("The first line of a paragraph that runs on to the next line and"),
        Line("ends there."),
        Line("Another begins with a capital letter and goes on for a while until"),
        Line("its end."),
    ]
    assert document_text([lines]).count("\n\n") == 1


# ---------------------------------------------------------------- pages and text


def test_a_page_by_its_address(tmp_path):
    web = {"https://news.example/a?utm_source=x": ("text/html; charset=utf-8", page(1))}
    one = add("https://news.example/a?utm_source=x", web=web)
    assert (one.entry.origin, one.entry.url, one.feed.publisher) == ("by_hand", "https://news.example/a", "news.example")
    assert cleaned(one).title == "Report 1 on coal"


def test_what_the_guard_refuses_is_told():
    with pytest.raises(EntryError, match="not a public address"):
        add("http://10.0.0.1/")


def test_pasted_text_and_what_the_person_says_of_it():
    said = datetime(2018, 8, 4, tzinfo=UTC)
    one = add(
        "-",
        "Короткий текст о судне.\n\nВторой абзац о нём же.".encode(),
        title="Судно",
        publisher="Kommersant",
        published_at=said,
        url="https://k.example/1",
    )
    article = cleaned(one)
    assert article.text == "Судно\n\nКороткий текст о судне.\n\nВторой абзац о нём же."
    assert (article.publisher, article.published_at, article.url) == ("Kommersant", said, "https://k.example/1")
    assert page_marks(article, one.page) == ()


def test_a_time_that_is_given_beats_the_page():
    said = datetime(2018, 8, 4, tzinfo=UTC)
    body = page(1).replace(b"<head>", b'<head><meta property="article:published_time" content="2018-01-01T00:00:00Z">')
    assert cleaned(add("-", body, published_at=said)).published_at == said


def test_two_pasted_texts_are_two_articles_and_one_pasted_twice_is_one():
    first, second, again = (
        add("-", text) for text in (b"One text about a ship.", b"Another text about it.", b"One text about a ship.")
    )
    assert first.entry.entry_id == again.entry.entry_id != second.entry.entry_id


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"", "no text"), (b"  \n", "no text"), (b"PK\x03\x04\x00\x00\x00", "no text, no HTML"), (b"x" * 1_000_000, "in parts")],
)
def test_what_is_no_article_is_told(body, words):
    with pytest.raises(EntryError, match=words):
        add("-", body)


def test_files_that_cannot_be_read_and_times_that_are_none(tmp_path):
    with pytest.raises(ConfigurationError):
        add(tmp_path / "none.pdf")
    with pytest.raises(ConfigurationError):
        read_time("last week")
    assert read_time(" ") is None
