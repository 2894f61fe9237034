"""The language of a text: by its script where that decides, else by its letters, the declared one heard."""

from __future__ import annotations

import re

import py3langid

_LETTERS = re.compile(r"[^\W\d_]")
_HANGUL = re.compile("[\uac00-\ud7af]")
_KANA = re.compile("[\u3040-\u30ff]")
_HAN = re.compile("[\u3400-\u9fff]")
_CODE = re.compile(r"\s*([A-Za-z]{2})(?:[-_][A-Za-z0-9]{2,8}){0,3}\s*\Z")
_SURE = 60  # letters below which the detector guesses
_SAMPLE = 500


def language_of(text: str, declared: str = "") -> str:
    """ISO 639-1 of a headline and lead; ``declared`` (a feed's or a page's word) where the text is too short to tell or agrees; "und" for no letters."""
    named = code_of(declared)
    sample = text[:_SAMPLE]
    letters = len(_LETTERS.findall(sample))
    if letters == 0:
        return named or "und"
    hangul, kana, han = (len(pattern.findall(sample)) for pattern in (_HANGUL, _KANA, _HAN))
    if hangul * 4 > letters:
        return "ko"
    if kana * 8 > letters:
        return "ja"
    if han * 3 > letters:
        return named if named in {"ja", "zh"} and kana else "zh"
    if letters < _SURE and named not in {"ko", "ja", "zh"} and named:
        return named
    detected: str = py3langid.classify(sample)[0]
    return detected


def code_of(declared: str) -> str:
    """The two letters of "en", "en-US" or "ko_KR"; "" for anything else."""
    match = _CODE.match(declared)
    return match[1].lower() if match else ""
