"""What holds for every article: assessing again changes nothing, and the order of independent articles does not matter."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.assess.scene import START, Said, Scene, work

from sanctions_watch.records import identify

CONDUCTS = [
    "labour.new_permits",
    "jv.operate",
    "sea.sts",
    "oil.refined_cap",
    "oil.crude_cap",
    "wmd.test",
    "fin.cyber",
    "arms.export",
]
ACCUSED = ["RU", "CN", "KP", "vessel:Paek Un 3/KP", "company:Haiyun Trading/CN"]
BY = [
    ["publisher:WSJ"],
    ["publisher:WSJ", "document:records"],
    ["official:Haley", "publisher:WSJ?"],
    ["government:FBI"],
    [],
    ["unnamed:officials"],
]
DAYS = st.integers(0, 60).map(lambda number: (START + timedelta(days=number)).date())

claims = st.builds(
    Said,
    accused=st.one_of(st.sampled_from(ACCUSED), st.lists(st.sampled_from(ACCUSED), min_size=1, max_size=3, unique=True)),
    conduct=st.sampled_from(CONDUCTS),
    by=st.sampled_from(BY),
    modality=st.sampled_from(["alleged", "documented", "conditional", "confirmed", "denied", "withdrawn"]),
    numbers=st.lists(
        st.sampled_from(["700 permits", "ten thousand workers", "9,000 tonnes", "$1.5 billion", "thousands"]), max_size=2
    ),
    with_=st.lists(st.sampled_from(["SY", "KP", "vessel:Xin Hai 21", "company:Kumo Exchange/JP"]), max_size=2, unique=True),
    on=st.one_of(st.none(), DAYS),
    place=st.sampled_from(["", "Wonsan", "the port of Wonsan", "Berlin", "Russia"]),
    status=st.sampled_from(["accepted", "accepted", "review"]),
)
articles = st.lists(
    st.tuples(st.floats(0, 120), st.lists(claims, max_size=4), st.sampled_from(["lead", "copy", "cut", "edited", "house_intro", "update_of"]), st.integers(0, 2)),
    min_size=1,
    max_size=6,
)  # fmt: skip


def built(rows):
    return [
        work(f"a{number}", at, said, story=f"s{story}", relation=relation)
        for number, (at, said, relation, story) in enumerate(rows)
    ]


@settings(max_examples=80, deadline=None)
@given(articles)
def test_the_same_article_twice_changes_nothing(rows):
    scene = Scene()
    for article in built(rows):
        scene.read(article)
        before = dict(scene.ledger)
        assert [one.novelty for one in scene.read(article) if one.novelty != "NOTHING"] == []
        assert scene.ledger == before


@settings(max_examples=60, deadline=None)
@given(articles)
def test_what_an_assessment_says_is_consistent(rows):
    scene = Scene()
    for article in built(rows):
        known = dict(scene.ledger)
        made = scene.read(article)
        assert len({one.allegation.allegation_id for one in made}) == len(made)
        accepted = {claim.claim_id for claim in article.claims if claim.status == "accepted"}
        for one in made:
            before = known.get(one.allegation.allegation_id)
            assert (one.novelty == "NEW") == (before is None)
            assert one.allegation.version == (before.version if before else 0) + bool(one.new_facts)
            assert (one.novelty == "NOTHING") == (not one.new_facts)
            assert set(one.claim_ids) <= accepted
            assert set(one.new_facts) <= set(one.allegation.facts)
            assert len({(fact.kind, fact.key) for fact in one.allegation.facts}) == len(one.allegation.facts)
            assert one.allegation.grade is not None
            assert len(one.allegation.roots) >= 1
            assert one.assessment_id == identify("assessment", article.article.article_id, "1", one.allegation.allegation_id)
            if before:
                assert set(before.roots) <= set(one.allegation.roots) or len(before.roots) == 1
                assert {fact.key for fact in before.facts if fact.kind == "number"} <= {fact.key for fact in one.allegation.facts}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(ACCUSED), st.sampled_from(["labour.new_permits", "jv.operate", "import.luxury", "export.statues"])), unique=True, min_size=2, max_size=6),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_the_order_of_independent_articles_does_not_change_the_allegations(pairs, random):
    ordered = [
        work(f"a{number}", number, [Said(accused, conduct, ["publisher:WSJ"], numbers=["700 permits"])])
        for number, (accused, conduct) in enumerate(pairs)
    ]
    shuffled = random.sample(ordered, len(ordered))
    first, second = Scene(), Scene()
    for article in ordered:
        first.read(article)
    for article in shuffled:
        second.read(article)
    assert first.ledger == second.ledger
