"""Reads the subscribers' file, and names every mistake in it at once."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any, cast, get_args
from zoneinfo import available_timezones

import yaml

from sanctions_watch import taxonomy
from sanctions_watch.errors import ConfigurationError
from sanctions_watch.records import Delivery, Novelty, Reliability, Route, Silence, Subscriber
from sanctions_watch.stages.alert.timetable import WEEKDAYS, clock_time

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\Z")
_ADDRESS = re.compile(r"[^\s@<>(),;:\\\"]{1,64}@[^\s@<>(),;:\\\"]{1,190}\Z")
_GRADE = re.compile(rf"[{''.join(get_args(Reliability))}][1-6]\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")
_CHANNEL = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\Z")
_FIELDS = {
    "id", "name", "email", "webhook", "slack", "active", "timezone", "quiet_hours", "cap_per_hour", "proof_of_silence", "routes", "silences",
}  # fmt: skip
_ROUTE_FIELDS = {"conducts", "accused", "entities", "kinds", "languages", "minimum_grade", "delivery", "at", "weekday"}
_SILENCE_FIELDS = {"until", "reason", "conducts", "accused", "allegations"}
_IN_QUOTES = "put it in quotes: YAML reads 22:30 as a number"
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


def _known_conducts() -> set[str]:
    return {row.conduct_id for row in taxonomy.conducts().values()} | {row.family for row in taxonomy.conducts().values()}


def _is_clock_time(written: str) -> bool:
    try:
        clock_time(written)
    except ValueError:
        return False
    return True


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
        email = self._text(where, row, "email") if "email" in row else ""
        if email and not _ADDRESS.match(email):
            self._problem(where, f"email {email!r} is no mail address")
        channels = {name: self._channel(where, row, name) for name in ("webhook", "slack") if name in row}
        if not {"email", "webhook", "slack"} & set(row):
            self._problem(where, "email is missing (or webhook, or slack): there must be a way to reach them")
        routes = row.get("routes", [{}])
        if not isinstance(routes, list) or not routes:
            self._problem(where, "routes is a list of at least one route; leave it out to get everything")
            routes = []
        return Subscriber(
            subscriber_id,
            self._text(where, row, "name"),
            email,
            tuple(self._route(f"{where}, route {number}", route) for number, route in enumerate(routes, start=1)),
            is_active=self._flag(where, row, "active", default=True),
            webhook=channels.get("webhook", ""),
            slack=channels.get("slack", ""),
            timezone=self._timezone(where, row),
            quiet_hours=self._quiet_hours(where, row),
            cap_per_hour=self._cap(where, row),
            wants_proof=self._flag(where, row, "proof_of_silence", default=False),
            silences=self._silences(where, row),
        )

    def _flag(self, where: str, row: Mapping[str, Any], name: str, *, default: bool) -> bool:
        value = row.get(name, default)
        if not isinstance(value, bool):
            self._problem(where, f"{name}: {value!r} is neither true nor false")
        return value is True

    def _channel(self, where: str, row: Mapping[str, Any], name: str) -> str:
        value = self._text(where, row, name)
        if value and not _CHANNEL.match(value):
            self._problem(
                where, f"{name} {value!r} is no name of a channel (its address stands in the file SANCTIONS_WATCH_CHANNELS)"
            )
        return value

    def _timezone(self, where: str, row: Mapping[str, Any]) -> str:
        name = row.get("timezone", "UTC")
        if not isinstance(name, str) or name not in available_timezones():
            near = get_close_matches(str(name), sorted(available_timezones()), 1)
            self._problem(
                where, f"timezone {name!r} is not known" + (f": did you mean {near[0]!r}?" if near else ", such as Asia/Seoul")
            )
            return "UTC"
        return name

    def _quiet_hours(self, where: str, row: Mapping[str, Any]) -> str:
        value = row.get("quiet_hours", "")
        parts = value.split("-") if isinstance(value, str) else []
        if not value:
            return ""
        if len(parts) != 2 or not all(map(_is_clock_time, parts)) or clock_time(parts[0]) == clock_time(parts[1]):
            self._problem(where, f'quiet_hours {value!r}: two times of day, such as "22:00-06:30"')
            return ""
        return "-".join(f"{clock_time(part):%H:%M}" for part in parts)

    def _cap(self, where: str, row: Mapping[str, Any]) -> int:
        value = row.get("cap_per_hour", Subscriber.__dataclass_fields__["cap_per_hour"].default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            self._problem(where, f"cap_per_hour {value!r} is no whole number of at least 1")
            return 1
        return value

    def _silences(self, where: str, row: Mapping[str, Any]) -> tuple[Silence, ...]:
        value = row.get("silences", [])
        if not isinstance(value, list):
            self._problem(where, "silences is a list")
            return ()
        return tuple(self._silence(f"{where}, silence {number}", one) for number, one in enumerate(value, start=1))

    def _silence(self, where: str, row: Any) -> Silence:
        if not isinstance(row, Mapping):
            self._problem(where, f"{row!r} is no mapping of {', '.join(sorted(_SILENCE_FIELDS))}")
            return Silence(datetime.min.replace(tzinfo=UTC), "")
        self._unknown(where, row, _SILENCE_FIELDS)
        return Silence(
            until=self._moment(where, row, "until"),
            reason=self._text(where, row, "reason"),
            conducts=self._chosen(where, "conducts", self._texts(where, row, "conducts"), _known_conducts()),
            accused=self._texts(where, row, "accused"),
            allegations=self._texts(where, row, "allegations"),
        )

    def _moment(self, where: str, row: Mapping[str, Any], name: str) -> datetime:
        """YAML reads a moment by itself; one without a zone is UTC, and a day means its first moment."""
        value = row.get(name)
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=UTC)
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
        self._problem(
            where, f"{name} is missing" if value is None else f"{name}: {value!r} is no moment, such as 2026-11-30 12:00:00Z"
        )
        return datetime.min.replace(tzinfo=UTC)

    def _route(self, where: str, row: Any) -> Route:
        if not isinstance(row, Mapping):
            self._problem(where, f"{row!r} is no mapping of {', '.join(sorted(_ROUTE_FIELDS))}")
            return Route()
        self._unknown(where, row, _ROUTE_FIELDS)
        grade = row.get("minimum_grade", "F6")
        if not isinstance(grade, str) or not _GRADE.match(grade):
            self._problem(where, f"minimum_grade {grade!r} is no Admiralty grade, such as C3")
            grade = "F6"
        languages = self._texts(where, row, "languages")
        for language in languages:
            if not _LANGUAGE.match(language):
                self._problem(where, f"languages: {language!r} is no ISO 639 code, such as en")
        return Route(
            conducts=self._chosen(where, "conducts", self._texts(where, row, "conducts"), _known_conducts()),
            accused=self._texts(where, row, "accused"),
            kinds=self._chosen(where, "kinds", self._texts(where, row, "kinds"), set(_KINDS)),
            languages=languages,
            minimum_grade=grade,
            entities=self._texts(where, row, "entities"),
            delivery=cast("Delivery", self._one_of(where, row, "delivery", get_args(Delivery))),
            at=self._at(where, row),
            weekday=self._one_of(where, row, "weekday", WEEKDAYS),
        )

    def _at(self, where: str, row: Mapping[str, Any]) -> str:
        value = row.get("at", Route.__dataclass_fields__["at"].default)
        if not isinstance(value, str) or not _is_clock_time(value):
            self._problem(
                where, f'at {value!r} is no time of day, such as "07:30"' + ("" if isinstance(value, str) else f"; {_IN_QUOTES}")
            )
            return "00:00"
        return f"{clock_time(value):%H:%M}"

    def _one_of(self, where: str, row: Mapping[str, Any], name: str, known: tuple[str, ...]) -> str:
        value = row.get(name, known[0])
        if value not in known:
            self._problem(where, f"{name} {value!r} is none of {', '.join(known)}")
            return known[0]
        return str(value)

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
