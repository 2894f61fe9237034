"""One article that a person adds: an address, a file, or text as it was pasted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sanctions_watch.adapters.archives.choice import MAX_BODY, Choice, archived, html_type, is_html
from sanctions_watch.adapters.archives.pdf import MAX_BYTES, PAGE_BREAK, pdf_text
from sanctions_watch.errors import ConfigurationError, EntryError
from sanctions_watch.ports import Clock, Fetcher
from sanctions_watch.records import Archived, FetchRequest, Page
from sanctions_watch.urls import canonical_url

MAX_TEXT = 900_000  # characters of one article
MAX_PARAGRAPHS = 2_900


@dataclass(frozen=True, slots=True)
class Given:
    """What the person says of it; what is left empty is looked for in the page."""

    publisher: str = ""
    title: str = ""
    url: str = ""
    published_at: datetime | None = None
    language: str = ""
    first_page: int = 1
    last_page: int = 0  # 0: the end


def added(source: str, pasted: bytes, given: Given, choice: Choice, clock: Clock, fetcher: Fetcher) -> Archived:
    """The entry for an address, a file, or ("-") what was pasted. Raises ConfigurationError or EntryError that says what is wrong."""
    if source.startswith(("http://", "https://")):
        url, body, content_type = _fetched(source, fetcher)
    else:
        url, body, content_type = given.url, pasted if source == "-" else _file(source), ""
    now = clock.now()
    if body[:1024].lstrip().startswith(b"%PDF-"):
        kind, body = "text/plain", _bounded(pdf_text(body, first=given.first_page, last=given.last_page)).encode()
    elif is_html(body, content_type):
        kind = html_type(content_type)
    else:
        kind, body = "text/plain", _bounded(_plain(body)).encode()
    page = Page(url, kind, body, min(given.published_at or now, now))
    title = given.title or (
        _name_of(source, given) if kind == "text/plain" and source != "-" and PAGE_BREAK.encode() in body else ""
    )
    return archived(
        choice.feed_of(url, given.publisher or ("by hand" if not url else "")),
        page,
        now,
        guid="" if url else hashlib.sha256(body).hexdigest()[:32],
        title=title,
        language=given.language,
        published_at=given.published_at,
        origin="by_hand",
    )


def _fetched(source: str, fetcher: Fetcher) -> tuple[str, bytes, str]:
    [result] = fetcher.fetch([FetchRequest(source, max_bytes=MAX_BYTES)])
    if result.error or result.status != 200:
        raise EntryError(result.error or f"HTTP {result.status}", subject=source)
    return canonical_url(result.final_url) or source, result.body, result.content_type


def _file(source: str) -> bytes:
    try:
        with Path(source).open("rb") as file:
            body = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigurationError([f"{source} cannot be read: {error.strerror}"]) from error
    if len(body) > MAX_BYTES:
        raise EntryError(f"is larger than {MAX_BYTES} bytes", subject=source)
    return body


def _plain(body: bytes) -> str:
    """Text as people save it. Raises EntryError for what is none."""
    if len(body) > MAX_BODY:
        raise EntryError(f"the text is larger than {MAX_BODY} bytes")
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if body.startswith(mark):
            return body.decode(name, "replace")
    if b"\x00" in body[:8192]:
        raise EntryError("is no text, no HTML page and no PDF")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = body.decode("windows-1252", "replace")
    if not text.strip():
        raise EntryError("holds no text")
    return text.replace(PAGE_BREAK, "\n\n")


def _bounded(text: str) -> str:
    paragraphs = text.count("\n\n") + 1
    if len(text) > MAX_TEXT or paragraphs > MAX_PARAGRAPHS:
        raise EntryError(
            f"the text has {len(text):,} characters in {paragraphs:,} paragraphs, more than one article may have "
            f"({MAX_TEXT:,} and {MAX_PARAGRAPHS:,}): add it in parts (--pages 1-150, then --pages 151-300 …)"
        )
    return text


def _name_of(source: str, given: Given) -> str:
    """A report without a title is called by its file."""
    name = Path(source.partition("?")[0]).stem.replace("_", " ").replace("-", " ").strip() or "Report"
    return name if given.first_page == 1 and not given.last_page else f"{name}, pages {given.first_page}–{given.last_page or 'end'}"


def read_time(written: str) -> datetime | None:
    """A day or a time as ISO 8601 has it, UTC where no zone is told; None for nothing. Raises ConfigurationError."""
    if not written.strip():
        return None
    try:
        time = datetime.fromisoformat(written.strip())
    except ValueError as error:
        raise ConfigurationError([f"{written!r} is no day or time: write it as 2018-08-04 or 2018-08-04T10:30"]) from error
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
