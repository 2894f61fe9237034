"""Every query says what it asks, names its parameters, and fits the schema."""

import re

import pytest
from sqlalchemy import text

from sanctions_watch.adapters.warehouse.queries import files, query, source

QUERIES = [path.stem for path in files("queries")]


def header(name):
    text_ = next(path for path in files("queries") if path.stem == name).read_text()
    found = re.match(r"-- question: (?P<question>.+)\n-- parameters: (?P<parameters>.+)\n-- columns: (?P<columns>.+)\n", text_)
    assert found, f"{name}.sql lacks its header"
    return found


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_names_its_parameters(name):
    told = re.sub(r"\([^)]*\)", "", header(name)["parameters"])
    told = told.partition(";")[0]
    named = set(re.findall(r"[a-z_]+", told)) - {"none"}
    bound = set(query(name).compile().params)
    assert bound <= named, "bound but not described"
    if name != "migration_begin":
        words = {part.strip().split()[0] for part in told.split(",") if part.strip()} - {"none"}
        assert words == bound


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_written_in_lower_case(name):
    statement = re.sub(r"'[^']*'", "''", source("queries", name))
    assert re.findall(r"\b(?:SELECT|FROM|WHERE|JOIN|WITH|INSERT|UPDATE|DELETE|ORDER BY|LIMIT)\b", statement) == []


@pytest.mark.postgres
def test_every_query_fits_the_schema(postgres_warehouse):
    """Planned with nulls for parameters: a missing table, column or function is told here and not in production."""
    for name in QUERIES:
        if name in ("migration_begin", "analyze"):
            continue
        with postgres_warehouse.connection() as connection:
            planned = query(name)
            nothing = dict.fromkeys(planned.compile().params)
            try:
                connection.execute(text(f"explain {planned.text}"), nothing)
            except Exception as error:
                raise AssertionError(f"{name}.sql: {error}") from error
