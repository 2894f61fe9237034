"""The commands on stories: which articles are one report, and why two are or are not."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanctions_watch.errors import ConfigurationError, EntryError
from sanctions_watch.records import Article, Carried, Placement, identify
from sanctions_watch.stages import deduplicate
from sanctions_watch.stories import STORY_WINDOW_DAYS

if TYPE_CHECKING:
    from rich.console import Console

    from sanctions_watch.adapters.warehouse import PostgresWarehouse
    from sanctions_watch.library import Row

_COLOURS = ("yellow", "cyan", "magenta", "green", "blue", "red")
_FEW = 200  # articles that need no progress bar


# ---------------------------------------------------------------- cluster


def cluster_rows(rows: Iterable[tuple[Any, Row | str]]) -> Iterator[dict[str, Any]]:
    """An answer a row, in their order: given out one by one as soon as the whole input has been placed."""
    answers, articles = _read(rows)
    with _progress("articles placed", len(articles)) as step:
        placements = iter(deduplicate.cluster(articles, step))
    for answer in answers:
        yield answer if len(answer) > 1 else answer | _told(next(placements))


def _read(rows: Iterable[tuple[Any, Row | str]]) -> tuple[list[dict[str, Any]], list[Article]]:
    from sanctions_watch.library import clean_row

    answers: list[dict[str, Any]] = []
    articles: list[Article] = []
    with _progress("articles read") as step:
        for number, (row_id, row) in enumerate(rows):
            answer: dict[str, Any] = {"id": row_id}
            if isinstance(row, str):
                answer["error"] = row
            else:
                try:
                    articles.append(clean_row(dataclasses.replace(row, id=f"{number} {row_id}")))
                except EntryError as error:  # a story of its own: nothing can be a copy of it
                    answer |= _empty(number, error)
            answers.append(answer)
            step()
    return answers, articles


def _empty(number: int, error: EntryError) -> dict[str, Any]:
    return {"story": identify("empty", str(number)), "relation": "lead", "origin_agency": None, "evidence": [error.reason]}


def _told(placement: Placement) -> dict[str, Any]:
    return {
        "story": placement.story_id,
        "relation": placement.relation,
        "origin_agency": placement.origin_agency or None,
        "containment": round(placement.containment, 3),
        "evidence": list(placement.evidence),
    }


@contextmanager
def _progress(words: str, total: int | None = None) -> Iterator[Callable[[], None]]:
    """A bar on standard error for long work, where a person is looking; it leaves no line behind."""
    if not sys.stderr.isatty() or (total is not None and total < _FEW):
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(words), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words, total=total)
        yield lambda: bar.advance(task)


# ---------------------------------------------------------------- explain A B


def from_rows(rows: Iterable[tuple[Any, Row | str]], names: tuple[str, str]) -> tuple[Article, Article]:
    """The two rows of these ids, cleaned. Raises ConfigurationError for an id that no readable row has."""
    from sanctions_watch.library import clean_row

    found: dict[str, Article] = {}
    for row_id, row in rows:
        if str(row_id) in names and not isinstance(row, str):
            found[str(row_id)] = clean_row(dataclasses.replace(row, id=str(row_id)))
    missing = [name for name in names if name not in found]
    if missing:
        raise ConfigurationError([f"no readable row has the id {name}" for name in missing])
    return found[names[0]], found[names[1]]


def from_warehouse(
    warehouse: PostgresWarehouse, names: tuple[str, str], console: Console
) -> tuple[Article, Article, tuple[Carried, ...]]:
    """The latest versions of two stored articles, and what agencies carried of them; says where they stand. Raises ConfigurationError for one that is not stored."""
    with warehouse.begin() as unit:
        found = [unit.latest_article(name) for name in names]
        placed = [unit.previous_placement(name) for name in names]
        prints = [deduplicate.fingerprint(article) for article in found if article is not None]
        carried = tuple(one for of in prints for one in unit.carried(of, STORY_WINDOW_DAYS))
        said = [one for one in unit.story_verdicts(names[0]) if names[1] in (one.article_id, one.other_article_id)]
    missing = [name for name, article in zip(names, found, strict=True) if article is None]
    if missing:
        raise ConfigurationError([f"the warehouse has no article {name}" for name in missing])
    for name, placement in zip(names, placed, strict=True):
        console.print(
            f"{name}: " + (f"story {placement.story_id}, {placement.relation}" if placement else "not placed yet"), markup=False
        )
    for one in said:
        state = "said" if one.withdrawn_at is None else "once said"
        console.print(f"{one.decided_by} {state}: {one.kind} ({one.reason})", markup=False)
    a, b = found
    assert a is not None  # noqa: S101 - missing ones were told above
    assert b is not None  # noqa: S101
    return a, b, carried


def explain_pair(a: Article, b: Article, console: Console, carried: tuple[Carried, ...] = ()) -> None:
    """Say whether two articles are one story and why, and show their common passages in both texts."""
    relation, containment, evidence = deduplicate.compare(a, b, carried)
    said = f"one story: {relation}" if relation else "two stories"
    console.print(f"[bold]{said}[/] (containment {containment:.2f})")
    for reason in evidence:
        console.print(f"  · {reason}", markup=False)
    shared = deduplicate.passages(a, b)
    console.print(f"[bold]{len(shared)} common passages[/]" if shared else "[bold]no common passage[/]")
    for number, one in enumerate(shared, 1):
        colour = _COLOURS[(number - 1) % len(_COLOURS)]
        console.print(f"[{colour}]{number}.[/] {one.equal} words, A {one.a_start}-{one.a_end}, B {one.b_start}-{one.b_end}")
    for name, article, spans in (
        ("A", a, [(one.a_start, one.a_end) for one in shared]),
        ("B", b, [(one.b_start, one.b_end) for one in shared]),
    ):
        console.print(f"\n[bold]{name}[/] {article.article_id}")
        console.print(_marked(article.text, spans))


def _marked(text: str, spans: list[tuple[int, int]]) -> Any:
    """The text with each passage in its colour; the same passage has the same colour in both."""
    from rich.text import Text

    marked = Text(text)
    for number, (start, end) in enumerate(spans):
        marked.stylize(f"{_COLOURS[number % len(_COLOURS)]} underline", start, end)
    return marked


def pair_as_json(a: Article, b: Article, carried: tuple[Carried, ...] = ()) -> dict[str, Any]:
    """The same as one object: every passage with its offsets in both texts and its words in the first."""
    relation, containment, evidence = deduplicate.compare(a, b, carried)
    return {
        "one_story": relation is not None,
        "relation": relation,
        "containment": round(containment, 3),
        "evidence": list(evidence),
        "texts": [a.text, b.text],
        "passages": [dataclasses.asdict(one) | {"text": a.text[one.a_start : one.a_end]} for one in deduplicate.passages(a, b)],
    }


def read_articles(names: list[str], read: Callable[[str], Article]) -> list[Article]:
    """The articles of one or two files; a .jsonl file of two rows is both. Raises ConfigurationError."""
    if len(names) == 1 and names[0].endswith(".jsonl"):
        from sanctions_watch.library import Row, clean_row

        lines = [line for line in _lines(names[0]) if line.strip()]
        if len(lines) != 2:
            raise ConfigurationError([f"{names[0]} has {len(lines)} rows: name two of them with --in {names[0]} ID ID"])
        return [clean_row(dataclasses.replace(Row.read(json.loads(line)), id=f"row {number}")) for number, line in enumerate(lines)]
    if len(names) > 2:
        raise ConfigurationError(["explain takes one article, or two to compare"])
    return [read(name) for name in names]


def _lines(name: str) -> list[str]:
    try:
        return Path(name).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise ConfigurationError([f"{name} cannot be read: {error.strerror}"]) from error
