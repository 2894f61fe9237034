"""The command: the stages on files or standard input, JSON Lines in and out, without a database and without Airflow."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from sanctions_watch import __version__, cli_archives, cli_feeds
from sanctions_watch.errors import ConfigurationError, EntryError, SanctionsWatchError
from sanctions_watch.text import family

if TYPE_CHECKING:
    from rich.console import Console

    from sanctions_watch.library import Analysis, Row
    from sanctions_watch.records import Article, Carried, Claim

ROW = """\
A row in is one JSON object a line: {"id", "url", "publisher", "title", "published_at" (ISO 8601 or null), "text"}.
One object a line comes out for each, in the same order; a row that cannot be read is answered {"id", "error"}."""

BATCH = 64


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status: 0 done (also when single rows are bad), 1 something is wrong, 2 wrong usage."""
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        return int(given.run(given))
    except ConfigurationError as error:
        for problem in error.problems:
            print(f"sanctions-watch: {problem}", file=sys.stderr)
        return 1
    except SanctionsWatchError as error:
        print(f"sanctions-watch: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader has seen enough
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sanctions-watch",
        description="Finds who alleges that whom breached the UN sanctions on North Korea, in news articles.",
        epilog="Example: sanctions-watch analyze articles.jsonl | jq 'select(.claims != [])'",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"sanctions-watch {__version__}")
    verbs = parser.add_subparsers(title="verbs", required=True, metavar="VERB")

    def verb(name: str, run: Any, words: str, more: str, group: Any = verbs) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = group.add_parser(
            name,
            help=words,
            description=f"{words[0].upper()}{words[1:]}.\n\n{more}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        added.set_defaults(run=run)
        return added

    def rows(added: argparse.ArgumentParser) -> None:
        added.add_argument("file", nargs="?", default="-", help="JSON Lines; - or nothing reads standard input")

    rows(verb("analyze", _analyze, "clean, select and extract each article: its claims with quotes, sources and rule", f"""{ROW}

  {{"id", "text", "language", "selection": {{"selected", "score", "reasons"}}, "wire": {{"agency"}} or null, "claims": [...]}}
  Every quote is text[start:end] of the answer's text. A claim with status "review" is a candidate, no finding.

Example: echo '{{"id": 1, "title": "…", "text": "…"}}' | sanctions-watch analyze"""))  # fmt: skip
    rows(verb("cluster", _cluster, "say which articles are one report (a story), whoever printed it", f"""{ROW}

  {{"id", "story", "relation", "origin_agency", "evidence"}}, over the whole input at once, whatever its order.

Example: sanctions-watch cluster articles.jsonl"""))  # fmt: skip
    replayed = verb("replay", _replay, "say which alerts each article would have raised when it was published", f"""{ROW}

  {{"id", "alerts": [{{"kind": "NEW" | "UPDATE" | "DENIAL" | "CORRECTION", "accused", "family", "conduct", "subject"}}]}}
  The rows are taken in their order, on an empty ledger, with the clock at published_at.

With --subscribers it says instead what they would have got, and when, digests and quiet hours included:

  {{"at", "subscriber", "channel", "to", "subject", "held_for", "is_digest"}}, and "text" with --text

Example: sanctions-watch replay archive.jsonl
         sanctions-watch replay archive.jsonl --subscribers include/subscribers.yaml --text""")  # fmt: skip
    rows(replayed)
    replayed.add_argument("--subscribers", default="", metavar="FILE", help="a file in the form of include/subscribers.yaml")
    replayed.add_argument("--text", action="store_true", help="with --subscribers: the messages' texts too")
    text = verb("extract-text", _extract_text, "print the article text of an HTML page, without what pages have around it", """\
Example: sanctions-watch extract-text page.html --url https://example.org/article
         curl -s https://example.org/article | sanctions-watch extract-text --json""")  # fmt: skip
    text.add_argument("file", nargs="?", default="-", help="an HTML page; - or nothing reads standard input")
    text.add_argument("--url", default="", help="the page's address, for its canonical form")
    text.add_argument("--json", action="store_true", help="everything that was found, and what was removed as what")
    explain = verb("explain", _explain, "show why: one article with its claims marked, or why two are or are not one story", """\
A file is a JSON row as for analyze, plain text, or an HTML page (.html); a .jsonl file of two rows is two articles. With --in or
--warehouse the names are ids. Of two articles it shows the passages they share, each in one colour, with the offsets in both texts.

Example: sanctions-watch explain article.json
         sanctions-watch explain a.txt b.txt
         sanctions-watch explain --in articles.jsonl 17 42
         sanctions-watch explain --warehouse 0b1c… 77aa…""")  # fmt: skip
    explain.add_argument("articles", nargs="+", metavar="ARTICLE", help="one article, or two to compare: files, or ids")
    explain.add_argument("--in", dest="rows", default="", metavar="FILE", help="JSON Lines that hold the rows of the two ids")
    explain.add_argument("--warehouse", nargs="?", const="", default=None, metavar="URL",
                         help="postgresql://…; without the address the one of SANCTIONS_WATCH_WAREHOUSE_URL")  # fmt: skip
    explain.add_argument("--json", action="store_true", help="of two articles: one JSON object with the passages")
    feeds = verbs.add_parser("feeds", help="work with feed registries").add_subparsers(title="verbs", required=True, metavar="VERB")
    cli_feeds.add_verbs(verb, feeds)
    warehouse = verbs.add_parser("warehouse", help="look after the warehouse").add_subparsers(
        title="verbs", required=True, metavar="VERB"
    )
    verb("migrate", _warehouse_migrate, "bring the warehouse's schema up to date", """\
The warehouse is the one that SANCTIONS_WATCH_WAREHOUSE_URL names (see .env.template); a second run does nothing.

Example: sanctions-watch warehouse migrate""", warehouse)  # fmt: skip
    cli_archives.register(verb, warehouse)
    return parser


# ---------------------------------------------------------------- rows


@contextmanager
def _open(name: str) -> Iterator[IO[str]]:
    if name == "-":
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        yield sys.stdin
        return
    try:
        with Path(name).open(encoding="utf-8", errors="replace") as file:
            yield file
    except OSError as error:
        raise ConfigurationError([f"{name} cannot be read: {error.strerror}"]) from error


def _rows(lines: Iterable[str]) -> Iterator[tuple[str | int, Row | str]]:
    """(id as given, the row or what is wrong with it) for each line that is not empty."""
    from sanctions_watch.library import Row

    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        given: Any = None
        try:
            given = json.loads(line)
            yield _id(given, number), Row.read(given)
        except (json.JSONDecodeError, RecursionError) as error:
            yield _id(given, number), f"line {number} is not JSON: {error}"
        except EntryError as error:
            yield _id(given, number), f"line {number}: {error.reason}"


def _id(given: Any, number: int) -> Any:
    return given.get("id", number) if isinstance(given, dict) else number


def _write(answer: dict[str, Any]) -> None:
    # A lone surrogate cannot be written as UTF-8; JSON's escape of it can.
    line = json.dumps(answer, ensure_ascii=False)
    print(line if line.isprintable() or not _has_surrogate(line) else json.dumps(answer))


def _has_surrogate(line: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in line)


class _Progress:
    """A count on standard error while a long input runs, where a person is looking."""

    def __init__(self, words: str) -> None:
        self.words, self.count, self.is_shown = words, 0, sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def step(self, by: int = 1) -> None:
        """Count, and show every so often."""
        self.count += by
        if self.is_shown:
            print(f"\r{self.count} {self.words}", end="", file=sys.stderr, flush=True)

    def __exit__(self, *_: object) -> None:
        if self.is_shown and self.count:
            print(file=sys.stderr)


# ---------------------------------------------------------------- verbs


def _analyze(given: argparse.Namespace) -> int:
    from sanctions_watch.library import analyze_articles, clean_row

    with _open(given.file) as lines, _Progress("articles analyzed") as progress:
        source = _rows(lines)
        while batch := list(islice(source, BATCH)):
            articles: list[Article] = []
            answers: list[dict[str, Any]] = []
            for row_id, row in batch:
                answer: dict[str, Any] = {"id": row_id}
                if isinstance(row, str):
                    answer["error"] = row
                else:
                    try:
                        articles.append(clean_row(dataclasses.replace(row, id=f"{len(articles)} {row_id}")))
                    except EntryError as error:
                        answer |= _nothing_to_read(error)
                answers.append(answer)
            analyses = analyze_articles(articles)
            for answer in answers:
                if len(answer) == 1:
                    answer.update(_analysis(next(analyses)))
                _write(answer)
            progress.step(len(batch))
    return 0


def _nothing_to_read(error: EntryError) -> dict[str, Any]:
    """A row of the right form whose article is empty: an answer, no error."""
    selection = {"selected": False, "near_miss": False, "score": 0.0, "reasons": [error.reason]}
    return {"text": "", "language": "", "selection": selection, "wire": None, "claims": []}


def _analysis(analysis: Analysis) -> dict[str, Any]:
    article, selection = analysis.article, analysis.selection
    return {
        "text": article.text,
        "language": article.language,
        "selection": {
            "selected": selection.is_selected,
            "near_miss": selection.is_near_miss,
            "score": round(selection.score, 3),
            "reasons": list(selection.reasons),
        },
        "wire": {"agency": article.wire.agency, "seen_in": article.wire.seen_in} if article.wire else None,
        "claims": [_claim(article, claim) for claim in analysis.claims],
    }


def _claim(article: Article, claim: Claim) -> dict[str, Any]:
    rule = claim.mapped_rule
    return {
        "id": claim.claim_id,
        "status": claim.status,
        "confidence": round(claim.confidence, 3),
        "accused": [{"name": actor.name, "kind": actor.kind, "country": actor.country or None} for actor in claim.accused],
        "conduct": claim.conduct,
        "modality": claim.modality,
        "attributions": [
            {"name": step.name, "kind": step.kind, "verb": step.verb, "stance": step.stance, "inferred": step.is_inferred}
            for step in claim.attributions
        ],
        "root": claim.root,
        "cited_rule": claim.cited_rule or None,
        "mapped_rule": rule.rule if rule else None,
        "rule": dataclasses.asdict(rule) if rule else None,
        "regime": claim.regime,
        "counterparts": [actor.name for actor in claim.counterparts],
        "object": claim.object or None,
        "quantities": [dataclasses.asdict(quantity) for quantity in claim.quantities],
        "place": claim.place or None,
        "period": _period(claim),
        "marks": list(claim.marks),
        "reasons": list(claim.reasons),
        "quotes": [{"text": article.text[span.start : span.end], "start": span.start, "end": span.end} for span in claim.spans],
    }


def _period(claim: Claim) -> dict[str, str | None] | None:
    period = claim.period
    if period is None:
        return None
    first, last = (day.isoformat() if day else None for day in (period.first, period.last))
    return {"written": period.written, "first": first, "last": last, "precision": period.precision}


def _cluster(given: argparse.Namespace) -> int:
    from sanctions_watch.cli_stories import cluster_rows

    with _open(given.file) as lines:
        for answer in cluster_rows(_rows(lines)):
            _write(answer)
    return 0


def _replay(given: argparse.Namespace) -> int:
    from sanctions_watch.library import replay

    if given.subscribers:
        return _replay_messages(given)
    with _open(given.file) as lines, _Progress("articles replayed") as progress:
        errors: list[dict[str, Any]] = []
        order: list[Any] = []

        def good() -> Iterator[Row]:
            for number, (row_id, row) in enumerate(_rows(lines)):
                if isinstance(row, str):
                    errors.append({"id": row_id, "error": row})
                else:
                    order.append(row_id)
                    yield dataclasses.replace(row, id=f"{number} {row_id}")

        for position, (_, alerts) in enumerate(replay(good())):
            for error in errors:
                _write(error)
            errors.clear()
            _write({"id": order[position], "alerts": [
                {"kind": alert.kind, "accused": alert.accused, "family": family(alert.conduct), "conduct": alert.conduct, "subject": alert.headline}
                for alert in alerts
            ]})  # fmt: skip
            progress.step()
        for error in errors:
            _write(error)
    return 0


def _replay_messages(given: argparse.Namespace) -> int:
    from sanctions_watch.library import replay_messages
    from sanctions_watch.records import Mail
    from sanctions_watch.stages.alert import read_subscribers

    try:
        subscribers = read_subscribers(Path(given.subscribers).read_text(encoding="utf-8"), given.subscribers)
    except (OSError, UnicodeError) as error:
        raise ConfigurationError([f"{given.subscribers} cannot be read: {error}"]) from error
    with _open(given.file) as lines, _Progress("articles replayed") as progress:

        def good() -> Iterator[Row]:
            for number, (row_id, row) in enumerate(_rows(lines)):
                if isinstance(row, str):
                    print(f"sanctions-watch: row {row_id}: {row}", file=sys.stderr)
                else:
                    yield dataclasses.replace(row, id=f"{number} {row_id}")
                progress.step()

        for sent in replay_messages(good(), subscribers):
            notification, message = sent.notification, sent.message
            told = {
                "at": sent.at.isoformat(), "subscriber": notification.subscriber_id, "channel": notification.channel,
                "to": notification.address, "subject": message.subject if isinstance(message, Mail) else "",
                "held_for": notification.held_for, "is_digest": notification.is_digest,
            }  # fmt: skip
            if given.text:
                told["text"] = message.text if isinstance(message, Mail) else message.body
            _write(told)
    return 0


def _extract_text(given: argparse.Namespace) -> int:
    from sanctions_watch.stages.clean import extract_text

    try:
        page = sys.stdin.buffer.read() if given.file == "-" else Path(given.file).read_bytes()
    except OSError as error:
        raise ConfigurationError([f"{given.file} cannot be read: {error.strerror}"]) from error
    article = extract_text(page, given.url, datetime.now(UTC))
    if given.json:
        _write({
            "title": article.title, "text": article.text, "url": article.url, "publisher": article.publisher, "byline": article.byline,
            "language": article.language, "published_at": article.published_at.isoformat(),
            "dates": [{"source": date.source, "value": date.value.isoformat(), "written": date.written} for date in article.dates],
            "date_conflict": article.has_date_conflict, "wire": dataclasses.asdict(article.wire) if article.wire else None,
            "zones": [dataclasses.asdict(zone) for zone in article.zones], "removed": [dataclasses.asdict(removed) for removed in article.removed],
        })  # fmt: skip
    else:
        print(article.text)
    return 0


def _article(name: str) -> Article:
    from sanctions_watch.library import Row, clean_row
    from sanctions_watch.stages.clean import extract_text

    if name.endswith((".html", ".htm")):
        try:
            return extract_text(Path(name).read_bytes(), "", datetime.now(UTC))
        except OSError as error:
            raise ConfigurationError([f"{name} cannot be read: {error.strerror}"]) from error
    with _open(name) as file:
        text = file.read()
    try:
        row = Row.read(json.loads(text))
    except json.JSONDecodeError:
        row = Row(title="", text=text, id=name)
    return clean_row(row)


def _named(given: argparse.Namespace, console: Console) -> tuple[list[Article], tuple[Carried, ...]]:
    """The two articles that are named by their ids in a file of rows or in the warehouse; there also what agencies carried of them."""
    from sanctions_watch import runtime
    from sanctions_watch.adapters.warehouse import connect
    from sanctions_watch.cli_stories import from_rows, from_warehouse

    if len(given.articles) != 2:
        raise ConfigurationError(["name two ids"])
    names = (given.articles[0], given.articles[1])
    if given.rows:
        with _open(given.rows) as lines:
            return list(from_rows(_rows(lines), names)), ()
    warehouse = connect(given.warehouse or runtime.settings().warehouse_url)
    try:
        a, b, carried = from_warehouse(warehouse, names, console)
        return [a, b], carried
    finally:
        warehouse.close()


def _explain(given: argparse.Namespace) -> int:
    from rich.console import Console
    from rich.markup import escape
    from rich.text import Text

    from sanctions_watch.cli_stories import explain_pair, pair_as_json, read_articles
    from sanctions_watch.library import analyze_articles

    console = Console(soft_wrap=True)
    is_named = given.rows or given.warehouse is not None
    articles, carried = _named(given, console) if is_named else (read_articles(given.articles, _article), ())
    if len(articles) == 2:
        if given.json:
            _write(pair_as_json(articles[0], articles[1], carried))
        else:
            explain_pair(articles[0], articles[1], console, carried)
        return 0
    [analysis] = analyze_articles(articles)
    selection = analysis.selection
    console.print(f"[bold]{'selected' if selection.is_selected else 'not selected'}[/] (score {selection.score:.2f})")
    for reason in selection.reasons:
        console.print(f"  · {escape(reason)}")
    marked = Text(analysis.article.text)
    colours = ("yellow", "cyan", "magenta", "green", "blue", "red")
    for number, claim in enumerate(analysis.claims):
        for span in claim.spans:
            marked.stylize(f"{colours[number % len(colours)]} underline", span.start, span.end)
    console.print(marked)
    for number, claim in enumerate(analysis.claims, 1):
        names = ", ".join(actor.name for actor in claim.accused) or "nobody named"
        console.print(
            f"\n[bold {colours[(number - 1) % len(colours)]}]{number}. {escape(names)}: {claim.conduct}[/] – {claim.modality}, {claim.status}"
        )
        console.print(f"   alleged by {escape(' ← '.join(step.name for step in claim.attributions) or 'nobody named')}")
        if claim.mapped_rule:
            console.print(f"   {claim.mapped_rule.rule} (mapped by us{'' if claim.mapped_rule.is_verified else ', unverified'})")
        for reason in claim.reasons:
            console.print(f"   · {escape(reason)}")
    return 0


def _warehouse_migrate(_: argparse.Namespace) -> int:
    from sanctions_watch import runtime

    print(f"The warehouse is at {runtime.migrate()}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
