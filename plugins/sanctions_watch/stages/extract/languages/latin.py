"""Names in Latin script: the lexicon's own form where it has one, else word by word, else letter by letter (anyascii)."""

from __future__ import annotations

import re

from anyascii import anyascii

from sanctions_watch.stages.extract.languages.lexicon import Lexicon
from sanctions_watch.text import squeeze

# Hangul syllables are composed from 19 initials, 21 vowels and 28 finals in this order (Unicode, chapter 3.12); letters as North Korea writes.
_INITIALS = re.split(" ", "k kk n t tt r m p pp s ss  j jj ch kh th ph h")
_VOWELS = re.split(" ", "a ae ya yae o e yo ye o wa wae oe yo u wo we wi yu u ui i")
_FINALS = re.split(" ", " k k k n n n t l k m p t t p l m p p t t ng t t k t p t")
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


def northern_person(name: str) -> str:
    """A North Korean's name in Hangul as North Korea writes it in Latin letters, syllable by syllable: 리명록 is Ri Myong Rok."""
    return " ".join(_syllable(ord(letter) - 0xAC00).capitalize() for letter in name if "가" <= letter <= "힣")


def _syllable(place: int) -> str:
    initial, rest = divmod(place, 21 * 28)
    vowel, final = divmod(rest, 28)
    return _INITIALS[initial] + _VOWELS[vowel] + _FINALS[final]


def _romanised(word: str) -> str:
    written = anyascii(word).replace("'", "")
    if re.match(r"[\u0400-\u04ff]", word):
        return written
    return "".join(_SYLLABLES.split(written)).capitalize()
