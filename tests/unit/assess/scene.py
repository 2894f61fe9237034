"""Articles and claims in a few words, and a ledger that keeps what assess says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sanctions_watch.records import (
    Actor,
    Allegation,
    Article,
    ArticleToAssess,
    Assessment,
    Attribution,
    Claim,
    MappedRule,
    Notice,
    Period,
    Placement,
    Quantity,
    Span,
    Zone,
    claim_id,
    identify,
)
from sanctions_watch.stages.assess import assess, ledger_keys
from sanctions_watch.text import accused_key, family

START = datetime(2018, 8, 1, 9, 0, tzinfo=UTC)
STATES = {
    "KR": "South Korea",
    "KP": "North Korea",
    "RU": "Russia",
    "CN": "China",
    "US": "United States",
    "IR": "Iran",
    "SY": "Syria",
    "NA": "Namibia",
}


def day(number: float) -> datetime:
    """The moment so many days after the scenario's first."""
    return START + timedelta(days=number)


def who(written: str) -> Actor:
    """An actor: "RU", "vessel:Wise Honest/KP", "company:Genco"."""
    if ":" not in written:
        return Actor(STATES[written], "state", written)
    kind, _, rest = written.partition(":")
    name, country = (rest[:-3], rest[-2:]) if rest[-3:-2] == "/" else (rest, "")
    return Actor(name, kind, country)  # type: ignore[arg-type]


def step(written: str, span: Span) -> Attribution:
    """A step of a chain: "official:Haley", "document:records", "publisher:WSJ?" (inferred), "official:Kremlin!" (denies)."""
    kind, _, name = written.partition(":")
    is_inferred, denies = name.endswith("?"), name.endswith("!")
    return Attribution(
        name.rstrip("?!"), kind, "say", "denies" if denies else "asserts", None if is_inferred else span, is_inferred
    )  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Said:
    """A claim as a test writes it; spans are given out in the order of an article's claims."""

    accused: str | Sequence[str]
    conduct: str
    by: Sequence[str] = ()
    modality: str = "alleged"
    numbers: Sequence[str | tuple[float | None, str, str]] = ()
    with_: Sequence[str] = ()
    on: date | tuple[date, date, str] | None = None
    place: str = ""
    status: str = "accepted"
    rule_in_force: bool = True
    object: str = ""
    marks: tuple[str, ...] = ()


@dataclass(slots=True)
class Scene:
    """A ledger in memory, and the articles that were assessed against it."""

    ledger: dict[str, Allegation] = field(default_factory=dict)
    works: dict[str, ArticleToAssess] = field(default_factory=dict)
    assessments: list[Assessment] = field(default_factory=list)

    def read(self, work: ArticleToAssess, now: datetime | None = None, **options: Any) -> list[Assessment]:
        """Assess as the pipeline does, and store."""
        accused, families = ledger_keys(work)
        known = [
            one
            for one in self.ledger.values()
            if accused_key(one.accused.name, one.accused.kind, one.accused.country) in accused and family(one.conduct) in families
        ]
        made = assess(work, known, now or work.article.published_at, **options)
        for assessment in made:
            self.ledger[assessment.allegation.allegation_id] = assessment.allegation
        self.works[work.article.article_id] = work
        self.assessments += made
        return made

    def kinds(self, work: ArticleToAssess, now: datetime | None = None, **options: Any) -> list[str]:
        """The kinds of alert that an article raises."""
        return sorted(one.novelty for one in self.read(work, now, **options) if one.may_alert)


def work(
    name: str,
    at: float | datetime,
    claims: Iterable[Said] = (),
    *,
    publisher: str = "",
    story: str = "",
    relation: str = "lead",
    related: str = "",
    agency: str = "",
    notice: str = "",
    version: int = 1,
    previous: ArticleToAssess | None = None,
    backfill: bool = False,
    reprocessed: bool = False,
    sample: bool = False,
    reliability: str = "F",
) -> ArticleToAssess:
    """An article to assess. ``previous`` gives its claims as the previous ones."""
    article_id = identify("article", name)
    published_at = at if isinstance(at, datetime) else day(at)
    publisher = publisher or f"{name.title()} Gazette"
    text = f"Headline of {name}\n\n"
    body_start = len(text)
    built: list[Claim] = []
    for number, said in enumerate(claims):
        sentence = f"Sentence {number} of {name} says that {said.accused} did {said.conduct}. "
        span = Span(len(text), len(text) + len(sentence) - 1)
        text += sentence
        accused = tuple(who(one) for one in ([said.accused] if isinstance(said.accused, str) else said.accused))
        built.append(
            Claim(
                claim_id=claim_id(article_id, (span,), accused, said.conduct, said.modality),
                article_id=article_id,
                version=version,
                accused=accused,
                conduct=said.conduct,
                modality=said.modality,  # type: ignore[arg-type]
                spans=(span,),
                attributions=tuple(step(one, span) for one in said.by),
                status=said.status,  # type: ignore[arg-type]
                confidence=0.9,
                reasons=(),
                counterparts=tuple(who(one) for one in said.with_),
                object=said.object,
                quantities=tuple(Quantity(None, "", one) if isinstance(one, str) else Quantity(*one) for one in said.numbers),
                place=said.place,
                period=_period(said.on),
                mapped_rule=MappedRule("2375 OP17", said.rule_in_force, is_verified=True),
                marks=said.marks,
            )
        )
    article = Article(
        article_id=article_id,
        version=version,
        entry_id="",
        url=f"https://news.example/{name}",
        publisher=publisher,
        language="en",
        title=f"Headline of {name}",
        text=text,
        published_at=published_at,
        first_seen_at=published_at,
        content_sha256="",
        zones=(Zone("headline", 0, body_start - 2), Zone("body", body_start, len(text))),
        notice=Notice(notice, notice.upper()) if notice else None,  # type: ignore[arg-type]
        feed_reliability=reliability,  # type: ignore[arg-type]
        is_sample=sample,
        is_backfill=backfill,
    )
    placement = Placement(
        article_id=article_id,
        version=version,
        story_id=identify("story", story or name),
        relation=relation,  # type: ignore[arg-type]
        related_to=identify("article", related) if related else "",
        lead_article_id=article_id,
        origin_agency=agency,
        containment=1.0 if relation != "lead" else 0.0,
        evidence=(),
    )
    return ArticleToAssess(article, placement, tuple(built), previous.claims if previous else (), reprocessed)


def _period(on: date | tuple[date, date, str] | None) -> Period | None:
    if on is None:
        return None
    if isinstance(on, date):
        return Period("on that day", on, on, "day")
    first, last, precision = on
    return Period("then", first, last, precision)  # type: ignore[arg-type]


def facts(assessment: Assessment, kind: str = "") -> set[str]:
    """The new facts' values, of one kind or of all."""
    return {fact.value for fact in assessment.new_facts if not kind or fact.kind == kind}


def again(given: ArticleToAssess, **changes: Any) -> ArticleToAssess:
    """The same article, otherwise placed or told."""
    article = replace(given.article, **changes)
    return replace(given, article=article)
