"""How many headlines a second one core rejects, each with its reason, through the library.

    python benchmarks/select_headlines.py [--headlines 200000] [--rounds 5] [--out benchmarks/results/select_headlines.json]

Headlines are made from a seeded grammar of everyday news (no North Korea, no sanctions), so that every one of them goes through the whole
net. Rounds are timed one after another in CPU seconds of this process; the median counts, all are kept.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "plugins"))

from sanctions_watch.stages.select import VERSION, may_matter  # noqa: E402

WHO = [
    "The mayor",
    "A school board",
    "Two nurses",
    "The film festival",
    "A young striker",
    "The lake's ferry",
    "A bakery",
    "The regional court",
    "A start-up",
    "Its rival",
    "Police",
    "The minister of health",
]
DOES = ["opens", "closes", "praises", "wins", "loses", "repairs", "forgets", "delays", "paints", "measures", "sells", "questions"]
WHAT = [
    "a new library",
    "the old bridge",
    "a third term",
    "its summer plan",
    "the harbour walk",
    "a record crowd",
    "the budget",
    "two parks",
    "a lost dog",
    "a tram line",
    "the wheat price",
    "a vaccine trial",
]
WHERE = [
    "in Porto",
    "near Lyon",
    "after the rain",
    "for the second year",
    "at night",
    "as winter nears",
    "in Ohio",
    "despite doubts",
    "by a narrow vote",
    "in Osaka",
    "on Sunday",
    "for good",
]


def headlines(count: int) -> list[str]:
    """``count`` headlines, the same on every machine."""
    choose = random.Random(5).choice
    return [f"{choose(WHO)} {choose(DOES)} {choose(WHAT)} {choose(WHERE)}" for _ in range(count)]


def round_of(given: list[str]) -> tuple[float, int]:
    """CPU seconds for all of them, and how many were rejected with a reason."""
    begun = time.process_time()
    rejected = 0
    for title in given:
        held, why = may_matter(title, "")
        rejected += not held and bool(why)
    return time.process_time() - begun, rejected


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--headlines", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results" / "select_headlines.json")
    given = parser.parse_args()
    made = headlines(given.headlines)
    round_of(made[:1000])  # the lexicon is read once, before time is taken
    rounds = [round_of(made) for _ in range(given.rounds)]
    rates = [round(len(made) / seconds) for seconds, _ in rounds]
    told = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"python": platform.python_version(), "cores": os.cpu_count(), "shared_with_other_load": True},
        "selector_version": VERSION,
        "headlines": len(made),
        "characters_per_headline": round(statistics.mean(map(len, made)), 1),
        "rejected_with_reason": rounds[0][1],
        "headlines_per_cpu_second": {"median": round(statistics.median(rates)), "rounds": rates},
    }
    given.out.write_text(json.dumps(told, indent=2) + "\n", "utf-8")
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
