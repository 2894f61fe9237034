"""A real PostgreSQL for every test that asks for one: started once, migrated once, and cloned for each test."""

import itertools
import os
import warnings

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql

from sanctions_watch.adapters.memory import MemoryWarehouse

_numbers = itertools.count(1)

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory):
    """A function from a database's name to its address, on a server with a migrated template.

    SANCTIONS_WATCH_TEST_SERVER=postgresql://superuser:password@host:port names a server of one's own (15 or newer).
    """
    from sanctions_watch.adapters.warehouse import migrate
    from sanctions_watch.local.postgres import EmbeddedPostgres

    own = os.environ.get("SANCTIONS_WATCH_TEST_SERVER", "").rstrip("/")
    server = None
    if own:

        def url(database="postgres"):
            return f"{own}/{database}"
    else:
        server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres"))
        server.start()
        url = server.url
        with psycopg.connect(url(), autocommit=True) as connection:  # a test's data need not outlive the machine
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                connection.execute(sql.SQL("alter system set {} = off").format(sql.Identifier(setting)))
            connection.execute("select pg_reload_conf()")
    try:
        create_database(url(), "sanctions_watch_template", "template0")
        migrate(url("sanctions_watch_template"))
        yield url
    finally:
        if server is not None:
            server.remove()


def create_database(server_url, name, template):
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("create database {} template {} encoding 'UTF8'").format(sql.Identifier(name), sql.Identifier(template))
        )


@pytest.fixture
def empty_url(postgres_url):
    """A database with nothing in it."""
    yield from _database(postgres_url, "template0")


@pytest.fixture
def warehouse_url(postgres_url):
    """A migrated, empty warehouse."""
    yield from _database(postgres_url, "sanctions_watch_template")


def _database(postgres_url, template):
    name = f"sanctions_watch_test_{os.getpid()}_{next(_numbers)}"
    create_database(postgres_url(), name, template)
    yield postgres_url(name)
    if not os.environ.get("SANCTIONS_WATCH_TEST_SERVER"):
        return  # it goes with the server
    with psycopg.connect(postgres_url(), autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def postgres_warehouse(warehouse_url):
    from sanctions_watch.adapters.warehouse import connect

    held = connect(warehouse_url)
    yield held
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # a test may have cut the connections
        held.close()


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.postgres)])
def warehouse(request):
    """The port's Warehouse, in memory and on PostgreSQL: the contract holds for both."""
    return MemoryWarehouse() if request.param == "memory" else request.getfixturevalue("postgres_warehouse")
