"""What the launcher shows: a live table on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TextIO

from rich.console import Console
from rich.live import Live
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

_LINE_SECONDS = 5.0  # plain lines come no faster


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the progress, with its name."""

    name: str
    value: str


class _Console(Console):
    """A console whose reader may go away: then it falls silent, where rich would end the program."""

    def on_broken_pipe(self) -> None:
        """Say no more."""
        self.quiet = True


class Display:
    """Says lines and keeps one progress up to date. As a context it restores the terminal at its end.

    A terminal that was closed, or a pipe that nobody reads any more, raises nothing: what we started must still be stopped.
    """

    def __init__(self, file: TextIO = sys.stdout, *, is_terminal: bool | None = None, width: int | None = None) -> None:
        self._console = _Console(file=file, force_terminal=is_terminal, width=width, highlight=False, soft_wrap=True)
        self._live: Live | None = None
        self._last_line: tuple[str, ...] = ()
        self._last_at = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.end_progress()

    def say(self, line: str = "") -> None:
        """Print a line, above the progress where there is one."""
        with self._reader_may_be_gone():
            self._console.print(line, markup=False)
            self._console.file.flush()

    def progress(self, title: str, figures: Sequence[Figure]) -> None:
        """Show where things stand."""
        if not self._console.is_terminal:
            self._progress_line(title, figures)
            return
        table = Table(title=title, title_justify="left", title_style="bold", show_edge=False, box=None, padding=(0, 2, 0, 0))
        for figure in figures:
            table.add_column(figure.name, justify="right", style="bold", header_style="dim")
        table.add_row(*(figure.value for figure in figures))
        with self._reader_may_be_gone():
            if self._live is None:
                self._live = Live(table, console=self._console, auto_refresh=False)  # no thread: we start processes from this one
                self._live.start()
            self._live.update(table, refresh=True)

    def end_progress(self) -> None:
        """Leave the last state on the screen."""
        live, self._live = self._live, None
        if live is not None:
            with self._reader_may_be_gone():
                live.stop()

    @contextmanager
    def _reader_may_be_gone(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            self._console.quiet = True

    def _progress_line(self, title: str, figures: Sequence[Figure]) -> None:
        now, values = time.monotonic(), tuple(figure.value for figure in figures)
        if values == self._last_line or now - self._last_at < _LINE_SECONDS:
            return
        self._last_line, self._last_at = values, now
        self.say(f"{title}: " + ", ".join(f"{figure.value} {figure.name}" for figure in figures))
