"""The warehouse on PostgreSQL 15 or newer: connect, begin a unit, read for the page, migrate, maintain.

The SQL lives in ``include/sql``; a record is written as JSON and taken apart by its query, and comes back as JSON of the same form.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from datetime import date
from typing import Any

from sqlalchemy import Connection, create_engine

from sanctions_watch.adapters.warehouse.address import address
from sanctions_watch.adapters.warehouse.failures import told_plainly
from sanctions_watch.adapters.warehouse.maintenance import maintain
from sanctions_watch.adapters.warehouse.migration import migrate
from sanctions_watch.adapters.warehouse.queries import query
from sanctions_watch.adapters.warehouse.unit import PostgresUnit
from sanctions_watch.ports import Lane

__all__ = ["PostgresUnit", "PostgresWarehouse", "connect", "maintain", "migrate"]

# A worker waits this long for a row or a table, a statement runs this long, and a transaction may stand still this long: all below
# the time-outs of the tasks, and the last above the longest fetch or parse of a batch.
_UNIT_BOUNDS = {"lock_timeout": "10s", "statement_timeout": "120s", "idle_timeout": "15min"}
_READ_BOUNDS = {"lock_timeout": "2s", "statement_timeout": "15s", "idle_timeout": "1min"}


def connect(url: str) -> PostgresWarehouse:
    """The warehouse at ``postgresql://user:password@host:port/database``. Connects when it is first used. Raises WarehouseError."""
    return PostgresWarehouse(url)


class PostgresWarehouse:
    """The port's Warehouse; one small pool of connections a process."""

    def __init__(self, url: str) -> None:
        with told_plainly():
            self._engine = create_engine(
                address(url),
                pool_size=2,
                max_overflow=8,
                pool_pre_ping=True,
                pool_recycle=1800,
                # Each statement is planned for its own parameters, and PgBouncer may stand between.
                connect_args={"application_name": "sanctions_watch", "connect_timeout": 10, "prepare_threshold": None},
            )
        self._months: set[date] = set()
        self.lanes: tuple[bool, ...] = (False, True)

    def __repr__(self) -> str:
        """Without the password."""
        return f"PostgresWarehouse({self._engine.url.render_as_string(hide_password=True)!r})"

    def in_lane(self, lane: Lane) -> PostgresWarehouse:
        """The same warehouse, on the same connections, for the work of one lane."""
        other = copy(self)
        other.lanes = (lane == "backfill",)
        return other

    @contextmanager
    def begin(self) -> Iterator[PostgresUnit]:
        with told_plainly(), self._engine.begin() as connection:
            connection.execute(query("begin"), _UNIT_BOUNDS)
            yield PostgresUnit(connection, self.ensure_month, self.lanes)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A bounded transaction on the driver's level, for maintenance and tests. Raises WarehouseError."""
        with told_plainly(), self._engine.begin() as connection:
            connection.execute(query("begin"), _UNIT_BOUNDS)
            yield connection

    def read(self, query_name: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows that ``include/sql/queries/<query_name>.sql`` answers, for the page: read only, at most 15 s. Raises WarehouseError."""
        with told_plainly(), self._engine.connect() as connection:
            connection.execution_options(postgresql_readonly=True)
            with connection.begin():
                connection.execute(query("begin"), _READ_BOUNDS)
                return [dict(row) for row in connection.execute(query(query_name), parameters).mappings()]

    def ensure_month(self, day: date) -> None:
        """Make the partitions of the day's month, asked for once a process: rows come into the default partition until it is there."""
        month = day.replace(day=1)
        if month in self._months:
            return
        self._months.add(month)
        with self.connection() as connection:
            connection.execute(query("ensure_partitions"), {"from_date": month, "to_date": month})

    def close(self) -> None:
        """Close every connection of the pool."""
        self._engine.dispose()
