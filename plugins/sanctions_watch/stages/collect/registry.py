"""The feed registry: reviewed YAML in, Feeds out, every problem at once; and Feeds back to YAML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from typing import Any, get_args
from urllib.parse import urlsplit

import yaml

from sanctions_watch.errors import ConfigurationError
from sanctions_watch.records import Feed, FeedFormat, Reliability
from sanctions_watch.urls import canonical_url, url_key

KINDS = ("agency", "newspaper", "broadcaster", "specialist", "government", "un", "state_media")
_KEYS = ("id", *(one.name for one in fields(Feed) if one.name != "feed_id"))
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}[a-z0-9]")
_PLACEHOLDER = re.compile(r"\{([^{}]{0,60})\}")
_ENUMS: dict[str, tuple[str, ...]] = {"kind": KINDS, "format": get_args(FeedFormat), "reliability": get_args(Reliability)}
_TYPES: dict[str, tuple[type, str]] = {"verified_on": (date, "a date such as 2024-05-01")}
_PATTERNS = {
    "language": (re.compile(r"[a-z]{2}"), 'an ISO 639-1 code in lower case, such as "en"'),
    "country": (re.compile(r"(?:[A-Z]{2})?"), 'an ISO 3166-1 code in capitals, such as "KR" (in quotes: YAML reads NO as false)'),
}


def read_feeds(text: str, source: str, replacements: Mapping[str, str] | None = None) -> tuple[Feed, ...]:
    """The feeds of a registry file: a mapping with the key ``feeds``, a list of mappings with the keys of Feed (``id`` for ``feed_id``).

    ``source`` names the file in messages; ``{name}`` in a url is replaced from ``replacements``.
    Raises ConfigurationError with every problem of the file at once.
    """
    try:
        tree = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigurationError([f"{source} is not readable YAML: {' '.join(str(error).split())}"]) from error
    rows = tree.get("feeds") if isinstance(tree, dict) else None
    if not isinstance(rows, list) or not rows:
        raise ConfigurationError([f'{source}: write a list of feeds under the key "feeds:"'])
    problems = [f'{source}: the key "{key}" is unknown, only "feeds" is read: remove it' for key in tree if key != "feeds"]
    feeds: list[Feed] = []
    for number, row in enumerate(rows, 1):
        feed, found = read_row(row, f"{source}, feed {number}", replacements or {})
        problems += found
        if feed is not None:
            feeds.append(feed)
    problems += twins(feeds, source)
    if problems:
        raise ConfigurationError(problems)
    return tuple(feeds)


def write_feeds(feeds: Iterable[Feed]) -> str:
    """The registry file of these feeds, one a line: ``read_feeds`` reads the same back. What is the default is left out."""
    rows = ["feeds:"]
    for feed in feeds:
        row: dict[str, Any] = {"id": feed.feed_id}
        for one in fields(Feed):
            value = getattr(feed, one.name)
            if one.name != "feed_id" and (one.default is MISSING or value != one.default):
                row[one.name] = value
        line = yaml.safe_dump(row, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10_000)
        rows.append(f"  - {line.strip()}")
    return "\n".join(rows) + "\n"


def read_row(row: object, where: str, replacements: Mapping[str, str]) -> tuple[Feed | None, list[str]]:
    """The feed of one row, or None with what is wrong with it; ``where`` opens each message."""
    if not isinstance(row, dict):
        return None, [f"{where}: is not a mapping: write id, url and publisher as keys"]
    name = row.get("id")
    where = f"{where} ({name})" if isinstance(name, str) and name else where
    problems = [f'{where}: the key "{key}" is unknown: use one of {", ".join(_KEYS)}' for key in row if key not in _KEYS]
    problems += [f"{where}: {key} is missing: write it" for key in ("id", "url", "publisher") if row.get(key) in (None, "")]
    values: dict[str, Any] = {}
    for key, value in row.items():
        if key not in _KEYS or value in (None, ""):
            continue
        wanted, form = _TYPES.get(key, (bool, "true or false") if key.startswith("is_") else (str, "text: put it in quotes"))
        if not isinstance(value, wanted) or isinstance(value, datetime):
            problems.append(f"{where}: {key}: {value!r} is not {form}")
            continue
        values["feed_id" if key == "id" else key] = value.strip() if isinstance(value, str) else value
    if "url" in values:
        values["url"], found = _address(values["url"], where, replacements)
        problems += found
    if "feed_id" in values and not _ID.fullmatch(values["feed_id"]):
        problems.append(f"{where}: id may hold lower-case letters, digits and hyphens only, 2 to 64 of them")
    for key, allowed in _ENUMS.items():
        if values.get(key, allowed[0]) not in allowed:
            problems.append(f"{where}: {key}: {values[key]!r} is not known: use one of {', '.join(allowed)}")
    for key, (pattern, form) in _PATTERNS.items():
        if key in values and not pattern.fullmatch(values[key]):
            problems.append(f"{where}: {key}: {values[key]!r} is not {form}")
    return (None, problems) if problems else (Feed(**values), [])


def _address(url: str, where: str, replacements: Mapping[str, str]) -> tuple[str, list[str]]:
    """The url with its placeholders filled, and what is wrong with it."""
    unknown = [name for name in _PLACEHOLDER.findall(url) if name not in replacements]
    if unknown:
        return url, [f"{where}: url: nothing is known to put for {{{name}}}: write the address itself" for name in unknown]
    filled = _PLACEHOLDER.sub(lambda match: replacements[match[1]], url)
    if not canonical_url(filled):
        return filled, [f"{where}: url: {filled!r} is not a web address: write http:// or https://, a host and a path"]
    if urlsplit(filled).username is not None or urlsplit(filled).password is not None:
        return filled, [f"{where}: url: holds a user name or password: remove it"]
    return filled, []


def twins(feeds: list[Feed], source: str) -> list[str]:
    """What is wrong with these feeds together: ids and addresses used twice."""
    problems: list[str] = []
    ids: set[str] = set()
    addresses: dict[str, str] = {}
    for feed in feeds:
        if feed.feed_id in ids:
            problems.append(f"{source}: the id {feed.feed_id} is used twice: give each feed its own")
        elif url_key(feed.url) in addresses:
            problems.append(f"{source}: {feed.feed_id} has the address of {addresses[url_key(feed.url)]}: keep one of them")
        ids.add(feed.feed_id)
        addresses.setdefault(url_key(feed.url), feed.feed_id)
    return problems
