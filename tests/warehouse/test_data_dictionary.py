"""The data dictionary says what the migrated warehouse says."""

import importlib.util
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "data_dictionary.py"

pytestmark = pytest.mark.postgres


@pytest.fixture
def script(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("data_dictionary", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date(script, warehouse_url):
    assert script.main(["--check", "--url", warehouse_url]) == 0, "run python scripts/data_dictionary.py"


def test_a_stale_page_is_told(script, warehouse_url, capsys):
    with psycopg.connect(warehouse_url) as connection:
        connection.execute("comment on column core.alerts.kind is 'Something else | in two parts.'")
    assert script.main(["--check", "--url", warehouse_url]) == 1
    assert "python scripts/data_dictionary.py" in capsys.readouterr().err
    page = script.of_warehouse(warehouse_url)
    assert "| kind | text | Something else \\| in two parts. |" in page
    assert page.index("## mart") < page.index("## core") < page.index("## raw")
    assert "payloads_default" not in page


def test_a_warehouse_that_is_not_there_is_told(script, capsys):
    assert script.main(["--url", "postgresql://nobody:secret-word@127.0.0.1:9/x"]) == 1
    told = capsys.readouterr().err
    assert "does not answer" in told
    assert "secret-word" not in told
