"""Reads the subscribers' file, and names every mistake in it at once."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from difflib import get_close_matches
from typing import Any, get_args

import yaml

from sanctions_watch import taxonomy
from sanctions_watch.errors import ConfigurationError
from sanctions_watch.records import Novelty, Reliability, Route, Subscriber

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\Z")
_ADDRESS = re.compile(r"[^\s@<>(),;:\\\"]{1,64}@[^\s@<>(),;:\\\"]{1,190}\Z")
_GRADE = re.compile(rf"[{''.join(get_args(Reliability))}][1-6]\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")
_FIELDS = {"id", "name", "email", "active", "routes"}
_ROUTE_FIELDS = {"conducts", "accused", "kinds", "languages", "minimum_grade"}
_KINDS = tuple(kind for kind in get_args(Novelty) if kind != "NOTHING")


def read_subscribers(text: str, source: str) -> tuple[Subscriber, ...]:
    """The subscribers that a YAML file names; ``source`` is the file's name in messages.

    Raises ConfigurationError with every problem at once.
    """
    try:
        content = yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a SafeLoader that also refuses repeated keys
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise ConfigurationError([f"{source}{line}: not YAML: {getattr(error, 'problem', None) or error}"]) from error
    reading = _Reading(source)
    subscribers = reading.file(content)
    if reading.problems:
        raise ConfigurationError(reading.problems)
    return subscribers


class _StrictLoader(yaml.SafeLoader):
    """Plain data only, and a key that stands twice in one mapping is a mistake."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """The mapping; raises yaml.YAMLError for a repeated key."""
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, Hashable) and key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key!r} stands there twice", key_node.start_mark)
            if isinstance(key, Hashable):
                seen.add(key)
        return super().construct_mapping(node, deep=deep)


class _Reading:
    """One reading of the file, which goes on after a problem."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.problems: list[str] = []

    def _problem(self, where: str, what: str) -> None:
        self.problems.append(f"{self._source}: {where}: {what}")

    def file(self, content: Any) -> tuple[Subscriber, ...]:
        if not isinstance(content, Mapping) or not isinstance(content.get("subscribers"), list):
            self.problems.append(f"{self._source}: a list named 'subscribers' is needed at the top")
            return ()
        self._unknown("the top", content, {"subscribers"})
        found: list[Subscriber] = []
        for number, row in enumerate(content["subscribers"], start=1):
            where = f"subscriber {number}"
            if not isinstance(row, Mapping):
                self._problem(where, "is no mapping with id, name and email")
                continue
            subscriber = self._subscriber(f"{where} ({row.get('id', '?')})", row)
            for other in found:
                if other.subscriber_id == subscriber.subscriber_id and subscriber.subscriber_id:
                    self._problem(where, f"the id {subscriber.subscriber_id!r} is taken: choose another")
            found.append(subscriber)
        return tuple(found)

    def _subscriber(self, where: str, row: Mapping[str, Any]) -> Subscriber:
        self._unknown(where, row, _FIELDS)
        subscriber_id = self._text(where, row, "id")
        if subscriber_id and not _ID.match(subscriber_id):
            self._problem(where, f"id {subscriber_id!r}: lower-case letters, digits, - and _ only, at most 64")
        email = self._text(where, row, "email")
        if email and not _ADDRESS.match(email):
            self._problem(where, f"email {email!r} is no mail address")
        active = row.get("active", True)
        if not isinstance(active, bool):
            self._problem(where, f"active: {active!r} is neither true nor false")
        routes = row.get("routes", [{}])
        if not isinstance(routes, list) or not routes:
            self._problem(where, "routes is a list of at least one route; leave it out to get everything")
            routes = []
        return Subscriber(
            subscriber_id,
            self._text(where, row, "name"),
            email,
            tuple(self._route(f"{where}, route {number}", route) for number, route in enumerate(routes, start=1)),
            is_active=active is True,
        )

    def _route(self, where: str, row: Any) -> Route:
        if not isinstance(row, Mapping):
            self._problem(where, f"{row!r} is no mapping of {', '.join(sorted(_ROUTE_FIELDS))}")
            return Route()
        self._unknown(where, row, _ROUTE_FIELDS)
        conducts = {row.conduct_id for row in taxonomy.conducts().values()} | {row.family for row in taxonomy.conducts().values()}
        grade = row.get("minimum_grade", "F6")
        if not isinstance(grade, str) or not _GRADE.match(grade):
            self._problem(where, f"minimum_grade {grade!r} is no Admiralty grade, such as C3")
            grade = "F6"
        languages = self._texts(where, row, "languages")
        for language in languages:
            if not _LANGUAGE.match(language):
                self._problem(where, f"languages: {language!r} is no ISO 639 code, such as en")
        return Route(
            conducts=self._chosen(where, "conducts", self._texts(where, row, "conducts"), conducts),
            accused=self._texts(where, row, "accused"),
            kinds=self._chosen(where, "kinds", self._texts(where, row, "kinds"), set(_KINDS)),
            languages=languages,
            minimum_grade=grade,
        )

    def _text(self, where: str, row: Mapping[str, Any], name: str) -> str:
        value = row.get(name)
        if not isinstance(value, str) or not value.strip():
            self._problem(where, f"{name} is missing" if value is None else f"{name}: {value!r} is no text")
            return ""
        return value.strip()

    def _texts(self, where: str, row: Mapping[str, Any], name: str) -> tuple[str, ...]:
        values = row.get(name, [])
        if not isinstance(values, list):
            self._problem(where, f"{name} is a list, such as [{values}]")
            return ()
        texts = []
        for value in values:
            if isinstance(value, str) and value.strip():
                texts.append(value.strip())
            elif isinstance(value, bool):
                self._problem(where, f"{name}: YAML reads NO, ON and YES as true or false: put the code in quotes")
            else:
                self._problem(where, f"{name}: {value!r} is no text")
        return tuple(texts)

    def _chosen(self, where: str, name: str, values: tuple[str, ...], known: set[str]) -> tuple[str, ...]:
        for value in values:
            if value not in known:
                near = get_close_matches(value, sorted(known), 1)
                hint = f": did you mean {near[0]!r}?" if near else ""
                self._problem(where, f"{name}: {value!r} is not known{hint}")
        return values

    def _unknown(self, where: str, row: Mapping[str, Any], known: set[str]) -> None:
        for name in row:
            if name not in known:
                near = get_close_matches(str(name), sorted(known), 1)
                self._problem(where, f"unknown field {name!r}" + (f": did you mean {near[0]!r}?" if near else ""))
