"""Articles whose page was brought along: read from an archive, or added by a person; and where a document's pages begin in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sanctions_watch.records import Article, DateCandidate, Entry, Feed, FetchRequest, FetchResult, Page, PageMark
from sanctions_watch.stages.clean import VERSION, article_id_of, clean, clean_text

PAGE_BREAK = "\f"
_PARAGRAPH = re.compile(r"[^\n]+")


def clean_brought(entry: Entry, feed: Feed, page: Page, previous: Article | None, now: datetime) -> Article:
    """The article on ``page``, as seen when it was captured: what names no date was published then at the latest.

    ``previous`` is the article's latest version. An archive's copy never replaces what came live. Raises EntryError where nothing
    readable is left.
    """
    is_backfill = entry.origin == "backfill"
    if previous is not None and is_backfill and not previous.is_backfill:
        return previous
    seen_at = previous.first_seen_at if previous else now
    if page.content_type.startswith("text/plain"):
        return replace(_from_text(entry, feed, page, previous, is_backfill=is_backfill), first_seen_at=seen_at)
    request = FetchRequest(page.url)
    answer = FetchResult(request, page.captured_at, 200, page.url, content_type=page.content_type, body=page.body)
    article = clean(entry, feed, answer, previous, page.captured_at, is_backfill=is_backfill)
    if entry.origin == "by_hand" and entry.published_at is not None:  # somebody's word beats what the page says
        given = DateCandidate("given", entry.published_at, entry.published_at.isoformat())
        article = replace(article, published_at=entry.published_at, dates=(given, *article.dates))
    return replace(article, first_seen_at=seen_at)


def _from_text(entry: Entry, feed: Feed, page: Page, previous: Article | None, *, is_backfill: bool) -> Article:
    article = clean_text(
        url=entry.url,
        publisher=feed.publisher,
        title=entry.title,
        text=page.body.decode("utf-8", "replace").replace(PAGE_BREAK, ""),
        published_at=entry.published_at,
        now=page.captured_at,
        article_id=previous.article_id if previous else article_id_of(entry.url, feed.publisher, entry.title or entry.guid),
        language=entry.language or feed.language,
        is_backfill=is_backfill,
    )
    article = replace(
        article,
        entry_id=previous.entry_id if previous else entry.entry_id,
        feed_kind=feed.kind,
        feed_reliability=feed.reliability,
        byline=article.byline or entry.author,
        cleaner_version=VERSION,
    )
    if previous is None:
        return article
    is_same = article.content_sha256 == previous.content_sha256
    return replace(article, version=previous.version + (not is_same))


def page_marks(article: Article, page: Page) -> tuple[PageMark, ...]:
    """Where the pages of a document begin in ``article.text``; none for what has no page breaks.

    Cleaning leaves lines out and changes white space, nothing else: each paragraph of the text is found again in the document, in
    order, by its characters without white space.
    """
    if not page.content_type.startswith("text/plain"):
        return ()
    document = page.body.decode("utf-8", "replace")
    if PAGE_BREAK not in document:
        return ()
    letters, pages = _letters(document)
    marks: dict[int, int] = {}
    reached = 0
    for match in _PARAGRAPH.finditer(article.text):
        squeezed = [(offset, char) for offset, char in enumerate(match[0], match.start()) if not char.isspace()]
        found = letters.find("".join(char for _, char in squeezed), reached)
        if found < 0:
            continue  # the title that was given, or a line cut at its end
        reached = found + len(squeezed)
        for place, (offset, _) in enumerate(squeezed, found):
            marks.setdefault(pages[place], offset)
    return tuple(_ascending(PageMark(page_number, start) for page_number, start in sorted(marks.items())))


def _letters(document: str) -> tuple[str, list[int]]:
    """The characters of a document without white space, and the page of each."""
    letters: list[str] = []
    pages: list[int] = []
    number = 1
    for char in document:
        if char == PAGE_BREAK:
            number += 1
        elif not char.isspace():
            letters.append(char)
            pages.append(number)
    return "".join(letters), pages


def _ascending(marks: Iterator[PageMark]) -> Iterator[PageMark]:
    """Pages in the order of the text only: a running line found out of place names no page."""
    last = -1
    for mark in marks:
        if mark.start > last:
            last = mark.start
            yield mark
