"""Full-text search on a real warehouse, and that it goes through its indexes."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import psycopg
import pytest
from sqlalchemy import text
from tests.contract.samples import QUOTE, Filled, article, claim

from sanctions_watch.adapters.warehouse.queries import query

pytestmark = pytest.mark.postgres
NOTHING = {"publisher": "", "language": "", "since": None, "until": None, "limit": 20}


def told(number, title, body, **changes):
    text_ = f"{title}\n\n{body}"
    return article(number, title=title, text=text_, zones=(), content_sha256=str(hash(text_)), **changes)


@pytest.fixture
def found(postgres_warehouse):
    with postgres_warehouse.begin() as unit:
        for one in (
            told(1, "Tanker seen", "Two ships were transferring coal at night near the island.", publisher="UPI"),
            told(
                2,
                "Coal prices",
                "Prices of coal fell. A ship-to-ship transfer was denied.",
                publisher="AFP",
                published_at=datetime(2019, 1, 1, tzinfo=UTC),
            ),
            told(3, "Судно задержано", "Судно с углём задержано в порту Находка.", language="ru", publisher="RIA"),
            told(4, "Long", "filler words here. " * 9000 + "the needle Wisdomhonest stands late", publisher="UPI"),
        ):
            unit.save_article(one, None, "clean-1")

    def search(words, **more):
        return [row["title"] for row in postgres_warehouse.read("search_articles", words=words, **{**NOTHING, **more})]

    return search


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("coal", {"Tanker seen", "Coal prices"}),
        ("transferred coals", {"Tanker seen", "Coal prices"}),
        ('"coal at night"', {"Tanker seen"}),
        ('"night at coal"', set()),
        ("coal -ship", set()),
        ("coal -island", {"Coal prices"}),
        ("island or prices", {"Tanker seen", "Coal prices"}),
        ("Находка", {"Судно задержано"}),
        ("wisdomhonest", {"Long"}),
        ("", set()),
        ("   ", set()),
        ("'; drop table core.articles; --", set()),
        ('"unclosed (&|!:*<-> coal', {"Tanker seen", "Coal prices"} & set()),
    ],
)
def test_words_phrases_or_and_not(found, words, titles):
    assert set(found(words)) == titles


def test_filters(found):
    assert found("coal", publisher="AFP") == ["Coal prices"]
    assert found("судно", language="ru") == ["Судно задержано"]
    assert found("судно", language="en") == []
    assert found("coal", since=date(2019, 1, 1)) == found("coal", since=date(2019, 1, 1), until=date(2019, 1, 1)) == ["Coal prices"]
    assert found("coal", until=date(2018, 12, 31)) == ["Tanker seen"]
    assert len(found("coal", limit=1)) == 1


def test_a_snippet_marks_the_words_and_carries_no_markup_of_its_own(postgres_warehouse):
    odd = told(1, "Odd", "A <script>alert(1)</script> \ue000 coal \ue001 & more")
    with postgres_warehouse.begin() as unit:
        unit.save_article(odd, None, "clean-1")
    [row] = postgres_warehouse.read("search_articles", words="coal", **NOTHING)
    assert row["snippet"].count("\ue000") == row["snippet"].count("\ue001") == 1
    assert "\ue000coal\ue001" in row["snippet"]
    assert "<b>" not in row["snippet"]


def test_only_the_latest_version_is_found(postgres_warehouse):
    with postgres_warehouse.begin() as unit:
        unit.save_article(told(1, "Before", "the earlier wording zebra"), None, "clean-1")
        unit.save_article(replace(told(1, "After", "the later wording okapi"), version=2), None, "clean-1")
    assert postgres_warehouse.read("search_articles", words="zebra", **NOTHING) == []
    assert [row["version"] for row in postgres_warehouse.read("search_articles", words="okapi", **NOTHING)] == [2]


def test_claims_are_found_by_their_quotes(postgres_warehouse):
    Filled(postgres_warehouse).extracted(article(1), claims=[claim])
    [row] = postgres_warehouse.read("search_claims", words="labourers", **NOTHING)
    assert row["accused"] == ["Russia"]
    assert row["conduct"] == "labour.new_permits"
    assert row["snippet"].replace("\ue000", "").replace("\ue001", "") == QUOTE
    assert postgres_warehouse.read("search_claims", words="zebra", **NOTHING) == []


def nodes(plan):
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


FILL = """
insert into core.articles (article_id, latest_version, first_seen_at) select 'a' || n, 1, now() from generate_series(1, 5000) as n;
insert into core.article_versions
select article_id, 1, '', '', 'p', 'en', 't', 'the text of number' || article_number || ' and of many others', now(), now(), '', '[]', '[]', '', '[]', false,
    null, null, '', 'B', false, false, ''
from core.articles;
insert into core.extractions (extraction_id, article_id, version, extractor_version, claims) select 'x' || article_id, article_id, 1, 'v1', 1 from core.articles;
insert into core.claims
select 'x' || article_id, 'c' || article_id, article_id, 1, 1, 'sea.sts', 'alleged', 'accepted', 1, '{}', '', '', null, null, null, null, '', null, null,
    null, null, null, 'UN', '{}', 'v1'
from core.articles;
insert into core.claim_spans
select 'x' || article_id, 'c' || article_id, 1, article_id, 1, 12, 12 + length('number' || article_number), 'number' || article_number from core.articles;
"""


@pytest.mark.parametrize(("name", "index"), [("search_articles", "search_parts_words"), ("search_claims", "claim_spans_words")])
def test_the_index_is_used(postgres_warehouse, warehouse_url, name, index):
    with psycopg.connect(warehouse_url, autocommit=True) as connection:
        connection.execute(FILL)
        connection.execute("vacuum analyze")
    with postgres_warehouse.connection() as connection:
        asked = {**NOTHING, "words": "number4711"}
        told_ = connection.execute(text(f"explain (format json) {query(name).text}"), asked).scalar_one()
        rows = connection.execute(query(name), asked).all()
    plan = told_[0]["Plan"] if isinstance(told_, list) else json.loads(told_)[0]["Plan"]
    assert index in {node.get("Index Name") for node in nodes(plan)}
    assert not [
        node
        for node in nodes(plan)
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in ("search_parts", "claim_spans", "article_versions")
    ]
    assert len(rows) == 1
