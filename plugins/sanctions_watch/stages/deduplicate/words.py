"""An article's body as the words that copies are recognised by: without dateline and credits, spelling differences levelled."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sanctions_watch.text import squeeze

if TYPE_CHECKING:
    from sanctions_watch.records import Article

# Scripts that put no spaces between words: there a character counts as a word.
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_UNSPACED_CHARACTER = re.compile(rf"[{_UNSPACED}]")
_LETTER = re.compile(r"[^\W\d_]")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,6}")
_APOSTROPHE = re.compile(r"['’ʼ](?=\w)")
_THOUSANDS = re.compile(r"(?<=\d)[,.](?=\d{3}\b)")
_PERCENT = re.compile(r"%|\bper\s?cent\b", re.IGNORECASE)
_TOKEN_OR_QUOTE = re.compile(
    rf'(?P<open>[“„«「『])|(?P<close>[”»」』])|(?P<straight>["＂])|(?P<word>[{_UNSPACED}]|[^\W{_UNSPACED}]+)'
)

# As in: "SEOUL, Oct. 3 (Yonhap) --", "VIENNA (AFP) –", "Aug. 4 (UPI) --", "MOSCOW, August 3. /TASS/.", "TOKYO, Kyodo -", "KOROR --"
_DATELINES = (
    re.compile(r"[^()\n]{0,80}\([A-Z][\w .,&/-]{1,30}\)\s*[-–—:]{1,2}\s*"),
    re.compile(r"[A-Z][^/\n]{0,60}/[A-Z][\w -]{1,20}/\.?\s*[-–—]?\s*"),
    re.compile(r"[A-Z][A-Z'’. ]{2,30}(?:[,/][^\n–—-]{1,40})?\s(?:--?|–|—)\s"),
)
_CREDITS = re.compile(
    r"\(?\s*(?:(?:additional |further )?(?:reporting|writing|editing|compiled|translated) by|reported by|with (?:inputs |reports? |files )?from|"
    r"©|\(c\)|copyright|all rights reserved|\(end\))",
    re.IGNORECASE,
)
_BETWEEN_MARKS = re.compile(r'["“„«]([^"“”„«»\n]{12,160})["”»]')
_NOTICE_LENGTH = 1200  # characters: a notice that names its dispatch does so early
_CREDIT_LENGTH = 240  # characters: a longer paragraph tells more than who wrote it

_MONTHS = {
    name: name[:3]
    for name in (
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "sept",
    )
}
_SAME = {"defence": "defense", "offence": "offense", "licence": "license", "programme": "program", "tonne": "ton", "gaol": "jail", "grey": "gray",
         "whilst": "while", "amongst": "among", "towards": "toward", "kilometre": "kilometer", "cheque": "check", "tyre": "tire", "plough": "plow"}  # fmt: skip
WEEKDAYS = frozenset(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
_REPEATED = re.compile(r"(\w)\1")


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """A body as levelled words, one element a word in each tuple.

    ``offsets`` are those of the word's first character in ``Article.text``; ``quoted`` tells whether it stands between quotation marks;
    ``paragraphs`` numbers the paragraph it stands in. ``headline`` holds the levelled words of the title without the desk's prefixes.
    """

    words: tuple[str, ...]
    offsets: tuple[int, ...]
    quoted: tuple[bool, ...]
    paragraphs: tuple[int, ...]
    headline: tuple[str, ...]
    is_unspaced: bool

    def __len__(self) -> int:
        return len(self.words)


@lru_cache(maxsize=65536)
def level(word: str) -> str:
    """One spelling for a word's British and American, singular and plural, long and short forms.

    The result is a key, not English: "travellers" gives "traveler", "analysed" gives "analyzd" for both spellings.
    """
    word = unicodedata.normalize("NFKC", word).casefold()
    if not word.isascii() or not word.isalpha() or len(word) <= 3:
        return word
    if word in _MONTHS:
        return _MONTHS[word]
    if word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    word = _SAME.get(word, word)
    if word.endswith("re") and len(word) > 4:
        word = word[:-2] + "er"
    elif word.endswith(("ogue", "mme")):
        word = word[:-2]
    return _REPEATED.sub(r"\1", word.replace("our", "or").replace("is", "iz").replace("ys", "yz"))


def prepare(text: str) -> str:
    """Level what is more than a word ("U.N.", "1,000") and drop what is written in many ways ("%", "per cent"), keeping every other character at its offset."""
    text = _DOTTED.sub(lambda match: match[0].replace(".", "").ljust(len(match[0])), text)
    text = _THOUSANDS.sub("_", _APOSTROPHE.sub(" ", text))
    return _PERCENT.sub(lambda match: " " * len(match[0]), text)


_NOTICE = re.compile(
    r"\s*(?:(?:UPDATE|WRAPUP|WRITETHRU|CORRECTED|CORRECTS|CORRECTION|REFILE|REFILES|KILL|ADVISORY|EXCLUSIVE|BREAKING|URGENT|LEAD|REPEAT|RPT|EMBARGOED)"
    r"(?:\s+\d{1,2})?|\d(?:st|nd|rd|th)?\s+LD|\(LEAD\)|\(\d(?:st|nd|rd|th)\s+LD\))\s*[-–—:]*\s*",
)
_TRAILER = re.compile(r"\s*(?:[|–—]\s*[^|–—]{2,40}|-\s+[A-Z][^-|]{2,40}|\([A-Z][a-z]+\.? \d{1,2}\))\s*\Z")


@lru_cache(maxsize=8192)
def headline_words(title: str) -> tuple[str, ...]:
    """The levelled words of a headline, without "UPDATE 2-", "CORRECTED-" in front or the publisher's name behind."""
    previous = ""
    while title != previous:
        previous, title = title, _NOTICE.sub("", title, count=1) if _NOTICE.match(title) else title
    shorter = _TRAILER.sub("", title)
    kept = shorter if len(shorter.split()) >= 3 else title
    return tuple(level(word) for word in _WORD.findall(prepare(kept)))


def named_headlines(article: Article) -> list[tuple[str, ...]]:
    """The headlines that a correction or kill puts between quotation marks near its beginning."""
    if article.notice is None and not withdraws(article):
        return []
    return [headline_words(name) for name in _BETWEEN_MARKS.findall(article.text[:_NOTICE_LENGTH])[:4]]


# As in: "QUESTION: Is it?", "MR. LEE: It is.", "Q: Why?", "Mr. Kang (Republic of Korea): ..."
_SPEAKER = re.compile(r"(?:(?:[A-Z][A-Z.'’-]*\s?){1,5}|(?:Mr|Ms|Mrs|Dr)\.? [A-Z][\w'’ -]{1,30}(?:\([^)\n]{2,40}\))?)\s?:\s")
_FEWEST_SPEECHES = 4


@lru_cache(maxsize=4096)
def _speeches(text: str) -> tuple[int, int]:
    lines = [line for line in text.split("\n") if line.strip()]
    return sum(bool(_SPEAKER.match(line)) for line in lines), len(lines)


def is_transcript(article: Article) -> bool:
    """Whether a third of the paragraphs, and at least four, open with the name of who speaks."""
    speeches, paragraphs = _speeches(article.text)
    return speeches >= max(_FEWEST_SPEECHES, paragraphs / 3)


_ASKS = re.compile(
    r"\b(?:(?:please|kindly)\s+(?:withdraw|kill|disregard|retract|spike|delete|do not use)|(?:has|have) been (?:withdrawn|retracted|killed))\b",
    re.IGNORECASE,
)
_LONGEST_REQUEST = 120  # words


def withdraws(article: Article) -> bool:
    """Whether it is a desk's notice that takes a dispatch back: told so by the cleaner, or a short text that asks editors to."""
    if article.notice is not None:
        return article.notice.kind == "kill"
    return _asks(article.text, article.body_start)


@lru_cache(maxsize=8192)
def _asks(text: str, body_start: int) -> bool:
    return len(text.split()) <= _LONGEST_REQUEST and _ASKS.search(text[body_start : body_start + 300]) is not None


def words_of(article: Article) -> Words:
    """The article's words. An article without zones is read from behind its title."""
    start = article.body_start if article.zones else (len(article.title) if article.text.startswith(article.title) else 0)
    return _words(article.text, start, article.title)


@lru_cache(maxsize=4096)
def _words(text: str, body_start: int, title: str) -> Words:
    words: list[str] = []
    offsets: list[int] = []
    quoted: list[bool] = []
    paragraphs: list[int] = []
    position = body_start
    number = 0
    for line in text[body_start:].split("\n"):
        start, position = position, position + len(line) + 1
        skip = _lead_in(line)
        if skip is None:
            continue
        inside = False
        for match in _TOKEN_OR_QUOTE.finditer(prepare(line), skip):
            if match["word"]:
                words.append(level(match["word"]))
                offsets.append(start + match.start())
                quoted.append(inside)
                paragraphs.append(number)
            else:
                inside = bool(match["open"]) or (not inside if match["straight"] else False)
        number += 1
    is_unspaced = not text.isascii() and len(_UNSPACED_CHARACTER.findall(text)) > len(_LETTER.findall(text)) * 0.3
    return Words(tuple(words), tuple(offsets), tuple(quoted), tuple(paragraphs), headline_words(squeeze(title)), is_unspaced)


def _lead_in(line: str) -> int | None:
    """How many characters of a paragraph are its dateline; None where there is no paragraph or it is all credit."""
    if not line.strip() or (len(line) <= _CREDIT_LENGTH and _CREDITS.match(line.strip())):
        return None
    ends = [match.end() for match in (pattern.match(line) for pattern in _DATELINES) if match]
    return max(ends, default=0)
