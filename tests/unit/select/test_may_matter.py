"""The wide net over titles and summaries: what is fetched, what not, and why."""

from __future__ import annotations

import pytest

from sanctions_watch.stages.select import may_matter


@pytest.mark.parametrize(
    ("title", "summary", "reason"),
    [
        ("Pyongyang hails harvest", "", "names North Korea"),
        ("Lazarus Group named in complaint", "", "names a North Korean body"),
        ("Panel of Experts loses its mandate", "", "a body that watches sanctions"),
        ("Two freighters break UN sanctions, envoy says", "", "speaks of sanctions"),
        ("Tankers meet at night for ship-to-ship transfers", "", "often a breach"),
        ("Barge crew paid for smuggled diesel", "", "a breach"),
        ("A busy week in the harbour", "<p>Among the guests: a <b>North Korean</b> coaster</p>", "names North Korea"),
        ("대북제재 명단에 선박 4척 추가", "", "names North Korea"),
        ("Санкции нарушены в порту Находка", "", "speaks of sanctions"),
    ],
)
def test_held(title: str, summary: str, reason: str) -> None:
    held, why = may_matter(title, summary)
    assert held
    assert reason in why


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Storm closes two beaches", "speaks neither"),
        ("Washington lifts sanctions on Syria", "of others'"),
        ("FIFA sanctions three clubs over papers", "of others'"),
        ("Steel exports rise in May", "not of North Korea or sanctions"),
    ],
)
def test_let_go(title: str, reason: str) -> None:
    held, why = may_matter(title, "")
    assert not held
    assert reason in why
