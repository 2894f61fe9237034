"""The form of the backfill, and that it works beside live work."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
from airflow.sdk.exceptions import ParamValidationError

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.airflow


@pytest.fixture
def dag(dagbag):
    return dagbag.dags["backfill_archive"]


def test_it_runs_on_request_only_and_in_its_order(dag):
    assert dag.schedule is None
    assert set(dag.task_ids) == {"sources", "read", "take_through_the_stages"}
    assert dag.get_task("read").upstream_task_ids == {"sources"}
    assert dag.get_task("take_through_the_stages").upstream_task_ids == {"read"}
    assert dag.get_task("take_through_the_stages").trigger_rule == "all_done", "one bad archive does not keep the others waiting"


def test_it_has_a_pool_of_its_own_which_live_work_does_not_share(dagbag, dag):
    pools = json.loads((ROOT / "include" / "pools.json").read_text())
    assert {task.pool for task in dag.tasks} == {"sanctions_watch_backfill"} <= set(pools)
    for dag_id in ("collect_feeds", "build_claims", "send_alerts"):
        assert {task.pool for task in dagbag.dags[dag_id].tasks} == {"sanctions_watch"}
    assert dagbag.dags["maintain_warehouse"].get_task("work_off_backfills").pool == "sanctions_watch_backfill"


def test_every_field_of_the_form_explains_itself(dag):
    params = dag.params
    assert set(params) == {"sources", "publisher", "since", "until", "after_reading"}
    for name in params:
        schema = params.get_param(name)
        assert schema.schema.get("title"), name
        assert schema.description or schema.schema.get("description_md"), name
        assert schema.schema.get("type"), name


@pytest.mark.parametrize(
    "given",
    [
        {"sources": ["/archive/2018.warc.gz"]},
        {"sources": ["https://example.org/sitemap.xml", "/a"], "publisher": "UPI", "since": "2018-01-01", "until": "2018-12-31"},
        {"sources": ["/a"], "after_reading": "store only"},
    ],
)
def test_what_the_form_takes(dag, given):
    merged(dag, given).validate()


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"sources": []},
        {"sources": "/a"},
        {"sources": [""]},
        {"sources": ["/a"], "since": "yesterday"},
        {"sources": ["/a"], "after_reading": "mail"},
        {"sources": ["/a"], "publisher": 7},
    ],
)
def test_what_the_form_refuses(dag, given):
    with pytest.raises(ParamValidationError):
        merged(dag, given).validate()


def merged(dag, given):
    params = deepcopy(dag.params)
    params.update(given)
    return params
