"""The SQL files of ``include/sql``: one question each, read once a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import TextClause, text

from sanctions_watch.data import include


@cache
def query(name: str) -> TextClause:
    """The query of ``include/sql/queries/<name>.sql``, with ``:name`` for its parameters. Raises ConfigurationError."""
    return text(source("queries", name))


@cache
def source(folder: str, name: str) -> str:
    """The text of ``include/sql/<folder>/<name>.sql`` without the comments that stand on lines of their own."""
    lines = include(f"sql/{folder}/{name}.sql").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("--"))


def files(folder: str) -> list[Path]:
    """The SQL files of ``include/sql/<folder>`` in the order of their names."""
    return sorted(include(f"sql/{folder}").glob("*.sql"))
