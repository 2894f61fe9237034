"""Records to JSON and back, by their type hints: one strict codec for every record.

What it writes it reads back as an equal record. A field that is missing takes its default, where it has one; a field that is
not known, or a value of another type, is an error that names its place: the unknown is loud.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from sanctions_watch.adapters.storable import storable
from sanctions_watch.errors import WarehouseError

_Record = TypeVar("_Record")
_Reader = Callable[[Any, str], Any]


def encode(record: Any) -> Any:
    """A record, or a tuple or list of them, as JSON values: objects, lists, text, numbers, ISO 8601 times in UTC.

    Characters that cannot be stored become U+FFFD. Raises ValueError for a naive time, a number that JSON does not know, or any
    type that no record has.
    """
    return _encode(storable(record))


def encode_text(record: Any) -> str:
    """``encode`` as JSON text."""
    return as_text(encode(record))


def as_text(value: Any) -> str:
    """JSON values as JSON text. Raises ValueError for a number that JSON does not know."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def decode(record_type: type[_Record], value: Any) -> _Record:
    """The record of this type that ``value`` (an object as ``encode`` makes it) tells. Raises ValueError naming the place."""
    reader: Callable[[Any, str], _Record] = _reader(cast("Any", record_type))
    return reader(value, record_type.__name__)


def read(record_type: type[_Record], value: Any) -> _Record:
    """``decode`` of what the warehouse answers. Raises WarehouseError."""
    try:
        return decode(record_type, value)
    except ValueError as error:
        raise WarehouseError(f"the warehouse holds what this version cannot read: {error}") from error


def _encode(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} is no number that can be stored")
        return value
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [_encode(part) for part in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _encode(getattr(value, name)) for name in _names(type(value))}
    raise ValueError(f"{type(value).__name__} cannot be stored")


@cache
def _names(record_type: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(record_type))


@cache
def _reader(hint: Any) -> _Reader:
    """A function that reads a JSON value as the type of this hint."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _literal(arguments)
    if origin in (Union, UnionType):
        return _optional(arguments)
    if origin is tuple:
        return _tuple(arguments)
    if isinstance(hint, type) and is_dataclass(hint):
        return _record(hint)
    try:
        return _PLAIN[hint]
    except KeyError:
        raise TypeError(f"no record can have a field of the type {hint}") from None


def _plain(accepted: tuple[type, ...], name: str) -> _Reader:
    def read(value: Any, place: str) -> Any:
        if type(value) not in accepted:
            raise ValueError(f"{place}: expected {name}, got {type(value).__name__}")
        return value

    return read


def _float(value: Any, place: str) -> float:
    if type(value) not in (int, float):
        raise ValueError(f"{place}: expected a number, got {type(value).__name__}")
    return float(value)


def _datetime(value: Any, place: str) -> datetime:
    try:
        time = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{place}: {error}") from error
    if time.tzinfo is None:
        raise ValueError(f"{place}: {value} has no time zone")
    return time.astimezone(UTC)


def _date(value: Any, place: str) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{place}: {error}") from error


_PLAIN: Mapping[Any, _Reader] = {
    str: _plain((str,), "text"),
    bool: _plain((bool,), "true or false"),
    int: _plain((int,), "a whole number"),
    float: _float,
    datetime: _datetime,
    date: _date,
    NoneType: _plain((NoneType,), "null"),
}


def _literal(allowed: tuple[Any, ...]) -> _Reader:
    def read(value: Any, place: str) -> Any:
        if value not in allowed:
            raise ValueError(f"{place}: {value!r} is none of {', '.join(map(repr, allowed))}")
        return value

    return read


def _optional(arguments: tuple[Any, ...]) -> _Reader:
    inner = [argument for argument in arguments if argument is not NoneType]
    if len(inner) != 1 or len(arguments) != 2:
        raise TypeError(f"no record can have a field that is one of {arguments}")
    reader = _reader(inner[0])

    def read(value: Any, place: str) -> Any:
        return None if value is None else reader(value, place)

    return read


def _tuple(arguments: tuple[Any, ...]) -> _Reader:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        reader = _reader(arguments[0])

        def read_all(value: Any, place: str) -> Any:
            if not isinstance(value, list):
                raise ValueError(f"{place}: expected a list, got {type(value).__name__}")  # noqa: TRY004 - the stored value is wrong
            return tuple(reader(part, f"{place}[{number}]") for number, part in enumerate(value))

        return read_all
    readers = [_reader(argument) for argument in arguments]

    def read_each(value: Any, place: str) -> Any:
        if not isinstance(value, list) or len(value) != len(readers):
            raise ValueError(f"{place}: expected a list of {len(readers)}")
        return tuple(reader(part, f"{place}[{number}]") for number, (reader, part) in enumerate(zip(readers, value, strict=True)))

    return read_each


def _record(record_type: type) -> _Reader:
    hints = get_type_hints(record_type)
    readers = {field.name: _reader(hints[field.name]) for field in fields(record_type)}
    required = {field.name for field in fields(record_type) if field.default is MISSING and field.default_factory is MISSING}

    def read(value: Any, place: str) -> Any:
        if not isinstance(value, Mapping):
            raise ValueError(f"{place}: expected an object, got {type(value).__name__}")  # noqa: TRY004 - the stored value is wrong
        unknown = value.keys() - readers.keys()
        missing = required - value.keys()
        if unknown or missing:
            told = [f"unknown field {name}" for name in sorted(unknown)] + [f"missing field {name}" for name in sorted(missing)]
            raise ValueError(f"{place}: {', '.join(told)}")
        return record_type(**{name: readers[name](part, f"{place}.{name}") for name, part in value.items()})

    return read
