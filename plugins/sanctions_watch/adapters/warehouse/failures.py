"""Driver errors to the project's own, split by what happens next, without addresses or passwords."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from sanctions_watch.errors import WarehouseError, WarehouseRefused

_REFUSALS = (psycopg.errors.IntegrityError, psycopg.errors.DataError)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what the driver raises into WarehouseRefused (this record breaks a rule) or WarehouseError (try again, or see to it)."""
    try:
        yield
    except DBAPIError as error:
        raise failure(error.orig) from error
    except psycopg.Error as error:
        raise failure(error) from error
    except ArgumentError as error:
        raise WarehouseError("the warehouse's address is not of the form postgresql://user:password@host:port/database") from error
    except SQLAlchemyError as error:
        raise WarehouseError(f"the warehouse cannot be used: {type(error).__name__}") from error


def failure(error: BaseException | None) -> WarehouseError:
    """The project's error for one of the driver's."""
    if not isinstance(error, psycopg.Error):
        return WarehouseError(f"the warehouse cannot be used: {error}")
    told = " ".join(part for part in (error.diag.message_primary, error.diag.message_detail) if part) or " ".join(
        str(error).split()
    )
    if isinstance(error, _REFUSALS):
        return WarehouseRefused(f"the warehouse refuses it: {told}")
    if isinstance(error, psycopg.errors.LockNotAvailable | psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure):
        return WarehouseError(f"another transaction is in the way, try again: {told}")
    if isinstance(error, psycopg.errors.QueryCanceled):
        return WarehouseError(f"a statement took too long: {told}")
    if isinstance(error, psycopg.errors.UndefinedTable | psycopg.errors.InvalidSchemaName | psycopg.errors.UndefinedColumn):
        return WarehouseError(f"the warehouse's schema is not this version's: migrate it ({told})")
    if isinstance(error, psycopg.OperationalError):
        return WarehouseError(f"the warehouse does not answer: {told}")
    return WarehouseError(f"the warehouse failed: {told}")
