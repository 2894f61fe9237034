"""The commands on a real warehouse: backfill, add, search, retention."""

import io
import json
import sys

import pytest
from tests.integration.archives.making import page, response, warc
from tests.integration.archives.pdfs import REPORT
from tests.pipeline.edges import COAL, world

from sanctions_watch.cli import main

pytestmark = pytest.mark.postgres


@pytest.fixture
def run(warehouse_url, capsys):
    def call(*arguments, expect=0):
        assert main([*arguments, "--warehouse", warehouse_url]) == expect
        return capsys.readouterr().out

    return call


def test_backfill_tells_what_came_and_a_second_run_finds_nothing_more(run, tmp_path):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(
        warc(
            ("response", COAL, world()[0][COAL], ("200 OK", [("Content-Type", "text/html")]), {}),
            response(2),
            response(3, status="404 Not Found"),
        )
    )
    dry = run("backfill", str(path), "--dry-run")
    assert "3 records: 2 would come in, 0 known before, 1 left out, 0 bad" in dry
    assert "1 × the server answered 404" in dry
    told = run("backfill", str(path))
    assert "3 records: 2 stored, 0 known before, 1 left out, 0 bad" in told
    assert "clean 2" in told
    assert "no mail" in told
    assert "clean 0" in run("backfill", str(path))
    assert "Lumina Bay Shipping" in run("search", '"Lumina Bay"', "coal")
    assert "Lumina Bay Shipping" in run("search", "--claims", "coal")


def test_one_bad_source_does_not_keep_the_others(run, tmp_path, capsys):
    good = tmp_path / "a.jsonl"
    good.write_text(json.dumps({"title": "A title of an article", "text": "Its only sentence.", "publisher": "P"}))
    assert "1 records: 1 stored" in run("backfill", "http://127.0.0.1:9/sitemap.xml", str(good), "--read-only", expect=1)


def test_a_source_that_is_not_there_is_told_before_anything_is_read(run, tmp_path):
    run("backfill", str(tmp_path / "none.warc"), expect=1)


def test_add_a_report_and_pasted_text(run, tmp_path, monkeypatch):
    path = tmp_path / "panel-report.pdf"
    path.write_bytes(REPORT)
    assert "panel report (Panel): stored" in run("add", str(path), "--publisher", "Panel", "--date", "2018-09-01")
    assert "is there already" in run("add", str(path), "--publisher", "Panel", "--date", "2018-09-01")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(page(1))))
    assert "stored" in run("add", "-", "--publisher", "Pasted")
    run("add", str(path), "--pages", "x", expect=1)
    run("add", "http://127.0.0.1:9/a", expect=1)


def test_search_without_a_find_and_as_json(run, tmp_path):
    assert run("search", "zebra") == "Nothing found.\n"
    assert run("search", "zebra", "--json") == ""
    path = tmp_path / "a.jsonl"
    path.write_text(
        json.dumps({"title": "Zebras seen", "text": "A zebra stood <b>there</b>.", "publisher": "P", "url": "http://p.example/1"})
    )
    run("backfill", str(path))
    found = json.loads(run("search", "zebra", "--json"))
    assert (found["title"], found["snippet"].count("\ue000")) == ("Zebras seen", 0)


def test_retention_says_what_would_go(run, tmp_path):
    assert run("warehouse", "retention") == ""
    assert "payloads deleted 0" in run("warehouse", "retention", "--apply")
    rules = tmp_path / "r.yaml"
    rules.write_text("publishers: {UPI: {keep_days: none}}")
    run("warehouse", "retention", "--rules", str(rules), expect=1)
