"""A small ledger, stored through the warehouse's own port: what the page has to show, hostile text among it.

Companies, ships, people, numbers and quotations are invented: evidence about nobody.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import TYPE_CHECKING

from sanctions_watch.records import (
    Actor,
    Alert,
    Allegation,
    Article,
    Assessment,
    Attribution,
    Claim,
    Fact,
    Fingerprints,
    Grade,
    MappedRule,
    Notification,
    Period,
    Placement,
    Quantity,
    Selection,
    Span,
    Subscriber,
    WireCredit,
    Zone,
    identify,
)

if TYPE_CHECKING:
    from pathlib import Path

    from sanctions_watch.ports import Warehouse

START = datetime(2018, 8, 3, 9, 30, tzinfo=UTC)
HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)> \u202egnp.exe'
MODEL = "deduplicate-1"

RUSSIA = Actor("Russia", "state", "RU")
VESSEL = Actor("Morning Tide", "vessel", "TG", "9123450", imo_is_valid=False)
CHINA = Actor("China", "state", "CN")
BANK = Actor(HOSTILE, "bank", "MO")


def article(
    number: int,
    publisher: str,
    title: str,
    paragraphs: list[str],
    *,
    url: str = "",
    agency: str = "",
    hours: float = 0,
    language: str = "en",
) -> Article:
    body = "\n\n".join(paragraphs)
    text = f"{title}\n\n{body}"
    when = START + timedelta(hours=hours)
    return Article(
        article_id=identify("article", str(number)),
        version=1,
        entry_id="",
        url=url or f"https://www.{publisher.lower().replace(' ', '-')}.example/world/{number}",
        publisher=publisher,
        language=language,
        title=title,
        text=text,
        published_at=when,
        first_seen_at=when,
        content_sha256=identify(text),
        zones=(Zone("headline", 0, len(title)), Zone("body", len(title) + 2, len(text))),
        wire=WireCredit(agency, "dateline") if agency else None,
        feed_reliability="B" if agency else "C",
        is_sample=number % 2 == 1,
    )


def claim(
    source: Article,
    quote: str,
    accused: Actor,
    conduct: str,
    chain: list[Attribution],
    *,
    modality: str = "alleged",
    **more: object,
) -> Claim:
    start = source.text.index(quote)
    spans = (Span(start, start + len(quote)),)
    return Claim(
        claim_id=identify("claim", source.article_id, quote, conduct),
        article_id=source.article_id,
        version=1,
        accused=(accused,),
        conduct=conduct,
        modality=modality,  # type: ignore[arg-type]
        spans=spans,
        attributions=tuple(chain),
        status="accepted",
        confidence=0.86,
        reasons=("patterns and parse agree on the actor", "the verb reports"),
        extractor_version="extract-1",
        **more,  # type: ignore[arg-type]
    )


def said(name: str, verb: str, kind: str = "official", stance: str = "asserts", *, is_inferred: bool = True) -> Attribution:
    return Attribution(name, kind, verb, stance, None, is_inferred=is_inferred)  # type: ignore[arg-type]


PERMITS = "has let more than four thousand new North Korean labourers into the country since the ban"
UPI = article(
    1,
    "UPI",
    "Russia keeps hiring North Koreans, ledger shows",
    [
        f"Russia {PERMITS}, according to an immigration ledger that the Pacific Courier has seen.",
        "The ledger lists names, employers and dates of entry. At least 312 permits were stamped in the two weeks after the ban.",
        'Moscow "carries out every resolution to the letter," a spokesman of the foreign ministry said.',
    ],
    agency="UPI",
    hours=0,
)
COPY = article(2, "Harbour Daily", "Ledger: Russia still takes North Korean labour", UPI.text.split("\n\n")[1:], hours=3)
SECOND = article(
    3,
    "Northern Wire",
    "Envoy: new permits for North Koreans break the ban",
    [
        "The envoy told the Council on Friday that the entries in the ledger were credible and that new permits break resolution 2375.",
        "Diplomats expect a closed session next week.",
    ],
    hours=26,
)
SHIP = article(
    4,
    "Strait Monitor",
    "Tanker took fuel to a North Korean ship, coast guard says",
    [
        "A tanker under the flag of Togo, the Morning Tide, handed some 1,900 tonnes of diesel to a North Korean ship in the East China Sea, Japan's coast guard said.",
    ],
    url="javascript:alert(document.cookie)",
    hours=40,
)
HOSTILE_ARTICLE = article(
    5,
    HOSTILE,
    HOSTILE,
    [f"A bank in Macao, {HOSTILE}, kept an account for a listed trading company, the report says. {'Very long words ' * 30}"],
    hours=50,
)
KOREAN = article(
    6,
    "한빛일보",
    "중국, 북한 석탄 하역 허용",
    ["중국 당국이 란저우항에서 북한산 석탄 하역을 허용했다고 소식통이 말했다."],
    hours=52,
    language="ko",
)


def _facts(*facts: tuple[str, str]) -> tuple[Fact, ...]:
    return tuple(Fact(kind, value.casefold(), value) for kind, value in facts)  # type: ignore[arg-type]


def store(warehouse: Warehouse) -> dict[str, str]:
    """Store it; answers the allegations' ids by a short name."""
    courier, officer, envoy = (
        said("Pacific Courier", "reports", "publisher", "reports"),
        said("immigration ledger", "shows", "document"),
        said("the envoy", "told"),
    )
    rule = MappedRule(
        "2375 OP17",
        is_in_force=True,
        is_verified=True,
        exemption="the 1718 Committee may approve a permit in advance",
        note="mapped by the conduct's date",
    )
    permits = claim(UPI, PERMITS, RUSSIA, "labour.new_permits", [courier, officer], modality="documented", mapped_rule=rule,
                    quantities=(Quantity(4000, "workers", "more than four thousand"), Quantity(312, "permits", "At least 312 permits")))  # fmt: skip
    copied = claim(COPY, PERMITS, RUSSIA, "labour.new_permits", [courier, officer], modality="documented", mapped_rule=rule)
    denial = claim(
        UPI,
        'Moscow "carries out every resolution to the letter,"',
        RUSSIA,
        "labour.new_permits",
        [said("spokesman of the foreign ministry", "said")],
        modality="denied",
        mapped_rule=rule,
    )
    credible = claim(
        SECOND,
        "new permits break resolution 2375",
        RUSSIA,
        "labour.new_permits",
        [envoy],
        mapped_rule=rule,
        cited_rule="UNSCR 2375",
    )
    sts = claim(SHIP, "handed some 1,900 tonnes of diesel to a North Korean ship", VESSEL, "sea.sts", [said("Japan's coast guard", "said", "government")], modality="confirmed",
                mapped_rule=MappedRule("2375 OP11", is_in_force=True, is_verified=False), place="East China Sea", period=Period("last week", date(2018, 7, 23), date(2018, 7, 29), "week"),
                marks=("identity_fraud",))  # fmt: skip
    bank = claim(
        HOSTILE_ARTICLE,
        "kept an account for a listed trading company",
        BANK,
        "fin.banks",
        [said(HOSTILE, HOSTILE, "document")],
        regime="US",
    )
    coal = claim(
        KOREAN,
        "북한산 석탄 하역을 허용했다고",
        CHINA,
        "export.coal_iron",
        [said("a source", "said", "unnamed")],
        mapped_rule=MappedRule("2371 OP8", is_in_force=False, is_verified=True),
    )

    def allegation(
        name: str,
        version: int,
        claims: list[Claim],
        articles: list[Article],
        facts: tuple[Fact, ...],
        roots: tuple[str, ...],
        grade: Grade | None,
        **more: object,
    ) -> Allegation:
        return Allegation(
            allegation_id=identify("allegation", name),
            version=version,
            accused=claims[0].accused[0],
            conduct=claims[0].conduct,
            counterpart="",
            event_key="",
            first_published_at=articles[0].published_at,
            last_published_at=articles[-1].published_at,
            facts=facts,
            claim_ids=tuple(each.claim_id for each in claims),
            article_ids=tuple(dict.fromkeys(each.article_id for each in articles)),
            story_ids=tuple(dict.fromkeys(identify("story", (UPI if each is COPY else each).article_id) for each in articles)),
            publishers=tuple(dict.fromkeys(each.publisher for each in articles)),
            roots=roots,
            grade=grade,
            **more,  # type: ignore[arg-type]
        )

    first = _facts(
        ("accuser", "Pacific Courier"),
        ("root", "Pacific Courier"),
        ("number", "more than four thousand"),
        ("number", "At least 312 permits"),
        ("document", "immigration ledger"),
        ("denial", "spokesman of the foreign ministry"),
    )
    second = (*first, *_facts(("accuser", "the envoy"), ("root", "the envoy")))
    proposed = Grade("B", "2", ("the root is a newspaper that shows its document", "one further root calls it credible"))
    steps = [
        (UPI, [permits, denial], "NEW", first, allegation("permits", 1, [permits, denial], [UPI], first, ("Pacific Courier",), Grade("C", "3", ("one root",)))),
        (COPY, [copied], "NOTHING", (), allegation("permits", 1, [permits, denial, copied], [UPI, COPY], first, ("Pacific Courier",), Grade("C", "3", ("one root",)))),
        (SECOND, [credible], "UPDATE", second[-2:], allegation("permits", 2, [permits, denial, copied, credible], [UPI, COPY, SECOND], second, ("Pacific Courier", "the envoy"), proposed)),
        (SHIP, [sts], "NEW", _facts(("accuser", "Japan's coast guard")), allegation("ship", 1, [sts], [SHIP], _facts(("accuser", "Japan's coast guard"), ("place", "East China Sea")), ("Japan's coast guard",), Grade("A", "3", ("a government's own finding",)))),
        (HOSTILE_ARTICLE, [bank], "NEW", _facts(("accuser", HOSTILE)), allegation("bank", 1, [bank], [HOSTILE_ARTICLE], _facts(("accuser", HOSTILE)), (HOSTILE,), None)),
        (KOREAN, [coal], "NEW", _facts(("accuser", "a source")), allegation("coal", 1, [coal], [KOREAN], _facts(("accuser", "a source")), ("a source",), Grade("F", "6", ("a source that is not named",)), is_in_force=False, state="withdrawn")),
    ]  # fmt: skip
    analyst = Subscriber("desk", "The desk", "desk@example.org")
    with warehouse.begin() as unit:
        unit.save_subscribers([analyst])
    alerts: list[Alert] = []
    for number, (source, claims, novelty, new_facts, state) in enumerate(steps):
        now = source.first_seen_at + timedelta(minutes=4)
        story = identify("story", (UPI if source is COPY else source).article_id)
        relation = "copy" if source is COPY else "lead"
        with warehouse.begin() as unit:
            unit.save_article(source, None, "clean-1")
            unit.save_selection(Selection(source.article_id, 1, True, False, 0.9, ("names North Korea and a permit",), "select-1"))
            unit.save_placement(
                Placement(source.article_id, 1, story, relation, UPI.article_id if source is COPY else "", UPI.article_id if source is COPY else source.article_id,
                          "UPI" if source in (UPI, COPY) else "", 1.0 if source is COPY else 0.0, ("the same text",) if source is COPY else ("nothing like it before",), MODEL),
                Fingerprints(source.article_id, 1, (number + 1,), 100, source.published_at),
            )  # fmt: skip
            unit.save_claims(source, claims, "extract-1")
            assessment = Assessment(identify("assessment", str(number)), source.article_id, 1, tuple(each.claim_id for each in claims), novelty, new_facts,
                                    ("the first to say so",) if novelty == "NEW" else ("adds an accuser",), state, now, novelty != "NOTHING", "assess-1")  # fmt: skip
            made = [] if novelty == "NOTHING" else [_alert(assessment, source, now)]
            unit.save_assessments(source, [assessment], made, "assess-1")
            alerts += made
    with warehouse.begin() as unit:
        for number, alert in enumerate(alerts):
            sent_at = alert.created_at + timedelta(seconds=40)
            state, error = ("failed", "550 5.1.1 mailbox unavailable") if number == 2 else ("sent", "")
            unit.save_notifications(alert, [
                Notification(identify("notification", alert.alert_id), alert.alert_id, "desk", "mail", "desk@example.org", state,  # type: ignore[arg-type]
                             f"<{alert.alert_id}@sanctions-watch>", 1, sent_at, error, sent_at if state == "sent" else None),
            ])  # fmt: skip
    return {name: identify("allegation", name) for name in ("permits", "ship", "bank", "coal")}


def _alert(assessment: Assessment, source: Article, now: datetime) -> Alert:
    known = assessment.allegation
    return Alert(
        alert_id=identify("alert", assessment.assessment_id),
        assessment_id=assessment.assessment_id,
        allegation_id=known.allegation_id,
        allegation_version=known.version,
        kind=assessment.novelty,
        created_at=now,
        headline=f"{known.roots[0]} alleges: {known.accused.name}, {known.conduct}",
        accused=known.accused.name,
        accused_kind=known.accused.kind,
        conduct=known.conduct,
        conduct_title=known.conduct,
        summary="",
        new_facts=assessment.new_facts,
        known_facts=(),
        quotes=(),
        source_chain=(),
        roots=known.roots,
        articles=1,
        publishers=1,
        reprints=0,
        grade="C3",
        grade_reasons=(),
        rule="",
        rule_note="",
        exemption="",
        modality="alleged",
        answer="no comment seen",
        language=source.language,
        is_sample=source.is_sample,
    )


def post(folder: Path) -> None:
    """Two mails in a folder, as the local mailbox keeps them."""
    folder.mkdir(parents=True, exist_ok=True)
    letters = {
        "0001-new.eml": (f"<{identify('alert', identify('assessment', '0'))}@sanctions-watch>", "SAMPLE [NEW] Pacific Courier alleges: Russia, new work permits (2375 OP17) – 1 root", 0),
        "0002-hostile.eml": ("<2@sanctions-watch>", f"[UPDATE] {HOSTILE}", 3),
    }  # fmt: skip
    for name, (message_id, subject, hours) in letters.items():
        message = EmailMessage()
        message["Subject"] = subject
        message["From"] = "Sanctions Watch <sanctions-watch@localhost>"
        message["To"] = "The desk <desk@example.org>"
        message["Date"] = START + timedelta(hours=hours)
        message["Message-ID"] = message_id
        message.set_content(f"What is new\n\nRussia {PERMITS}.\n\n{HOSTILE}\n")
        message.add_alternative(
            f'<html><head><style>b{{color:#125f73}}</style></head><body style="font-family:sans-serif"><h1>What is new</h1><p>Russia <b>{PERMITS}</b>.</p>'
            '<script>document.title="ran"</script><img src="https://tracker.example/pixel.gif"><p><a href="https://example.org">link</a></p></body></html>',
            subtype="html",
        )
        (folder / name).write_bytes(message.as_bytes())
