"""SQL is source: it lives in include/sql, where it can be read, reviewed and planned, and not in strings of the code."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Airflow's own database is not the warehouse, and its tables are not described by our files.
NOT_THE_WAREHOUSE = {"plugins/sanctions_watch/local/airflow_parts.py"}

STATEMENT = re.compile(
    r"""\s*(
        select\s.+\sfrom\s+\w+\.\w | select\s+(\w+\.)?\w+\( | with\s+\w+\s+as\s*\(
        | insert\s+into\s | update\s+[\w.]+\s+set\s | delete\s+from\s | truncate\s+(table\s)?\w
        | (create|alter|drop)\s+(or\s+replace\s+)?(table|view|materialized|index|schema|function|sequence|trigger|type)\s
        | (grant|revoke)\s+\w+\s+on\s | set\s+local\s
    )""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


def strings(path):
    """(line, text) of every string of a module that is not a docstring; an f-string without what it fills in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            documentation |= {id(part) for part in node.values}
            yield node.lineno, "".join(part.value if isinstance(part, ast.Constant) else "x" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.lineno, node.value


def sources():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", "plugins/*.py", "dags/*.py", "scripts/*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]


def test_no_sql_stands_in_python():
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text.split(chr(10))[0][:80]}"
        for path in sources()
        if str(path.relative_to(ROOT)) not in NOT_THE_WAREHOUSE
        for line, text in strings(path)
        if STATEMENT.match(text)
    ]
    assert found == [], "move it to include/sql/queries, one question each:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "select feed_id from raw.feeds",
        "\n  SELECT *\n FROM core.articles",
        "select core.serialise('x')",
        "insert into core.alerts values (1)",
        "update core.alerts set x = 1",
        "delete from core.alerts",
        "create table core.x (y int)",
        "with a as (select 1) select * from a",
        "set local lock_timeout = '1s'",
    ],
)
def test_what_is_looked_for(text):
    assert STATEMENT.match(text)


@pytest.mark.parametrize(
    "text", ["select the articles from the feed", "update the feed", "With regard to", "selected", "delete", "set it"]
)
def test_what_is_let_through(text):
    assert not STATEMENT.match(text)


def test_an_f_string_is_seen_too(tmp_path):
    module = tmp_path / "m.py"
    module.write_text('def f(t):\n    """select * from core.x"""\n    return f"delete from {t} where 1"\n')
    assert [text for _, text in strings(module) if STATEMENT.match(text)] == ["delete from x where 1"]
