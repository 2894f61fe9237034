# ruff: noqa: INP001 - a script that is run by its path, in no package
"""Writes docs/taxonomy.md from include/taxonomy.yaml; ``--check`` only says whether it is up to date (exit status 1 if not).

usage: python scripts/taxonomy_page.py [--check]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "plugins"))

from sanctions_watch.taxonomy import RESOLUTIONS, Conduct, Exemption, Rule, taxonomy  # noqa: E402 - the path comes first

PAGE = ROOT / "docs" / "taxonomy.md"
DIRECTIONS = {
    "from_dprk": "out of North Korea",
    "to_dprk": "into North Korea",
    "either": "either way",
    "within_dprk": "by North Korea at home",
    "duty": "a duty of states",
    "mark": "a mark on another conduct",
    "context": "permitted",
}


def page() -> str:
    """The page's Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    found = taxonomy()
    yield "# The conduct taxonomy and the law behind it"
    yield ""
    yield "<!-- written by scripts/taxonomy_page.py from include/taxonomy.yaml, not by hand -->"
    yield ""
    yield (
        "Each claim has a conduct, and each conduct on a day has one paragraph of the Security Council's resolutions, mapped by us. A paragraph is "
        "**verified** where a source prints its number together with the rule, and *unverified* where only its content is confirmed or the number "
        "is recalled. A **call** asks or notes: nobody violates it in the strict sense. Among the rules in force on a day the first stands, unless "
        "the speaker cites another of them or the words of the claim fit another better."
    )
    yield ""
    yield "Adopted: " + " · ".join(f"{number} {day.day} {day:%b %Y}" for number, day in RESOLUTIONS.items())
    yield ""
    yield "For every conduct: " + "; ".join(_exemption(item) for item in found.general_exemptions) + "."
    yield ""
    for resolution, (first, shift) in found.numberings.items():
        yield (
            f"Two numberings of {resolution}: the text of its press coverage counts {shift} higher from OP{first} on. What is said as "
            f"OP{first + 4} there is OP{first + 4 - shift} of the final text."
        )
        yield ""
    yield "| conduct | title | direction | rules, the preferred first |"
    yield "|---|---|---|---|"
    for row in found.conducts.values():
        yield f"| [{row.conduct_id}](#{row.conduct_id.replace('.', '')}) | {row.title} | {DIRECTIONS[row.direction]} | {', '.join(_short(rule) for rule in row.rules)} |"
    yield ""
    for row in found.conducts.values():
        yield from _section(row)
    yield "## Sources"
    yield ""
    for key, source in found.sources.items():
        yield f"- **{key}** {source.title}" + (f", <{source.url}>" if source.url else "")


def _section(row: Conduct) -> Iterator[str]:
    yield f"## {row.conduct_id}"
    yield ""
    kinds = [
        words
        for words, holds in (
            ("an event: two of them are two allegations", row.is_event),
            ("a mark on the main conduct", row.is_mark),
        )
        if holds
    ]
    yield f"**{row.title}**: {row.forbids}." + (f" It is {' and '.join(kinds)}." if kinds else "")
    if row.equivalents:
        yield f"Told as one with {', '.join(row.equivalents)}."
    yield ""
    yield "| paragraph | in force | status | note | checked in |"
    yield "|---|---|---|---|---|"
    for rule in row.rules:
        status = ("verified" if rule.is_verified else "*unverified*") + (", call" if rule.is_call else "")
        yield f"| {rule.paragraph} | {_period(rule)} | {status} | {rule.note or '–'} | {', '.join(rule.sources) or '–'} |"
    yield ""
    if row.exemptions:
        yield "Exemptions: " + "; ".join(_exemption(item) for item in row.exemptions) + "."
        yield ""
    yield "In the news as: " + ", ".join(phrase.replace("*", "…") for phrase in row.phrases["en"][:12]) + "."
    yield ""


def _short(rule: Rule) -> str:
    return rule.paragraph + ("" if rule.is_verified else " (?)") + (" (call)" if rule.is_call else "")


def _period(rule: Rule) -> str:
    end = f"until {rule.in_force_until.isoformat()}" if rule.in_force_until else "in force"
    return f"{rule.in_force_from.isoformat()}, {end}" + (f", due {rule.due.isoformat()}" if rule.due else "")


def _exemption(item: Exemption) -> str:
    return item.words + (f", until {item.holds_until.isoformat()}" if item.holds_until else "")


def main(arguments: Sequence[str]) -> int:
    """Write the page, or with ``--check`` compare it. Returns the exit status."""
    text = page()
    if list(arguments) == ["--check"]:
        if PAGE.exists() and PAGE.read_text("utf-8") == text:
            return 0
        sys.stderr.write(f"{PAGE.relative_to(ROOT)} is not what include/taxonomy.yaml says: run python scripts/taxonomy_page.py\n")
        return 1
    PAGE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
