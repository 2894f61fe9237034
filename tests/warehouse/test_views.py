"""The views for BI on a small warehouse whose answers are known by hand."""

from dataclasses import replace
from datetime import date

import psycopg
import pytest
from psycopg.rows import dict_row
from tests.contract.samples import (
    QUOTE,
    T0,
    Filled,
    alert,
    allegation,
    article,
    assessment,
    claim,
    days,
    entry,
    feed,
    fingerprints,
    minutes,
    notification,
    placement,
    poll,
    selection,
    subscriber,
)

from sanctions_watch.records import FeedOrder

pytestmark = pytest.mark.postgres

LEAD, COPY, OTHER, REJECTED, UNREAD = (article(number) for number in (1, 2, 3, 4, 5))


@pytest.fixture(scope="module")
def mart(request, postgres_url):
    """A function that answers the rows of a view, as the role for BI sees them."""
    from tests.conftest import create_database

    from sanctions_watch.adapters.warehouse import connect

    create_database(postgres_url(), "sanctions_watch_views", "sanctions_watch_template")
    held = connect(postgres_url("sanctions_watch_views"))
    fill(held)
    held.close()
    with psycopg.connect(postgres_url("sanctions_watch_views"), row_factory=dict_row) as connection:
        connection.execute("set role sanctions_watch_bi")
        yield lambda view: connection.execute(f"select * from mart.{view} order by 1, 2, 3").fetchall()


def fill(warehouse):
    filled = Filled(warehouse)
    with warehouse.begin() as unit:
        unit.save_feeds([feed(), feed("quiet")], T0)
        unit.save_feed_order(FeedOrder("quiet", "pause", "ana", T0, "moving"))
        unit.save_poll(poll(entry(1), entry(2)))
        unit.save_poll(poll(at=T0 + minutes(15), outcome="not_modified", duration_ms=77, payload=b""))
        unit.save_poll(poll(at=T0 + minutes(30), outcome="unavailable", reason="timed out", duration_ms=0, payload=b""))
        unit.save_poll(poll(at=T0 + days(1), outcome="unchanged", payload=b""))
    filled.cleaned(UNREAD, REJECTED)
    with warehouse.begin() as unit:
        unit.save_selection(selection(REJECTED, selected=False))
    filled.extracted(LEAD)
    filled.selected(COPY)
    with warehouse.begin() as unit:
        unit.save_placement(placement(COPY, relation="cut", lead=LEAD), fingerprints(COPY))
        unit.save_claims(COPY, [claim(COPY)], "extract-1")
        unit.save_claims(COPY, [claim(COPY, conduct="jv.operate")], "extract-2")
    filled.extracted(OTHER, story="story-2", claims=[])
    first = allegation(LEAD, claim_ids=(claim(LEAD).claim_id,))
    reprinted = replace(first, article_ids=(LEAD.article_id, COPY.article_id), publishers=("Publisher 1", "Publisher 2"))
    updated = replace(reprinted, version=2, roots=("WSJ", "CNN"), state="withdrawn", grade=None)
    made = [
        assessment(LEAD, first, claim_ids=(claim(LEAD).claim_id,)),
        assessment(COPY, reprinted, novelty="NOTHING", new_facts=(), at=T0 + days(1)),
        assessment(OTHER, updated, novelty="UPDATE", at=T0 + days(2)),
    ]
    told = [alert(made[0]), alert(made[2], at=T0 + days(2))]
    with warehouse.begin() as unit:
        unit.save_subscribers([subscriber("desk"), subscriber("night")])
        unit.save_assessments(LEAD, made[:1], told[:1], "assess-1")
        unit.save_assessments(COPY, made[1:2], [], "assess-1")
        unit.save_assessments(OTHER, made[2:], told[1:], "assess-1")
        unit.save_notifications(told[0], [notification(told[0]), notification(told[0], "night")])
        unit.save_notification(notification(told[0], state="sent", sent_at=T0 + minutes(5), was_uncertain=True), T0)


def test_articles(mart):
    rows = {row["article_id"]: row for row in mart("articles")}
    assert rows.keys() == {one.article_id for one in (LEAD, COPY, OTHER, REJECTED, UNREAD)}
    told = rows[COPY.article_id]
    assert (told["story_id"], told["story_relation"], told["is_selected"], told["claims"]) == ("story-1", "cut", True, 1)
    assert (told["wire_agency"], told["notice"], told["characters"]) == ("UPI", "correction", len(COPY.text))
    assert told["selection_reasons"] == ["names North Korea", "work permits"]
    assert (rows[REJECTED.article_id]["is_selected"], rows[REJECTED.article_id]["is_near_miss"]) == (False, True)
    assert rows[UNREAD.article_id]["is_selected"] is None
    assert rows[UNREAD.article_id]["story_id"] is None


def test_stories(mart):
    first, second = mart("stories")
    assert (first["story_id"], first["articles"], first["reprints"], first["publishers"]) == ("story-1", 2, 1, 2)
    assert first["publisher_names"] == ["Publisher 1", "Publisher 2"]
    assert (first["lead_article_id"], first["lead_publisher"], first["origin_agency"]) == (LEAD.article_id, "Publisher 1", "UPI")
    assert (first["first_published_at"], first["last_published_at"]) == (LEAD.published_at, COPY.published_at)
    assert (second["articles"], second["reprints"]) == (1, 0)


def test_claims_with_their_evidence(mart):
    rows = mart("claims")
    assert len(rows) == 3  # two of the lead; of the copy only what the newest rules read
    assert [row["conduct"] for row in rows if row["article_id"] == COPY.article_id] == ["jv.operate"]
    told = next(row for row in rows if row["claim_id"] == claim(LEAD).claim_id)
    assert (told["quote"], told["further_quotes"]) == (QUOTE, ["Moscow"])
    assert LEAD.text[told["quote_start"] : told["quote_end"]] == QUOTE
    assert (told["attribution_chain"], told["root"], told["root_kind"]) == (
        "UPI ← Wall Street Journal",
        "Wall Street Journal",
        "organisation",
    )
    assert told["has_inferred_step"]
    assert (told["accused"], told["accused_kinds"], told["accused_countries"]) == (["Russia"], ["state"], ["RU"])
    assert told["counterparts"] == ["North Korea", "Chon Ma San"]
    assert told["quantities"] == ["more than 10,000", "thousands"]
    assert (told["rule"], told["rule_is_in_force"], told["cited_rule"]) == ("2375 OP17", True, "UNSCR 2375")
    assert (told["period_first"], told["period_last"]) == (date(2017, 9, 1), None)
    assert (told["allegation_id"], told["story_id"]) == (allegation(LEAD).allegation_id, "story-1")
    bare = next(row for row in rows if row["modality"] == "denied")
    assert (bare["accused"], bare["root"], bare["rule"], bare["allegation_id"]) == ([], None, None, None)


def test_allegations_count_roots_and_not_articles(mart):
    (told,) = mart("allegations")
    assert (told["version"], told["roots"], told["publishers"], told["articles"]) == (2, 2, 2, 2)
    assert (told["root_names"], told["state"], told["grade"], told["grade_reasons"]) == (["WSJ", "CNN"], "withdrawn", None, [])
    assert (told["accused"], told["accused_country"], told["conduct_family"]) == ("Russia", "RU", "labour")
    assert (told["known_since"], told["changed_at"]) == (T0, T0 + days(2))
    assert (told["alerts"], told["facts"], told["is_sample"]) == (2, 2, True)


def test_allegations_as_known_on_a_day(mart):
    rows = mart("allegation_versions")

    def known_on(day):
        return [
            (row["version"], row["revision"], row["articles"], row["roots"], row["grade"])
            for row in rows
            if row["known_from"] <= day and (row["known_until"] is None or day < row["known_until"])
        ]

    assert known_on(T0 - minutes(1)) == []
    assert known_on(T0) == [(1, 1, 1, 1, "B3")]
    assert known_on(T0 + days(1)) == [(1, 2, 2, 1, "B3")]
    assert known_on(T0 + days(9)) == [(2, 1, 2, 2, None)]
    assert [row["novelty"] for row in rows] == ["NEW", "NOTHING", "UPDATE"]
    assert rows[0]["new_facts"] == ["The Wall Street Journal"]


def test_alerts_with_their_delivery(mart):
    rows = sorted(mart("alerts"), key=lambda row: row["created_at"])
    first, second = rows
    assert (first["kind"], first["notifications"], first["sent"], first["pending"], first["sent_again"]) == ("NEW", 2, 1, 1, 1)
    assert (first["first_sent_at"], first["is_fanned_out"]) == (T0 + minutes(5), True)
    assert (first["headline"], first["rule"], first["reprints"], first["roots"]) == (
        "WSJ alleges: Russia, new work permits (2375 OP17)",
        "2375 OP17",
        1,
        1,
    )
    assert (second["kind"], second["notifications"], second["is_fanned_out"]) == ("UPDATE", 0, False)
    assert not any("@" in str(value) for row in rows for value in row.values())


def test_feed_health_by_day(mart):
    first, second = mart("feed_health_by_day")
    assert (first["feed_id"], first["day"], first["polls"]) == ("upi-world", date(2018, 8, 4), 3)
    assert (first["changed"], first["not_modified"], first["unavailable"], first["unchanged"]) == (1, 1, 1, 0)
    assert (float(first["share_answered"]), first["new_entries"], first["last_trouble"]) == (0.6667, 2, "timed out")
    assert (first["average_duration_ms"], first["longest_duration_ms"]) == (67, 123)
    assert (second["day"], second["unchanged"], second["last_trouble"]) == (date(2018, 8, 5), 1, None)


def test_feeds_as_they_are_now(mart):
    paused, first = mart("feeds")
    assert (paused["feed_id"], paused["health"], paused["health_since"], paused["health_reason"]) == (
        "quiet",
        "paused",
        T0,
        "ana: moving",
    )
    assert (first["health"], first["health_since"], first["health_reason"]) == (
        "quiet",
        T0 - days(1),
        "nothing new since yesterday",
    )
    assert (first["has_moved"], first["etag_lies"], first["verified_on"]) == (False, True, date(2018, 8, 1))
    assert first["next_poll_at"] == T0 + days(1) + minutes(15)
