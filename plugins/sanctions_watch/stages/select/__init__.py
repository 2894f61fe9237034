"""Select: does an article concern the sanctions on North Korea, and why or why not.

A first pass looks for any name of North Korea or of its listed bodies and rejects what has none; a second one weighs, sentence by sentence,
how far sanctions, breaches, their enforcement or the bodies that watch them are the news. Nothing is fetched, stored or logged here.
"""

from __future__ import annotations

from sanctions_watch.records import Article, Selection
from sanctions_watch.stages.select.evidence import sentences
from sanctions_watch.stages.select.lexicon import Kind, Term, fold, lexicon
from sanctions_watch.stages.select.score import NEAR_MISS, THRESHOLD, judge

VERSION = "2"
_UNNAMED = ("names neither North Korea nor one of its listed bodies",)


def select(article: Article) -> Selection:
    """The verdict on an article, with its reasons in words; a "no" just below the threshold is a near miss."""
    found = lexicon()
    if not found.names_north_korea(fold(article.text)):
        return Selection(
            article.article_id,
            article.version,
            is_selected=False,
            is_near_miss=False,
            score=0.0,
            reasons=_UNNAMED,
            selector_version=VERSION,
        )
    verdict = judge(sentences(article.text, article.body_start, found))
    is_selected = verdict.score >= THRESHOLD
    return Selection(
        article_id=article.article_id,
        version=article.version,
        is_selected=is_selected,
        is_near_miss=not is_selected and verdict.score >= NEAR_MISS,
        score=verdict.score,
        reasons=(f"score {verdict.score:.2f}, {'at least' if is_selected else 'below'} {THRESHOLD:.2f}", *verdict.reasons),
        selector_version=VERSION,
    )


_OURS = Kind.NORTH_KOREA | Kind.ACTOR | Kind.BODY
_OTHERS = Kind.OTHER_REGIME | Kind.OTHER_SENSE | Kind.SPORT
# What makes an entry worth fetching, the plainest first: all of the kinds, and the reason.
_NET = (
    ((Kind.NORTH_KOREA,), "names North Korea"),
    ((Kind.ACTOR,), "names a North Korean body"),
    ((Kind.BODY,), "names a body that watches sanctions"),
    ((Kind.LAW_STRONG | Kind.LAW,), "speaks of sanctions"),
    ((Kind.CONDUCT,), "speaks of what is often a breach"),
    ((Kind.WEAK_CONDUCT, Kind.BREACH), "speaks of a breach"),
    ((Kind.WEAK_CONDUCT, Kind.CAUGHT | Kind.CONCEALMENT), "speaks of goods, money or ships that were hidden or caught"),
)


def may_matter(title: str, summary: str) -> tuple[bool, str]:
    """Whether an entry's page is worth fetching, and why: a wide net over title and summary (text or HTML).

    It holds whatever names North Korea, and whatever speaks of sanctions, of the bodies that watch them or of a typical breach without saying
    on whom, as headlines often do; what plainly speaks of others' sanctions or of another sense of the word it lets go.
    """
    terms = lexicon().net(fold(f"{title}\n{summary}"))
    if not terms:
        return False, "speaks neither of North Korea nor of sanctions or their breach"
    kinds = Kind.NONE
    for term in terms:
        kinds |= term.kind
    if kinds & _OTHERS and not kinds & _OURS:
        return False, "speaks of sanctions or breaches, but of others'"
    for needed, words in _NET:
        if all(kinds & kind for kind in needed):
            return True, f"{words}: {', '.join(_first(terms, kind) for kind in needed)}"
    return False, "speaks of trade, crime or arms, but not of North Korea or sanctions"


def _first(terms: list[Term], kind: Kind) -> str:
    return next(term.phrase for term in terms if term.kind & kind)
