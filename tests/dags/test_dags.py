import ast
import json
import subprocess
import sys
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.airflow


def test_every_file_gives_its_dag(dagbag):
    assert dagbag.import_errors == {}
    assert set(dagbag.dags) == {path.stem for path in (ROOT / "dags").glob("*.py")}


def test_every_dag_explains_itself_and_every_task_retries_ends_and_has_a_pool(dagbag):
    pools = json.loads((ROOT / "include" / "pools.json").read_text())
    for dag in dagbag.dags.values():
        assert "### If it fails" in dag.doc_md
        assert "sanctions-watch" in dag.tags
        assert dag.max_active_runs == 1
        assert dag.catchup is False
        for task in dag.tasks:
            assert task.owner == "sanctions-watch"
            assert task.retries >= 1
            assert task.retry_exponential_backoff
            assert timedelta(0) < task.execution_timeout <= timedelta(hours=1)
            assert task.pool in pools


@pytest.mark.parametrize(
    ("dag_id", "order"),
    [
        ("collect_feeds", ["read_registry", "find_due_feeds", "poll_feeds", "announce"]),
        ("build_claims", ["clean", "select", "deduplicate", "extract", "assess"]),
        ("send_alerts", ["fan_out", "deliver"]),
        ("send_digest", ["digest", "deliver"]),
    ],
)
def test_the_stages_run_in_the_order_of_the_flow(dagbag, dag_id, order):
    dag = dagbag.dags[dag_id]
    assert set(dag.task_ids) == set(order)
    for earlier, later in pairwise(order):
        assert earlier in dag.get_task(later).upstream_task_ids


def test_assets_connect_the_dags(dagbag):
    def waits_for(dag_id):
        return {asset.name for asset in dagbag.dags[dag_id].timetable.asset_condition.objects}

    assert waits_for("build_claims") == {"sanctions_watch_entries"}
    assert waits_for("send_alerts") == {"sanctions_watch_alerts"}
    # the events themselves come through aliases, so that a run that finds nothing wakes nobody
    outlets = {
        (dag.dag_id, task.task_id): [outlet.name for outlet in task.outlets]
        for dag in dagbag.dags.values()
        for task in dag.tasks
        if task.outlets
    }
    assert outlets == {
        ("collect_feeds", "announce"): ["sanctions_watch_new_entries"],
        ("build_claims", "assess"): ["sanctions_watch_new_alerts"],
    }


def test_a_dag_file_imports_nothing_heavy():
    """Files are parsed every half minute: what a task needs is imported in the task."""
    for path in (ROOT / "dags").glob("*.py"):
        top = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.Import | ast.ImportFrom)]
        names = {node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in top}
        assert names <= {"__future__", "datetime", "pendulum", "airflow.sdk", "sanctions_watch.orchestration"}, path.name


def test_parsing_loads_no_parser_model_or_driver():
    program = (
        "import sys; import sanctions_watch.orchestration; "
        "print([name for name in ('spacy', 'trafilatura', 'feedparser', 'psycopg') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(ROOT / "plugins"), "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "AIRFLOW_HOME": str(ROOT / "var" / "none")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.strip().endswith("[]"), done.stdout + done.stderr


def test_a_wrong_setting_fails_without_a_retry(dagbag):
    from airflow.sdk.exceptions import AirflowFailException

    from sanctions_watch.errors import ConfigurationError
    from sanctions_watch.orchestration import stage

    @stage
    def wrong():
        raise ConfigurationError(["A is missing: set it", "B is no number"])

    with pytest.raises(AirflowFailException, match=r"A is missing: set it\nB is no number"):
        wrong()


@pytest.mark.parametrize(
    ("written", "schedule"), [("", "* * * * *"), ("60", "* * * * *"), ("5", timedelta(seconds=5)), ("often", "* * * * *")]
)
def test_the_collecting_schedule_follows_the_setting(dagbag, monkeypatch, written, schedule):
    from sanctions_watch.orchestration import collect_schedule

    monkeypatch.setenv("SANCTIONS_WATCH_COLLECT_SECONDS", written)
    assert collect_schedule() == schedule
