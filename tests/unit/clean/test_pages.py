"""Golden pages of unlike templates: text, byline, dates, credit and address."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from sanctions_watch.stages.clean import extract_text

DATA = Path(__file__).parents[2] / "data"
CASES = sorted(path.parent for path in DATA.glob("*/expected.txt"))
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_golden_page(case):
    expected = yaml.safe_load((case / "expected.yaml").read_text(encoding="utf-8"))
    article = extract_text(
        (case / "page.html").read_bytes(),
        "https://paper.example/page" if "serendib" not in expected["url"] else expected["url"] + "?utm_source=rss",
        NOW,
    )
    assert article.text == (case / "expected.txt").read_text(encoding="utf-8").strip()
    assert article.url == expected["url"]
    assert article.byline == expected["byline"]
    assert article.language == expected["language"]
    assert article.published_at == expected["published_at"]
    assert [one.source for one in article.dates] == expected["dates"]
    assert article.has_date_conflict is expected["has_date_conflict"]
    assert (article.wire and [article.wire.agency, article.wire.seen_in]) == expected["wire"]


def test_there_are_cases():
    assert len(CASES) >= 4
