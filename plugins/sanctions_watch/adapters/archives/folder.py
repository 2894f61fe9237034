"""A folder of HTML files, however deep; links are not followed, so that nothing outside of it is read."""

from __future__ import annotations

import gzip
import hashlib
import html
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from sanctions_watch.adapters.archives.choice import MAX_BODY, Choice, archived, is_html
from sanctions_watch.adapters.archives.packed import UNPACKING
from sanctions_watch.ports import Clock, Reading
from sanctions_watch.records import Page
from sanctions_watch.urls import canonical_url

_SUFFIXES = (".html", ".htm", ".xhtml")
_HEAD = 65_536
_TAG = re.compile(r"<(?:link|meta)\b[^>]{0,2000}>", re.IGNORECASE)
_ADDRESS = re.compile(r"""(?:href|content)\s*=\s*["']?(https?://[^"'\s>]+)""", re.IGNORECASE)
_TITLE = re.compile(r"<title\b[^>]*>(.{1,500}?)</title", re.IGNORECASE | re.DOTALL)


class FolderReader:
    """A position is a file's path inside the folder; files come in the order of their paths."""

    kind: Literal["warc", "jsonl", "folder", "sitemap"] = "folder"

    def __init__(self, path: Path, choice: Choice, clock: Clock) -> None:
        self.source = str(path)
        self._root, self._choice, self._clock = path, choice, clock
        names = hashlib.sha256()
        self.total = 0
        for name in _files(path, ""):
            self.total += 1
            names.update(name.encode("utf-8", "surrogatepass") + b"\n")
        self.fingerprint = f"{self.total} {names.hexdigest()[:16]}"

    def read(self, after: str) -> Iterator[Reading]:
        for number, name in enumerate(_files(self._root, ""), 1):
            if not after or _order(name) > _order(after):
                yield self._reading(name, number)

    def _reading(self, name: str, number: int) -> Reading:
        position = name.encode("utf-8", "replace").decode()
        try:
            body, changed_at = _read(self._root / name)
        except UNPACKING as error:
            return Reading(position, number, bad=f"{position} cannot be read: {type(error).__name__}: {error}"[:300])
        if len(body) > MAX_BODY:
            return Reading(position, number, bad=f"{position} is larger than {MAX_BODY} bytes")
        if not is_html(body, ""):
            return Reading(position, number, skipped="no page")
        if not self._choice.wants(changed_at):
            return Reading(position, number, skipped="last changed outside of the dates")
        head = body[:_HEAD].decode("utf-8", "replace")
        url, now = _address(head), self._clock.now()
        title = _TITLE.search(head)
        page = Page(url, "text/html", body, min(changed_at, now))
        return Reading(position, number, archived(
            self._choice.feed_of(url), page, now, guid=position,
            title="" if url else " ".join(html.unescape(title[1]).split()) if title else "",
        ))  # fmt: skip


def _files(root: Path, inside: str) -> Iterator[str]:
    """The paths of the pages under ``root``, relative to it, in the order of ``_order``."""
    with os.scandir(root / inside) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        name = f"{inside}/{entry.name}" if inside else entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _files(root, name)
        elif entry.is_file(follow_symlinks=False) and entry.name.lower().removesuffix(".gz").endswith(_SUFFIXES):
            yield name


def _order(name: str) -> list[str]:
    return name.split("/")


def _read(path: Path) -> tuple[bytes, datetime]:
    """The file's bytes, one more than allowed at most, and when it was changed. A link put in its place meanwhile is not followed."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        changed_at = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
        if file.peek(2)[:2] == b"\x1f\x8b":
            return gzip.GzipFile(fileobj=file).read(MAX_BODY + 1), changed_at
        return file.read(MAX_BODY + 1), changed_at


def _address(head: str) -> str:
    """The address that the page gives itself (canonical link, og:url), "" without one."""
    for tag in _TAG.findall(head):
        lowered = tag.lower()
        is_named = ("canonical" in lowered and lowered.startswith("<link")) or "og:url" in lowered
        if is_named and (found := _ADDRESS.search(tag)):
            return canonical_url(html.unescape(found[1]))
    return ""
