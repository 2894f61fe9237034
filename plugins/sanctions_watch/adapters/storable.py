"""What a warehouse can keep: PostgreSQL's text holds every character but NUL, and no half of a surrogate pair."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

_Value = TypeVar("_Value")


def storable(value: _Value) -> _Value:
    """The record, tuple or text with U+FFFD for each character that cannot be stored: one for one, so that offsets hold.

    A value without such characters is answered as it is, not copied.
    """
    return _storable(value)  # type: ignore[no-any-return]


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return _UNSTORABLE.sub("�", value) if not value.isascii() or "\x00" in value else value
    if isinstance(value, tuple):
        parts = tuple(_storable(part) for part in value)
        return parts if any(new is not old for new, old in zip(parts, value, strict=True)) else value
    if is_dataclass(value) and not isinstance(value, type):
        changed = {}
        for field in fields(value):
            old = getattr(value, field.name)
            new = _storable(old)
            if new is not old:
                changed[field.name] = new
        return replace(value, **changed) if changed else value
    return value
