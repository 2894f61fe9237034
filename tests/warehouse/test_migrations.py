"""The schema comes to be in one transaction, once, whoever asks and however often; and every part of it is described."""

import multiprocessing
import re
from pathlib import Path

import psycopg
import pytest
from tests.contract.samples import T0

from sanctions_watch.adapters.warehouse import connect, migrate
from sanctions_watch.adapters.warehouse.migration import before
from sanctions_watch.adapters.warehouse.queries import files
from sanctions_watch.errors import MigrationError

pytestmark = pytest.mark.postgres

VERSIONS = Path(__file__).parents[2] / "plugins/sanctions_watch/adapters/warehouse/alembic/versions"
HEAD = files("migrations")[-1].name[:4]
RELATIONS = """
    select namespace.nspname || '.' || relation.relname, obj_description(relation.oid)
    from pg_class as relation join pg_namespace as namespace on namespace.oid = relation.relnamespace
    where namespace.nspname in ('raw', 'core', 'mart') and relation.relkind in ('r', 'p', 'v', 'm')
    order by 1
"""
COLUMNS = """
    select namespace.nspname || '.' || relation.relname || '.' || attname, col_description(relation.oid, attnum)
    from pg_class as relation join pg_namespace as namespace on namespace.oid = relation.relnamespace
    join pg_attribute on attrelid = relation.oid
    where namespace.nspname in ('raw', 'core', 'mart') and relation.relkind in ('r', 'p', 'v', 'm') and attnum > 0 and not attisdropped
"""
FUNCTIONS = """
    select oid::regprocedure::text, obj_description(oid) from pg_proc
    where pronamespace in ('raw'::regnamespace, 'core'::regnamespace, 'mart'::regnamespace)
"""
SCHEMAS = "select nspname, obj_description(oid) from pg_namespace where nspname in ('raw', 'core', 'mart')"


def rows(url, statement):
    with psycopg.connect(url) as connection:
        return connection.execute(statement).fetchall()


def test_from_nothing_to_the_newest_and_again(empty_url):
    assert migrate(empty_url) == HEAD
    before = rows(empty_url, "select xmin::text, * from core.view_sets")
    assert migrate(empty_url) == HEAD
    assert rows(empty_url, "select xmin::text, * from core.view_sets") == before
    assert len(rows(empty_url, RELATIONS)) > 30


def test_every_migration_file_has_its_module_and_they_follow_one_another():
    sql = [path.stem for path in files("migrations")]
    modules = sorted(VERSIONS.glob("m[0-9]*.py"))
    numbers = [name[:4] for name in sql]
    assert numbers == sorted(set(numbers))
    for name, module in zip(sql, modules, strict=True):
        text = module.read_text()
        assert f'"{name}"' in text
        assert f'revision = "{name[:4]}"' in text
        assert "down_revision = before(revision)" in text
    assert [before(number) for number in numbers] == [None, *numbers[:-1]]


def _migrate(url, answers):
    answers.put(migrate(url))


def test_two_processes_at_once(empty_url):
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    both = [context.Process(target=_migrate, args=(empty_url, answers)) for _ in range(2)]
    for process in both:
        process.start()
    assert [answers.get(timeout=60) for _ in both] == [HEAD, HEAD]
    for process in both:
        process.join(30)
        assert process.exitcode == 0


def test_a_database_from_the_future_is_left_alone(warehouse_url):
    with psycopg.connect(warehouse_url) as connection:
        connection.execute("update core.schema_version set version_num = '9999'")
    with pytest.raises(MigrationError, match="newer version"):
        migrate(warehouse_url)


def test_a_failure_leaves_the_database_as_it_was(empty_url):
    with psycopg.connect(empty_url) as connection:
        connection.execute("create schema raw")
        connection.execute("create table raw.feed_states (mine int)")  # the second migration stumbles over it
    with pytest.raises(MigrationError, match="is as it was"):
        migrate(empty_url)
    assert [name for name, _ in rows(empty_url, RELATIONS)] == ["raw.feed_states"]


def test_nobody_there_is_told_without_the_password():
    with pytest.raises(MigrationError, match="does not answer") as caught:
        migrate("postgresql://postgres:secret-word@127.0.0.1:9/nothing")
    assert "secret-word" not in str(caught.value)


@pytest.mark.parametrize("url", ["not an address", "mysql://localhost/x"])
def test_no_address_is_told(url):
    with pytest.raises(MigrationError, match="postgresql://user:password@host:port/database"):
        migrate(url)


def test_a_view_of_somebodys_own_is_never_dropped(warehouse_url):
    with psycopg.connect(warehouse_url) as connection:
        connection.execute("create view public.mine as select allegation_id from mart.allegations")
        connection.execute("delete from core.view_sets")
    with pytest.raises(MigrationError, match="mine"):
        migrate(warehouse_url)
    assert rows(warehouse_url, "select * from public.mine") == []


def test_views_that_are_missing_or_no_longer_ours_are_put_right(warehouse_url):
    with psycopg.connect(warehouse_url) as connection:
        connection.execute("drop view mart.alerts")
        connection.execute("create view mart.of_yesterday as select 1 as one")
    migrate(warehouse_url)
    views = {row[0] for row in rows(warehouse_url, "select viewname from pg_views where schemaname = 'mart'")}
    assert views == {path.stem.partition("_")[2] for path in files("views")}


def test_everything_is_described(postgres_warehouse, warehouse_url):
    postgres_warehouse.ensure_month(T0.date())
    for statement in (SCHEMAS, RELATIONS, COLUMNS, FUNCTIONS):
        found = rows(warehouse_url, statement)
        assert found
        assert [name for name, comment in found if not comment or not comment.strip()] == []


@pytest.mark.parametrize("path", files("views"), ids=lambda path: path.stem)
def test_views_keep_to_the_house_form(path):
    text = path.read_text()
    assert re.match(r"-- question: .+\n-- parameters: .+\n-- columns: .+\n", text)
    statement = re.sub(r"'[^']*'", "''", text.split("comment on")[0].split("\n", 3)[3])
    assert statement.upper() != statement
    assert re.findall(r"\b(?:SELECT|FROM|WHERE|JOIN|WITH|AS|CREATE|VIEW|ORDER|GROUP)\b", statement) == []
    assert statement.rstrip().endswith("select * from final;")
    assert re.search(r"create view mart\.\w+ as\nwith \w+ as not materialized \(\n    select \* from (raw|core)\.\w+", statement)


def test_the_role_for_bi_reads_mart_and_nothing_else(postgres_url, warehouse_url):
    with psycopg.connect(warehouse_url) as connection:
        assert connection.execute(
            "select rolcanlogin, array_to_string(rolconfig, ' ') from pg_roles where rolname = 'sanctions_watch_bi'"
        ).fetchone() == (False, "statement_timeout=60s default_transaction_read_only=on")
        connection.execute("set role sanctions_watch_bi")
        for path in files("views"):
            connection.execute(f"select * from mart.{path.stem.partition('_')[2]}")
        for forbidden in (
            "select * from raw.feeds",
            "select * from core.subscribers",
            "create table mart.mine (x int)",
            "create table core.mine (x int)",
            "select core.ensure_partitions('2018-01-01', '2018-01-01')",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(forbidden)
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
            connection.execute("delete from mart.articles")


def test_an_owner_that_may_not_create_roles_can_migrate(postgres_url, empty_url):
    name = psycopg.conninfo.conninfo_to_dict(empty_url)["dbname"]
    with psycopg.connect(postgres_url(), autocommit=True) as connection:
        connection.execute(f"create role owner_{name} login password 'word' nocreaterole")
        connection.execute(f"alter database {name} owner to owner_{name}")
    try:
        url = re.sub(r"//[^@]*@", f"//owner_{name}:word@", empty_url)
        assert migrate(url) == HEAD
        warehouse = connect(url)
        with warehouse.begin() as unit:
            assert unit.counts(T0).waiting == 0
        warehouse.close()
    finally:
        with psycopg.connect(postgres_url(), autocommit=True) as connection:
            connection.execute(f"drop database {name} with (force)")
            connection.execute(f"drop role owner_{name}")
