"""Pages that stand in for an article are said to be walls; articles about such things are articles."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.evaluation.pages import Case, cases

from sanctions_watch.errors import EntryError
from sanctions_watch.records import Entry, Feed, FetchRequest, FetchResult
from sanctions_watch.stages.clean import clean, clean_text, extract_text
from sanctions_watch.stages.clean.walls import wall_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SAYS = {"consent": "consent wall", "paywall": "paywall", "missing": "page not found", "bot": "robot check"}
WALLS = [case for case in cases() if case.story["blocked"]]
REPORT = (
    "The ministry said on Monday that it had fined the owner of the tanker for carrying fuel past the limit that the Council had set. "
    "Two more ships are being looked at, and their papers have been taken to the capital, an official told reporters at the port."
)


def entry(summary: str) -> Entry:
    when = datetime(2025, 12, 30, tzinfo=UTC)
    return Entry(
        "e1", "f", "https://paper.example/a/1", "g", "Tanker owner fined over fuel", summary, "", "", "", "en", when, None, NOW, "x"
    )


def fetched(html: bytes) -> FetchResult:
    url = "https://paper.example/a/1"
    return FetchResult(FetchRequest(url), NOW, 200, url, content_type="text/html; charset=utf-8", body=html)


@pytest.mark.parametrize("case", WALLS, ids=lambda case: case.name)
def test_no_wall_is_an_article(case: Case) -> None:
    with pytest.raises(EntryError, match=SAYS[case.story["blocked"]]):
        extract_text(case.html, case.url, NOW)


@pytest.mark.parametrize("case", WALLS, ids=lambda case: case.name)
def test_behind_a_wall_the_feeds_own_words_stay_and_the_reason_is_kept(case: Case) -> None:
    article = clean(entry(REPORT), Feed("f", "https://paper.example/feed", "The Paper"), fetched(case.html), None, NOW)
    assert article.title == "Tanker owner fined over fuel"
    assert article.body == REPORT
    assert article.published_at == datetime(2025, 12, 30, tzinfo=UTC)
    assert article.url == "https://paper.example/a/1"
    noted = [one.text for one in article.removed if one.kind == "wall"]
    assert noted == [f"{SAYS[case.story['blocked']]}: https://paper.example/a/1"]


def test_plain_text_that_is_a_wall_is_not_taken_for_text() -> None:
    wall = (
        "Checking your browser before accessing paper.example.\nPlease enable JavaScript and cookies to continue.\nRay ID: 7f00aa"
    )
    article = clean_text(url="", publisher="The Paper", title="Tanker owner fined", text=wall, published_at=None, now=NOW)
    assert article.body == ""
    assert [one.kind for one in article.removed] == ["wall"]


def test_a_paywall_that_shows_the_beginning_leaves_it_and_is_noted() -> None:
    html = (
        "<html><head><title>Tanker owner fined over fuel</title></head><body><article><h1>Tanker owner fined over fuel</h1>"
        f"<p>{REPORT}</p><p>{REPORT.replace('Monday', 'Tuesday').replace('tanker', 'barge')}</p>"
        "<p>To continue reading this article, subscribe or sign in.</p><p>Already a subscriber? Log in here.</p></article></body></html>"
    )
    article = clean(entry(""), Feed("f", "https://paper.example/feed", "The Paper"), fetched(html.encode()), None, NOW)
    assert article.body.startswith("The ministry said on Monday")
    assert "subscri" not in article.text
    assert any(one.kind == "wall" and one.text.startswith("paywall: ") for one in article.removed)


@pytest.mark.parametrize(
    "line",
    [
        "The newspaper put its articles behind a paywall in May, and readers must subscribe to continue reading after the third.",
        "Regulators fined the site because its consent banner let visitors accept all cookies but hid the button that would reject all of them.",
        "A hacker posed as a robot check that asked visitors to verify they are human, and stole the keys to four crypto wallets, the police said.",
        "The registry's page for the ship was not found on Monday, and the page has since been removed, the monitors wrote in their report.",
    ],
)
def test_a_report_about_walls_is_no_wall(line: str) -> None:
    assert wall_of(["What the monitors found"], [line, REPORT]) == ""
    article = clean_text(
        url="", publisher="P", title="What the monitors found", text=f"{line}\n\n{REPORT}", published_at=None, now=NOW
    )
    assert line in article.text


def test_no_page_of_a_report_is_taken_for_a_wall() -> None:
    for case in cases():
        if not case.story["blocked"]:
            extract_text(case.html, case.url, NOW)
