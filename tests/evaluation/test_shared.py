"""Measured on labelled real news where that is at hand (../shared beside the checkout): floors that rise with the code.

The texts are other people's and not part of the project; without them these tests say so and are skipped.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sanctions_watch import Row, analyze
from sanctions_watch.library import replay

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
FLOORS = json.loads(Path(__file__).with_name("shared_floors.json").read_text())

pytestmark = pytest.mark.skipif(not (SHARED / "eval" / "score.py").exists(), reason="no ../shared beside this checkout")


@pytest.fixture(scope="module")
def scores():
    command = f"{sys.executable} -m sanctions_watch.cli"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "plugins")}
    done = subprocess.run(
        [sys.executable, str(SHARED / "eval" / "score.py"), "--command", command],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def figure(scores, row, name):
    """The first figure of a row, or one named F1, P, R or ARI."""
    line = next(line for line in scores.splitlines() if line.strip().startswith(row))
    pattern = rf"\b{name} ([\d.]+)" if name else rf"{re.escape(row)}\s+([\d.]+)"
    return float(re.search(pattern, line)[1])


def test_the_corpus_is_the_one_the_floors_were_measured_on():
    digest = hashlib.sha256()
    for path in sorted((SHARED / "eval").glob("*.jsonl*")):
        digest.update(path.read_bytes())
    assert digest.hexdigest()[:16] == FLOORS["digest"], "another corpus: measure again, and write down its digest and floors"


@pytest.mark.parametrize(("row", "name", "floor"), [tuple(floor) for floor in FLOORS["floors"]])
def test_floor(scores, row, name, floor):
    assert figure(scores, row, name) >= floor


def test_no_answer_breaks_the_contract(scores):
    assert scores.strip().endswith("faults: none")


def seed_rows():
    upi, copy = sorted((SHARED / "seeds").glob("*.txt"))
    return (
        Row(title="", text=upi.read_text(), id="upi", url="https://upi.example/1", publisher="UPI", published_at=datetime(2018, 8, 4, 20, tzinfo=UTC)),
        Row(title="", text=copy.read_text(), id="copy", url="https://copy.example/1", publisher="A newspaper", published_at=datetime(2018, 8, 5, 5, tzinfo=UTC)),
    )  # fmt: skip


SAID = {
    "upi": {
        ("RU", "labour.new_permits", "alleged", "Wall Street Journal"),
        ("RU", "labour.new_permits", "conditional", "Wall Street Journal"),
        ("RU", "jv.operate", "conditional", "Wall Street Journal"),
        ("KP", "wmd.test", "documented", "confidential U.N. report"),
    },
    "copy": {
        ("RU", "labour.new_permits", "alleged", "Wall Street Journal"),
        ("RU", "labour.new_permits", "documented", "Russian interior ministry records"),
        ("RU", "jv.operate", "documented", "Russian government records"),
        ("KP", "oil.refined_cap", "alleged", "United States"),
    },
}


def test_the_seeds_claims_are_exactly_these():
    for row, analysis in zip(seed_rows(), analyze(seed_rows()), strict=True):
        claims = [claim for claim in analysis.claims if claim.status == "accepted"]
        assert {(claim.accused[0].country, claim.conduct, claim.modality, claim.root) for claim in claims} == SAID[row.id]
        text = analysis.article.text
        assert "Advertisement" not in text
        assert "Latest Headlines" not in text
        assert "Kurram" not in text
        assert not any(date.value.year == 2024 for date in analysis.article.dates)
    by_conduct = {claim.conduct: claim for claim in claims}
    assert "ambiguous_accuser" in by_conduct["oil.refined_cap"].marks
    assert [by_conduct[conduct].mapped_rule.rule for conduct in ("labour.new_permits", "jv.operate", "oil.refined_cap")] == [
        "2375 OP17",
        "2375 OP18",
        "2397 OP5",
    ]


@pytest.mark.parametrize("copy_first", [False, True])
def test_the_seeds_mails_in_either_order(copy_first):
    upi, copy = seed_rows()
    order = [replace(copy, published_at=datetime(2018, 8, 4, 19, tzinfo=UTC)), upi] if copy_first else [upi, copy]
    permits, ventures, programmes, oil = (
        ("Russia", "labour.new_permits"), ("Russia", "jv.operate"), ("North Korea", "wmd.test"), ("North Korea", "oil.refined_cap"),
    )  # fmt: skip
    first = {("NEW", *permits), ("NEW", *ventures), ("NEW", *(oil if copy_first else programmes))}
    second = {("UPDATE", *permits), ("UPDATE", *ventures), ("NEW", *(programmes if copy_first else oil))}
    said = [alerts for _, alerts in replay(order)]
    assert [sorted((alert.kind, alert.accused, alert.conduct) for alert in alerts) for alerts in said] == [
        sorted(first),
        sorted(second),
    ]
    for alert in (*said[0], *said[1]):
        if (alert.accused, alert.conduct) == permits:
            assert alert.roots == ("WSJ",)
