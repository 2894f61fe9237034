"""Whatever is done in whatever order, both warehouses answer alike."""

import contextlib
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.contract.samples import (
    T0,
    alert,
    allegation,
    article,
    assessment,
    bare_claim,
    claim,
    days,
    entry,
    feed,
    minutes,
    notification,
    placement,
    poll,
    selection,
    subscriber,
)

from sanctions_watch.adapters.memory import MemoryWarehouse
from sanctions_watch.errors import WarehouseError
from sanctions_watch.records import Fingerprints, Quarantined

NUMBERS = st.integers(1, 4)
EDITIONS = st.builds(
    lambda number, version: article(number, version, first_seen_at=T0 + minutes(number + 2)), NUMBERS, st.integers(1, 3)
)
RULES = st.sampled_from(["v1", "v2"])
STORIES = st.sampled_from(["story-1", "story-2"])
HASHES = st.lists(st.integers(1, 6), min_size=1, max_size=4).map(tuple)


def prints(of, hashes):
    return Fingerprints(of.article_id, of.version, hashes, 9, of.published_at)


def poll_of(number, content, version):
    one = entry(number, content_sha256=content, seen_at=T0 + minutes(number))
    return (
        "poll",
        lambda unit: (unit.save_poll(poll(one, at=T0 + minutes(number))), unit.save_article(article(number), one, version))[0],
    )


def clean(one):
    return ("clean", lambda unit: unit.save_article(one, None, "v1"))


def select(one, version, selected):
    return ("select", lambda unit: unit.save_selection(selection(one, version=version, selected=selected)))


def place(one, version, story, relation, hashes, displaced):
    placed = placement(
        one, version=version, story=story, relation=relation, displaces=tuple(article(n).article_id for n in displaced)
    )
    return ("place", lambda unit: unit.save_placement(placed, prints(one, hashes)))


def extract(one, version, makers):
    return ("extract", lambda unit: unit.save_claims(one, [make(one, extractor_version=version) for make in makers], version))


def assess(one, version, number, known_version):
    made = assessment(one, allegation(one, number=number, version=known_version), version=version)
    return ("assess", lambda unit: unit.save_assessments(one, [made], [alert(made)] if known_version == 1 else [], version))


def assess_all(version):
    def run(unit):
        for work in unit.articles_to_assess(version, 10):
            unit.save_assessments(work.article, [], [], version)

    return ("assess all", run)


def fan_out(limit):
    def run(unit):
        for told in unit.alerts_to_fan_out(limit):
            unit.save_notifications(told, [notification(told)])

    return ("fan out", run)


def deliver(state):
    def run(unit):
        for waiting, _ in unit.notifications_to_send(T0, 1):
            changed = notification(SimpleNamespace(alert_id=waiting.alert_id), state=state, sent_at=T0 if state == "sent" else None)
            unit.save_notification(changed, T0 + minutes(1))

    return ("deliver", run)


def hold_back(stage, number):
    record = Quarantined(stage, entry(number).entry_id if stage == "clean" else article(number).article_id, "why", "", T0)
    return ("quarantine", lambda unit: unit.quarantine(record))


STEPS = st.one_of(
    st.builds(poll_of, NUMBERS, st.sampled_from(["a", "b"]), RULES),
    st.builds(clean, EDITIONS),
    st.builds(select, EDITIONS, RULES, st.booleans()),
    st.builds(
        place, EDITIONS, RULES, STORIES, st.sampled_from(["lead", "copy", "correction_of"]), HASHES, st.lists(NUMBERS, max_size=1)
    ),
    st.builds(extract, EDITIONS, RULES, st.lists(st.sampled_from([claim, bare_claim]), max_size=2, unique=True)),
    st.builds(assess, EDITIONS, RULES, NUMBERS, st.integers(1, 2)),
    st.builds(assess_all, RULES),
    st.builds(fan_out, st.integers(1, 2)),
    st.builds(deliver, st.sampled_from(["sending", "sent", "failed", "uncertain"])),
    st.builds(hold_back, st.sampled_from(["clean", "select", "deduplicate", "extract", "assess"]), NUMBERS),
)


def answers(unit):
    yield unit.counts(T0)
    for version in ("v1", "v2"):
        for limit in (2, 10):
            yield unit.entries_to_clean(version, limit)
            yield unit.articles_to_select(version, limit)
            yield unit.articles_to_place(version, limit)
            yield unit.articles_to_extract(version, limit)
            yield unit.articles_to_assess(version, limit)
    for number in range(1, 5):
        yield unit.latest_article(article(number).article_id)
        yield unit.previous_placement(article(number).article_id)
        yield unit.candidates(prints(article(number), (1, 2, 3)), 90, 10)
        yield unit.has_been_alerted(allegation(article(1), number=number).allegation_id)
        yield unit.alert_message_ids(allegation(article(1), number=number).allegation_id, "desk")
    yield unit.reprints_of(["story-1", "story-2"])
    yield unit.allegations_like(["RU"], ["labour"])
    yield unit.alerts_to_fan_out(10)
    yield unit.notifications_to_send(T0 + days(1), 10)
    yield unit.adrift_notifications(10)
    yield unit.subscribers()


class Done(Exception):
    pass


@pytest.mark.postgres
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(STEPS, min_size=3, max_size=25))
def test_both_warehouses_answer_alike(postgres_warehouse, steps):
    memory = MemoryWarehouse()
    with contextlib.suppress(Done), memory.begin() as in_memory, postgres_warehouse.begin() as on_postgres:
        for unit in (in_memory, on_postgres):
            unit.save_feeds([feed()], T0)
            unit.save_subscribers([subscriber()])
        for _, step in steps:
            outcomes = []
            for unit in (in_memory, on_postgres):
                try:
                    with unit.part():
                        outcomes.append(step(unit))
                except WarehouseError as error:
                    outcomes.append(type(error))
            assert outcomes[0] == outcomes[1]
        for memory_answer, postgres_answer in zip(answers(in_memory), answers(on_postgres), strict=True):
            assert memory_answer == postgres_answer
        raise Done
