"""500 feeds over 90 days of virtual time through the real schedule, against a fixed poll and against exponential back-off.

    PYTHONPATH=plugins:. python benchmarks/schedule_simulation.py --output benchmarks/results/schedule_simulation.json

The world is benchmarks/schedule_world.py. Each answer goes through stages/collect's Visit (news, rhythm, schedule, health), as in
production; only HTTP and the parsing of feeds are left out. The others are played on the same world by their rules in a few lines.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import repeat
from pathlib import Path

from benchmarks.schedule_world import DAY, HOLIDAY_DAYS, START, WINDOW, SimulatedFeed, make_world

from sanctions_watch.records import Entry, Feed, FeedState, FetchRequest, FetchResult, Poll
from sanctions_watch.stages.collect import first_state
from sanctions_watch.stages.collect import schedule as real_schedule
from sanctions_watch.stages.collect.health import ALARMS
from sanctions_watch.stages.collect.schedule import WEIGHTS
from sanctions_watch.stages.collect.visit import Visit

RIGHT_AFTER = 6 * 3600.0  # an outage that an operator wants to hear of lasts so long
SILENT_DAYS = 3  # the rule of thumb the quiet alarm is held against


@dataclass(slots=True)
class Outcome:
    """What one policy did on one feed, or on all of them."""

    polls: int = 0
    cpu_seconds: float = 0.0
    delays: list[float] = field(default_factory=list)  # seconds, of the entries published from START on
    lost: int = 0  # entries that had left the feed before a visit came
    alarms: Counter[str] = field(default_factory=Counter)  # "quiet right", "failing wrong", ...
    lags: dict[str, list[float]] = field(default_factory=dict)  # hours from the fact to the alarm
    by_kind: dict[str, list[float]] = field(default_factory=dict)
    polls_by_kind: Counter[str] = field(default_factory=Counter)


def collected(feed: SimulatedFeed, visits: list[float], days: int) -> tuple[list[float], int]:
    """The delay of every entry at these successful visits, and how many were never seen. The last day is left out."""
    times, delays, lost, seen = feed.published, [], 0, bisect_right(feed.published, 0.0)
    for at in visits:
        now = bisect_right(times, at)
        first = max(seen, now - WINDOW)
        lost += sum(times[n] >= 0 for n in range(seen, first))
        delays += [at - times[n] for n in range(first, now) if times[n] < (days - 1) * DAY]
        seen = max(seen, now)
    return delays, lost


# ---------------------------------------------------------------- the real schedule


def ours(feed: SimulatedFeed, days: int, seed: int) -> Outcome:
    """The project's own schedule."""
    began = time.process_time()
    one = Feed(feed.name, f"https://{feed.name}.example/feed", feed.name)
    state = first_state(one, START)
    blip, out, visits = random.Random(f"blip {seed} {feed.name}"), Outcome(), []
    entries: dict[int, Entry] = {}
    last_count = -1
    alarmed: set[str] = set()
    said: set[str] = set()
    at = random.Random(f"start {seed} {feed.name}").uniform(0, 600)
    while at < days * DAY:
        status = feed.status(at, blip)
        count = bisect_right(feed.published, at)
        poll = _visit(one, state, feed, at, status, count, last_count, entries)
        out.polls += 1
        if status == 200:
            visits.append(at)
            last_count = count
        _count_alarms(out, feed, state, poll, at, alarmed)
        said |= alarmed
        state = poll.state
        if state.retired_at:
            break
        at = (state.next_poll_at - START).total_seconds()
    out.delays, out.lost = collected(feed, visits, days)
    owed = {"stops": "quiet", "pauses": "quiet", "vanishes": "failing", "outage": "failing", "html": "wrong", "gone": "retired"}
    if feed.fate and owed[feed.fate] not in said:
        out.alarms[f"{owed[feed.fate]} missed"] += 1
    out.cpu_seconds = time.process_time() - began
    return out


def _visit(
    one: Feed, state: FeedState, feed: SimulatedFeed, at: float, status: int, count: int, last: int, entries: dict[int, Entry]
) -> Poll:
    now = START + timedelta(seconds=at)
    request = FetchRequest(one.url, "feed")
    if status == 0:
        return Visit(one, state, FetchResult(request, now, error="no answer in time", failure="temporary"), now, 0).failed(
            "unavailable", "no answer in time", WEIGHTS["temporary"]
        )
    visit = Visit(one, state, FetchResult(request, now, status, one.url), now, 0)
    if status == 404:
        return visit.failed("unavailable", "HTTP 404", WEIGHTS["hard"])
    if status == 410:
        return visit.retired()
    if status == 299:
        return visit.failed("broken", "an HTML page instead of a feed", WEIGHTS["soft"])
    if feed.has_etag and count == last:
        return visit.not_modified()
    for number in range(max(0, count - WINDOW), count):
        if number not in entries:
            entries[number] = _entry(feed, number)
    listed = tuple(entries[number] for number in range(count - 1, max(0, count - WINDOW) - 1, -1))
    for old in [number for number in entries if number < count - WINDOW]:
        del entries[old]
    if not listed:
        return visit.failed("broken", "a feed without a single entry", WEIGHTS["soft"])
    return visit.succeeded(listed, "rss20", ())


def _entry(feed: SimulatedFeed, number: int) -> Entry:
    at = START + timedelta(seconds=int(feed.published[number]))
    mark = f"{random.Random(f'{feed.name} {number}').getrandbits(96):024x}"
    return Entry(mark, feed.name, f"https://{feed.name}.example/{number}", mark, "", "", "", "", "", "en", at, None, at, mark)


def _count_alarms(out: Outcome, feed: SimulatedFeed, before: FeedState, poll: Poll, at: float, alarmed: set[str]) -> None:
    word = poll.state.health.word
    if word == before.health.word:
        return
    if word in ALARMS:
        right, since = _truth(feed, word, at)
        out.alarms[f"{word} {_verdict(feed, word, at, right=right)}"] += 1
        if right:
            alarmed.add(word)
            out.lags.setdefault(word, []).append((at - since) / 3600)
    elif before.health.word in ALARMS and feed.fate in {"pauses", "outage", "html"} and at >= feed.fate_until and alarmed:
        out.alarms["revival noticed"] += 1
        out.lags.setdefault("revival", []).append((at - feed.fate_until) / 3600)
        alarmed.clear()


def _verdict(feed: SimulatedFeed, word: str, at: float, *, right: bool) -> str:
    """right, wrong, or holiday: the silence is there, but will pass by itself."""
    if word == "quiet" and not right and feed.holiday <= at < feed.holiday + (HOLIDAY_DAYS + 2) * DAY:
        return "holiday"
    return "right" if right else "wrong"


def _truth(feed: SimulatedFeed, word: str, at: float) -> tuple[bool, float]:
    """Whether the alarm is right, and since when it has been true."""
    if word == "quiet":
        return feed.is_silenced(at), feed.fate_from
    if word == "failing":
        return feed.down_for(at) >= RIGHT_AFTER, at - feed.down_for(at)
    return feed.fate == {"wrong": "html", "retired": "gone"}[word] and at >= feed.fate_from, feed.fate_from


# ---------------------------------------------------------------- the others


def fixed(interval: float) -> Callable[[SimulatedFeed, int, int], Outcome]:
    """The same interval for every feed, whatever happens."""

    def run(feed: SimulatedFeed, days: int, seed: int) -> Outcome:
        return _by_rule(feed, days, seed, lambda _wait, _has_news, _failed: interval, interval)

    return run


def backing_off(feed: SimulatedFeed, days: int, seed: int) -> Outcome:
    """Exponential back-off: five minutes after news, twice as long after each visit without, at most a day."""
    return _by_rule(feed, days, seed, lambda wait, has_news, _failed: 300.0 if has_news else min(DAY, wait * 2), 300.0)


def _by_rule(feed: SimulatedFeed, days: int, seed: int, rule: Callable[[float, bool, bool], float], wait: float) -> Outcome:
    blip, out, visits = random.Random(f"blip {seed} {feed.name}"), Outcome(), []
    at = random.Random(f"start {seed} {feed.name}").uniform(0, 600)
    seen, failures, silent_said, last_news = 0, 0, False, 0.0
    while at < days * DAY:
        status = feed.status(at, blip)
        count = bisect_right(feed.published, at)
        has_news = status == 200 and count > seen
        out.polls += 1
        failures = 0 if status == 200 else failures + 1
        if status == 200:
            visits.append(at)
            seen = count
        if has_news:
            last_news, silent_said = at, False
        if failures == 3:  # three errors in a row: the customary alarm
            is_right = feed.down_for(at) >= RIGHT_AFTER or (feed.fate in {"vanishes", "gone", "html"} and feed.down_for(at) > 0)
            out.alarms[f"failing {'right' if is_right or _will_last(feed, at) else 'wrong'}"] += 1
        if status == 200 and not silent_said and at - last_news > SILENT_DAYS * DAY:
            silent_said = True
            out.alarms[f"quiet {_verdict(feed, 'quiet', at, right=feed.is_silenced(at))}"] += 1
            if feed.is_silenced(at):
                out.lags.setdefault("quiet", []).append((at - feed.fate_from) / 3600)
        wait = rule(wait, has_news, status != 200)
        at += wait
    out.delays, out.lost = collected(feed, visits, days)
    return out


def _will_last(feed: SimulatedFeed, at: float) -> bool:
    """Whether the outage it is in lasts six hours in all: an early alarm on a long outage is right too."""
    spans = [*feed.outages, *([(feed.fate_from, feed.fate_until)] if feed.fate == "outage" else [])]
    return any(start <= at < end and end - start >= RIGHT_AFTER for start, end in spans)


# ---------------------------------------------------------------- the table


def play(
    policy: Callable[[SimulatedFeed, int, int], Outcome], world: list[SimulatedFeed], days: int, seed: int, processes: int = 1
) -> Outcome:
    """One policy on all feeds."""
    total = Outcome()
    with ProcessPoolExecutor(processes) as pool:
        each = (
            pool.map(policy, world, repeat(days), repeat(seed), chunksize=5)
            if processes > 1
            else map(policy, world, repeat(days), repeat(seed))
        )
        outcomes = list(each)
    for feed, one in zip(world, outcomes, strict=True):
        total.polls += one.polls
        total.cpu_seconds += one.cpu_seconds
        total.delays += one.delays
        total.lost += one.lost
        total.alarms += one.alarms
        total.polls_by_kind[feed.kind] += one.polls
        total.by_kind.setdefault(feed.kind, []).extend(one.delays)
        for word, lags in one.lags.items():
            total.lags.setdefault(word, []).extend(lags)
    return total


def told(total: Outcome) -> dict[str, object]:
    """The figures of one policy."""
    delays = sorted(total.delays)
    return {
        "polls": total.polls,
        "entries": len(delays),
        "lost": total.lost,
        "median_delay_minutes": round(statistics.median(delays) / 60, 2),
        "p95_delay_minutes": round(delays[int(0.95 * len(delays))] / 60, 1),
        "mean_delay_minutes": round(statistics.fmean(delays) / 60, 1),
        "alarms": dict(sorted(total.alarms.items())),
        "median_hours_to_alarm": {word: round(statistics.median(lags), 1) for word, lags in sorted(total.lags.items())},
        "by_kind": {
            kind: {
                "polls": total.polls_by_kind[kind],
                "entries": len(some),
                "median_delay_minutes": round(statistics.median(some) / 60, 1),
                "p95_delay_minutes": round(sorted(some)[int(0.95 * len(some))] / 60, 1),
            }
            for kind, some in total.by_kind.items()
            if some
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--seed", type=int, default=20240101)
    parser.add_argument("--patience", type=float, default=real_schedule.PATIENCE)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    real_schedule.PATIENCE = given.patience
    world = make_world(given.feeds, given.days, given.seed)
    started = time.monotonic()
    mine = play(ours, world, given.days, given.seed, given.processes)
    seconds = time.monotonic() - started
    equal = len(world) * given.days * DAY / mine.polls
    policies = {
        "own rhythm": mine,
        "fixed, 10 minutes": play(fixed(600.0), world, given.days, given.seed),
        f"fixed, as many polls ({equal / 60:.1f} minutes)": play(fixed(equal), world, given.days, given.seed),
        "exponential back-off": play(backing_off, world, given.days, given.seed),
    }
    report = {
        "command": f"PYTHONPATH=plugins:. python benchmarks/schedule_simulation.py --feeds {given.feeds} --days {given.days}",
        "feeds": len(world), "days": given.days, "seed": given.seed, "patience": given.patience,
        "truth": dict(Counter(feed.fate or "none" for feed in world)),
        "own_rhythm_seconds": round(seconds, 1), "own_rhythm_cpu_seconds": round(mine.cpu_seconds, 1),
        "machine": "2 cores, shared with other work while this ran; the counts do not depend on it",
        "policies": {name: told(total) for name, total in policies.items()},
    }  # fmt: skip
    print(json.dumps(report, indent=1))
    if given.output:
        given.output.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
