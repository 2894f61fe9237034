"""What holds for whatever text comes: zones, word order, idempotence, and that nothing disappears without a trace."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from sanctions_watch.errors import EntryError
from sanctions_watch.records import Article
from sanctions_watch.stages.clean import clean_text, extract_text

NOW = datetime(2024, 5, 2, 12, tzinfo=UTC)
SENTENCES = [
    "Customs officers in Busan held a coaster on Monday that had loaded coal in Nampo, three officials said.",
    "“We have asked for the log,” a harbour master said. “It has not come.”",
    "The council banned the trade in 2017; the owner denies that his ship took part.",
    "He named the Korean Central News Agency (KCNA).",
    "북한 선박이 지난달 부산항에 입항했다고 세관이 밝혔다.",
    "今年１月、北朝鮮の船が港に入ったと税関が明らかにした。",
]
FRAGMENTS = [
    "Advertisement", "Latest Headlines", "Opinion", "Read more:", "Read more: A ship and its names", "Ferry resumes service", "Updated 3 May, 2024", "2 hours ago",
    "Photo by A. Person/EPA", "Share this article", "Comments (3)", "(END)", "By Ada Writer", "SEOUL, May 1 (Yonhap) --", "AFP - ", "MOSCOW, 3 мая. /ТАСС/.", "RIJEKA --",
    "(With inputs from ANI)", "© 2024 AFP", "(AFP)", "MOST READ", "1. Why bread is dear", "Tags: coal, ships", "Correction: an earlier version named the wrong port.", "KILL",
    "Subscribe to our newsletter", "a@b.example", "...", "\x00", "\ufeff", "\u200b", "\u00ad", "\ud800", "---", "(", ")", "?", ":", "The port", "“", "”",
]  # fmt: skip
PIECES = st.one_of(st.sampled_from(SENTENCES), st.sampled_from(FRAGMENTS), st.text(max_size=12))
LINES = st.lists(PIECES, min_size=1, max_size=3).map(" ".join)
TEXTS = st.lists(st.one_of(LINES, st.sampled_from(SENTENCES), st.sampled_from(FRAGMENTS)), max_size=14).flatmap(
    lambda lines: st.sampled_from(["\n", "\n\n", "\r\n", "\u2028"]).map(lambda mark: mark.join(lines))
)
TITLES = st.one_of(
    st.just(""), st.sampled_from(["Coaster held in Busan over coal", "UPDATE 1-Coaster held", "SEOUL (AFP) - Coaster held"]), LINES
)


def cleaned(title: str, text: str) -> Article | None:
    try:
        return clean_text(
            url="https://paper.example/a", publisher="Paper", title=title, text=text, published_at=NOW - timedelta(days=1), now=NOW
        )
    except EntryError:
        return None


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@settings(max_examples=300, deadline=None)
@given(TITLES, TEXTS)
@example("", "Advertisement\n\nCoaster held in Busan\n\nBy Ada Writer\n\n" + SENTENCES[0])
@example("", "\n\n".join([SENTENCES[0], SENTENCES[0]]))
def test_any_text(title, text):
    article = cleaned(title, text)
    if article is None:
        return
    # zones: in order, and nothing but white space between them
    places = [(zone.start, zone.end) for zone in article.zones]
    assert places == sorted(places)
    left = 0
    for start, end in [*places, (len(article.text), len(article.text))]:
        assert article.text[left:start].strip() == ""
        left = end
    assert article.text.strip() == article.text
    # the words of the text are words of the input, in their order
    given_words = iter(words(f"{title} {text}"))
    assert all(any(word == one for one in given_words) for word in words(article.text))
    # every word is still there, in the text or among what was removed
    kept = [*words(article.text), *(word for one in article.removed for word in words(one.text)), *words(title)]
    assert set(words(text)) <= set(kept)
    # what is clean stays as it is
    again = cleaned(article.title, article.body)
    assert again is not None
    assert again.text == article.text
    article.text.encode()
    assert "\x00" not in article.text


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(max_size=300).map(lambda text: f"<html><body><p>{text}</p></body></html>".encode("utf-8", "replace")),
    )
)
def test_any_bytes_as_a_page(body):
    try:
        article = extract_text(body, "https://paper.example/a", NOW)
    except EntryError:
        return
    assert article.text
    assert article.published_at <= NOW + timedelta(days=1)
