"""JSON Lines: one article a line, {"id", "url", "publisher", "title", "published_at", "text"}, as the command ``analyze`` takes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Literal

from sanctions_watch.adapters.archives.choice import MAX_BODY, Choice, archived, time_of
from sanctions_watch.adapters.archives.packed import UNPACKING, fingerprint_of, open_unpacked
from sanctions_watch.ports import Clock, Reading
from sanctions_watch.records import Page

_TEXTS = ("url", "publisher", "title", "text", "author", "language")


class JsonlReader:
    """A position is the place of a line in the unpacked file."""

    kind: Literal["warc", "jsonl", "folder", "sitemap"] = "jsonl"

    def __init__(self, path: Path, choice: Choice, clock: Clock) -> None:
        self.source = str(path)
        self.fingerprint = fingerprint_of(path)
        self.total = path.stat().st_size
        self._path, self._choice, self._clock = path, choice, clock

    def read(self, after: str) -> Iterator[Reading]:
        file, raw = open_unpacked(self._path)
        with raw, file:
            place = int(after) if after else 0
            number = 0
            try:
                file.seek(place)
                place += _next_line(file)[1] if after else 0
                while True:
                    line, length = _next_line(file)
                    if not length:
                        return
                    number += 1
                    if line is None or line.strip():
                        yield self._reading(line, str(place), raw.tell())
                    place += length
            except UNPACKING as error:
                yield Reading(str(place), raw.tell(), bad=f"the file breaks off at byte {place}: {type(error).__name__}: {error}")

    def _reading(self, line: bytes | None, position: str, done: int) -> Reading:
        if line is None:
            return Reading(position, done, bad=f"a line of more than {MAX_BODY} bytes")
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            return Reading(position, done, bad=f"not JSON: {error}"[:300])
        problem = _problem(row)
        if problem:
            return Reading(position, done, bad=problem)
        published_at = time_of(str(row["published_at"])) if row.get("published_at") else None
        if not self._choice.wants(published_at):
            return Reading(position, done, skipped="published outside of the dates")
        now = self._clock.now()
        page = Page(row.get("url") or "", "text/plain", row["text"].encode("utf-8", "replace"), min(published_at or now, now))
        return Reading(position, done, archived(
            self._choice.feed_of(page.url, row.get("publisher") or ""), page, now,
            guid=str(row.get("id") or ""), title=row.get("title") or "", author=row.get("author") or "",
            language=(row.get("language") or "")[:8], published_at=published_at,
        ))  # fmt: skip


def _problem(row: Any) -> str:
    """What is wrong with a decoded line, "" where nothing is."""
    if not isinstance(row, dict):
        return "not a JSON object"
    for name in _TEXTS:
        if row.get(name) is not None and not isinstance(row[name], str):
            return f"{name} is not text"
    if not (row.get("text") or "").strip():
        return "text is missing or empty"
    if row.get("published_at") and time_of(str(row["published_at"])) is None:
        return f"published_at={str(row['published_at'])[:40]!r} is not an ISO 8601 time"
    return ""


def _next_line(file: IO[bytes]) -> tuple[bytes | None, int]:
    """The line and its length in bytes; None for one that is too long, which is passed over."""
    line = file.readline(MAX_BODY)
    length = len(line)
    if length < MAX_BODY or line.endswith(b"\n"):
        return line, length
    while line and not line.endswith(b"\n"):
        line = file.readline(MAX_BODY)
        length += len(line)
    return None, length
