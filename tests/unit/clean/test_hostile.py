"""What broke the cleaner once, and what is built to: each input answers, with an article or with EntryError. Time is bounded by the test's limit."""

from __future__ import annotations

import importlib
import re
from datetime import UTC, datetime, timedelta

import pytest

from sanctions_watch.errors import EntryError
from sanctions_watch.records import Article
from sanctions_watch.stages.clean import clean_text, extract_text
from sanctions_watch.stages.clean.junk import kind_of
from sanctions_watch.stages.clean.page import _tree

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LEAD = "The ministry said on Monday that it had fined the owner of the tanker for carrying fuel past the limit."
MORE = "Two more ships are being looked at, and their papers were taken to the capital, an official told reporters."


def page(inside: str, head: str = "") -> Article | None:
    html = f"<html><head><title>Tanker owner fined over fuel</title>{head}</head><body><article><h1>Tanker owner fined over fuel</h1>{inside}</article></body></html>"
    try:
        article = extract_text(html.encode("utf-8", "surrogatepass"), "https://paper.example/a/1", NOW)
    except EntryError:
        return None
    article.text.encode()
    assert article.published_at <= NOW + timedelta(days=1)
    return article


@pytest.mark.parametrize(
    "sign",
    ["\x01", "\x1f", "\x85", "\ufffe", "\uffff", "&#1;", "&#x1F;", "&#xFFFE;", "&#xD800;", "&#x110000;", "&#99999999;", "&#0;"],
)
def test_signs_that_no_tree_may_hold(sign: str) -> None:
    """Found by fuzzing: a control character behind a dropped element could not be joined to the text before it."""
    article = page(f"<p>{LEAD}</p><script>x</script>{sign} <aside>y</aside>{sign}<figure>z</figure>{sign}<p>{MORE}</p>")
    assert article is not None
    assert LEAD in article.text
    assert MORE in article.text


def test_references_to_windows_1252_read_as_in_browsers() -> None:
    article = page(
        f"<p>The captain&#146;s papers said &#147;coal&#148;, and the harbour had been told so twice that week.</p><p>{MORE}</p>"
    )
    assert article is not None
    assert "captain’s papers said “coal”" in article.text


def test_a_page_of_too_many_tags_is_read_up_to_a_bound() -> None:
    tree = _tree(f"<html><body><p>{LEAD}</p>" + "<b>x</b>" * 300_000 + "</body></html>")
    assert tree is not None
    assert sum(1 for _ in tree.iter()) <= 100_010
    assert LEAD in tree.text_content()


HOSTILE = {
    "deep nesting": "<div>" * 20_000 + f"<p>{LEAD}</p>",
    "deep tables": "<table><tr><td>" * 3_000 + f"<p>{LEAD}</p>",
    "deep inline": "<b><i>" * 10_000 + LEAD,
    "giant attribute": f'<p class="{"related aB " * 100_000}">{LEAD}</p>',
    "tens of thousands of tags": f"<p>{LEAD}</p>" + "<br><b>x</b>" * 10_000,
    "a long line": f"<p>{LEAD}</p><p>{'word ' * 200_000}</p>",
    "a line without spaces": f"<p>{'x' * 1_000_000}</p><p>{LEAD}</p>",
    "combining marks": f"<p>{LEAD}</p><p>e{chr(0x301) * 100_000}</p>",
    "emoji": f"<p>{LEAD}</p><p>{chr(0x1F600) * 100_000}</p>",
    "right to left": f"<p>{chr(0x202E) * 50_000}{LEAD}</p>",
    "many dates": f"<p>{LEAD}</p>" + "<time>3 May 2025</time>" * 4_000,
    "unclosed comment": f"<p>{LEAD}</p><!-- " + "- " * 100_000,
    "json in json": f'<p>{LEAD}</p><script type="application/ld+json">{"[" * 100_000}</script>',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_answer(name: str) -> None:
    page(HOSTILE[name])


UNITS = ("a", " ", "A ", "A, ", "1 ", "1.", "-", "(", ")", "[", "/", "'", '"', "a@", "a.", "By A ", "read more ", "AP/", "(AP) ", "© ", "more from ", "ad ", "photo by ", "reporting by a ",
         "年", "記者 ", "<a>", "> ", "SEOUL ", "SEOUL, ", "Reuters ", "with ", "10:10, ", "aug 1, ", "subscribe to ", "cookies our partners ", "page you requested ")  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_lines_made_to_slow_expressions_down(unit: str) -> None:
    """As title, as first line, in the middle and as the last, as long as a line that is looked at can be."""
    for size in (150, 490, 1_190, 5_000):
        line = (unit * size)[:size]
        for text in (
            f"{line}!\n\n{LEAD}\n\n{MORE}",
            f"{LEAD}\n\n{line}\n\n{MORE}",
            f"SEOUL, Oct. 3 ({line}\n\n{LEAD}\n\n{MORE} ({line})",
        ):
            clean_text(
                url="https://paper.example/" + line[:200].strip(),
                publisher="P",
                title=line[:300],
                text=text,
                published_at=None,
                now=NOW,
            )
        kind_of(line + ".")


MODULES = ("", ".body", ".dates", ".junk", ".language", ".lines", ".page", ".walls", ".wire")


def patterns() -> list[tuple[str, re.Pattern[str]]]:
    found = []
    for name in MODULES:
        module = importlib.import_module(f"sanctions_watch.stages.clean{name}")
        for key, value in vars(module).items():
            several = value if isinstance(value, tuple) else (value,)
            found += [(f"{name}.{key}", one) for one in several if isinstance(one, re.Pattern) and isinstance(one.pattern, str)]
    return found


@pytest.mark.parametrize("unit", UNITS)
def test_every_expression_ends(unit: str) -> None:
    """Matched as they are used, at the head of a line of the longest that any is shown."""
    for _, pattern in patterns():
        for end in ("", "!", "\n."):
            pattern.match((unit * 160)[:160] + end)
