"""One invented episode told in sentences, and the mails it makes: what the golden files and the picture in the docs show."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sanctions_watch.records import (
    Actor,
    Alert,
    Article,
    ArticleToAssess,
    Attribution,
    Claim,
    MappedRule,
    Placement,
    Quantity,
    Span,
    Subscriber,
    WireCredit,
    Zone,
    claim_id,
    identify,
)
from sanctions_watch.stages.alert import compose, fan_out
from sanctions_watch.stages.assess import assess

MONGOLIA = Actor("Mongolia", "state", "MN")
PERMITS = "labour.new_permits"
DESK = Subscriber("desk", "Duty desk", "desk@sanctions.example.org")
RULE = MappedRule(
    "2375 OP17",
    is_in_force=True,
    is_verified=True,
    exemption="the 1718 Committee may approve a permit in advance",
    note="the speaker cites UNSCR 2397",
)


def article(name: str, day: int, publisher: str, body: str, *, agency: str = "", relation: str = "lead") -> ArticleToAssess:
    title = name.replace("-", " ").capitalize()
    text = f"{title}\n\n{body}"
    published_at = datetime(2018, 9, day, 6, 30, tzinfo=UTC)
    made = Article(
        article_id=identify("article", name),
        version=1,
        entry_id="",
        url=f"https://www.{publisher.casefold().replace(' ', '')}.example/{name}",
        publisher=publisher,
        language="en",
        title=title,
        text=text,
        published_at=published_at,
        first_seen_at=published_at,
        content_sha256="",
        zones=(Zone("headline", 0, len(title)), Zone("body", len(title) + 2, len(text))),
        wire=WireCredit(agency, "dateline") if agency else None,
        feed_reliability="C",
    )
    placement = Placement(made.article_id, 1, identify("story", name), relation, "", made.article_id, agency, 0.0, ())  # type: ignore[arg-type]
    return ArticleToAssess(made, placement, ())


def says(
    work: ArticleToAssess, words: str, modality: str, *steps: tuple[str, str, str, bool], numbers: tuple[str, ...] = ()
) -> ArticleToAssess:
    """The article with one more claim: ``words`` is its quote, a step is (name, kind, stance, is_inferred)."""
    start = work.article.text.index(words)
    span = Span(start, start + len(words))
    claim = Claim(
        claim_id=claim_id(work.article.article_id, (span,), (MONGOLIA,), PERMITS, modality),
        article_id=work.article.article_id,
        version=1,
        accused=(MONGOLIA,),
        conduct=PERMITS,
        modality=modality,  # type: ignore[arg-type]
        spans=(span,),
        attributions=tuple(
            Attribution(name, kind, "say", stance, None if inferred else span, inferred) for name, kind, stance, inferred in steps
        ),  # type: ignore[arg-type]
        status="accepted",
        confidence=0.9,
        reasons=(),
        quantities=tuple(Quantity(None, "", number) for number in numbers),
        mapped_rule=RULE,
    )
    return replace(work, claims=(*work.claims, claim))


FIRST = says(
    article(
        "steppe-towns-hire-again",
        3,
        "Altai Observer",
        "ULAANBAATAR, Sept. 3 (AFP) -- Registers of Mongolia's labour office list 412 new permits for North Korean builders since January, "
        "the Gobi Post reported on Monday. The Council of the United Nations has barred such permits for a year.",
        agency="AFP",
    ),
    "Registers of Mongolia's labour office list 412 new permits for North Korean builders since January, the Gobi Post reported",
    "documented",
    ("Gobi Post", "publisher", "reports", False),
    ("registers of Mongolia's labour office", "document", "documents", False),
    numbers=("412 new permits",),
)
SECOND = says(
    article(
        "envoy-asks-for-answers",
        4,
        "Baikal Tribune",
        "Reports of Mongolia handing out fresh work permits to some 1,300 North Koreans, if they prove accurate, would break "
        "Resolution 2397, Canada's ambassador Ilse Moreau said on Tuesday.",
    ),
    "Reports of Mongolia handing out fresh work permits to some 1,300 North Koreans, if they prove accurate, would break Resolution 2397",
    "conditional",
    ("Ilse Moreau", "official", "asserts", False),
    ("Gobi Post", "publisher", "reports", True),
    numbers=("some 1,300 North Koreans",),
)
THIRD = says(
    article(
        "ministry-denies", 5, "Gobi Post", "Mongolia's labour ministry said no North Korean had been given a permit since the ban."
    ),
    "no North Korean had been given a permit since the ban",
    "denied",
    ("Mongolia's labour ministry", "government", "denies", False),
)
FOURTH = replace(
    article(
        "kill-permits",
        6,
        "AFP",
        "KILL: please withdraw our dispatch of Sept. 3 on permits. The registers were misread.",
        agency="AFP",
        relation="kill_of",
    ),
    previous_claims=FIRST.claims,
)
STORY = {
    "new": FIRST,
    "update": SECOND,
    "denial": THIRD,
    "correction": replace(FOURTH, placement=replace(FOURTH.placement, related_to=FIRST.article.article_id)),
}


def alerts() -> dict[str, Alert]:
    """The alert of each article, in order, on one ledger."""
    made: dict[str, Alert] = {}
    known = ()
    for name, work in STORY.items():
        [assessment] = assess(work, known, work.article.published_at)
        assert assessment.may_alert, name
        known = (assessment.allegation,)
        made[name] = compose(
            assessment, work, first_alert_id=made["new"].alert_id if made else "", reprints=13 if name == "update" else 0
        )
    return made


def notification(alert: Alert):
    """The duty desk's notification."""
    [made] = fan_out(alert, [DESK], alert.created_at, told=[(DESK.subscriber_id, "mail")])
    return made
