"""From a feed's bytes to its characters, whatever it says of its encoding."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([A-Za-z][\w.:-]{1,30})", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z][\w.:-]{1,30})", re.IGNORECASE)
# What is meant where the narrower name is written (WHATWG Encoding).
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "johab": "cp949", "shift_jis": "cp932", "big5": "big5hkscs", "iso8859-1": "cp1252", "ascii": "cp1252"}  # fmt: skip
# What publishers of a language write in where they do not say.
_BY_LANGUAGE = {
    "ko": ("cp949",),
    "ja": ("cp932", "euc_jp"),
    "zh": ("gb18030", "big5hkscs"),
    "ru": ("cp1251", "koi8-r"),
    "uk": ("cp1251",),
}
_ANY = frozenset({"cp1252", "cp1251", "koi8-r", "iso8859-15"})  # take nearly any bytes: they prove nothing
_ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(J")


def decode(body: bytes, content_type: str, language: str) -> tuple[str, str]:
    """The text, and in words what its declaration got wrong, "" where nothing.

    UTF-8 is tried first whatever is declared, for other encodings do not look like it by chance; then what the document and the
    server say, then what the feed's ``language`` (ISO 639-1) is customarily written in.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace"), ""
    if wide := _wide(body):
        return body.decode(wide, "replace"), ""
    declared = [name for name in _declared(body, content_type) if name]
    if any(escape in body for escape in _ESCAPES):
        return body.decode("iso2022_jp", "replace"), ""
    text = _strictly(body, "utf-8")
    if text is not None:
        return text, ""
    if text := _nearly_utf8(body):
        return text, "some characters are no UTF-8"
    said = declared[0] if declared else "nothing"
    for name in _candidates(declared, language):
        text = _strictly(body, name)
        if text is not None and not (name == "cp1251" and _is_koi8(text)):
            return text, "" if name in declared else f"written in {name}, though it says {said}"
    return body.decode("cp1252", "replace"), f"in no encoding that is known, though it says {said}"


def _wide(body: bytes) -> str:
    """UTF-16 without its mark, known by the zeros beside the first character; "" where it is not."""
    start = body[:4]
    if len(start) == 4 and start[1] == start[3] == 0 != start[0]:
        return "utf-16-le"
    return "utf-16-be" if len(start) == 4 and start[0] == start[2] == 0 != start[1] else ""


def _declared(body: bytes, content_type: str) -> Iterator[str]:
    """The encodings that the document and the server name, as Python's names; "" for one that is none."""
    inner, outer = _DECLARED.search(body[:1_000]), _CHARSET.search(content_type)
    for written in (inner[1].decode("ascii") if inner else "", outer[1] if outer else ""):
        yield _name(written) if written else ""


def _name(written: str) -> str:
    """Python's name of an encoding of text, but for those of Unicode, which were tried; "" for what is none."""
    try:
        found = codecs.lookup(written).name
        "".encode(found)  # raises LookupError for codecs that are none of text
    except LookupError:
        return ""
    return "" if found.startswith("utf") else _WIDER.get(found, found)


def _candidates(declared: list[str], language: str) -> list[str]:
    """What is tried, the most telling first."""
    telling = [name for name in declared if name not in _ANY]
    return list(dict.fromkeys((*telling, *(_BY_LANGUAGE.get(language, ())), *declared, "cp1252")))


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (UnicodeError, ValueError):
        return None


def _nearly_utf8(body: bytes) -> str:
    """UTF-8 with a few damaged characters, or cut off in one; "" where it is something else."""
    text = body.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    whole = sum(1 for char in text if char > "\x7f") - damaged
    return text if damaged <= 1 < whole or damaged * 10 <= whole else ""


def _is_koi8(text: str) -> bool:
    """Whether Cyrillic read as cp1251 is koi8-r: there, capitals and small letters are exchanged."""
    small = sum("а" <= char <= "я" for char in text)
    return sum("А" <= char <= "Я" for char in text) > small
