# ruff: noqa: INP001 - a script that is run by its path, in no package
"""Writes the tables of docs/replay.md from include/sample; ``--check`` only says whether they are up to date (exit status 1 if not).

usage: python scripts/replay_table.py [--check]
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "include" / "sample"
PAGE = ROOT / "docs" / "replay.md"
BEGIN = "<!-- tables: written by scripts/replay_table.py from include/sample/expected.yaml, not by hand -->"
END = "<!-- end of tables -->"


@dataclass(frozen=True, slots=True)
class Sample:
    """The bundled replay as read from its files: timeline, registry and expectation, keyed by id."""

    timeline: dict[str, Any]
    publishers: dict[str, str]  # feed_id -> publisher
    articles: dict[str, dict[str, Any]]  # of the timeline
    expected: dict[str, dict[str, Any]]  # of expected.yaml
    allegations: dict[str, dict[str, Any]]
    mails: list[dict[str, Any]]

    def publisher(self, article_id: str) -> str:
        """Who publishes an article: the publisher of its first feed."""
        return self.publishers[self.articles[article_id]["feeds"][0]]

    def time(self, mail: dict[str, Any]) -> datetime:
        """When the text that a mail is about is published."""
        article = self.articles[mail["article"]]
        later = mail.get("version", 1) - 2
        at: datetime = article["at"] if later < 0 else article["updates"][later]["at"]
        return at


def read(folder: Path = SAMPLE) -> Sample:
    """The files of the sample. Raises KeyError where one lacks what the tables need."""

    def load(name: str) -> dict[str, Any]:
        tree: dict[str, Any] = yaml.safe_load((folder / name).read_text(encoding="utf-8"))
        return tree

    timeline, expected = load("timeline.yaml"), load("expected.yaml")
    return Sample(
        timeline=timeline,
        publishers={feed["id"]: feed["publisher"] for feed in load("feeds.yaml")["feeds"]},
        articles={row["id"]: row for row in timeline["articles"]},
        expected={row["id"]: row for row in expected["articles"]},
        allegations={row["id"]: row for row in expected["allegations"]},
        mails=expected["mails"],
    )


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def counts(sample: Sample) -> str:
    """How many of everything."""
    selected = [row for row in sample.expected.values() if row["selected"]]
    shown = {
        (row["id"], claim["accused"], claim["conduct"])
        for row in selected
        for claim in row.get("claims", ())
        if not claim.get("optional")
    }
    return table(
        ["what", "number"],
        [
            ["feeds", len(sample.timeline["feeds"])],
            ["articles", len(sample.articles)],
            [
                "texts that replace an earlier one at the same address",
                sum(len(row.get("updates", ())) for row in sample.articles.values()),
            ],
            ["selected articles", len(selected)],
            ["stories", len({row["story"] for row in selected})],
            ["claims, counted once an article, accused and conduct", len(shown)],
            ["allegations", len(sample.allegations)],
            ["mails to the subscriber to everything", len(sample.mails)],
            ["mails to the subscriber to sea and export", sum(bool(mail.get("sea_and_export")) for mail in sample.mails)],
        ],
    )


def mails(sample: Sample) -> str:
    """What goes out, in order."""
    rows = []
    for number, mail in enumerate(sample.mails, 1):
        about = sample.allegations[mail["allegation"]]
        text = mail["article"] + (f", version {mail['version']}" if "version" in mail else "")
        rows.append([number, f"{sample.time(mail):%d Aug %H:%M}", mail["kind"], about["accused"], f"`{about['conduct']}`", f"`{text}`",
                     mail["new"], "yes" if mail.get("sea_and_export") else ""])  # fmt: skip
    return table(["", "published", "kind", "accused", "conduct", "article", "what is new", "sea and export"], rows)


def allegations(sample: Sample) -> str:
    """What the ledger holds at the end."""
    rows = []
    for row in sample.allegations.values():
        publishers = {sample.publisher(one) for one in row["articles"]}
        rows.append([row["accused"], f"`{row['conduct']}`", row["state"], ", ".join(row["roots"]), len(row["articles"]), len(publishers),
                     sum(mail["allegation"] == row["id"] for mail in sample.mails)])  # fmt: skip
    return table(["accused", "conduct", "state", "independent roots", "articles", "publishers", "mails"], rows)


def stories(sample: Sample) -> str:
    """Which articles are one report."""
    members: dict[str, list[dict[str, Any]]] = {}
    for row in sample.expected.values():
        if row["selected"]:
            members.setdefault(row["story"], []).append(row)
    rows = []
    for story, articles in members.items():
        lead = next(row for row in articles if row["relation"] == "lead")
        others = [f"`{row['id']}` ({row['relation']})" for row in articles if row is not lead]
        others += [
            f"`{row['id']}`, version {number} ({one['relation']})"
            for row in articles
            for number, one in enumerate(row.get("versions", ()), 2)
        ]
        rows.append([story, f"`{lead['id']}`", lead.get("agency", ""), ", ".join(others)])
    return table(["story", "lead", "agency", "further texts"], rows)


def claims(sample: Sample) -> str:
    """What each article claims."""
    rows = []
    for row in sample.expected.values():
        later = enumerate(row.get("versions", ()), 2)
        texts = [(row["id"], row.get("claims", ())), *((f"{row['id']}, version {number}", one["claims"]) for number, one in later)]
        for name, said in texts:
            for claim in said:
                modality = claim["modality"] + (" (optional)" if claim.get("optional") else "")
                rows.append([f"`{name}`", claim["accused"], f"`{claim['conduct']}`", modality, claim["root"]])
    return table(["article", "accused", "conduct", "modality", "root"], rows)


def silent(sample: Sample) -> str:
    """Articles that accuse nobody."""
    rows = [[f"`{row['id']}`", sample.articles[row["id"]]["title"], sample.publisher(row["id"]), "yes" if row["selected"] else "no", row["why"]]
            for row in sample.expected.values() if "why" in row]  # fmt: skip
    return table(["article", "title", "publisher", "selected", "why it must not alert"], rows)


def feeds(sample: Sample) -> str:
    """What each feed of the sample server does."""
    rows = []
    for feed in sample.timeline["feeds"]:
        behaviour = feed["behaviour"] + (f" to {feed['moved_to']}" if feed.get("moved_to") else "")
        carried = sum(feed["feed_id"] in row["feeds"] for row in sample.articles.values())
        rows.append([f"`{feed['feed_id']}`", sample.publishers[feed["feed_id"]], feed["format"], behaviour, carried])
    return table(["feed", "publisher", "format", "behaviour", "articles"], rows)


def tables(sample: Sample) -> str:
    """The generated part of the page, its markers included."""
    parts = [
        BEGIN,
        "### Counts", counts(sample),
        "### Mails, in order", mails(sample),
        "### Allegations at the end", allegations(sample),
        "### Stories", stories(sample),
        "### Claims", claims(sample),
        "### Articles that must not alert", silent(sample),
        "### Feeds", feeds(sample),
        END,
    ]  # fmt: skip
    return "\n\n".join(parts)


def main(arguments: Sequence[str]) -> int:
    """Write the page's tables, or check them."""
    before = PAGE.read_text(encoding="utf-8")
    start, found, rest = before.partition(BEGIN)
    _, closed, end = rest.partition(END)
    if not found or not closed:
        sys.stderr.write(f"{PAGE.relative_to(ROOT)} lacks its markers: {BEGIN} … {END}\n")
        return 1
    after = start + tables(read()) + end
    if "--check" in arguments:
        if before != after:
            sys.stderr.write(f"{PAGE.relative_to(ROOT)} is not up to date: run python scripts/replay_table.py\n")
        return int(before != after)
    PAGE.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
