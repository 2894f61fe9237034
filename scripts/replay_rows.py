# ruff: noqa: INP001 - a script that is run by its path, in no package
"""Takes the bundled replay through all stages in memory, and prints every row that is not as include/sample/expected.yaml has it.

No database, no Airflow, no network; some seconds. Each text is handled six hours after it appeared, in the order of publication.
A difference is one line; the exit status is 1 where there is any.

usage: python scripts/replay_rows.py [--show ARTICLE ...]      --show prints an article's cleaned text and its claims as well
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "plugins"))

from sanctions_watch.adapters.memory import MemoryWarehouse  # noqa: E402 - found through the path above
from sanctions_watch.clock import FixedClock  # noqa: E402
from sanctions_watch.pipeline import Flow  # noqa: E402
from sanctions_watch.records import (  # noqa: E402
    Actor,
    Alert,
    Article,
    Claim,
    Entry,
    Feed,
    FetchRequest,
    FetchResult,
    Placement,
    Poll,
    Selection,
    identify,
)
from sanctions_watch.stages import clean, collect, deduplicate, extract, select  # noqa: E402
from sanctions_watch.stages.collect.registry import read_feeds  # noqa: E402
from sanctions_watch.text import fold  # noqa: E402

SAMPLE = ROOT / "include" / "sample"
SITE = "http://127.0.0.1:1"
DELAY = timedelta(hours=6)


@dataclass(slots=True)
class Pages:
    """The pages as they stand at the clock's time: a Fetcher that reads them from the sample's folder."""

    clock: FixedClock
    shown: dict[str, str] = field(default_factory=dict)  # url -> file

    def fetch(self, requests: Sequence[FetchRequest]) -> list[FetchResult]:
        """The file that stands for each address."""
        kind = "text/html; charset=utf-8"
        return [FetchResult(one, self.clock.now(), 200, one.url, content_type=kind, body=(SAMPLE / "pages" / self.shown[one.url]).read_bytes())
                for one in requests]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the stages made of one text."""

    article: Article
    selection: Selection
    claims: tuple[Claim, ...]
    alerts: tuple[Alert, ...]


Text = tuple[str, int]  # article id of the timeline, version


def load(name: str) -> dict[str, Any]:
    """One of the sample's YAML files."""
    tree: dict[str, Any] = yaml.safe_load((SAMPLE / f"{name}.yaml").read_text(encoding="utf-8"))
    return tree


def run(timeline: dict[str, Any]) -> tuple[dict[Text, Outcome], dict[str, Placement]]:
    """Every text's outcome; and each selected article's place among all of them."""
    feeds = {
        feed.feed_id: feed
        for feed in read_feeds((SAMPLE / "feeds.yaml").read_text(encoding="utf-8"), "feeds.yaml", {"sample": SITE})
    }
    clock = FixedClock(timeline["start"])
    warehouse, pages = MemoryWarehouse(), Pages(clock)
    flow = Flow(warehouse=warehouse, fetcher=pages, mailer=None, clock=clock)
    flow.register(list(feeds.values()), [])
    outcomes: dict[Text, Outcome] = {}
    texts = [(shown["at"], row["id"], version, row, shown)
             for row in timeline["articles"] for version, shown in enumerate([row, *row.get("updates", ())], 1)]  # fmt: skip
    for at, name, version, row, shown in sorted(texts, key=lambda text: text[:3]):
        clock.time = at + DELAY
        entry = _entry(row, shown, feeds[row["feeds"][0]])
        pages.shown[entry.url] = shown["page"]
        with warehouse.begin() as unit:
            feed = feeds[entry.feed_id]
            unit.save_poll(
                Poll(feed.feed_id, clock.now(), "changed", "replay", 200, 0, (entry,), collect.first_state(feed, clock.now()))
            )
        for stage in (flow.clean, flow.select, flow.deduplicate, flow.extract, flow.assess):
            flow.drain(stage)
        with warehouse.begin() as unit:
            alerts = unit.alerts_to_fan_out(1000)
            for alert in alerts:
                unit.save_notifications(alert, [])
            article = unit.latest_article(clean.article_id_of(entry.url, feed.publisher, entry.title))
        if article is None or article.version != version:
            raise SystemExit(
                f"{name}: version {version} did not become an article: it went to quarantine, or its text was not seen to change"
            )
        outcomes[name, version] = Outcome(article, select.select(article), extract.extract([article])[0], tuple(alerts))
    selected = [name for name, version in outcomes if version == 1 and outcomes[name, 1].selection.is_selected]
    placed = deduplicate.cluster([outcomes[name, 1].article for name in selected])
    return outcomes, dict(zip(selected, placed, strict=True))


def _entry(row: dict[str, Any], shown: dict[str, Any], feed: Feed) -> Entry:
    url = SITE + row["path"]
    return Entry(
        entry_id=identify("entry", url), feed_id=feed.feed_id, url=url, guid=url, title=shown["title"], summary=shown["summary"], content="",
        author=row["author"], credit=row["credit"], language=row["language"], published_at=row["at"], updated_at=shown["at"],
        seen_at=shown["at"] + DELAY, content_sha256=identify(shown["title"], shown["summary"], str(shown["at"])),
    )  # fmt: skip


# ---------------------------------------------------------------- differences


def differences(expected: dict[str, Any], outcomes: dict[Text, Outcome], places: dict[str, Placement]) -> Iterator[str]:
    """One line for each row that is not as expected."""
    readings = {row["id"]: row for row in expected["articles"]}
    for name, reading in readings.items():
        selection = outcomes[name, 1].selection
        if selection.is_selected != reading["selected"]:
            yield f"selection {name}: {'' if selection.is_selected else 'not '}selected, {selection.score:.2f}"
        for version, told in enumerate([reading, *reading.get("versions", ())], 1):
            if selection.is_selected and reading["selected"]:
                yield from _claims(f"{name} v{version}", told.get("claims", ()), outcomes[name, version].claims)
    yield from _stories(readings, places)
    yield from _mails(expected, outcomes)


def _stories(readings: dict[str, Any], places: dict[str, Placement]) -> Iterator[str]:
    both = [name for name in places if readings[name]["selected"]]
    for one, other in combinations(both, 2):
        is_one = readings[one]["story"] == readings[other]["story"]
        if is_one != (places[one].story_id == places[other].story_id):
            yield f"story {one} and {other}: {'apart' if is_one else 'together'}"
    for name in both:
        place, reading = places[name], readings[name]
        if place.relation not in (reading["relation"], *reading.get("relation_also", ())):
            yield f"relation {name}: {place.relation}, not {reading['relation']}"
        if place.origin_agency != reading.get("agency", ""):
            yield f"agency {name}: {place.origin_agency or 'none'}, not {reading.get('agency', 'one')}"


def _is(actor: Actor, told: dict[str, Any]) -> bool:
    if actor.kind == "state":
        return actor.country == told.get("country")
    return fold(actor.name) in {fold(name) for name in (told["accused"], *told.get("accused_also", ()))}


def _claims(where: str, told: Sequence[dict[str, Any]], claims: Sequence[Claim]) -> Iterator[str]:
    accepted = [claim for claim in claims if claim.status == "accepted"]
    matched: set[str] = set()
    for one in told:
        about = f"claim {where}: {one['accused']}, {one['conduct']}"
        mine = [claim for claim in accepted
                if any(_is(actor, one) for actor in claim.accused) and claim.conduct in (one["conduct"], *one.get("conduct_also", ()))]  # fmt: skip
        matched |= {claim.claim_id for claim in mine}
        if one.get("optional"):
            continue
        fitting = [claim for claim in mine if claim.modality in (one["modality"], *one.get("modality_also", ()))]
        roots = {fold(root) for root in (one["root"], *one.get("root_also", ()))}
        if not mine:
            yield f"{about} is missing"
        elif not fitting:
            yield f"{about} is {', '.join(sorted({claim.modality for claim in mine}))}, not {one['modality']}"
        elif not any(fold(claim.root) in roots for claim in fitting):
            yield f"{about} has the root {', '.join(sorted({claim.root for claim in fitting}))}, not {one['root']}"
    for claim in accepted:
        if claim.claim_id not in matched:
            yield f"claim {where}: surplus {', '.join(actor.name for actor in claim.accused)}, {claim.conduct}, {claim.modality}"


def _mails(expected: dict[str, Any], outcomes: dict[Text, Outcome]) -> Iterator[str]:
    allegations = {row["id"]: row for row in expected["allegations"]}
    for (name, version), outcome in outcomes.items():
        left = list(outcome.alerts)
        for mail in expected["mails"]:
            if (mail["article"], mail.get("version", 1)) != (name, version):
                continue
            about = allegations[mail["allegation"]]
            conducts = (about["conduct"], *about.get("conduct_also", ()))
            mine = [
                one
                for one in left
                if one.kind == mail["kind"] and fold(one.accused) == fold(about["accused"]) and one.conduct in conducts
            ]
            if mine:
                left.remove(mine[0])
            else:
                yield f"mail {name} v{version}: missing {mail['kind']} {about['accused']}, {about['conduct']}"
        for alert in left:
            facts = "; ".join(f"{fact.kind} {fact.value}" for fact in alert.new_facts)
            yield f"mail {name} v{version}: surplus {alert.kind} {alert.accused}, {alert.conduct} ({facts})"


def show(outcome: Outcome) -> str:
    """An article as the stages see it."""
    claims = [
        f"{claim.status} {', '.join(actor.name for actor in claim.accused) or 'nobody'}, {claim.conduct}, {claim.modality}, root {claim.root}: "
        + outcome.article.text[claim.spans[0].start : claim.spans[0].end]
        for claim in outcome.claims
    ]
    return "\n\n".join(
        [outcome.article.text, f"selected {outcome.selection.is_selected}: {'; '.join(outcome.selection.reasons)}", *claims]
    )


def main() -> int:
    """Run, compare, print."""
    parser = argparse.ArgumentParser(description="Prints what the stages make of the bundled replay where it is not as expected.")
    parser.add_argument("--show", nargs="+", default=[], metavar="ARTICLE", help="ids of timeline.yaml")
    chosen = parser.parse_args()
    logging.disable(logging.WARNING)
    outcomes, places = run(load("timeline"))
    for name in chosen.show:
        for (article, version), outcome in outcomes.items():
            if article == name:
                sys.stdout.write(f"===== {name} v{version}\n{show(outcome)}\n\n")
    found = list(differences(load("expected"), outcomes, places))
    sys.stdout.write("".join(f"{line}\n" for line in found))
    sys.stdout.write(f"{len(found)} differences in {len(outcomes)} texts\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
