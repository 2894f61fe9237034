"""Records for the tests of the warehouse, every field filled, so that a field that is not stored is seen."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sanctions_watch.records import (
    Actor,
    Alert,
    AlertQuote,
    Allegation,
    Article,
    Assessment,
    Attribution,
    Claim,
    DateCandidate,
    Entry,
    Fact,
    Feed,
    FeedHealth,
    FeedState,
    Fingerprints,
    Grade,
    MappedRule,
    Notice,
    Notification,
    Period,
    Placement,
    Poll,
    Quantity,
    Removed,
    Rhythm,
    Route,
    Selection,
    Span,
    Subscriber,
    WireCredit,
    Zone,
    claim_id,
    identify,
)

T0 = datetime(2018, 8, 4, 12, 30, 15, 123456, tzinfo=UTC)
HEADLINE = "Moscow grants North Koreans new permits – “despite” the ban 🚢"
QUOTE = "Russia has let thousands of new North Korean labourers enter"
BODY = f"{QUOTE}, the Journal reported on Thursday.\n\nПхеньян — 평양 did not answer."


def minutes(count):
    return timedelta(minutes=count)


def days(count):
    return timedelta(days=count)


def feed(name="upi-world", **changes):
    full = Feed(
        feed_id=name,
        url=f"https://feeds.example/{name}.xml",
        publisher="UPI",
        language="en",
        country="US",
        kind="agency",
        format="rss",
        reliability="B",
        is_specialist=True,
        is_sample=True,
        is_unhurried=True,
        note="seen gzipped without its header",
        verified_on=date(2018, 8, 1),
    )
    return replace(full, **changes)


def entry(number=1, feed_id="upi-world", **changes):
    full = Entry(
        entry_id=identify("entry", str(number)),
        feed_id=feed_id,
        url=f"https://news.example/{number}",
        guid=f"guid-{number}",
        title=HEADLINE,
        summary="<p>What came</p>",
        content="<p>All of it</p>",
        author="A. Reporter",
        credit="UPI",
        language="en",
        published_at=T0 + minutes(number),
        updated_at=T0 + minutes(number + 1),
        seen_at=T0 + minutes(number + 2),
        content_sha256=identify("content", str(number)),
    )
    return replace(full, **changes)


def state(feed_id="upi-world", **changes):
    full = FeedState(
        feed_id=feed_id,
        url=f"https://feeds.example/{feed_id}.xml",
        next_poll_at=T0 + minutes(15),
        etag='W/"1"',
        last_modified="Sat, 04 Aug 2018 12:00:00 GMT",
        body_sha256="ab" * 32,
        etag_lies=True,
        interval_seconds=600,
        failures=0.75,
        failing_since=T0 - minutes(5),
        last_polled_at=T0,
        last_success_at=T0 - minutes(1),
        last_entry_at=T0 - minutes(2),
        last_error="timed out",
        retired_at=None,
        rhythm=Rhythm((0.5,) * 24, (1.25,) * 7, 3.75, T0 - minutes(3)),
        known_ids=("0a1b2c3d", "ffff0000"),
        not_modified_at=T0 - minutes(4),
        stale_news=2,
        health=FeedHealth("quiet", T0 - days(1), "nothing new since yesterday"),
    )
    return replace(full, **changes)


def poll(*entries, feed_id="upi-world", at=T0, **changes):
    full = Poll(
        feed_id=feed_id,
        polled_at=at,
        outcome="changed",
        reason="2 entries, all new",
        status=200,
        duration_ms=123,
        entries=entries,
        state=state(feed_id, last_polled_at=at, next_poll_at=at + minutes(15)),
        payload=b"<rss>" + b"x" * 1000 + b"</rss>",
    )
    return replace(full, **changes)


def article(number=1, version=1, **changes):
    text = f"{HEADLINE}\n\n{BODY}"
    full = Article(
        article_id=identify("article", str(number)),
        version=version,
        entry_id=identify("entry", str(number)),
        url=f"https://news.example/{number}",
        publisher=f"Publisher {number}",
        language="en",
        title=HEADLINE,
        text=text,
        published_at=T0 + minutes(number),
        first_seen_at=T0 + minutes(number + 2),
        content_sha256=identify("text", text, str(number), str(version)),
        zones=(Zone("headline", 0, len(HEADLINE)), Zone("body", len(HEADLINE) + 2, len(text))),
        removed=(Removed("advertisement", "Advertisement"),),
        byline="By A. Reporter",
        dates=(DateCandidate("dateline", T0 + minutes(number), "Aug. 4"), DateCandidate("meta", T0, "")),
        has_date_conflict=True,
        wire=WireCredit("UPI", "dateline", "Aug. 4 (UPI) --", ""),
        notice=Notice("correction", "CORRECTED-"),
        feed_kind="agency",
        feed_reliability="B",
        is_sample=True,
        is_backfill=True,
        cleaner_version="clean-1",
    )
    return replace(full, **changes)


def selection(of, *, selected=True, version="select-1", **changes):
    full = Selection(of.article_id, of.version, selected, not selected, 0.8125, ("names North Korea", "work permits"), version)
    return replace(full, **changes)


def fingerprints(of, *hashes):
    return Fingerprints(of.article_id, of.version, hashes or (1, -(2**63), 2**63 - 1, of.version), 250, of.published_at)


def placement(of, *, story="story-1", relation="lead", lead=None, version="place-1", **changes):
    full = Placement(
        article_id=of.article_id,
        version=of.version,
        story_id=story,
        relation=relation,
        related_to="" if relation == "lead" else (lead or of).article_id,
        lead_article_id=(lead or of).article_id,
        origin_agency="UPI",
        containment=0.9375,
        evidence=("12 of 13 fingerprints shared", "same dateline"),
        deduplicator_version=version,
    )
    return replace(full, **changes)


RUSSIA = Actor("Russia", "state", "RU")
TANKER = Actor("Chon Ma San", "vessel", "KP", imo="8660313", imo_is_valid=True)


def claim(of, *, conduct="labour.new_permits", accused=(RUSSIA,), version="extract-1", start=None, **changes):
    start = of.text.index(QUOTE) if start is None else start
    spans = (Span(start, start + len(QUOTE)), Span(0, 6))
    full = Claim(
        claim_id=claim_id(of.article_id, spans, accused, conduct, "documented"),
        article_id=of.article_id,
        version=of.version,
        accused=accused,
        conduct=conduct,
        modality="documented",
        spans=spans,
        attributions=(
            Attribution("UPI", "publisher", "", "reports", None, is_inferred=True),
            Attribution("Wall Street Journal", "organisation", "reported", "documents", Span(start + 20, start + 30)),
        ),
        status="accepted",
        confidence=0.9,
        reasons=("both extractors agree",),
        counterparts=(Actor("North Korea", "state", "KP"), TANKER),
        object="work permits",
        quantities=(Quantity(10000.0, "workers", "more than 10,000"), Quantity(None, "workers", "thousands")),
        place="Vladivostok",
        period=Period("since September", date(2017, 9, 1), None, "month"),
        cited_rule="UNSCR 2375",
        mapped_rule=MappedRule(
            "2375 OP17", is_in_force=True, is_verified=True, exemption="committee approval", note="speaker cites 2397"
        ),
        regime="US",
        marks=("ambiguous_accuser",),
        extractor_version=version,
    )
    return replace(full, **changes)


def bare_claim(of, **changes):
    """A claim with every optional field empty."""
    span = Span(0, 6)
    full = Claim(
        claim_id=claim_id(of.article_id, (span,), (), "oil.refined_cap", "denied"),
        article_id=of.article_id,
        version=of.version,
        accused=(),
        conduct="oil.refined_cap",
        modality="denied",
        spans=(span,),
        attributions=(),
        status="review",
        confidence=0.0,
        reasons=(),
        period=Period("", None, None, "unknown"),
    )
    return replace(full, **changes)


FACT = Fact("root", "wsj", "The Wall Street Journal", "claim-1")


def allegation(of, *, number=1, version=1, **changes):
    full = Allegation(
        allegation_id=identify("allegation", str(number)),
        version=version,
        accused=RUSSIA,
        conduct="labour.new_permits",
        counterpart="KP",
        event_key="",
        first_published_at=of.published_at,
        last_published_at=of.published_at,
        facts=(FACT, Fact("number", "10000 workers", "10,000 workers")),
        claim_ids=("claim-1",),
        article_ids=(of.article_id,),
        story_ids=("story-1",),
        publishers=(of.publisher,),
        roots=("WSJ",),
        grade=Grade("B", "3", ("one root", "documents named")),
        is_in_force=True,
        state="open",
    )
    return replace(full, **changes)


def assessment(of, about, *, novelty="NEW", version="assess-1", at=T0, **changes):
    full = Assessment(
        assessment_id=identify("assessment", of.article_id, str(of.version), about.allegation_id, str(about.version)),
        article_id=of.article_id,
        article_version=of.version,
        claim_ids=("claim-1",),
        novelty=novelty,
        new_facts=(FACT,),
        reasons=("nothing alike is known",),
        allegation=about,
        assessed_at=at,
        may_alert=True,
        assessor_version=version,
    )
    return replace(full, **changes)


def alert(of, *, at=T0, **changes):
    about = of.allegation
    full = Alert(
        alert_id=identify("alert", of.assessment_id),
        assessment_id=of.assessment_id,
        allegation_id=about.allegation_id,
        allegation_version=about.version,
        kind=of.novelty,
        created_at=at,
        headline="WSJ alleges: Russia, new work permits (2375 OP17)",
        accused="Russia",
        accused_kind="state",
        conduct=about.conduct,
        conduct_title="New work permits",
        summary="Russia is said to have …",
        new_facts=of.new_facts,
        known_facts=(FACT,),
        quotes=(AlertQuote(QUOTE, "WSJ", "UPI", "https://news.example/1", T0),),
        source_chain=("UPI", "WSJ"),
        roots=("WSJ",),
        articles=2,
        publishers=2,
        reprints=1,
        grade="B3",
        grade_reasons=("one root",),
        rule="2375 OP17",
        rule_note="mapped by us",
        exemption="none",
        modality="documented",
        answer="no comment seen",
        language="en",
        regime="UN",
        first_alert_id="first",
        is_sample=True,
        accused_country="RU",
    )
    return replace(full, **changes)


def subscriber(name="desk", **changes):
    full = Subscriber(
        name, "The Desk", f"{name}@example.org", (Route(("labour",), ("RU",), ("NEW",), ("en",), "C3"), Route()), True
    )
    return replace(full, **changes)


def notification(of, to="desk", **changes):
    full = Notification(
        notification_id=identify("notification", of.alert_id, to),
        alert_id=of.alert_id,
        subscriber_id=to,
        channel="mail",
        address=f"{to}@example.org",
        state="pending",
        message_id=f"<{of.alert_id}.{to}@example.org>",
        attempts=0,
        next_attempt_at=T0,
        last_error="none yet",
        sent_at=None,
        was_uncertain=False,
    )
    return replace(full, **changes)


class Filled:
    """Steps of the flow with sample records, each in the unit given."""

    def __init__(self, warehouse):
        self.warehouse = warehouse

    def cleaned(self, *articles):
        with self.warehouse.begin() as unit:
            for one in articles:
                unit.save_article(one, None, one.cleaner_version)
        return articles[0]

    def selected(self, *articles):
        self.cleaned(*articles)
        with self.warehouse.begin() as unit:
            for one in articles:
                unit.save_selection(selection(one))
        return articles[0]

    def placed(self, *articles, **of_placement):
        self.selected(*articles)
        with self.warehouse.begin() as unit:
            for one in articles:
                unit.save_placement(placement(one, **of_placement), fingerprints(one))
        return articles[0]

    def extracted(self, *articles, claims=None, version="extract-1", **of_placement):
        self.placed(*articles, **of_placement)
        with self.warehouse.begin() as unit:
            for one in articles:
                found = [claim(one), bare_claim(one)] if claims is None else [make(one) for make in claims]
                unit.save_claims(one, found, version)
        return articles[0]

    def alerted(self, one, number=1, **of_alert):
        """Assessed too, with one allegation and one alert."""
        self.extracted(one)
        made = assessment(one, allegation(one, number=number))
        told = alert(made, **of_alert)
        with self.warehouse.begin() as unit:
            unit.save_assessments(one, [made], [told], "assess-1")
        return told

    def notified(self, one, number=1, to="desk", **of_notification):
        """Fanned out too, to one subscriber."""
        told = self.alerted(one, number)
        sent = notification(told, to, **of_notification)
        with self.warehouse.begin() as unit:
            unit.save_subscribers([subscriber(to)])
            unit.save_notifications(told, [sent])
        return told, sent
