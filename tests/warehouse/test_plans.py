"""Work is found by indexes: no plan of a work query reads a whole table that grows, with fresh statistics or without any."""

import json
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text
from tests.contract.samples import T0

from sanctions_watch.adapters.warehouse.queries import files, query

pytestmark = pytest.mark.postgres

ARTICLES = 4000
GROWING = {
    "stage_inputs", "entries", "articles", "article_versions", "selections", "story_articles", "stories", "article_fingerprints",
    "extractions", "claims", "claim_spans", "claim_attributions", "claim_actors", "claim_quantities", "allegations",
    "allegation_versions", "assessments", "alerts", "notifications",
}  # fmt: skip

FILL = """
insert into raw.feeds values ('feed', 'u', 'p', 'en', '', 'agency', 'rss', 'B', false, false, false, now());
insert into raw.entries
select 'entry' || n, 'content', 'feed', '', '', '', '', '', '', '', 'en', null, null, '2018-08-01'::timestamptz + n * interval '1 minute', true
from generate_series(1, {n}) as n;
insert into core.articles (article_id, latest_version, first_seen_at)
select 'article' || n, 1, '2018-08-01'::timestamptz + n * interval '1 minute' from generate_series(1, {n}) as n;
insert into core.article_versions
select article_id, 1, '', '', 'p', 'en', 't', 'text of it', first_seen_at, first_seen_at, '', '[]', '[]', '', '[]', false, null, null, '', 'B',
    false, false, ''
from core.articles;
insert into core.selections select article_id, 1, 'v1', true, false, 1, '{{}}' from core.articles;
insert into core.stories select 'story' || article_number, article_id, '' from core.articles;
insert into core.story_articles
select article_id, 1, 'v1', 'story' || article_number, 'lead', '', article_id, '', 0, '{{}}', '{{}}', true from core.articles;
insert into core.article_fingerprints select article_id, 1, array[article_number, article_number + 1], 2, first_seen_at from core.articles;
select core.ensure_partitions('2018-08-01', '2018-08-01');
insert into core.fingerprints
select article_number + more, first_seen_at, article_number from core.articles cross join generate_series(0, 3) as more;
insert into core.extractions (extraction_id, article_id, version, extractor_version, claims)
select 'extraction' || article_number, article_id, 1, 'v1', 1 from core.articles;
insert into core.claims
select 'extraction' || article_number, 'claim' || article_number, article_id, 1, 1, 'sea.sts', 'alleged', 'accepted', 1, '{{}}', '', '', null, null,
    null, null, '', null, null, null, null, null, 'UN', '{{}}', 'v1'
from core.articles;
insert into core.claim_spans
select 'extraction' || article_number, 'claim' || article_number, 1, article_id, 1, 0, 4, 'text' from core.articles;
insert into core.claim_attributions
select 'extraction' || article_number, 'claim' || article_number, 1, article_id, 1, 'n', 'agency', '', 'reports', null, null, null, true
from core.articles;
insert into core.claim_actors
select 'extraction' || article_number, 'claim' || article_number, 'accused', 1, 'n', 'state', 'RU', '', null, 'RU' from core.articles;
insert into core.claim_quantities select 'extraction' || article_number, 'claim' || article_number, 1, null, '', '' from core.articles;
insert into core.allegations
select 'allegation' || article_number, 'accused' || article_number % 500, 'sea', 'sea.sts', 1, 1, now() from core.articles;
insert into core.assessments
select 'assessment' || article_number, article_id, 1, 'extraction' || article_number, '{{}}', 'NEW', '[]', '{{}}', 'allegation' || article_number,
    1, 1, now(), true, 'v1'
from core.articles;
insert into core.allegation_versions
select 'allegation' || article_number, 1, 1, 'assessment' || article_number, now(), '{{}}', 'sea.sts', '', '', now(), now(), '[]', '{{}}', '{{}}',
    '{{}}', '{{}}', '{{}}', null, true, 'open'
from core.articles;
insert into core.alerts (alert_id, assessment_id, allegation_id, allegation_version, kind, created_at, is_sample, alert, fanned_out_at)
select 'alert' || article_number, 'assessment' || article_number, 'allegation' || article_number, 1, 'NEW', now(), false, '{{}}',
    case when article_number > 10 then now() end
from core.articles;
insert into core.subscribers values ('desk', '', '', '[]', true);
insert into core.notifications
select 'notification' || article_number, 'alert' || article_number, 'desk', 'mail', '', case when article_number > 10 then 'sent' else 'pending' end,
    '', 0, '2018-08-01', '', null, false, now()
from core.articles;
insert into core.stage_inputs
select 'clean', entry_id, content_sha256, seen_at, seen_at, case when seen_at > '2018-08-01 00:10' then 'v1' else '' end, '{{v1}}' from raw.entries;
insert into core.stage_inputs
select stage, article_id, case when stage = 'assess' then 'extraction' || article_number else '1' end, first_seen_at, first_seen_at,
    case when article_number > 10 then 'v1' else '' end, case when article_number > 10 then '{{v1}}'::text[] else '{{}}' end
from core.articles cross join unnest(array['select', 'deduplicate', 'extract', 'assess']) as stage;
"""

LOOKED_UP = {
    "article_id": "article7", "hashes": list(range(7, 87)), "first_at": T0 - timedelta(90), "last_at": T0 + timedelta(90), "frequent": 250,
    "period_seconds": 432_000,
}  # fmt: skip
IDS = ["article7", "article8", "article9"]
EXTRACTIONS = ["extraction7", "extraction8", "extraction9"]
ASKED = {
    **{f"take_inputs {stage}": {"stage": stage, "version": "v1", "limit": 200, "is_backfill": False} for stage in ("clean", "select", "deduplicate", "extract", "assess")},
    "entries_by_key": {"entry_ids": ["entry7", "entry8"], "contents": ["content", "content"]},
    "latest_articles": {"article_ids": IDS},
    "articles_to_assess": {"article_ids": IDS, "extraction_ids": EXTRACTIONS},
    "candidates": {**LOOKED_UP, "few": 10, "limit": 50},
    "carried": LOOKED_UP,
    "candidates_beside": {"article_id": "article7", "others": ["article8"], "text_digest": 7, "first_at": T0 - timedelta(90),
                          "last_at": T0 + timedelta(90), "agency": "UPI", "is_notice": False, "notices_from": T0 - timedelta(14),
                          "notices_to": T0 + timedelta(14), "limit": 50},
    "save_fingerprints": {"fingerprints": json.dumps({"article_id": "article7", "version": 2, "hashes": [7, 8, 99], "words": 3,
                                                      "published_at": "2018-08-04T00:00:00+00:00"})},
    "save_placement": {"placement": json.dumps({
        "article_id": "article7", "version": 1, "story_id": "story7", "relation": "lead", "related_to": "", "lead_article_id": "article7",
        "origin_agency": "", "containment": 0, "evidence": [], "deduplicator_version": "v2", "displaces": ["article8"], "text_digest": 0})},
    "settle_story": {"story_id": "story7", "lead_article_id": "article7", "origin_agency": "", "origin_evidence": ""},
    "story_members": {"story_id": "story7"},
    "story_verdicts": {"article_id": "article7"},
    "previous_placement": {"article_id": "article7"},
    "allegations_like": {"accused_keys": ["accused7"], "families": ["sea", "labour"]},
    "first_alert": {"allegation_id": "allegation7"},
    "reprints_of": {"story_ids": ["story7", "story8"]},
    "alerts_to_fan_out": {"limit": 200},
    "notifications_to_send": {"now": T0, "limit": 1},
    "adrift_notifications": {"limit": 200},
    "alert_message_ids": {"allegation_id": "allegation7", "subscriber_id": "desk"},
    "mark_taken": {"stage": "clean", "subject_id": "entry7", "edition": "content", "version": "v2"},
    "delete_claims": {"extraction_id": "extraction7"},
    "supersede_extractions": {"article_id": "article7", "version": 1, "extractor_version": "v2"},
    "retire_placement": {"article_id": "article7", "version": 2, "deduplicator_version": "v2"},
}  # fmt: skip
PAGE = [path.stem for path in files("queries") if path.stem.startswith("page_allegation_")]


@pytest.fixture(scope="module", params=["with statistics", "without statistics"])
def grown(request, postgres_url):
    from tests.conftest import create_database

    from sanctions_watch.adapters.warehouse import connect

    name = f"sanctions_watch_grown_{request.param.replace(' ', '_')}"
    create_database(postgres_url(), name, "sanctions_watch_template")
    with psycopg.connect(postgres_url(name)) as connection:
        if request.param == "without statistics":
            for table in GROWING:
                schema = "raw" if table == "entries" else "core"
                connection.execute(f"alter table {schema}.{table} set (autovacuum_enabled = off)")
        connection.execute(FILL.format(n=ARTICLES))
    if request.param == "with statistics":
        with psycopg.connect(postgres_url(name), autocommit=True) as connection:
            connection.execute("analyze")
    held = connect(postgres_url(name))
    yield held
    held.close()


def nodes(plan):
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


def read_whole(warehouse, name, parameters):
    with warehouse.connection() as connection:
        told = connection.execute(text(f"explain (format json) {query(name).text}"), parameters).scalar_one()
    plan = told[0]["Plan"] if isinstance(told, list) else json.loads(told)[0]["Plan"]
    return {
        node["Relation Name"]
        for node in nodes(plan)
        if node["Node Type"] == "Seq Scan"
        and (node["Relation Name"] in GROWING or node["Relation Name"].startswith("fingerprints_y"))
    }


@pytest.mark.parametrize("asked", ASKED)
def test_no_work_query_reads_a_whole_table(grown, asked):
    assert read_whole(grown, asked.split()[0], ASKED[asked]) == set()


@pytest.mark.parametrize("name", PAGE)
@pytest.mark.parametrize("grown", ["with statistics"], indirect=True)
def test_no_detail_of_the_page_reads_a_whole_table(grown, name):
    parameters = {key: "allegation7" if key == "allegation_id" else 120 for key in query(name).compile().params}
    assert read_whole(grown, name, parameters) == set()


def test_the_test_sees_a_whole_table_read(grown):
    assert read_whole(grown, "counts", {"now": T0, "lanes": [False]}) != set()


def test_large_tables_are_not_counted_row_by_row(grown):
    with grown.connection() as connection:
        connection.execute(text("update pg_class set reltuples = 3e6 where oid in ('raw.entries'::regclass, 'raw.polls'::regclass, "
                                "'core.articles'::regclass, 'core.stories'::regclass)"))  # fmt: skip
        parameters = {"now": T0, "lanes": [False]}
        told = connection.execute(text(f"explain (analyze, format json) {query('counts').text}"), parameters).scalar_one()
        counts = connection.execute(query("counts"), parameters).mappings().one()
        connection.rollback()
    run = {node["Relation Name"] for node in nodes(told[0]["Plan"]) if node["Node Type"] == "Seq Scan" and node["Actual Loops"]}
    assert not run & {"entries", "articles", "story_articles", "selections", "extractions"}
    assert (counts["entries"], counts["articles"], counts["stories"]) == (3_000_000, 3_000_000, 3_000_000)


def test_the_work_is_what_was_filled_in(grown):
    with grown.connection() as connection:
        for stage in ("clean", "select", "deduplicate", "extract", "assess"):
            found = connection.execute(
                query("take_inputs"), {"stage": stage, "version": "v1", "limit": 200, "is_backfill": False}
            ).all()
            assert len(found) == 10, stage
            rerun = connection.execute(
                query("take_inputs"), {"stage": stage, "version": "v2", "limit": 200, "is_backfill": False}
            ).all()
            assert len(rerun) == 200, stage
