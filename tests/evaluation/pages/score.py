"""How well the cleaner reads the pages: one figure for each thing a page says, and what was wrong."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sanctions_watch.errors import EntryError
from sanctions_watch.records import Article
from sanctions_watch.stages.clean import extract_text

from . import Case

NOW = datetime(2026, 1, 1, tzinfo=UTC)
_TOKEN = re.compile(r"[぀-ヿ㐀-鿿가-힣]|\w+")
Reader = Callable[[Case], Article | None]


@dataclass
class Scores:
    """Shares of 1, and for each share below it the cases and what was found there."""

    shares: dict[str, list[float]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def add(self, name: str, share: float, case: Case, found: object = "") -> None:
        self.shares.setdefault(name, []).append(share)
        if share < 1:
            self.faults.append(f"{name} {share:.3f} {case.name}: {found}"[:400])

    def mean(self, name: str) -> float:
        found = self.shares.get(name, [])
        return sum(found) / len(found) if found else 0.0


def tokens(text: str) -> list[str]:
    """The words of a text, and the single characters of scripts that set no spaces."""
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())


def f1(found: str, gold: str) -> float:
    """The harmonic mean of precision and recall over words, each counted as often as it stands there."""
    one, other = Counter(tokens(found)), Counter(tokens(gold))
    shared = sum((one & other).values())
    return 2 * shared / (sum(one.values()) + sum(other.values())) if shared else float(not one and not other)


def holds(text: str, part: str) -> bool:
    """Whether a text says another, white space and marks aside."""
    return f" {' '.join(tokens(part))} " in f" {' '.join(tokens(text))} "


def read(case: Case) -> Article | None:
    """The cleaner's own reading; None where it says that there is nothing to read."""
    try:
        return extract_text(case.html, case.url, NOW)
    except EntryError:
        return None


def score(cases: Iterable[Case], reader: Reader = read) -> Scores:
    """Every page that holds a report, measured; walls are counted by ``blocked`` alone."""
    scores = Scores()
    for case in cases:
        article = reader(case)
        if case.story["blocked"]:
            scores.add("walls", float(article is None), case, article and article.text)
        elif article is None:
            scores.add("body F1", 0.0, case, "taken for a wall")
        else:
            _text(scores, case, article)
            _facts(scores, case, article)
    return scores


def _text(scores: Scores, case: Case, article: Article) -> None:
    gold = "\n".join(case.texts("body"))
    scores.add("body F1", f1(article.body, gold), case, "")
    for text in case.texts("body"):
        scores.add("kept", float(holds(article.text, text)), case, text)
    for text in case.junk:
        if len(tokens(text)) >= 2 and not holds(gold, text):
            scores.add("left out", float(not holds(article.text, text)), case, text)
    for kind in ("headline", "body"):
        said = "".join(article.text[zone.start : zone.end] for zone in article.zones if zone.kind == kind)
        scores.add("zones", float(bool(said)), case, kind)


def _facts(scores: Scores, case: Case, article: Article) -> None:
    story = case.story
    scores.add("headline", float(article.title == " ".join(case.texts("headline"))), case, article.title)
    scores.add("date", float(_same_day(article.published_at, case)), case, [(d.source, d.written) for d in article.dates])
    wanted = re.sub(r"\A(?:By|Par) | (?:기자)\Z", "", story["byline"])
    if wanted:
        scores.add("byline", float(holds(article.byline, wanted)), case, article.byline)
    elif not story["agency"]:
        scores.add("byline", float(not article.byline), case, article.byline)
    scores.add("publisher", float(article.publisher == story["site"]), case, article.publisher)
    if story["canonical"]:
        scores.add("canonical", float(article.url.rstrip("/") == story["canonical"].rstrip("/")), case, article.url)
    scores.add("language", float(article.language == story["language"]), case, article.language)
    scores.add("credit", float((article.wire.agency if article.wire else "") == story["agency"]), case, article.wire)


def _same_day(found: datetime, case: Case) -> bool:
    """Whether it is the publication's day where it was published, or its very instant."""
    gold = case.published
    if gold is None:
        return True
    aware = gold if gold.tzinfo else gold.replace(tzinfo=UTC)
    return found.astimezone(aware.tzinfo).date() == aware.date() or abs(found - aware) < timedelta(hours=1)
