"""Cases of our own in six languages: sentences that make a claim, denials, and as many sentences that only look like one.

``language_cases.jsonl`` holds one a line: {id, language, kind: claim | denial | trap, text, accused, conduct, modality}. A state is given by its
code, anybody else as written in the text. They were written before the rules. What is accused in them never happened.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sanctions_watch.records import Article, Claim
from sanctions_watch.stages.extract import extract
from sanctions_watch.stages.extract.languages.latin import latin
from sanctions_watch.stages.extract.languages.lexicon import LANGUAGES, lexicon

HERE = Path(__file__)
FLOORS: dict[str, dict[str, float]] = json.loads(HERE.with_name("language_floors.json").read_text("utf-8"))
CASES = [json.loads(line) for line in HERE.with_name("language_cases.jsonl").read_text("utf-8").splitlines()]


@dataclass
class Outcome:
    """What one language's cases came to; lists hold what went wrong."""

    found: int = 0
    wanted: int = 0
    right: int = 0
    said: int = 0
    modality: int = 0
    wrong: list[str] = field(default_factory=list)


def article(case: dict[str, Any]) -> Article:
    when = datetime(2022, 3, 4, tzinfo=UTC)
    return Article(case["id"], 1, "", "", "Own Words", case["language"], "", case["text"], when, when, "")


def is_accused(claim: Claim, case: dict[str, Any]) -> bool:
    named = latin(case["accused"], lexicon(case["language"]))
    return any(case["accused"] == actor.country or named == actor.name for actor in claim.accused)


@cache
def outcomes() -> dict[str, Outcome]:
    read = extract([article(case) for case in CASES])
    found = {language: Outcome() for language in LANGUAGES}
    for case, claims in zip(CASES, read, strict=True):
        _count(found[case["language"]], case, [claim for claim in claims if claim.status == "accepted"])
    return found


def _count(one: Outcome, case: dict[str, Any], accepted: list[Claim]) -> None:
    one.said += len(accepted)
    if case["kind"] == "trap":
        one.wrong += [f"{case['id']}: fell for {case['trap']}: {claim.accused} {claim.conduct}" for claim in accepted]
        return
    right = [claim for claim in accepted if is_accused(claim, case) and claim.conduct == case["conduct"]]
    one.right += len(right)
    one.wrong += [f"{case['id']}: {claim.accused} {claim.conduct}" for claim in accepted if claim not in right]
    told = [claim for claim in right if (claim.modality == "denied") == (case["kind"] == "denial")]
    one.wanted += 1
    one.found += bool(told)
    one.modality += any(claim.modality == case["modality"] for claim in told)
    if not told:
        one.wrong.append(f"{case['id']}: not found")


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_floor(language: str) -> None:
    one, floor = outcomes()[language], FLOORS[language]
    listing = "\n".join(one.wrong)
    assert one.found / one.wanted >= floor["recall"], f"{one.found} of {one.wanted}:\n{listing}"
    assert one.right / max(1, one.said) >= floor["precision"], f"{one.right} of {one.said}:\n{listing}"
    assert one.modality / max(1, one.found) >= floor["modality"], listing


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_as_many_traps_as_claims(language: str) -> None:
    kinds = [case["kind"] for case in CASES if case["language"] == language]
    assert kinds.count("claim") >= 8
    assert kinds.count("trap") >= 8
