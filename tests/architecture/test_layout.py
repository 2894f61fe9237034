"""What the layout promises, kept by tests."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "plugins" / "sanctions_watch"


def _tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def test_airflow_does_not_run_the_package_as_plugins():
    """Airflow executes every .py under plugins/ as a top-level module: a stages/select would replace the standard library's select."""
    ignored = (ROOT / "plugins" / ".airflowignore").read_text().split()
    assert ignored == ["sanctions_watch/"]
    assert [path.name for path in (ROOT / "plugins").glob("*.py")] in ([], ["sanctions_watch_page.py"])


def test_imports_keep_to_the_layers():
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT / "plugins"), "PATH": "/usr/bin:/bin", "HOME": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_only_the_runtime_and_the_launcher_read_the_environment():
    readers = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(r"\bos\.(environ|getenv)\b", path.read_text(encoding="utf-8"))
    }
    assert {name for name in readers if not name.startswith("local/")} <= {"runtime.py", "orchestration.py"}


def test_dag_files_are_named_after_their_dag_and_documented():
    files = sorted((ROOT / "dags").glob("*.py"))
    assert files
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert f"def {path.stem}(" in text, path.name
        for heading in ("### What it does", "### If it fails", "### How to re-run"):
            assert heading in text, f"{path.name}: {heading}"
        assert len(text.splitlines()) <= 110, f"{path.name} is a table of contents"


def test_nothing_catches_everything_but_the_stage_boundary():
    allowed = {"pipeline.py"}
    for path in PACKAGE.rglob("*.py"):
        found = re.findall(r"^\s*except(?: Exception\b.*)?:", path.read_text(encoding="utf-8"), re.MULTILINE)
        if path.relative_to(PACKAGE).as_posix() not in allowed:
            assert not found, f"{path}: {found}"


def test_words_that_name_nothing_are_not_used_as_module_names():
    vague = {"utils", "helpers", "helper", "manager", "handler", "common", "misc", "item", "post", "info"}
    for path in PACKAGE.rglob("*.py"):
        assert path.stem not in vague, path


def test_no_path_of_one_machine_in_the_tree():
    here = f"{ROOT}/"
    for path in _tracked("*.py", "*.md", "*.yaml", "*.sql", "*.toml", "Makefile", ".ci/run"):
        if path.is_file():
            assert here not in path.read_text(encoding="utf-8"), path
