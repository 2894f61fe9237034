"""What every Warehouse does for assess: the ledger is one."""

from dataclasses import replace

import pytest
from tests.contract.samples import (
    T0,
    alert,
    allegation,
    article,
    assessment,
    bare_claim,
    claim,
    days,
    fingerprints,
    placement,
)

from sanctions_watch.errors import WarehouseRefused
from sanctions_watch.records import Actor, Quarantined


def save(warehouse, one, made, alerts=(), version="assess-1"):
    with warehouse.begin() as unit:
        unit.save_assessments(one, made, alerts, version)


def test_articles_to_assess_come_in_the_order_of_sight_then_publication(warehouse, filled):
    third = article(3, first_seen_at=T0, published_at=T0 + days(2))
    second = article(2, first_seen_at=T0, published_at=T0 + days(1))
    filled.extracted(article(1), third, second)
    with warehouse.begin() as unit:
        assert [one.article for one in unit.articles_to_assess("assess-1", 10)] == [second, third, article(1)]
        assert [one.article for one in unit.articles_to_assess("assess-1", 1)] == [second]


def test_an_article_is_assessed_once_also_where_nothing_came_of_it(warehouse, filled):
    one = filled.extracted(article(1), claims=[])
    save(warehouse, one, [])
    with warehouse.begin() as unit:
        assert unit.articles_to_assess("assess-1", 10) == []
        assert unit.counts(T0).waiting == 0
        unit.quarantine(Quarantined("assess", one.article_id, "why", "", T0))
        assert unit.articles_to_assess("assess-2", 10) == []


def test_other_rules_assess_again_and_are_told_so(warehouse, filled):
    one = filled.extracted(article(1))
    save(warehouse, one, [assessment(one, allegation(one))])
    with warehouse.begin() as unit:
        work = unit.articles_to_assess("assess-2", 10)
        assert [(each.article, each.is_reprocessed) for each in work] == [(one, True)]
        unit.save_assessments(one, [], [], "assess-2")
        assert unit.articles_to_assess("assess-2", 10) == []
        assert unit.articles_to_assess("assess-1", 10) == []


def test_a_new_extraction_is_assessed_again_with_its_claims_alone(warehouse, filled):
    one = filled.extracted(article(1))
    newer = [claim(one, version="extract-2", conduct="jv.operate")]
    with warehouse.begin() as unit:
        unit.save_claims(one, newer, "extract-2")
        work = unit.articles_to_assess("assess-1", 10)
        assert [each.claims for each in work] == [tuple(newer)]  # the older, not yet assessed extraction is not given
        assert not work[0].is_reprocessed
        unit.save_assessments(one, [], [], "assess-1")
        assert unit.articles_to_assess("assess-1", 10) == []
        unit.save_claims(one, [], "extract-3")
        work = unit.articles_to_assess("assess-1", 10)
        assert [(each.claims, each.is_reprocessed) for each in work] == [((), True)]
        assert unit.counts(T0).claims == 0


def test_an_extraction_that_came_meanwhile_is_not_taken_for_assessed(warehouse, filled):
    one = filled.extracted(article(1))
    with warehouse.begin() as unit:
        unit.articles_to_assess("assess-1", 10)
        with warehouse.begin() as other:
            other.save_claims(one, [], "extract-2")
        unit.save_assessments(one, [], [], "assess-1")
    with warehouse.begin() as unit:
        assert [each.claims for each in unit.articles_to_assess("assess-1", 10)] == [()]


def test_a_new_version_is_no_reprocessing_and_brings_the_claims_before(warehouse, filled):
    one = filled.extracted(article(1))
    save(warehouse, one, [])
    second = article(1, 2)
    filled.extracted(second, claims=[bare_claim])
    with warehouse.begin() as unit:
        work = unit.articles_to_assess("assess-1", 10)
    assert [(each.article, each.is_reprocessed) for each in work] == [(second, False)]
    assert work[0].claims == (bare_claim(second),)
    assert work[0].previous_claims == (claim(one), bare_claim(one))


def test_a_version_overtaken_by_the_next_is_not_assessed(warehouse, filled):
    filled.extracted(article(1))
    filled.selected(article(1, 2))
    with warehouse.begin() as unit:
        assert unit.articles_to_assess("assess-1", 10) == []
        assert unit.articles_to_place("place-1", 10) == [article(1, 2)]
        assert unit.counts(T0).waiting == 1


@pytest.mark.parametrize("relation", ["correction_of", "kill_of"])
def test_a_correction_brings_the_claims_that_its_story_printed_before(warehouse, filled, relation):
    lead, copy, later, stranger = article(1), article(2), article(9), article(3)
    filled.extracted(lead, copy, later, claims=[claim])
    filled.extracted(stranger, claims=[claim], story="story-2")
    correction = article(4)
    filled.extracted(correction, claims=[], relation=relation, lead=lead)
    with warehouse.begin() as unit:
        work = {each.article.article_id: each for each in unit.articles_to_assess("assess-1", 10)}
    assert work[correction.article_id].previous_claims == (claim(lead), claim(copy))
    assert work[copy.article_id].previous_claims == ()


def test_allegations_come_back_whole_by_accused_and_family(warehouse, filled):
    one = filled.extracted(article(1))
    permits = allegation(one)
    ship = allegation(
        one,
        number=2,
        accused=Actor("Chon Ma San", "vessel", "KP", "8660313", False),
        conduct="sea.sts",
        event_key="2018-08-03 East China Sea",
        grade=None,
        facts=(),
        is_in_force=False,
        state="withdrawn",
        first_published_at=T0 - days(1),
    )
    save(warehouse, one, [assessment(one, permits), assessment(one, ship)])
    with warehouse.begin() as unit:
        assert unit.allegations_like(["RU"], ["labour"]) == [permits]
        assert unit.allegations_like(["chon ma san", "RU"], ["sea", "labour"]) == [ship, permits]
        assert unit.allegations_like(["RU"], ["sea"]) == []
        assert unit.allegations_like(["KP"], ["sea"]) == []
        assert unit.allegations_like([], ["sea"]) == []
        assert unit.counts(T0).allegations == 2


def test_the_latest_state_counts_also_within_a_version(warehouse, filled):
    one, two, three = article(1), article(2), article(3)
    filled.extracted(one, two, three)
    first = allegation(one)
    reprinted = replace(first, article_ids=(one.article_id, two.article_id), publishers=("Publisher 1", "Publisher 2"))
    updated = replace(reprinted, version=2, roots=("WSJ", "CNN"))
    with warehouse.begin() as unit:
        unit.save_assessments(one, [assessment(one, first)], [], "assess-1")
        unit.save_assessments(two, [assessment(two, reprinted, novelty="NOTHING")], [], "assess-1")
        assert unit.allegations_like(["RU"], ["labour"]) == [reprinted]
        unit.save_assessments(three, [assessment(three, updated, novelty="UPDATE")], [], "assess-1")
        assert unit.allegations_like(["RU"], ["labour"]) == [updated]
        unit.save_assessments(one, [assessment(one, first)], [], "assess-1")  # the same again
        assert unit.allegations_like(["RU"], ["labour"]) == [updated]
        with pytest.raises(WarehouseRefused), unit.part():
            unit.save_assessments(two, [assessment(two, first, assessment_id="late")], [], "assess-1")
        assert unit.allegations_like(["RU"], ["labour"]) == [updated]


def test_an_article_that_was_never_extracted_cannot_be_assessed(warehouse, filled):
    one = filled.placed(article(1))
    with pytest.raises(WarehouseRefused):
        save(warehouse, one, [])


def test_alerts_are_stored_with_their_assessment_once(warehouse, filled):
    one = filled.extracted(article(1))
    made = assessment(one, allegation(one))
    told = alert(made)
    for _ in range(2):
        save(warehouse, one, [made], [told])
    with warehouse.begin() as unit:
        assert unit.alerts_to_fan_out(10) == [told]
        assert unit.has_been_alerted(told.allegation_id) == told.alert_id
        assert unit.has_been_alerted("another") == ""
        assert unit.counts(T0).alerts == 1


def test_the_first_alert_of_an_allegation_stays_the_first(warehouse, filled):
    one, two = article(1), article(2)
    filled.extracted(one, two)
    made = [assessment(one, allegation(one)), assessment(two, allegation(two, version=2), novelty="UPDATE")]
    told = [alert(each) for each in made]
    save(warehouse, one, made[:1], told[:1])
    save(warehouse, two, made[1:], told[1:])
    with warehouse.begin() as unit:
        assert unit.has_been_alerted(told[0].allegation_id) == told[0].alert_id


def test_an_alert_without_its_assessment_is_refused_and_nothing_of_it_stays(warehouse, filled):
    one = filled.extracted(article(1))
    made = assessment(one, allegation(one))
    with pytest.raises(WarehouseRefused):
        save(warehouse, one, [made], [alert(assessment(one, allegation(one, number=2)))])
    with warehouse.begin() as unit:
        assert unit.allegations_like(["RU"], ["labour"]) == []
        assert len(unit.articles_to_assess("assess-1", 10)) == 1


def test_reprints_are_the_articles_of_a_story_by_publication(warehouse, filled):
    filled.placed(article(2), article(1))
    filled.placed(article(3), story="story-2")
    with warehouse.begin() as unit:
        assert unit.reprints_of(["story-2", "story-1", "story-1"]) == [
            ("story-1", article(1).article_id, "Publisher 1"),
            ("story-1", article(2).article_id, "Publisher 2"),
            ("story-2", article(3).article_id, "Publisher 3"),
        ]
        assert unit.reprints_of([]) == []


def test_the_placement_given_is_the_present_one(warehouse, filled):
    one = filled.extracted(article(1))
    moved = placement(one, version="place-2", story="story-2")
    with warehouse.begin() as unit:
        unit.save_placement(moved, fingerprints(one))
        assert [each.placement for each in unit.articles_to_assess("assess-1", 1)] == [moved]
