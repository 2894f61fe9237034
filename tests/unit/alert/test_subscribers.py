"""The subscribers' file: what it means, and every mistake at once."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sanctions_watch.data import include
from sanctions_watch.errors import ConfigurationError
from sanctions_watch.records import Route, Silence, Subscriber
from sanctions_watch.stages.alert import read_subscribers

WRONG = """
subscribers:
  - id: Desk One
    name: Desk
    email: nobody
  - id: two
    nmae: Two
    email: two@x.example
    active: maybe
    routes:
      - conducts: [labor, "labour.new_permits"]
        kinds: [NEWS]
        accused: [NO]
        minimum_grade: G9
        languages: english
        grade: B2
  - id: two
    name: Twice
    email: "a@b\\nBcc: c@d"
    routes: []
  - just text
extra: 1
"""


def problems(text):
    with pytest.raises(ConfigurationError) as caught:
        read_subscribers(text, "subscribers.yaml")
    return caught.value.problems


def test_the_shipped_file_is_read():
    people = read_subscribers(include("subscribers.yaml").read_text("utf-8"), "include/subscribers.yaml")
    assert len(people) >= 3
    assert len({one.subscriber_id for one in people}) == len(people)
    assert any(one.routes == (Route(),) for one in people)
    assert all(one.email.endswith(".example.org") for one in people)


def test_what_a_file_means():
    text = """
    subscribers:
      - {id: all, name: All, email: all@x.example}
      - id: sea
        name: Sea
        email: sea@x.example
        active: false
        routes: [{conducts: [sea, oil.refined_cap], accused: [RU, Wise Honest], kinds: [NEW], languages: [ko], minimum_grade: C3}]
    """
    assert read_subscribers(text, "x") == (
        Subscriber("all", "All", "all@x.example"),
        Subscriber(
            "sea",
            "Sea",
            "sea@x.example",
            (Route(("sea", "oil.refined_cap"), ("RU", "Wise Honest"), ("NEW",), ("ko",), "C3"),),
            is_active=False,
        ),
    )


def test_every_mistake_at_once_each_with_its_place():
    found = problems(WRONG)
    for words in (
        "unknown field 'extra'",
        "subscriber 1 (Desk One): id 'Desk One'",
        "email 'nobody'",
        "unknown field 'nmae': did you mean 'name'?",
        "subscriber 2 (two): name is missing",
        "active: 'maybe'",
        "route 1: conducts: 'labor' is not known: did you mean 'labour'?",
        "kinds: 'NEWS' is not known: did you mean 'NEW'?",
        "accused: YAML reads NO",
        "minimum_grade 'G9'",
        "languages is a list",
        "unknown field 'grade'",
        "subscriber 3: the id 'two' is taken",
        "email 'a@b\\nBcc: c@d'",
        "routes is a list of at least one route",
        "subscriber 4: is no mapping",
    ):
        assert any(words in problem for problem in found), words
    assert all(problem.startswith("subscribers.yaml: ") for problem in found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "a list named 'subscribers'"),
        ("subscribers: {}", "a list named 'subscribers'"),
        ("subscribers: [", "line 1: not YAML"),
        ("subscribers:\n  - id: a\n    id: b\n    name: A\n    email: a@b.example", "line 3: not YAML: 'id' stands there twice"),
        ("subscribers: !!python/object/apply:os.system [ls]", "not YAML"),
        ("subscribers:\n  - id: 7\n    name: A\n    email: a@b.example", "id: 7 is no text"),
        ("subscribers:\n  - id: a\n    name: A\n    email: a@b.example\n    routes: [all]", "'all' is no mapping"),
    ],
)
def test_what_is_no_such_file(text, words):
    assert any(words in problem for problem in problems(text))


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "name", "email", "routes", "active", "conducts", "kinds", "accused", "x"]), inner, max_size=4), max_leaves=12))  # fmt: skip
def test_any_content_is_read_or_refused_in_words(content):
    text = yaml.safe_dump({"subscribers": [content]}, allow_unicode=True)
    found: tuple[object, ...] = ()
    with suppress(ConfigurationError):
        found = read_subscribers(text, "x")
    assert all(isinstance(one, Subscriber) and "@" in one.email for one in found)


FULL = """
subscribers:
  - id: night
    name: Night desk
    slack: desk
    webhook: case-system
    timezone: Asia/Seoul
    quiet_hours: "22:00-6:30"
    cap_per_hour: 5
    proof_of_silence: true
    silences:
      - {until: 2026-12-01 08:00:00+09:00, reason: moving, conducts: [labour], accused: [RU], allegations: [abc]}
      - {until: 2026-12-02, reason: a day}
    routes:
      - {entities: ["9162318", Wise Honest], delivery: weekly, at: "7:05", weekday: friday}
"""


def test_everything_a_subscriber_may_wish():
    [night] = read_subscribers(FULL, "x")
    assert night.addresses == (("webhook", "case-system"), ("slack", "desk"))
    assert (night.timezone, night.quiet_hours, night.cap_per_hour, night.wants_proof) == ("Asia/Seoul", "22:00-06:30", 5, True)
    assert night.routes == (Route(entities=("9162318", "Wise Honest"), delivery="weekly", at="07:05", weekday="friday"),)
    assert night.silences == (
        Silence(datetime(2026, 11, 30, 23, tzinfo=UTC), "moving", ("labour",), ("RU",), ("abc",)),
        Silence(datetime(2026, 12, 2, tzinfo=UTC), "a day"),
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("timezone: Asia/Seul", "did you mean 'Asia/Seoul'?"),
        ("quiet_hours: 22-6", "two times of day"),
        ('quiet_hours: "07:00-07:00"', "two times of day"),
        ("cap_per_hour: 0", "cap_per_hour 0"),
        ("cap_per_hour: yes", "cap_per_hour True"),
        ("proof_of_silence: often", "neither true nor false"),
        ("slack: https://hooks.example/secret", "no name of a channel"),
        ("routes: [{delivery: monthly}]", "none of immediate, hourly, daily, weekly"),
        ("routes: [{delivery: daily, at: 22:30}]", "put it in quotes"),
        ('routes: [{delivery: daily, at: "25:00"}]', "no time of day"),
        ("routes: [{delivery: weekly, weekday: fryday}]", "weekday 'fryday'"),
        ("silences: [{until: soon, reason: x}]", "until: 'soon' is no moment"),
        ("silences: [{reason: x}]", "until is missing"),
        ("silences: [{until: 2026-12-01}]", "reason is missing"),
        ("silences: {}", "silences is a list"),
        ("silences: [x]", "'x' is no mapping"),
    ],
)
def test_what_a_subscriber_may_not_wish(line, words):
    text = f"subscribers:\n  - id: a\n    name: A\n    email: a@b.example\n    {line}"
    assert any(words in problem for problem in problems(text)), problems(text)


def test_there_must_be_a_way_to_reach_them():
    assert any("a way to reach them" in problem for problem in problems("subscribers: [{id: a, name: A}]"))
