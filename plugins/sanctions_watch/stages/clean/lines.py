"""The lines of a text and their shapes: sentence, headline, date. Everything here keeps the words and their order."""

from __future__ import annotations

import re
from functools import lru_cache

# PostgreSQL takes no NUL, no encoder takes a lone surrogate; these, other controls and invisible marks count as white space.
_BLANK = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u2060\ufeff\ud800-\udfff]")
_NEWLINE = re.compile(r"\r\n?|[\n\x0b\x0c\x85\u2028\u2029]")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\w+")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff66-\uff9f]")
_CLOSERS = "\"'”’»›)]）」』】*_ "
_ENDS = ".!?。！？…"
_MONTH = (
    r"(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic|jän|mär|mai|okt|dez)[a-zäé]{0,7}\.?|(?:janv|févr|avr|juin|juil|août|déc)[a-zé]{0,5}\.?"
    r"|(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[а-я]{0,6}\.?)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|\.)?(?:\sde)?"
_DATE = (
    rf"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{{0,6}}[.,]?\s+)?"
    rf"(?:{_MONTH}\s+{_DAY}(?:,?\s+\d{{4}})?|{_DAY}\s+{_MONTH},?(?:\s+(?:de\s+)?\d{{4}})?|\d{{4}}[-./]\d{{1,2}}[-./]\d{{1,2}}\.?|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}"
    r"|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일])"
)
_TIME = r"(?:\d{1,2}[:.h]\d{2}(?::\d{2})?\s?(?:[ap]\.?m\.?)?(?:\s?\(?[A-Z]{2,5}\)?)?(?:\s?[+-]\d{2}:?\d{2})?)"
_LABEL = r"(?:(?:first |last |originally )?(?:published|updated|modified|posted|created|입력|수정|등록|公開|更新|发布|опубликовано|обновлено|publié le|mis à jour le|stand|veröffentlicht|aktualisiert|publicado el|actualizado)(?:\s+(?:on|at))?\s*[:：]?\s*)"
_STAMP = rf"{_LABEL}?(?:{_DATE}(?:[\s,|·•/–—-]{{1,4}}(?:at\s+)?{_TIME})?|{_TIME}[\s,|·•–—-]{{1,4}}{_DATE})"
_DATE_LINE = re.compile(rf"\W{{0,5}}{_STAMP}(?:[\s,|·•/;–—-]{{1,5}}{_STAMP}){{0,2}}\W{{0,5}}\Z", re.IGNORECASE)
_AGO = re.compile(
    r"(?:.{0,40}\s)?\d{1,3}\s?(?:min|minute|hour|hr|day|week|month)s?\.?\s+ago\W*\Z|(?:.{0,20}\s)?\d{1,2}\s?(?:시간|분|일|時間|分|日|小时|分钟|天)\s?[전前]\W*\Z",
    re.IGNORECASE,
)


def spaced(text: str) -> str:
    """One line: every run of white space, controls and invisible marks is one space, none at the ends."""
    return _SPACE.sub(" ", _BLANK.sub(" ", text)).strip()


def split(text: str) -> list[str]:
    """The paragraphs of a text: its lines, or its blocks where lines were only wrapped to a width."""
    paragraphs: list[str] = []
    block: list[str] = []
    for raw in [*_NEWLINE.split(text), ""]:
        line = spaced(raw)
        if line:
            block.append(line)
        elif block:
            paragraphs += [" ".join(block)] if _is_wrapped(block) else block
            block = []
    return paragraphs


def _is_wrapped(block: list[str]) -> bool:
    """Three lines or more, all but the last of one width, and most of them broken in mid-sentence."""
    full = block[:-1]
    return (
        len(full) >= 2
        and all(45 <= len(line) <= 100 for line in full)
        and max(map(len, full)) - min(map(len, full)) <= 25
        and len(block[-1]) <= 100
        and sum(not ends_sentence(line) for line in full) * 2 > len(full)
    )


@lru_cache(maxsize=4_096)
def words(line: str) -> int:
    """How many words a line has; two characters of Chinese, Japanese or Korean script count as one."""
    return max(len(_WORD.findall(line)), len(_CJK.findall(line)) // 2)


@lru_cache(maxsize=4_096)
def key(line: str) -> str:
    """What two prints of one line have in common: its words, case-folded."""
    return " ".join(_WORD.findall(line.casefold()))


def ends_sentence(line: str) -> bool:
    """Whether a line ends as a sentence does, closing quotes and brackets aside."""
    bare = line.rstrip(_CLOSERS)
    return bare[-1:] in _ENDS and bare[-1:] != ""


def is_cut_off(line: str) -> bool:
    """Whether it ends in dots, as teasers do."""
    return line.rstrip(_CLOSERS).endswith(("...", "…"))


@lru_cache(maxsize=4_096)
def is_story(line: str) -> bool:
    """Whether it reads like a paragraph of a report: a whole sentence of some length."""
    return words(line) >= 8 and ends_sentence(line) and not is_cut_off(line)


@lru_cache(maxsize=4_096)
def is_headline(line: str) -> bool:
    """Whether it reads like a headline: short, and not ended like a sentence (a question may)."""
    bare = line.rstrip(_CLOSERS)
    return (
        0 < words(line) <= 26
        and len(line) <= 220
        and bare[-1:] not in {".", "。", "…", ":", "：", ";", ","}
        and not is_date_line(line)
    )


@lru_cache(maxsize=4_096)
def is_date_line(line: str) -> bool:
    """Whether it holds a date or an age and nothing else, as over a teaser or under a headline."""
    return len(line) <= 140 and bool(_DATE_LINE.match(line) or _AGO.match(line))
