"""The text of a PDF report, with a form feed between its pages: paragraphs, without what runs along every page."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from sanctions_watch.adapters.archives.pdf_worker import MEMORY
from sanctions_watch.errors import EntryError

MAX_BYTES = 200_000_000
SECONDS = 150.0
PAGE_BREAK = "\f"
_WORKER = Path(__file__).with_name("pdf_worker.py")
_EDGE = 3  # lines at the top and the bottom of a page among which running lines are looked for
_PAGE_NUMBER = re.compile(r"\W{0,3}(?:page\s+)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?\W{0,3}\Z", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_NUMBERED = re.compile(r"(?:\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)]|[•▪–—‣*-])\s+\S")
_END = re.compile(r"[.!?:;。！？][\"'”’»)\]\d]*\Z")
_HYPHEN = re.compile(r"(?P<head>[^\W\d_]+)(?P<mark>[-‐\xad\ufffe\x02])\Z")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_TAIL = re.compile(r"[^\W\d_]+")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\xad\ufffe\uffff\u200b\ufeff]")


class Line(NamedTuple):
    """A line of a page, and where it stands, in points from the bottom and the left; None where that is not known."""

    text: str
    bottom: float | None = None
    right: float | None = None


def pdf_text(body: bytes, *, first: int = 1, last: int = 0) -> str:
    """The text of pages ``first`` to ``last`` (0: the end). Raises EntryError that says what is wrong with the file."""
    if len(body) > MAX_BYTES:
        raise EntryError(f"the PDF is larger than {MAX_BYTES} bytes")
    pages = [[Line(*line) for line in page] for page in _read(body, first, last)]
    text = document_text(pages, first, last)
    if not text.strip(f"{PAGE_BREAK} \n"):
        raise EntryError("the PDF holds no text: it is a scan. Recognise its text first (for example with ocrmypdf)")
    return PAGE_BREAK * (first - 1) + text


def document_text(pages: Sequence[Sequence[Line]], first: int = 1, last: int = 0) -> str:
    """Pages of lines as paragraphs, an empty line between two, a form feed where a page ends: between paragraphs or inside of one."""
    kept = _without_running_lines(pages)
    words = _words(kept)
    kept = kept[first - 1 : last or None]
    parts: list[str] = []
    for number, page in enumerate(kept):
        if number:
            parts.append(PAGE_BREAK)
        for paragraph in _paragraphs(page):
            said = _joined(paragraph, words)
            if said:
                _append(parts, said, words)
    return _CONTROL.sub("", "".join(parts).replace(PAGE_BREAK, "\ue000")).replace("\ue000", PAGE_BREAK).lstrip("\n ")


def _words(pages: Sequence[Sequence[Line]]) -> Counter[str]:
    """How often each word stands there, and each two that a hyphen joins."""
    found: Counter[str] = Counter()
    for page in pages:
        for line in page:
            for word in _WORD.findall(line.text.casefold()):
                parts = word.split("-")
                found.update([*parts, *(f"{head}-{tail}" for head, tail in pairwise(parts))])
    return found


def _append(parts: list[str], paragraph: str, words: Counter[str]) -> None:
    """Put a paragraph behind the text; the first one of a page may go on in the middle of a sentence."""
    before = next((part for part in reversed(parts) if part != PAGE_BREAK), "")
    if not before:
        parts.append(paragraph)
    elif (
        parts[-1] == PAGE_BREAK
        and not _END.search(before)
        and not _NUMBERED.match(paragraph)
        and (paragraph[0].islower() or paragraph[0].isdigit())
    ):
        breaks = 0
        while parts[-1] == PAGE_BREAK:
            breaks += parts.pop() == PAGE_BREAK
        head, tail = _mended(parts.pop(), paragraph, words)
        parts += [f"{head}{PAGE_BREAK * breaks}{tail}"]
    else:
        breaks = 0
        while parts and parts[-1] == PAGE_BREAK:
            breaks += parts.pop() == PAGE_BREAK
        parts += ["\n\n", *([PAGE_BREAK] * breaks), paragraph]


def _joined(lines: Sequence[str], words: Counter[str]) -> str:
    said = ""
    for line in lines:
        said = "".join(_mended(said, line, words)) if said else line
    return said


def _mended(before: str, after: str, words: Counter[str]) -> tuple[str, str]:
    """Two ends of lines as one text: a hyphen at the end of the first goes where it only broke a word."""
    broken, rest = _HYPHEN.search(before), _TAIL.match(after)
    if broken is None or rest is None or not rest[0][0].islower():
        return before + " ", after
    head, tail = broken["head"], rest[0]
    compound, whole = words[f"{head}-{tail}".casefold()], words[f"{head}{tail}".casefold()]
    is_compound = broken["mark"] in "-‐" and compound > whole
    return before[: broken.start("mark")] + ("-" if is_compound else ""), after


def _without_running_lines(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without headers, footers and page numbers: lines at an edge that come back on many pages, whatever number they carry."""
    seen = Counter(key for page in pages for key in {_running_key(page[place].text) for place in _edges(page)})
    least = max(3, len(pages) * 0.3)
    kept = []
    for page in pages:
        edges = set(_edges(page))
        kept.append([
            line for place, line in enumerate(page)
            if place not in edges or (seen[_running_key(line.text)] < least and not _PAGE_NUMBER.match(line.text))
        ])  # fmt: skip
    return kept


def _edges(page: Sequence[Line]) -> list[int]:
    return sorted({*range(min(_EDGE, len(page))), *range(max(0, len(page) - _EDGE), len(page))})


def _running_key(text: str) -> str:
    return " ".join(_DIGITS.sub("#", text).casefold().split())


def _paragraphs(lines: Sequence[Line]) -> Iterator[list[str]]:
    """Lines that belong together: parted by a wider gap, a short line that ends a sentence, or a number or bullet that begins one."""
    pitch = _pitch(lines)
    edge = max((line.right for line in lines if line.right is not None), default=None)
    width = median([len(line.text) for line in lines]) if lines else 0
    paragraph: list[str] = []
    previous: Line | None = None
    for line in lines:
        if previous is not None and _begins(previous, line, pitch, edge, width):
            yield paragraph
            paragraph = []
        paragraph.append(" ".join(line.text.split()))
        previous = line
    if paragraph:
        yield paragraph


def _begins(previous: Line, line: Line, pitch: float | None, edge: float | None, width: float) -> bool:
    if _HYPHEN.search(previous.text):
        return False
    if pitch and previous.bottom is not None and line.bottom is not None:
        gap = previous.bottom - line.bottom
        if gap > pitch * 1.45 or gap < -pitch * 3:  # a wide gap, or the next column
            return gap > 0 or bool(_END.search(previous.text))
    is_end = bool(_END.search(previous.text))
    is_short = previous.right < edge * 0.85 if previous.right is not None and edge else len(previous.text) < width * 0.75
    return is_end and (is_short or bool(_NUMBERED.match(line.text)))


def _pitch(lines: Sequence[Line]) -> float | None:
    """The usual distance between two lines."""
    bottoms = [line.bottom for line in lines if line.bottom is not None]
    gaps = [above - below for above, below in pairwise(bottoms) if above - below > 2]
    return median(gaps) if gaps else None


def _read(body: bytes, first: int, last: int) -> list[list[list[Any]]]:
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_WORKER), str(first), str(last)],
            input=body, capture_output=True, timeout=SECONDS, env={"PATH": "/usr/bin:/bin"}, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise EntryError(f"the PDF could not be read within {SECONDS:.0f} seconds") from error
    if done.returncode:
        raise EntryError(
            f"the PDF could not be read within {MEMORY // 1_000_000} MB of memory and the time allowed: it is too large or hostile"
        )
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise EntryError(f"the PDF cannot be read: {answer['error']}")
    return list(answer["pages"])
