"""Who stands for a story, and which agency it came from."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from sanctions_watch.records import StoryMember
from sanctions_watch.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sanctions_watch.records import Article, Relation

_OWN_FIRST = timedelta(hours=24)  # copies are stamped with a date alone, or before the agency's own page
_COMPLETE = 0.9  # of the longest member's words: what leads a story without an agency's own version
_TAKES_BACK = frozenset({"kill_of", "correction_of"})  # a notice speaks about the report and does not stand for it

_ALIASES = {
    "upi": ("united press international",),
    "afp": ("agence france presse",),
    "ap": ("associated press",),
    "yonhap": ("yna", "연합뉴스"),
    "kyodo": ("共同通信",),
    "xinhua": ("新华社",),
    "kcna": ("korean central news agency",),
    "dpa": ("deutsche presse agentur",),
    "ria": ("ria novosti", "риа новости"),
    "tass": ("itar tass", "тасс"),
    "interfax": ("интерфакс",),
}


@lru_cache(maxsize=8192)
def is_agency(publisher: str, agency: str) -> bool:
    """Whether a publisher is the agency itself, under any of its names."""
    name, told = fold(agency), f" {fold(publisher)} "
    return bool(name) and any(f" {alias} " in told for alias in (name, *_ALIASES.get(name, ())))


def is_own(article: Article) -> bool:
    """Whether an article is the agency's own version of what it credits."""
    return article.wire is not None and is_agency(article.publisher, article.wire.agency)


def order(article: Article) -> tuple[datetime, str]:
    """In which order articles are placed: by publication, an agency's own version before its copies."""
    return (article.published_at - _OWN_FIRST if is_own(article) else article.published_at, article.article_id)


def member_of(article: Article, words: int, relation: Relation) -> StoryMember:
    """An article as a member of its story."""
    agency = article.wire.agency if article.wire else ""
    return StoryMember(article.article_id, article.publisher, agency, words, article.published_at, relation)


def lead_of(members: Sequence[StoryMember]) -> str:
    """The agency's own first version, else the earliest of the most complete (at least nine tenths of the longest)."""
    standing = [one for one in members if one.relation not in _TAKES_BACK] or list(members)
    longest = max(one.words for one in standing)

    def rank(one: StoryMember) -> tuple[bool, bool, datetime, str]:
        own = is_agency(one.publisher, one.agency)
        return (not own, not own and one.words < _COMPLETE * longest, one.published_at, one.article_id)

    return min(standing, key=rank).article_id


def origin_of(members: Sequence[StoryMember]) -> tuple[str, str]:
    """The agency a story came from, and how that is known: its own version tells it, else what most members credit. "" for both without any."""
    votes: Counter[str] = Counter()
    for one in members:
        if one.agency:
            votes[one.agency] += 1000 if is_agency(one.publisher, one.agency) else 1
    agency = min(votes, key=lambda name: (-votes[name], name), default="")
    if not agency:
        return "", ""
    witnesses = sorted(
        (not is_agency(one.publisher, agency), one.published_at, one.article_id, one.publisher)
        for one in members
        if one.agency == agency
    )
    is_copy, _, article_id, publisher = witnesses[0]
    if not is_copy:
        return agency, f"{agency} itself published it ({article_id})"
    return agency, f"{len(witnesses)} of {len(members)} credit {agency}, first {publisher or 'an unnamed publisher'} ({article_id})"
