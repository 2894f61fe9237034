"""Which of twenty thousand articles are one report: ours beside datasketch, rensa and simhash, on one corpus in one run.

    python -m venv .venv-benchmarks && .venv-benchmarks/bin/pip install -r benchmarks/requirements.txt
    PYTHONPATH=plugins .venv/bin/python benchmarks/story_peers.py            # the table
    PYTHONPATH=plugins .venv/bin/python benchmarks/story_peers.py --tune     # how the peers' settings were found

The corpus is ``story_corpus``: each dispatch with eight variants, and reports that must stay apart. Every contender runs in a process
of its own, one after the other and in turn, all in memory: from texts to clusters, candidate search and verification included. A peer
joins the pairs it verifies (connected components); its settings are those with the best ARI on another corpus of the same generator
(``--tune``), among them a window in hours, since ours uses the time too. ``rensa as shipped`` is its own default, for the speed.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PEERS_PYTHON = ROOT / ".venv-benchmarks" / "bin" / "python"
SEED, TUNING_SEED = 11, 12
_WORD = re.compile(r"\w+")

Row = dict[str, Any]  # name, title, text, publisher, agency, when (hours), story, kind, body (where it begins)
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Setting:
    """How a peer is run. ``rows`` hashes make one band of a MinHash; ``score``: what verifies a candidate, at least ``least``."""

    gram: int  # words
    hashes: int  # a MinHash's permutations, or a simhash's bits
    rows: int  # of a band; for simhash the bits that may differ
    score: str  # jaccard (as estimated by the library) or containment (exact)
    least: float
    hours: float  # apart at most; 0: any


SETTINGS = {
    "datasketch": Setting(3, 128, 4, "containment", 0.7, 36),
    "rensa": Setting(3, 128, 4, "containment", 0.7, 36),
    "rensa as shipped": Setting(3, 128, 8, "jaccard", 0.8, 0),
    "simhash": Setting(1, 64, 14, "containment", 0.7, 36),
}
CONTENDERS = ("ours", *SETTINGS)


# ---------------------------------------------------------------- contenders


def grams(text: str, size: int) -> set[str]:
    words = _WORD.findall(text.casefold())
    return {" ".join(words[place : place + size]) for place in range(max(1, len(words) - size + 1))}


def by_datasketch(sets: Sequence[set[str]], setting: Setting) -> Iterator[tuple[Pair, Callable[[], float]]]:
    """Candidate pairs, each with a function that answers the library's estimate of their Jaccard likeness."""
    from zlib import crc32

    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(num_perm=setting.hashes, params=(setting.hashes // setting.rows, setting.rows))
    sketches = []
    for number, found in enumerate(sets):
        sketch = MinHash(num_perm=setting.hashes, hashfunc=crc32)
        sketch.update_batch([gram.encode() for gram in found])
        for other in index.query(sketch):
            yield (other, number), lambda a=sketches[other], b=sketch: a.jaccard(b)
        index.insert(number, sketch)
        sketches.append(sketch)


def by_rensa(sets: Sequence[set[str]], setting: Setting) -> Iterator[tuple[Pair, Callable[[], float]]]:
    from rensa import RMinHash, RMinHashLSH

    sketches = RMinHash.from_token_sets([list(found) for found in sets], setting.hashes, 42)
    index = RMinHashLSH(setting.least, setting.hashes, setting.hashes // setting.rows)
    index.insert_many(sketches)
    for number, others in enumerate(index.query_all(sketches)):
        for other in others:
            if other < number:
                yield (other, number), lambda a=sketches[other], b=sketches[number]: a.jaccard(b)


def by_simhash(sets: Sequence[set[str]], setting: Setting) -> Iterator[tuple[Pair, Callable[[], float]]]:
    from simhash import Simhash, SimhashIndex

    index = SimhashIndex([], f=setting.hashes, k=setting.rows)
    index.log.disabled = True
    for number, found in enumerate(sets):
        sketch = Simhash(list(found), f=setting.hashes)
        for other in index.get_near_dups(sketch):
            yield (int(other), number), lambda: 1.0
        index.add(str(number), sketch)


PEERS = {"datasketch": by_datasketch, "rensa": by_rensa, "rensa as shipped": by_rensa, "simhash": by_simhash}


def cluster_by(name: str, rows: Sequence[Row], setting: Setting) -> list[int]:
    """The cluster of each row: connected components of the pairs that the peer finds and verifies."""
    sets = [grams(f"{row['title']}\n{row['text']}", setting.gram) for row in rows]
    parents = list(range(len(rows)))
    for (a, b), likeness in PEERS[name](sets, setting):
        if setting.hours and abs(rows[a]["when"] - rows[b]["when"]) > setting.hours:
            continue
        if score(setting, sets[a], sets[b], likeness) >= setting.least:
            parents[root(parents, a)] = root(parents, b)
    return [root(parents, number) for number in range(len(rows))]


def score(setting: Setting, a: set[str], b: set[str], likeness: Callable[[], float]) -> float:
    return len(a & b) / min(len(a), len(b)) if setting.score == "containment" else likeness()


def root(parents: list[int], number: int) -> int:
    while parents[number] != number:
        parents[number] = parents[parents[number]]
        number = parents[number]
    return number


def cluster_ours(rows: Sequence[Row]) -> Callable[[], list[str]]:
    """A function that clusters: the records are made before the clock starts, as the peers' rows are."""
    from datetime import timedelta

    from story_corpus import START

    from sanctions_watch.records import Article, WireCredit, Zone
    from sanctions_watch.stages.deduplicate import cluster

    articles = []
    for row in rows:
        text, when = f"{row['title']}\n\n{row['text']}", START + timedelta(hours=row["when"])
        zones = (Zone("headline", 0, len(row["title"])), Zone("body", len(row["title"]) + 2, len(text)))
        wire = WireCredit(row["agency"], "dateline") if row["agency"] else None
        articles.append(
            Article(row["name"], 1, "", "", row["publisher"], "en", row["title"], text, when, when, "", zones=zones, wire=wire)
        )
    return lambda: [placement.story_id for placement in cluster(articles)]


# ---------------------------------------------------------------- measures


def pairs_in(counts: Iterable[int]) -> int:
    return sum(count * (count - 1) // 2 for count in counts)


def measures(truth: Sequence[Any], found: Sequence[Any]) -> dict[str, float]:
    """Pairwise precision and recall, and the adjusted Rand index (Hubert, Arabie 1985)."""
    both = pairs_in(Counter(zip(truth, found, strict=True)).values())
    true, told = pairs_in(Counter(truth).values()), pairs_in(Counter(found).values())
    expected = true * told / pairs_in([len(truth)])
    return {
        "precision": both / told if told else 1.0,
        "recall": both / true,
        "ari": (both - expected) / ((true + told) / 2 - expected),
    }


def astray(rows: Sequence[Row], found: Sequence[Any]) -> dict[str, float]:
    """Of each kind the share that stands wrong: a variant apart from its dispatch, a report of its own with others."""
    own = {row["story"]: cluster for row, cluster in zip(rows, found, strict=True) if row["kind"] == "original"}
    sizes = Counter(found)
    wrong: dict[str, list[bool]] = defaultdict(list)
    for row, cluster in zip(rows, found, strict=True):
        wrong[row["kind"]].append(cluster != own[row["story"]] if row["story"] in own else sizes[cluster] > 1)
    return {kind: sum(values) / len(values) for kind, values in wrong.items() if kind != "original"}


def corpus_rows(seed: int, bases: int) -> list[Row]:
    from story_corpus import START, corpus

    rows = [
        {
            "name": one.article.article_id, "title": one.article.title, "text": one.article.text[len(one.article.title) + 2 :],
            "publisher": one.article.publisher, "agency": one.article.wire.agency if one.article.wire else "",
            "when": (one.article.published_at - START).total_seconds() / 3600, "story": one.story, "kind": one.kind,
        }
        for one in corpus(seed, bases)
    ]  # fmt: skip
    random.Random(seed).shuffle(rows)
    return rows


def used() -> dict[str, float]:
    now = resource.getrusage(resource.RUSAGE_SELF)
    return {"cpu": now.ru_utime + now.ru_stime, "peak_mb": now.ru_maxrss / 1024, "wall": time.perf_counter()}


def run_one(name: str, path: Path) -> None:
    """Cluster the corpus in this process; prints one line of JSON."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    work = cluster_ours(rows) if name == "ours" else lambda: cluster_by(name, rows, SETTINGS[name])
    before = used()
    found = work()
    after = used()
    told = {what: after[what] - before[what] for what in before}
    print(
        json.dumps(told | measures([row["story"] for row in rows], found) | {"articles": len(rows), "astray": astray(rows, found)})
    )


# ---------------------------------------------------------------- tuning


def tune(rows: Sequence[Row]) -> None:
    """The best settings of each peer on these rows, by ARI: every candidate pair is scored once, thresholds are tried on the scores."""
    truth = [row["story"] for row in rows]
    for name, grid in (
        ("rensa", [Setting(gram, hashes, size, "", 0, 0) for gram in (3, 5) for hashes, size in ((128, 2), (128, 4), (256, 2))]),
        (
            "simhash",
            [
                Setting(gram, bits, most, "", 0, 0)
                for gram in (1, 3, 5)
                for bits, most in ((64, 3), (64, 8), (64, 14), (128, 20), (128, 32))
            ],
        ),
    ):
        best: list[tuple[float, Setting]] = []
        for setting in grid:
            sets = [grams(f"{row['title']}\n{row['text']}", setting.gram) for row in rows]
            found = [(pair, likeness(), score_of(sets, pair)) for pair, likeness in PEERS[name](sets, setting)]
            for kind, hours in itertools.product(("jaccard", "containment"), (0, 36)):
                for least in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
                    kept = [
                        pair for pair, jaccard, containment in found
                        if (jaccard if kind == "jaccard" else containment) >= least
                        and (not hours or abs(rows[pair[0]]["when"] - rows[pair[1]]["when"]) <= hours)
                    ]  # fmt: skip
                    tried = Setting(setting.gram, setting.hashes, setting.rows, kind, least, hours)
                    best.append((measures(truth, components(len(rows), kept))["ari"], tried))
            print(
                f"{name}: {len(found):,} candidate pairs with {setting}, best so far {max(best, key=lambda one: one[0])}",
                flush=True,
            )
        for ari, setting in sorted(best, key=lambda one: -one[0])[:5]:
            print(f"  {name} ARI {ari:.4f} {setting}")


def score_of(sets: Sequence[set[str]], pair: Pair) -> float:
    a, b = sets[pair[0]], sets[pair[1]]
    return len(a & b) / min(len(a), len(b))


def components(size: int, pairs: Iterable[Pair]) -> list[int]:
    parents = list(range(size))
    for a, b in pairs:
        parents[root(parents, a)] = root(parents, b)
    return [root(parents, number) for number in range(size)]


# ---------------------------------------------------------------- the run


def python_of(name: str, given: Path) -> str:
    if name == "ours":
        return sys.executable
    if not given.exists():
        raise SystemExit(
            f"{given} is missing. Make it:\n  python -m venv {given.parents[1].name} && {given.parents[1].name}/bin/pip install -r benchmarks/requirements.txt"
        )
    return str(given)


def table(results: dict[str, list[Row]]) -> str:
    lines = ["| | recall | precision | ARI | articles/s | CPU s | peak memory above the corpus |", "|---|---|---|---|---|---|---|"]
    for name, rounds in results.items():
        one = min(rounds, key=lambda row: row["wall"])
        lines.append(
            f"| {name} | {one['recall']:.4f} | {one['precision']:.4f} | {one['ari']:.4f} | {one['articles'] / one['wall']:,.0f} | "
            f"{min(row['cpu'] for row in rounds):.1f} | {one['peak_mb']:,.0f} MB |"
        )
    kinds = sorted({kind for rounds in results.values() for kind in rounds[0]["astray"]})
    lines += [
        "",
        "Articles that stand wrong, of each kind:",
        "",
        "| | " + " | ".join(kinds) + " |",
        "|---" * (len(kinds) + 1) + "|",
    ]
    lines += [
        f"| {name} | " + " | ".join(f"{rounds[0]['astray'][kind]:.1%}" for kind in kinds) + " |" for name, rounds in results.items()
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bases", type=int, default=2_600, help="dispatches; each has eight variants")
    parser.add_argument("--rounds", type=int, default=2, help="every contender runs so often, in turn; the fastest counts")
    parser.add_argument("--only", type=lambda text: text.split(","), default=CONTENDERS)
    parser.add_argument("--peers-python", type=Path, default=PEERS_PYTHON)
    parser.add_argument("--tune", action="store_true")
    parser.add_argument("--tuning-bases", type=int, default=400)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--corpus", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one and given.tune:
        tune([json.loads(line) for line in given.corpus.read_text(encoding="utf-8").splitlines()])
        return 0
    if given.one:
        run_one(given.one, given.corpus)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corpus.jsonl"
        rows = corpus_rows(TUNING_SEED, given.tuning_bases) if given.tune else corpus_rows(SEED, given.bases)
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        command = [str(Path(__file__)), "--corpus", str(path), "--one"]
        if given.tune:
            return subprocess.run([python_of("rensa", given.peers_python), *command, "rensa", "--tune"], check=False).returncode
        kinds = Counter(row["kind"] for row in rows)
        print(f"{len(rows):,} articles ({', '.join(f'{count:,} {kind}' for kind, count in kinds.items())}); {os.cpu_count()} cores")
        results: dict[str, list[Row]] = {name: [] for name in given.only}
        for _ in range(given.rounds):
            for name in given.only:
                ran = subprocess.run(
                    [python_of(name, given.peers_python), *command, name], check=True, capture_output=True, text=True
                )
                results[name].append(json.loads(ran.stdout))
                print(f"  {name}: {json.dumps(results[name][-1])}", flush=True)
    print(table(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
