"""Bring a database to this version's schema: the numbered files in order, then the views of ``mart``, in one transaction."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import cast

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from sanctions_watch.adapters.warehouse.address import address
from sanctions_watch.adapters.warehouse.failures import told_plainly
from sanctions_watch.adapters.warehouse.queries import files, query, source
from sanctions_watch.errors import MigrationError, WarehouseError

MINIMUM_VERSION = 15
_SCRIPTS = Path(__file__).with_name("alembic")


def migrate(url: str) -> str:
    """Upgrade the database to the newest migration and answer its number. Two at once are safe: the second finds nothing to do.

    All of it happens in one transaction: after a failure the database is as it was. Raises MigrationError with what to do.
    """
    try:
        with told_plainly():
            engine = create_engine(
                address(url),
                poolclass=NullPool,
                connect_args={"application_name": "sanctions_watch migrate", "connect_timeout": 10},
            )
            with engine.begin() as connection:
                return _upgrade(connection)
    except CommandError as error:
        raise MigrationError(
            "this database was migrated by a newer version of Sanctions Watch: install that version or a newer one, "
            f"or restore the backup from before its migration ({error})"
        ) from error
    except MigrationError:
        raise
    except WarehouseError as error:
        raise MigrationError(f"the warehouse was not migrated and is as it was: {error}") from error


def before(revision: str) -> str | None:
    """The migration that comes before this one: they follow one another by their numbers, which may leave gaps."""
    numbers = sorted(path.name[:4] for path in files("migrations"))
    return max((number for number in numbers if number < revision), default=None)


def run_file(connection: Connection, folder: str, name: str) -> None:
    """Run every statement of ``include/sql/<folder>/<name>.sql``."""
    _driver(connection).execute(source(folder, name).encode())


def _driver(connection: Connection) -> psycopg.Connection:
    return cast("psycopg.Connection", connection.connection.driver_connection)


def _upgrade(connection: Connection) -> str:
    server = _driver(connection).info.server_version // 10000
    if server < MINIMUM_VERSION:
        raise MigrationError(f"this server is PostgreSQL {server}: use version {MINIMUM_VERSION} or newer")
    run_file(connection, "queries", "migration_begin")
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    _make_views(connection)
    context = MigrationContext.configure(connection, opts={"version_table": "schema_version", "version_table_schema": "core"})
    head = ScriptDirectory.from_config(config).get_current_head()
    current = context.get_current_revision()
    if current is None or current != head:
        raise MigrationError(f"the database is at {current} and this version's newest migration is {head}: report this as an error")
    return current


def _make_views(connection: Connection) -> None:
    """Make the views of mart anew where a file of them has changed, so that readers are not locked out at every start."""
    views = files("views")
    digest = hashlib.sha256("".join(f"{view.name}\n{view.read_text(encoding='utf-8')}" for view in views).encode()).hexdigest()
    known = connection.execute(query("migration_views")).mappings().all()
    names = {row["view_name"] for row in known}
    wanted = {view.stem.partition("_")[2] for view in views}
    if names == wanted and all(row["digest"] == digest for row in known):
        return
    run_file(connection, "repeatable", "drop_views")
    for view in views:
        run_file(connection, "views", view.stem)
    run_file(connection, "repeatable", "grant_views")
    connection.execute(query("save_view_set"), {"digest": digest})
