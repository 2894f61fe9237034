"""Rows in the words that the templates print."""

from __future__ import annotations

import pytest

from sanctions_watch.web.wording import accusers, chain, listed, passages, plural, title_of, web_link


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.upi.com/a?b=c", "upi.com"),
        ("http://example.org:8080/x", "example.org"),
        ("HTTPS://Example.org", "example.org"),
    ],
)
def test_web_addresses_are_links_with_their_host(url, host):
    assert web_link(url).host == host


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example/x", "", "java\nscript:alert(1)", "https://", "ftp://x/y",
     "https://bank.example@evil.example/", "http://[::1", 'https://x.example/"onmouseover="', "https:\\\\evil.example", " javascript:alert(1)", "vbscript:x"],
)  # fmt: skip
def test_anything_else_is_no_link(url):
    assert web_link(url) is None


def test_names_are_listed_once_and_counted_beyond_three():
    assert listed([]) == ""
    assert listed(["a", "a", ""]) == "a"
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"


def test_numbers_take_their_noun():
    assert (plural(1, "story", "stories"), plural(2, "story", "stories"), plural(12_345, "mail")) == (
        "1 story",
        "2 stories",
        "12\u202f345 mails",
    )


def test_accusers_fall_back_to_roots_and_to_nobody():
    facts = [{"kind": "number", "value": "7"}, {"kind": "accuser", "value": "the envoy"}]
    assert accusers(facts, ["WSJ"]) == "the envoy"
    assert accusers(facts[:1], ["WSJ"]) == "WSJ"
    assert accusers([], []) == "a source that is not named"


def test_conduct_of_another_version_keeps_its_id():
    assert title_of("labour.new_permits") == "new work permits"
    assert title_of("labour.of_another_version") == "labour.of_another_version"


def span(text: str, quote: str, reach: int = 700):
    start = text.index(quote)
    left = max(start - reach, 0)
    return {
        "start": start,
        "end": start + len(quote),
        "quote": quote,
        "context": text[left : start + len(quote) + reach],
        "context_start": left,
    }


TEXT = "A headline\n\nFirst one. Second two. Third three.\n\nFourth four."


def test_two_quotes_of_a_paragraph_are_marked_in_it_once():
    (paragraph,) = passages([span(TEXT, "Third three"), span(TEXT, "First one")])
    assert [(stretch.text, stretch.is_quote) for stretch in paragraph] == [
        ("First one", True), (". Second two. ", False), ("Third three", True), (".", False),
    ]  # fmt: skip


def test_overlapping_and_repeated_quotes_are_marked_once():
    (paragraph,) = passages([span(TEXT, "First one. Second"), span(TEXT, "Second two"), span(TEXT, "Second two")])
    assert "".join(stretch.text for stretch in paragraph) == "First one. Second two. Third three."
    assert [stretch.text for stretch in paragraph if stretch.is_quote] == ["First one. Second", " two"]


def test_a_quote_over_two_paragraphs_and_a_short_context_keep_their_words():
    (paragraph,) = passages([span(TEXT, "three.\n\nFourth", reach=5)])
    assert [stretch.text for stretch in paragraph if stretch.is_quote] == ["three.\n\nFourth"]
    assert passages([]) == []


def test_chain_tells_no_step_twice():
    step = {"name": "Reuters", "is_inferred": False}
    claim = {"publisher": "reuters", "agency": "Reuters", "attributions": [step, {"name": "an official", "is_inferred": True}]}
    assert chain(claim) == ["reuters", "an official (inferred)"]
