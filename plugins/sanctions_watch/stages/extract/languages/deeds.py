"""Which conduct a sentence tells as done, by whom: one doer × one conduct, nothing that takes it back."""

from __future__ import annotations

from dataclasses import dataclass

from sanctions_watch.stages.extract.languages.doers import NORTH_KOREA, Mention
from sanctions_watch.stages.extract.languages.lexicon import Frame, Lexicon

# Groups that work for North Korea, as latin.py and the lexicons write them.
_NORTHERN = frozenset({"Lazarus", "Kimsuky", "Andariel"})
_REACH_EAST, _REACH_WEST = 40, 110  # characters between doer and deed, and between theme and deed
_AFTER = 10  # where verbs come last: a theme after one is what a relative clause describes
_TAIL = 9  # characters after a verb that may still negate it


@dataclass(frozen=True, slots=True)
class Deed:
    """A conduct told of a doer; ``start`` and ``end`` are offsets into the sentence, from the doer to the deed."""

    doer: Mention
    frame: Frame
    start: int
    end: int


def deeds(text: str, lexicon: Lexicon, candidates: list[Mention]) -> list[Deed]:
    """Every pair of a doer and a conduct that the sentence tells as done; for each doer and deed the frame whose theme is nearest."""
    found: list[Deed] = []
    for frame in lexicon.frames:
        if not frame.theme.search(text):
            continue
        for match in frame.deed.finditer(text):
            doer = _doer(candidates, frame, match.start(), lexicon)
            if doer is None or not _has_theme(text, frame, doer, match.span(), lexicon, candidates):
                continue
            if not _is_negated(text, doer.end, match.span(), lexicon):
                found.append(Deed(doer, frame, doer.start, match.end()))
                break
    return found


def _doer(candidates: list[Mention], frame: Frame, before: int, lexicon: Lexicon) -> Mention | None:
    """The nearest possible doer before a deed, of the side that the frame speaks of."""
    reach = _REACH_WEST if lexicon.is_spaced else _REACH_EAST
    possible = [one for one in candidates if one.end <= before and before - one.end <= reach and _fits(one, frame)]
    return possible[-1] if possible else None


def _fits(one: Mention, frame: Frame) -> bool:
    is_northern = one.actor.country == NORTH_KOREA or one.actor.name in _NORTHERN
    if frame.by == "any":
        return True
    return is_northern or one.actor.kind == "person" if frame.by == "north" else not is_northern


def _has_theme(text: str, frame: Frame, doer: Mention, deed: tuple[int, int], lexicon: Lexicon, candidates: list[Mention]) -> bool:
    """Whether what the deed is about stands near it: not inside the doer's own name, nor beyond another possible doer."""
    reach = _REACH_WEST if lexicon.is_spaced else _REACH_EAST
    first, last = max(0, deed[0] - reach), deed[1] + (_AFTER if lexicon.language in {"ko", "ja"} else reach)
    return any(
        not (doer.start <= theme.start() < doer.end)
        and not any(deed[1] <= other.start < theme.start() for other in candidates)
        and not any(theme.end() <= other.start < doer.start for other in candidates)
        for theme in frame.theme.finditer(text)
        if first <= theme.start() and theme.end() <= last
    )


def _is_negated(text: str, doer_end: int, deed: tuple[int, int], lexicon: Lexicon) -> bool:
    if lexicon.language in {"ko", "ja"}:
        tail = lexicon.negated.search(text, deed[0], deed[1] + _TAIL)
        return tail is not None and tail.end() > deed[1]
    last = deed[0] if lexicon.language != "de" else len(text)
    between = lexicon.negated.search(text, doer_end, last)
    return between is not None and not (deed[0] <= between.start() < deed[1])
