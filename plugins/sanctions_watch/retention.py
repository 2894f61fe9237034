"""Retention rules as reviewed data: how long a publisher's payloads are kept, and how much of a quote is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from sanctions_watch.errors import ConfigurationError

MAX_QUOTE = 600  # characters that a claim's quote may have
_KEYS = {"keep_days": (1, 36_500), "quote_characters": (40, MAX_QUOTE)}


@dataclass(frozen=True, slots=True)
class PublisherRule:
    """What holds for one publisher; "" for all that are not named."""

    publisher: str
    keep_days: int
    quote_characters: int = MAX_QUOTE


def read_rules(text: str, source: str, keep_days: int) -> tuple[PublisherRule, ...]:
    """The rules in YAML, the default one first; ``keep_days`` where the file names none. Raises ConfigurationError with every problem."""
    try:
        given = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise ConfigurationError([f"{source} is no YAML: {' '.join(str(error).split())}"]) from error
    if not isinstance(given, dict):
        raise ConfigurationError([f"{source}: write default and publishers as keys"])
    problems = [
        f'{source}: the key "{key}" is unknown: use default and publishers' for key in given if key not in ("default", "publishers")
    ]
    default = PublisherRule(
        "",
        **_numbers(
            given.get("default") or {}, f"{source}: default", problems, {"keep_days": keep_days, "quote_characters": MAX_QUOTE}
        ),
    )
    rows = given.get("publishers") or {}
    if not isinstance(rows, dict):
        problems.append(f"{source}: publishers: write each publisher's name as a key")
        rows = {}
    base = {"keep_days": default.keep_days, "quote_characters": default.quote_characters}
    rules = []
    for name, row in rows.items():
        if not isinstance(name, str) or not name.strip():
            problems.append(f"{source}: publishers: {name!r} is no name: put it in quotes")
            continue
        rules.append(PublisherRule(name.strip(), **_numbers(row or {}, f"{source}: {name}", problems, base)))
    if problems:
        raise ConfigurationError(problems)
    return default, *rules


def _numbers(row: Any, where: str, problems: list[str], defaults: dict[str, int]) -> dict[str, int]:
    if not isinstance(row, dict):
        problems.append(f"{where}: write keep_days and quote_characters as keys")
        return defaults
    values = dict(defaults)
    for key, value in row.items():
        if key not in _KEYS:
            problems.append(f'{where}: the key "{key}" is unknown: use keep_days and quote_characters')
        elif isinstance(value, bool) or not isinstance(value, int) or not _KEYS[key][0] <= value <= _KEYS[key][1]:
            problems.append(f"{where}: {key}: {value!r} is not a whole number from {_KEYS[key][0]} to {_KEYS[key][1]}")
        else:
            values[key] = value
    return values
