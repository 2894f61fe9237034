"""WARC files (ISO 28500), packed record by record, packed as a whole, or plain; what is broken in one record does not end the reading."""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import IO, Any, Literal

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from sanctions_watch.adapters.archives.choice import MAX_BODY, Choice, archived, html_type, is_html, time_of
from sanctions_watch.adapters.archives.packed import UNPACKING, fingerprint_of, is_gzip, open_unpacked
from sanctions_watch.ports import Clock, Reading
from sanctions_watch.records import Page
from sanctions_watch.urls import canonical_url

_FAULTS = (ArchiveLoadFailed, StatusAndHeadersParserException, UnicodeError, ValueError, *UNPACKING)
_LOOK = 1 << 20
_FIRST_MEMBER = 1 << 24


class WarcReader:
    """Responses and resources that are pages. A position is the place of a record in the file (unpacked, where it is packed as a whole)."""

    kind: Literal["warc", "jsonl", "folder", "sitemap"] = "warc"

    def __init__(self, path: Path, choice: Choice, clock: Clock) -> None:
        self.source = str(path)
        self.fingerprint = fingerprint_of(path)
        self.total = path.stat().st_size
        self._path, self._choice, self._clock = path, choice, clock
        self._is_packed_by_record = is_gzip(path) and not _is_packed_as_a_whole(path)

    def read(self, after: str) -> Iterator[Reading]:
        if self._is_packed_by_record:
            raw = file = self._path.open("rb")
        else:
            file, raw = open_unpacked(self._path)  # type: ignore[assignment]
        with raw, file:
            start: int | None = int(after) if after else 0
            is_known = bool(after)
            while start is not None:
                start, is_known = (yield from self._read_from(file, raw, start, is_known=is_known)), False

    def _read_from(self, file: IO[bytes], raw: IO[bytes], start: int, *, is_known: bool) -> Generator[Reading, None, int | None]:
        """Read until the end or a fault; answers where the next record begins behind the fault, None at the end."""
        file.seek(start)
        records = ArchiveIterator(file)
        offset = start
        while True:
            try:
                record = next(records)
                offset = records.offset
            except StopIteration:
                return None
            except _FAULTS as error:
                at = max(offset, records.offset)
                found = self._without_http(file, at) if isinstance(error, StatusAndHeadersParserException) else None
                yield found or Reading(str(at), raw.tell(), bad=f"the record at byte {at} is broken: {_words(error)}")
                return self._next_record(file, at)
            length = record.rec_headers.get_header("Content-Length") or ""
            # The library takes any line of words for the older ARC format, and a record without a length to be as long as the file.
            if record.format != "warc" or not length.isdecimal():
                yield Reading(str(offset), raw.tell(), bad=f"no WARC record at byte {offset}")
                return self._next_record(file, offset)
            if is_known:
                is_known = False
                continue
            http = record.http_headers
            if http and not http.protocol.startswith("HTTP/"):
                yield self._without_http(file, offset) or Reading(str(offset), raw.tell(), bad=f"no HTTP answer at byte {offset}")
                return self._next_record(file, offset)
            try:
                yield self._reading(record, str(offset), raw.tell())
            except _FAULTS as error:
                yield Reading(str(offset), raw.tell(), bad=f"the record at byte {offset} cannot be unpacked: {_words(error)}")
                return self._next_record(file, offset)

    def _reading(self, record: Any, position: str, done: int) -> Reading:
        headers = record.rec_headers
        if record.rec_type == "revisit":
            return Reading(position, done, skipped="a revisit: the page was as it had been captured before")
        if record.rec_type not in ("response", "resource"):
            return Reading(position, done, skipped=f"a {record.rec_type or 'nameless'} record")
        url = canonical_url((headers.get_header("WARC-Target-URI") or "").strip("<> "))
        if not url:
            return Reading(position, done, skipped="no page of the web")
        http = record.http_headers
        status = http.get_statuscode() if http else "200"
        if status != "200":
            return Reading(position, done, skipped=f"the server answered {status[:20]}")
        body = _body(record)
        content_type = (http.get_header("Content-Type") if http else headers.get_header("Content-Type")) or ""
        encoding = ((http.get_header("Content-Encoding") if http else "") or "").lower()
        return self._page(position, done, url, body, content_type, headers.get_header("WARC-Date") or "", encoding)

    def _page(self, position: str, done: int, url: str, body: bytes, content_type: str, date: str, encoding: str) -> Reading:
        if len(body) > MAX_BODY:
            return Reading(position, done, bad=f"{url} is larger than {MAX_BODY} bytes")
        if not body.strip():
            return Reading(position, done, skipped="an empty page")
        if not is_html(body, content_type):
            if encoding in ("br", "zstd"):
                return Reading(position, done, bad=f"{url} is packed as {encoding}, which cannot be unpacked here")
            return Reading(position, done, skipped=f"no page: {content_type.partition(';')[0][:60] or 'of no named kind'}")
        captured_at = time_of(date) or self._clock.now()
        if not self._choice.wants(captured_at):
            return Reading(position, done, skipped="captured outside of the dates")
        page = Page(url, html_type(content_type), body, min(captured_at, self._clock.now()))
        return Reading(position, done, archived(self._choice.feed_of(url), page, self._clock.now()))

    def _without_http(self, file: IO[bytes], at: int) -> Reading | None:
        """A response whose HTTP headers are missing or broken: its page, where it holds one."""
        file.seek(at)
        try:
            record = next(ArchiveIterator(file, no_record_parse=True))
            body = record.raw_stream.read(MAX_BODY + 1)
        except (*_FAULTS, StopIteration):
            return None
        start = body.find(b"<")
        url = canonical_url((record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> "))
        if record.rec_type != "response" or start < 0 or not url:
            return None
        return self._page(str(at), file.tell(), url, body[start:], "", record.rec_headers.get_header("WARC-Date") or "", "")

    def _next_record(self, file: IO[bytes], at: int) -> int | None:
        """Where the first record behind a broken one begins: by the mark that every record has."""
        mark, lead = (b"\x1f\x8b\x08", 0) if self._is_packed_by_record else (b"\nWARC/1.", 1)
        position = at + 1
        rest = b""
        try:
            file.seek(position)
            while block := file.read(_LOOK):
                found = (rest + block).find(mark)
                if found >= 0:
                    return position - len(rest) + found + lead
                position += len(block)
                rest = (rest + block)[-len(mark) :]
        except UNPACKING:
            return None
        return None


def _body(record: Any) -> bytes:
    """The unpacked body, one byte more than allowed at most; as it is where it is not what its headers say. Raises zlib.error."""
    http = record.http_headers
    headers = {name.lower(): value.lower() for name, value in http.headers} if http else {}
    stream = ChunkedDataReader(record.raw_stream) if "chunked" in headers.get("transfer-encoding", "") else record.raw_stream
    body: bytes = stream.read(MAX_BODY + 1)
    encoding = headers.get("content-encoding", "")
    if "gzip" in encoding and body[:2] == b"\x1f\x8b":
        return zlib.decompressobj(wbits=31).decompress(body, MAX_BODY + 1)
    if "deflate" in encoding and not is_html(body, ""):
        has_header = body[:1] == b"\x78"
        return zlib.decompressobj(wbits=15 if has_header else -15).decompress(body, MAX_BODY + 1)
    return body


def _is_packed_as_a_whole(path: Path) -> bool:
    """Whether the first gzip member holds more than one record, against the standard."""
    opener = zlib.decompressobj(wbits=31)
    seen = b""
    with path.open("rb") as file:
        while not opener.eof and len(seen) < _FIRST_MEMBER and (block := file.read(_LOOK)):
            try:
                seen += opener.decompress(block, _FIRST_MEMBER)
            except zlib.error:
                break
    return seen.count(b"\r\n\r\nWARC/1.") > 0


def _words(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
