"""Score the library on the gold set.

    PYTHONPATH=plugins python -m tests.evaluation.gold.scoring --split dev --misses 20
    PYTHONPATH=plugins python -m tests.evaluation.gold.scoring --split blind          totals only: which articles were missed is never shown
    PYTHONPATH=plugins python -m tests.evaluation.gold.scoring --write-floors         after a change on purpose

Measures: selection (grade 2 against 0) · accused × conduct family over accepted violation claims · on claims found: exact conduct, modality,
root, a speaker of the chain, cited rule, mapped paragraph, quote overlap · denials found, and denials said that are denials · traps avoided ·
articles of grade 0 without an accepted claim · wire · further claims on a pair already found · faults of form.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from tests.evaluation.gold.corpus import FLOORS, SPLITS, GoldArticle, GoldClaim, articles, digest, find
from tests.evaluation.gold.names import fold, is_same

from sanctions_watch.library import Analysis, Row, analyze
from sanctions_watch.records import Claim

RATES = [
    "found_or_in_review",
    "exact_conduct",
    "modality",
    "root",
    "chain",
    "cited_rule",
    "mapped_rule",
    "quote",
    "denials_found",
    "denials_said",
    "traps_avoided",
    "grade_0_without_claim",
    "wire",
]
LONGEST_QUOTE = 600
WORD = re.compile(r"\w+")
Span = tuple[int, int]


@dataclass
class Score:
    """Counts of one run. ``retrieval`` holds true and false positives and negatives, ``rates`` (measure, right?) pairs."""

    retrieval: Counter[tuple[str, str]] = field(default_factory=Counter)
    rates: Counter[tuple[str, bool]] = field(default_factory=Counter)
    assertions: int = 0  # accepted violation claims
    surplus: int = 0  # of them, further ones on a pair that has its claim already
    faults: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def add(self, measure: str, is_right: bool) -> None:
        """One answer to one question."""
        self.rates[measure, is_right] += 1

    def retrieved(self, kind: str, tp: int, fp: int, fn: int) -> None:
        """What was rightly found, wrongly said and missed."""
        self.retrieval.update({(kind, "tp"): tp, (kind, "fp"): fp, (kind, "fn"): fn})

    def of(self, measure: str) -> tuple[int, int]:
        """(right, asked)."""
        right = self.rates[measure, True]
        return right, right + self.rates[measure, False]

    def rate(self, measure: str) -> float:
        """Right over asked; 1 where nothing was asked."""
        right, asked = self.of(measure)
        return right / asked if asked else 1.0

    def prf(self, kind: str) -> tuple[float, float, float]:
        """Precision, recall and their harmonic mean."""
        tp, fp, fn = (self.retrieval[kind, part] for part in ("tp", "fp", "fn"))
        precision, recall = tp / max(1, tp + fp), tp / max(1, tp + fn)
        return precision, recall, 2 * precision * recall / (precision + recall) if tp else 0.0

    def figures(self) -> dict[str, float]:
        """Every measure under its name, rounded down to three digits so that it can serve as a floor."""
        told = {
            f"{kind}_{name}": value
            for kind in ("selection", "claims")
            for name, value in zip(("precision", "recall", "f1"), self.prf(kind), strict=True)
        }
        told |= {measure: self.rate(measure) for measure in RATES}
        told["further_claims_share"] = -self.surplus / max(1, self.assertions)
        return {name: math.floor(value * 1000) / 1000 for name, value in told.items()}


@dataclass(frozen=True, slots=True)
class Reader:
    """One article's answer beside its labels."""

    gold: GoldArticle
    answer: Analysis

    @property
    def text(self) -> str:
        return self.answer.article.text

    @property
    def accepted(self) -> list[Claim]:
        """What would raise an alert or attach a denial, most confident first."""
        return sorted((claim for claim in self.answer.claims if claim.status == "accepted"), key=lambda claim: -claim.confidence)

    def is_name(self, said: str, wanted: str, extra: int = 2) -> bool:
        """By name or by one of the article's aliases."""
        return any(is_same(said, name, extra) for name in (wanted, *self.gold.aliases.get(wanted, ())))

    def fits(self, claim: Claim, gold: GoldClaim) -> bool:
        """The claim is of a right family and accuses one who may be accused."""
        return family(claim) in gold.families and any(
            self.is_name(said, name) for said in accused(claim) for name in (*gold.accused, *gold.also_ok)
        )

    def spans(self, quotes: Iterable[str]) -> list[Span]:
        """Where the quotes stand in the cleaned text."""
        return [span for quote in quotes if (span := find(self.text, quote))]


def family(claim: Claim) -> str:
    """The first part of the conduct."""
    return claim.conduct.split(".")[0]


def accused(claim: Claim) -> list[str]:
    """States by code, all others by name."""
    return [actor.country if actor.kind == "state" and actor.country else actor.name for actor in claim.accused]


def overlaps(one: Span, other: Span) -> bool:
    """They share at least half of the shorter."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared > 0 and 2 * shared >= min(one[1] - one[0], other[1] - other[0])


def touches(claim: Claim, spans: list[Span]) -> bool:
    """One of the claim's quotes overlaps one of the spans."""
    return any(overlaps((quote.start, quote.end), span) for quote in claim.spans for span in spans)


def score_selection(read: Reader, score: Score) -> None:
    """Grade 2 is to be selected, grade 0 not; 1 is not asked."""
    is_news, is_selected = read.gold.grade == 2, read.answer.selection.is_selected
    if read.gold.grade != 1:
        score.retrieved("selection", is_news and is_selected, not is_news and is_selected, is_news and not is_selected)
        if is_news != is_selected:
            score.misses.append(
                f"{read.gold.id} grade {read.gold.grade}, {'selected' if is_selected else 'not selected'}: {read.gold.title}"
            )
    credit = read.answer.article.wire
    score.add("wire", fold(credit.agency if credit else "") == fold(read.gold.wire or ""))


def score_pairs(read: Reader, score: Score) -> None:
    """Accused × family: each demanded pair is to be said, each pair said is to be right."""
    assertions = [gold for gold in read.gold.claims if gold.is_assertion]
    wanted = {(name, gold.families) for gold in assertions if gold.is_demanded for name in gold.accused}
    said = {(name, family(claim)) for claim in read.accepted if claim.is_violation for name in accused(claim) or ["?"]}
    pool = {(name, family(claim)) for claim in read.answer.claims if claim.is_violation for name in accused(claim)}
    found = {want for want in wanted if _is_said(read, want, said)}
    false = {
        (name, kind)
        for name, kind in said
        if not any(kind in gold.families and _may_accuse(read, name, gold) for gold in assertions)
    }
    score.retrieved("claims", len(found), len(false), len(wanted - found))
    for want in wanted:
        score.add("found_or_in_review", _is_said(read, want, pool))
    missed = sorted(f"{name} {'/'.join(sorted(kinds))}" for name, kinds in wanted - found)
    if missed or false:
        score.misses.append(f"{read.gold.id} missed {missed}, false {sorted(false)}: {read.gold.title}")
    if read.gold.grade == 0:
        score.add("grade_0_without_claim", not said)


def _is_said(read: Reader, want: tuple[str, frozenset[str]], pool: set[tuple[str, str]]) -> bool:
    return any(kind in want[1] and read.is_name(name, want[0]) for name, kind in pool)


def _may_accuse(read: Reader, name: str, gold: GoldClaim) -> bool:
    return any(read.is_name(name, right) for right in (*gold.accused, *gold.also_ok))


def score_details(read: Reader, score: Score) -> None:
    """One claim of the answer for each gold claim; what is left over on a right pair is surplus."""
    assertions = [gold for gold in read.gold.claims if gold.is_assertion]
    free = [claim for claim in read.accepted if claim.is_violation]
    score.assertions += len(free)
    for gold in assertions:
        matching = [claim for claim in free if read.fits(claim, gold)]
        if not matching:
            continue
        rivals = matching[: max(1, sum(read.fits(matching[0], other) for other in assertions))]
        best = max(rivals, key=lambda claim: claim.modality in gold.modality_ok)
        free.remove(best)
        if not gold.optional:
            score_claim(read, best, gold, score)
    score.surplus += sum(any(read.fits(claim, gold) for gold in assertions) for claim in free)


def score_claim(read: Reader, claim: Claim, gold: GoldClaim, score: Score) -> None:
    """Every detail of a claim that was found."""
    score.add("exact_conduct", claim.conduct in gold.conduct)
    score.add("modality", claim.modality in gold.modality_ok)
    if gold.root_ok:
        score.add("root", any(read.is_name(claim.root, root, 3) for root in gold.root_ok))
    if gold.speakers:
        score.add("chain", any(read.is_name(step.name, speaker, 3) for step in claim.attributions for speaker in gold.speakers))
    if (gold.cited_rule or "").startswith("UNSCR"):
        score.add("cited_rule", str(gold.cited_rule).split()[1] in claim.cited_rule)
    if gold.mapped_rule and claim.conduct == gold.conduct[0]:
        score.add("mapped_rule", claim.mapped_rule is not None and gold.mapped_rule in claim.mapped_rule.rule)
    score.add("quote", touches(claim, read.spans(gold.quotes)))


def score_denials(read: Reader, score: Score) -> None:
    """A denial is to be found, and what is said to be one is to be one."""
    denials = [gold for gold in read.gold.claims if gold.modality == "denied"]
    said = [claim for claim in read.accepted if claim.modality == "denied"]
    for gold in denials:
        if not gold.optional:
            score.add("denials_found", any(read.fits(claim, gold) for claim in said))
    for claim in said:
        score.add("denials_said", any(read.fits(claim, gold) for gold in denials))


def score_traps(read: Reader, score: Score) -> None:
    """No accepted violation claim may rest on a passage that makes none."""
    claimed = read.spans(quote for gold in read.gold.claims for quote in gold.quotes)
    rests = [quote for claim in read.accepted if claim.is_violation for quote in claim.spans]
    loose = [(quote.start, quote.end) for quote in rests if not any(overlaps((quote.start, quote.end), span) for span in claimed)]
    for quote, why in read.gold.not_claims:
        is_caught = any(overlaps(span, trap) for span in loose for trap in read.spans([quote]))
        score.add("traps_avoided", not is_caught)
        if is_caught:
            score.misses.append(f"{read.gold.id} trap ({why}): {quote[:120]}")


def score_form(read: Reader, score: Score) -> None:
    """Quotes are the text at their offsets, of bounded length; names are short and in Latin script."""
    for claim in read.answer.claims:
        score.faults["a claim without a quote"] += not claim.spans
        for quote in claim.spans:
            is_inside = 0 <= quote.start < quote.end <= len(read.text)
            score.faults["a quote that is not the text at its offsets"] += not (
                is_inside and read.text[quote.start : quote.end].strip()
            )
            score.faults["a quote of more than 600 characters"] += quote.end - quote.start > LONGEST_QUOTE
        score.faults["a name of more than 8 words"] += any(len(name.split()) > 8 for name in accused(claim))
    given = iter(WORD.findall(f"{read.gold.title} {read.gold.text}"))
    is_cut_only = all(any(word == other for other in given) for word in WORD.findall(read.text))
    score.faults["words that the article does not have, or not in this order"] += not is_cut_only


@cache
def measure(split: str) -> Score:
    """The whole split in one run through the library."""
    score = Score()
    told = articles(split)
    rows = [
        Row(a.title, a.text, id=a.id, url=a.url, publisher=a.publisher, published_at=datetime.fromisoformat(a.published_at))
        for a in told
    ]
    for gold, answer in zip(told, analyze(rows), strict=True):
        read = Reader(gold, answer)
        for part in (score_selection, score_pairs, score_details, score_denials, score_traps, score_form):
            part(read, score)
    score.faults = +score.faults
    return score


def lines(score: Score) -> Iterable[str]:
    """The figures, one a line."""
    for kind in ("selection", "claims"):
        precision, recall, f1 = score.prf(kind)
        counts = " ".join(f"{part} {score.retrieval[kind, part]}" for part in ("tp", "fp", "fn"))
        yield f"  {kind:<24} P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  ({counts})"
    for name in RATES:
        right, asked = score.of(name)
        yield f"  {name:<24} {score.rate(name):.3f}  {right} of {asked}"
    yield f"  {'further claims':<24} {score.surplus} of {score.assertions} accepted"
    yield f"  {'faults':<24} {'; '.join(f'{n} x {what}' for what, n in score.faults.most_common()) or 'none'}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=SPLITS, default="dev")
    parser.add_argument("--misses", type=int, default=0, help="print so many misses; of dev only")
    parser.add_argument(
        "--write-floors", action="store_true", help="set the floors of both splits, and the digest, to what is measured now"
    )
    given = parser.parse_args()
    if given.write_floors:
        FLOORS.write_text(
            json.dumps({"digest": digest(), **{split: measure(split).figures() for split in SPLITS}}, indent=2) + "\n", "utf-8"
        )
        return
    score = measure(given.split)
    print(f"{given.split}, {len(articles(given.split))} articles")
    print(*lines(score), sep="\n")
    if given.split == "dev":
        print(*(f"  - {miss}" for miss in score.misses[: given.misses]), sep="\n")


if __name__ == "__main__":
    main()
