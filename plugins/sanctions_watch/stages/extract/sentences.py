"""Sentences of an article, cut so that abbreviations stay whole, and the quotations that run through them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from sanctions_watch.records import Article, Zone, ZoneKind
from sanctions_watch.stages.extract.lexicon import words

# What may stand before a full stop that ends no sentence.
_ABBREVIATIONS = words(
    "mr mrs ms dr prof st gen col lt maj capt cmdr adm sgt sen rep gov pres vs etc no nos op ops para e.g i.e fig vol jan feb mar apr jun jul aug sep sept oct"
    " nov dec approx est art sec hon rev messrs n s mt mv m.v m/v vice-adm rear-adm brig"
)
# These may also end a sentence: they do where the next word looks like the start of one.
_MAY_END = words("co ltd corp inc llc plc u.n u.s u.k u.a.e d.c a.m p.m jr sr bros pte sdn bhd s.a")
_OPENERS = words(
    "the a an it its he she they we i in on at but and for this that these those his her their however when while after before as if since some many most"
    " last under according both several there one two three what who no not nor yet so by with from during among asked among among's officials"
)
_BOUNDARY = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s+[\"'“‘(\[]*[A-Z0-9À-ÞĀ-Ž$€£'‘“\"])")
_WORD_BEFORE = re.compile(r"[\w.'’/-]+$")
_WORD_AFTER = re.compile(r"\s+[\"'“‘(\[]*([\w'’-]+)")
_PARAGRAPH = re.compile(r"[^\n]+")
_CJK_BOUNDARY = re.compile(r"[。！？]+[」』”\"）)]*|[.!?]+[\"'”’)」』]*(?=\s|$)")
_QUOTE = re.compile(r"[\"“”„«»「」]")
_OPENING, _CLOSING = "“„«「", "”»」"
MAX_SENTENCE = 2_000  # characters; longer "sentences" are tables or junk and are cut


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article; ``start`` and ``end`` are offsets into ``Article.text``."""

    index: int
    paragraph: int
    zone: ZoneKind
    start: int
    end: int
    text: str
    quotes: tuple[tuple[int, int], ...] = ()  # offsets into Article.text of what stands in quotation marks, cut to the sentence

    def quoted_share(self) -> float:
        """How much of the sentence stands in quotation marks, 0-1."""
        return sum(end - start for start, end in self.quotes) / max(1, self.end - self.start)

    def is_quoted(self, position: int) -> bool:
        """Whether an offset of the article stands inside a quotation."""
        return any(start <= position < end for start, end in self.quotes)


def split(article: Article) -> tuple[Sentence, ...]:
    """The sentences of headline and body, in order; nothing else of the text is ever read for claims."""
    zones = article.zones or (Zone("body", 0, len(article.text)),)
    by_punctuation = article.language in {"ja", "zh", "ko"}
    sentences: list[Sentence] = []
    paragraph = -1
    for zone in zones:
        if zone.kind not in ("headline", "body"):
            continue
        for lines in _PARAGRAPH.finditer(article.text, zone.start, zone.end):
            if not lines.group().strip():
                continue
            paragraph += 1
            quotes = _quotations(article.text, lines.start(), lines.end())
            for start, end in _cuts(article.text, lines.start(), lines.end(), by_punctuation):
                inside = tuple((max(start, first), min(end, last)) for first, last in quotes if first < end and last > start)
                sentences.append(Sentence(len(sentences), paragraph, zone.kind, start, end, article.text[start:end], inside))
    return tuple(sentences)


def _cuts(text: str, start: int, end: int, by_punctuation: bool) -> list[tuple[int, int]]:
    """Where the sentences of one paragraph stand, white space trimmed."""
    ends = [start]
    if by_punctuation:
        ends += [match.end() for match in _CJK_BOUNDARY.finditer(text, start, end)]
    else:
        ends += [match.end() for match in _BOUNDARY.finditer(text, start, end) if _ends_sentence(text, start, match)]
    ends.append(end)
    spans = []
    for first, last in pairwise(ends):
        for piece in range(first, last, MAX_SENTENCE):
            begin, finish = piece, min(piece + MAX_SENTENCE, last)
            while begin < finish and text[begin].isspace():
                begin += 1
            while finish > begin and text[finish - 1].isspace():
                finish -= 1
            if finish > begin:
                spans.append((begin, finish))
    return spans


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    if not match.group().startswith(".") or match.group().startswith(".."):
        return True
    before = _WORD_BEFORE.search(text, max(start, match.start() - 24), match.start())
    word = before.group().casefold().rstrip(".") if before else ""
    after = _WORD_AFTER.match(text, match.end())
    follower = after.group(1) if after else ""
    if word in _MAY_END:
        return follower.casefold() in _OPENERS
    if word in _ABBREVIATIONS and not (word in {"no", "art", "n", "s"} and follower.casefold() in _OPENERS):
        return (
            word in {"no", "op", "para", "art"}
            and not follower[:1].isdigit()
            and before is not None
            and before.group()[:1].islower()
        )
    return not (len(word) == 1 and word.isalpha() and before is not None and before.group()[:1].isupper())


def _quotations(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """What stands in double quotation marks in one paragraph; one left open runs to the paragraph's end (the quote goes on in the next)."""
    found: list[tuple[int, int]] = []
    opened = -1
    for mark in _QUOTE.finditer(text, start, end):
        sign = mark.group()
        if opened < 0 and sign not in _CLOSING:
            opened = mark.start()
        elif opened >= 0 and sign not in _OPENING:
            found.append((opened, mark.end()))
            opened = -1
    if opened >= 0:
        found.append((opened, end))
    return found
