"""A quote cap shortens what is printed, by publisher, and touches nothing else."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.contract.samples import alert, allegation, article, assessment

from sanctions_watch.stages.alert.caps import capped

TOLD = alert(assessment(article(1), allegation(article(1))))
QUOTE = TOLD.quotes[0]


def test_each_publisher_has_its_cap():
    two = replace(TOLD, quotes=(QUOTE, replace(QUOTE, publisher="AFP")))
    shown = capped(two, {"": 600, "AFP": 40}).quotes
    assert shown[0] == QUOTE
    assert len(shown[1].text) <= 40
    assert shown[1].text.endswith("…")
    assert QUOTE.text.startswith(shown[1].text[:-1])


def test_without_rules_nothing_changes():
    assert capped(TOLD, {}) is TOLD
    assert capped(TOLD, {"": 600}) is TOLD


@given(st.text(), st.integers(40, 600))
def test_never_more_than_the_cap(words, most):
    told = replace(TOLD, quotes=(replace(QUOTE, text=words),))
    assert len(capped(told, {"": most}).quotes[0].text) <= most
