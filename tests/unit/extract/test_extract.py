"""The stage as a whole: order, determinism, exact offsets, hostile text."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.extract.news import article

from sanctions_watch.records import claim_id
from sanctions_watch.stages.extract import VERSION, extract

TELLING = "China bought coal from North Korea in March, three diplomats said. The trade is banned."
PIECES = [
    TELLING,
    "The tanker Sea Lantern pumped 900 tonnes of diesel into a North Korean ship, Japan said.",
    '"We sold nothing," he said.',
    "The company denied it.",
    "It rained.",
    "“Unclosed quotation",
    "N. Korea’s U.N. envoy Mr. Ri said No. 5 was İstanbul’s.",
    "\u202eabc\u0000",
    "– — … 「」",
]


def test_one_tuple_per_article_in_order() -> None:
    told, silent = extract([article(TELLING), article("It rained.")])
    assert [claim.conduct for claim in told] == ["export.coal_iron"]
    assert silent == ()
    assert extract([]) == []


def test_a_batch_says_what_each_article_says_alone() -> None:
    articles = [article(piece) for piece in PIECES]
    assert extract(articles) == [claims for one in articles for claims in extract([one])]


def test_the_id_is_that_of_quote_accused_and_conduct() -> None:
    [[claim]] = extract([article(TELLING)])
    assert claim.claim_id == claim_id(claim.article_id, claim.spans, claim.accused, claim.conduct, claim.modality)
    assert claim.extractor_version == VERSION


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6), st.sampled_from([" ", "\n\n"]))
def test_every_span_lies_in_the_text(pieces: list[str], joint: str) -> None:
    source = article(joint.join(pieces))
    for claim in extract([source])[0]:
        assert claim.spans
        for span in (*claim.spans, *(step.span for step in claim.attributions if step.span)):
            assert 0 <= span.start < span.end <= len(source.text)
        assert all(span.end - span.start <= 600 for span in claim.spans)


@pytest.mark.parametrize("text", ["(" * 5_000, "A " * 8_000, "North Korea coal bought " * 2_000, '"' * 4_001, "said " * 3_000])
def test_hostile_text_ends_soon(text: str) -> None:
    [claims] = extract([article(text)])
    assert isinstance(claims, tuple)
