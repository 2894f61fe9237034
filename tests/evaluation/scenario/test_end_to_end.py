"""From the articles' words alone to alerts, through the library's replay: floors at what was measured last.

The figures are those of ``scenario_floors.json``; raise them there when the code gets better. What is still wrong is printed on failure.
"""

import json
from datetime import datetime
from functools import cache
from pathlib import Path

from tests.evaluation.scenario.given import rows

from sanctions_watch.library import Row, replay

FLOORS = json.loads(Path(__file__).with_name("scenario_floors.json").read_text(encoding="utf-8"))
FIELDS = ("id", "title", "text", "url", "publisher")


@cache
def raised():
    """The kinds expected and got, by article."""
    given = {row["id"]: row for row in rows()}
    asked = [
        Row(published_at=datetime.fromisoformat(row["published_at"]), **{name: row[name] for name in FIELDS})
        for row in given.values()
    ]
    return {
        row.id: ([] if given[row.id]["expect"] == "NONE" else [given[row.id]["expect"]], [alert.kind for alert in alerts])
        for row, alerts in replay(asked)
    }


def wrong():
    return {name: pair for name, pair in raised().items() if pair[0] != pair[1]}


def test_mail_or_no_mail():
    hits = sum(bool(wanted and got) for wanted, got in raised().values())
    errors = sum(bool(wanted) != bool(got) for wanted, got in raised().values())
    assert 2 * hits / (2 * hits + errors) >= FLOORS["mail_or_no_mail_f1"], wrong()


def test_exactly_the_right_kind():
    assert 1 - len(wrong()) / len(raised()) >= FLOORS["exact_kind"], wrong()
