"""Names in Latin script: the lexicon's own form where it has one, else word by word, else letter by letter (anyascii)."""

from __future__ import annotations

import re

from anyascii import anyascii

from sanctions_watch.stages.extract.languages.lexicon import Lexicon
from sanctions_watch.text import squeeze

_LATIN = re.compile(r"[\u0000-\u024f\u2010-\u2027]*\Z")
_SYLLABLES = re.compile(r"(?<=[a-z])(?=[A-Z])")


def latin(name: str, lexicon: Lexicon) -> str:
    """A name in Latin script; French and German letters stay.

    Chinese characters are read as in Mandarin, also in Korean and Japanese names that the lexicon does not know.
    """
    if _LATIN.match(name):
        return squeeze(name)
    if name in lexicon.names:
        return lexicon.names[name]
    for word, meant in sorted(lexicon.words.items(), key=lambda pair: -len(pair[0])):
        name = name.replace(word, f" {meant} ")
    parts = [part if _LATIN.match(part) else _romanised(part) for part in name.split()]
    return squeeze(" ".join(parts))


def _romanised(word: str) -> str:
    written = anyascii(word).replace("'", "")
    if re.match(r"[\u0400-\u04ff]", word):
        return written
    return "".join(_SYLLABLES.split(written)).capitalize()
