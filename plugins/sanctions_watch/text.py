"""Small pure functions on text that more than two stages need."""

from __future__ import annotations

import re
import unicodedata

_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\w+")


def squeeze(text: str) -> str:
    """White space runs become one space; none at the ends."""
    return _SPACE.sub(" ", text).strip()


def fold(text: str) -> str:
    """NFKC, case-folded, punctuation to spaces: what names and fingerprints are compared by."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def accused_key(name: str, kind: str, country: str) -> str:
    """What makes two mentions one accused: a state's alpha-2 code, else the folded name."""
    return country if kind == "state" and country else fold(name)


def family(conduct: str) -> str:
    """The part of a conduct id before its dot: ``labour`` of ``labour.new_permits``."""
    return conduct.partition(".")[0]
