"""Claims on news of our own: sixty and more short articles on invented companies, half of whose telling sentences are traps.

``claims_cases.jsonl`` holds one article a line: {id, publisher, title, published_at, text, gold}. ``gold.claims`` says who is accused of what
(any conduct of the list is right), how firmly, by whom, and in which words; ``gold.not_claims`` the sentences that only look like one.
Everybody in them is invented or recast: evidence about nobody. The floors stand in ``claims_floors.json`` with the digest of the corpus:
whoever changes the articles sets them anew, on purpose.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from sanctions_watch.records import Actor, Article, Claim
from sanctions_watch.stages.clean import clean_text
from sanctions_watch.stages.extract import extract
from sanctions_watch.text import family, fold

CORPUS = Path(__file__).with_name("claims_cases.jsonl")
FLOORS = json.loads(Path(__file__).with_name("claims_floors.json").read_text("utf-8"))
VIOLATION = {"alleged", "conditional", "documented", "confirmed"}


@dataclass
class Count:
    """Right and wrong of one kind."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, is_right: bool, what: str) -> None:
        if is_right:
            self.right += 1
        else:
            self.wrong.append(what)

    @property
    def rate(self) -> float:
        return self.right / max(1, self.right + len(self.wrong))


Measured = dict[str, Count]


def is_name(said: str, wanted: str) -> bool:
    """One name holds the other as whole words."""
    one, other = sorted((fold(said).removeprefix("the "), fold(wanted).removeprefix("the ")), key=len)
    return bool(one) and f" {one} " in f" {other} "


def accuses(claim: Claim, gold: dict[str, Any]) -> bool:
    """The claim is of the gold claim's family and accuses one whom it accuses, or one who may be named as well."""
    names = [*gold["accused"], *gold["also_ok"]]
    return family(claim.conduct) in {family(conduct) for conduct in gold["conduct"]} and any(
        is_name(actor.name, name) for actor in claim.accused for name in names
    )


def find(text: str, quote: str) -> tuple[int, int] | None:
    """Where a quote stands in the cleaned text, white space aside."""
    found = re.search(r"\s+".join(map(re.escape, quote.split())), text)
    return found.span() if found else None


def covers(claim: Claim, stretch: tuple[int, int] | None) -> bool:
    """One of the claim's spans shares half of the shorter with a stretch of the text."""
    return stretch is not None and any(
        min(span.end, stretch[1]) - max(span.start, stretch[0]) >= 0.5 * min(span.end - span.start, stretch[1] - stretch[0])
        for span in claim.spans
    )


@pytest.fixture(scope="module")
def cases() -> list[dict[str, Any]]:
    return [json.loads(line) for line in CORPUS.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def read(cases: list[dict[str, Any]]) -> list[tuple[dict[str, Any], Article, tuple[Claim, ...]]]:
    articles = []
    for case in cases:
        when = datetime.fromisoformat(case["published_at"])
        articles.append(
            clean_text(
                url=case["url"],
                publisher=case["publisher"],
                title=case["title"],
                text=case["text"],
                published_at=when,
                now=when,
                language="en",
            )
        )
    return [
        (case["gold"] | {"id": case["id"]}, article, claims)
        for case, article, claims in zip(cases, articles, extract(articles), strict=True)
    ]


@pytest.fixture(scope="module")
def measured(read: list[tuple[dict[str, Any], Article, tuple[Claim, ...]]]) -> Measured:
    counts = {
        key: Count()
        for key in ("precision", "recall", "conduct", "modality", "root", "quote", "denials found", "denials said", "traps")
    }
    for gold, article, claims in read:
        _measure(counts, gold, article, [claim for claim in claims if claim.status == "accepted"])
    return counts


def _measure(counts: Measured, gold: dict[str, Any], article: Article, accepted: list[Claim]) -> None:
    said = [claim for claim in accepted if claim.modality in VIOLATION]
    wanted = [one for one in gold["claims"] if one["modality"] in VIOLATION]
    for claim in said:
        for actor in claim.accused:
            alone = [one for one in wanted if accuses(_only(claim, actor), one)]
            counts["precision"].add(bool(alone), f"{gold['id']}: {actor.name}, {claim.conduct}")
    for one in wanted:
        match = [claim for claim in said if accuses(claim, one)]
        if one["optional"]:
            continue
        for name in one["accused"]:
            hit = any(is_name(actor.name, name) for claim in match for actor in claim.accused)
            counts["recall"].add(hit, f"{gold['id']}: {name}, {one['conduct']}")
        if match:
            counts["conduct"].add(any(claim.conduct in one["conduct"] for claim in match), f"{gold['id']}: {match[0].conduct}")
            counts["modality"].add(
                any(claim.modality in one["modality_ok"] for claim in match), f"{gold['id']}: {match[0].modality}"
            )
            counts["root"].add(
                any(is_name(claim.root, root) for claim in match for root in one["root_ok"]), f"{gold['id']}: {match[0].root}"
            )
            counts["quote"].add(any(covers(claim, find(article.text, one["quote_contains"])) for claim in match), gold["id"])
    answers = [one for one in gold["claims"] if one["modality"] == "denied"]
    denials = [claim for claim in accepted if claim.modality == "denied"]
    for one in answers:
        if not one["optional"]:
            counts["denials found"].add(any(accuses(claim, one) for claim in denials), f"{gold['id']}: {one['quote_contains']}")
    for claim in denials:
        counts["denials said"].add(
            any(accuses(claim, one) for one in answers), f"{gold['id']}: {article.text[claim.spans[0].start : claim.spans[0].end]}"
        )
    told = [find(article.text, one["quote_contains"]) for one in gold["claims"]]
    for trap in gold["not_claims"]:
        stretch = find(article.text, trap["quote"])
        fallen = any(
            covers(claim, stretch)
            and not any(place and place[0] < span.end and span.start < place[1] for place in told for span in claim.spans)
            for claim in said
        )
        counts["traps"].add(not fallen, f"{gold['id']}: {trap['quote']}")


def _only(claim: Claim, actor: Actor) -> Claim:
    return Claim(**{name: getattr(claim, name) for name in claim.__slots__} | {"accused": (actor,)})


def test_the_corpus_is_the_one_the_floors_were_set_on() -> None:
    assert hashlib.sha256(CORPUS.read_bytes()).hexdigest() == FLOORS["digest"]


def test_the_corpus_has_every_family_and_as_many_traps_as_claims(cases: list[dict[str, Any]]) -> None:
    families = {family(conduct) for case in cases for one in case["gold"]["claims"] for conduct in one["conduct"]}
    assert families >= {"labour", "jv", "oil", "sea", "export", "import", "arms", "wmd", "fin", "dipl", "state"}
    traps = sum(len(case["gold"]["not_claims"]) for case in cases)
    assert traps >= sum(one["modality"] in VIOLATION for case in cases for one in case["gold"]["claims"])


@pytest.mark.parametrize("kind", sorted(FLOORS["floors"]))
def test_floor(measured: Measured, kind: str) -> None:
    count = measured[kind]
    listing = "\n".join(count.wrong)
    assert count.rate >= FLOORS["floors"][kind], f"{kind} {count.rate:.3f} of {count.right + len(count.wrong)}:\n{listing}"


def test_every_quote_is_the_text_at_its_place(read: list[tuple[dict[str, Any], Article, tuple[Claim, ...]]]) -> None:
    for _, article, claims in read:
        inside = [(zone.start, zone.end) for zone in article.zones]
        for claim in claims:
            assert claim.spans
            for span in claim.spans:
                assert 0 < span.end - span.start <= 600
                assert any(start <= span.start and span.end <= end for start, end in inside)
            for step in claim.attributions:
                assert step.name
                assert step.span is not None or step.is_inferred
