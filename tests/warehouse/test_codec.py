"""Every record comes back equal, and what is not a record's is told."""

import dataclasses
import inspect
import typing
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contract import samples

from sanctions_watch import records
from sanctions_watch.adapters.storable import storable
from sanctions_watch.adapters.warehouse.codec import decode, encode, encode_text
from sanctions_watch.records import Alert, Entry, Fact, Feed, Mail, Period, Poll, Quantity

PLAIN = [
    record
    for record in vars(records).values()
    if inspect.isclass(record)
    and dataclasses.is_dataclass(record)
    and record not in (Poll, records.FetchResult, records.Page, records.Archived)
]  # those with bytes are never stored as JSON

TEXT = st.text(max_size=20)
TIMES = st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def values(hint):
    """Any value of a type that a record's field can have."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return st.sampled_from(arguments)
    if origin is tuple and arguments[-1] is Ellipsis:
        return st.lists(values(arguments[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(values, arguments))
    if type(None) in arguments:
        return st.none() | values(next(one for one in arguments if one is not type(None)))
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        return st.builds(hint, **{field.name: values(hints[field.name]) for field in dataclasses.fields(hint)})
    return {
        str: TEXT,
        int: st.integers(-(2**63), 2**63 - 1),
        bool: st.booleans(),
        float: st.floats(allow_nan=False, allow_infinity=False),
        datetime: TIMES,
        date: st.dates(),
    }[hint]


@pytest.mark.parametrize("record", PLAIN, ids=lambda record: record.__name__)
@settings(max_examples=15, deadline=None)
@given(drawn=st.data())
def test_every_record_comes_back_equal(record, drawn):
    import json

    original = storable(drawn.draw(values(record)))
    assert decode(record, json.loads(encode_text(original))) == original


def test_times_are_written_in_utc():
    east = datetime(2018, 8, 4, 9, tzinfo=timezone(timedelta(hours=9)))
    assert encode(samples.entry(seen_at=east))["seen_at"] == "2018-08-04T00:00:00+00:00"


@pytest.mark.parametrize(
    ("record_type", "value", "told"),
    [
        (Fact, {"kind": "root", "key": "a", "value": "b", "extra": 1}, "unknown field extra"),
        (Fact, {"kind": "root", "key": "a"}, "missing field value"),
        (Fact, {"kind": "rumour", "key": "a", "value": "b"}, "Fact.kind: 'rumour' is none of"),
        (Fact, {"kind": "root", "key": 7, "value": "b"}, "Fact.key: expected text"),
        (Fact, ["root"], "expected an object"),
        (Quantity, {"value": True, "unit": "", "written": ""}, "Quantity.value: expected a number"),
        (Period, {"written": "", "first": "2018-13-01", "last": None, "precision": "day"}, "Period.first"),
        (Period, {"written": "", "first": 3, "last": None, "precision": "day"}, "Period.first"),
        (Mail, {**encode(Mail("i", "s", "r", "s", "t", "h")), "headers": [["only one"]]}, "Mail.headers[0]: expected a list of 2"),
        (Mail, {**encode(Mail("i", "s", "r", "s", "t", "h")), "references": "no list"}, "Mail.references: expected a list"),
        (Feed, {**encode(samples.feed()), "is_sample": 1}, "Feed.is_sample: expected true or false"),
        (Entry, {**encode(samples.entry()), "seen_at": "2018-08-04T00:00:00"}, "has no time zone"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(record_type, value, told):
    with pytest.raises(ValueError) as caught:
        decode(record_type, value)
    assert told in str(caught.value)


def test_a_field_of_a_later_version_takes_its_default():
    told = samples.alert(samples.assessment(samples.article(), samples.allegation(samples.article())))
    written = encode(told)
    del written["accused_country"]
    assert decode(Alert, written) == dataclasses.replace(told, accused_country="")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_json_does_not_know_are_refused(value):
    with pytest.raises(ValueError):
        encode(Quantity(value, "", ""))


def test_a_time_without_a_zone_and_a_foreign_type_are_refused():
    with pytest.raises(ValueError):
        encode(samples.entry(seen_at=datetime(2018, 8, 4)))  # noqa: DTZ001
    with pytest.raises(ValueError):
        encode(samples.poll())


def test_what_can_be_stored_is_not_copied():
    one = samples.article()
    assert storable(one) is one
    assert storable(dataclasses.replace(one, byline="\x00\ud800é")).byline == "��é"
