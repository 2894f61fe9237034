"""What analysts have said of an allegation, put together: the last word of each kind stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sanctions_watch.records import Ruling


@dataclass(frozen=True, slots=True)
class Standing:
    """The ruling that stands on whether it holds (None: nobody said), and the one on its grade (None: the proposed one stands)."""

    verdict: Ruling | None = None
    grade: Ruling | None = None

    @property
    def is_dismissed(self) -> bool:
        """Whether it raises no more alerts but corrections."""
        return self.verdict is not None and self.verdict.kind == "dismiss"

    @property
    def is_confirmed(self) -> bool:
        """Whether an analyst takes it for what the sources allege: never that the accused did it."""
        return self.verdict is not None and self.verdict.kind == "confirm"


def standing(rulings: Iterable[Ruling]) -> Standing:
    """What stands after these rulings, the earliest first."""
    verdict, grade = None, None
    for ruling in rulings:
        if ruling.kind == "grade":
            grade = ruling if ruling.grade else None
        else:
            verdict = None if ruling.kind == "reopen" else ruling
    return Standing(verdict, grade)
