"""Reads a PDF in a process of its own, within limits: a hostile file can end this process and nothing else.

Run as a script: the PDF on standard input, on standard output one JSON object, {"error": words} or {"pages": [[[text, top, right], ...], ...]}:
per page its lines in reading order, with where they stand in points from the bottom (null where that is not told).
"""

from __future__ import annotations

import json
import re
import resource
import sys
from typing import Any

MEMORY = 2_000_000_000  # bytes of address space
CPU_SECONDS = 120
MAX_PAGES = 2_000
MAX_CHARACTERS = 6_000_000
_BROKEN = re.compile("[\x02\ufffe]")


def main() -> int:
    """Read, answer, and leave: nothing is written to any file."""
    first, last = int(sys.argv[1]), int(sys.argv[2])
    for kind, bound in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (bound, bound))
    sys.stdout.write(json.dumps(read(sys.stdin.buffer.read(), first, last)))
    return 0


def read(body: bytes, first: int, last: int) -> dict[str, Any]:
    """The lines of every page (of pages ``first`` to ``last`` where there are too many), or why there are none."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(body)
    except pdfium.PdfiumError as error:
        is_locked = "assword" in str(error) or "ecurity" in str(error)
        return {"error": "it is encrypted: save a copy without a password" if is_locked else "it is damaged, or no PDF"}
    count = len(document)
    if count > MAX_PAGES and not last:
        return {"error": f"it has {count} pages, more than {MAX_PAGES}: choose some"}
    pages: list[list[list[Any]]] = []
    characters = 0
    for number in range(count):
        if count > MAX_PAGES and not first <= number + 1 <= last:
            pages.append([])
            continue
        try:
            lines = _lines(document[number].get_textpage())
        except pdfium.PdfiumError:
            lines = []  # one damaged page
        characters += sum(len(line[0]) for line in lines)
        if characters > MAX_CHARACTERS:
            return {"error": f"it holds more than {MAX_CHARACTERS} characters: choose some pages"}
        pages.append(lines)
    return {"pages": pages, "count": count}


def _lines(textpage: Any) -> list[list[Any]]:
    lines = []
    start = 0
    text: str = textpage.get_text_range()
    for raw in text.split("\n"):
        # Where a line ends with a hyphen the library runs it into the next one, with a mark between.
        pieces = _BROKEN.split(raw)
        for number, piece in enumerate(pieces):
            shown = piece.strip()
            if shown:
                at = start + len(piece) - len(piece.lstrip())
                hyphen = "-" if number < len(pieces) - 1 else ""
                lines.append([shown + hyphen, *_place(textpage, at, start + len(piece.rstrip()) - 1)])
            start += len(piece) + 1
    return lines


def _place(textpage: Any, first: int, last: int) -> tuple[float | None, float | None]:
    """(baseline of the first character, right edge of the last)."""
    from pypdfium2 import PdfiumError

    try:
        return round(textpage.get_charbox(first, loose=True)[1], 1), round(textpage.get_charbox(last, loose=True)[2], 1)
    except (PdfiumError, IndexError, ValueError):
        return None, None


if __name__ == "__main__":
    sys.exit(main())
