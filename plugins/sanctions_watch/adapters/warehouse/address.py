"""Addresses of a warehouse."""

from __future__ import annotations

from sqlalchemy.engine import URL, make_url

from sanctions_watch.adapters.warehouse.failures import told_plainly
from sanctions_watch.errors import WarehouseError


def address(url: str) -> URL:
    """The address for SQLAlchemy, with psycopg 3 as its driver. Raises WarehouseError where it is no PostgreSQL address."""
    with told_plainly():
        parts = make_url(url)
    if parts.drivername not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise WarehouseError("the warehouse's address is not of the form postgresql://user:password@host:port/database")
    return parts.set(drivername="postgresql+psycopg")
