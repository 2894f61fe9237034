"""The proposed Admiralty grade: how reliable the source, how credible the information, each with its reasons in words.

Reliability (A-F) is the best root's, by its kind and record; credibility (1-6) comes from independent roots, documents and denials.
The scale is that of NATO's AJP-2.1 (A completely reliable … F cannot be judged; 1 confirmed … 6 cannot be judged).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

from sanctions_watch.records import Fact, Grade, Reliability
from sanctions_watch.stages.assess.sources import Root

_RELIABILITY = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}
_CREDIBILITY = {
    "1": "confirmed by other sources",
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtful",
    "5": "improbable",
    "6": "cannot be judged",
}
ENOUGH_ROOTS = 3  # independent of one another, they count as a confirmation


def grade(
    facts: Sequence[Fact], roots: Sequence[str], new_roots: Sequence[Root], before: Grade | None, *, is_withdrawn: bool
) -> Grade:
    """The grade of an allegation with these facts and independent roots. ``before`` is its grade until now, None for a new one."""
    reliability, why = _reliability(new_roots, before)
    credibility, reasons = _credibility(facts, roots, is_withdrawn=is_withdrawn)
    return Grade(reliability, credibility, (why, *reasons))


def _reliability(new_roots: Sequence[Root], before: Grade | None) -> tuple[Reliability, str]:
    graded = [(_lowered(root), _why(root)) for root in new_roots]
    if before is not None:
        graded.append((before.reliability, before.reasons[0] if before.reasons else ""))
    return min(graded, default=("F", "nobody is named as the source"), key=lambda one: (one[0], one[1]))


def _lowered(root: Root) -> Reliability:
    """Unnamed sources and unidentified reports are a step less than who passes them on."""
    letters = "ABCDEF"
    step = 1 if root.rests_on_unnamed and root.source.reliability < "E" else 0
    return cast("Reliability", letters[letters.index(root.source.reliability) + step])


def _why(root: Root) -> str:
    letter = _lowered(root)
    record = f", {root.source.why}" if root.source.why else ""
    unnamed = "; rests on unnamed people" if root.rests_on_unnamed else ""
    return f"{letter}: {root.source.label}: {'not known to us, ' if letter == 'F' else ''}{_RELIABILITY[letter]}{record}{unnamed}"


def _credibility(
    facts: Sequence[Fact], roots: Sequence[str], *, is_withdrawn: bool
) -> tuple[Literal["1", "2", "3", "4", "5", "6"], list[str]]:
    documents = [fact.value for fact in facts if fact.kind == "document"]
    wordings = {fact.key for fact in facts if fact.kind == "wording"}
    denials = [fact.value for fact in facts if fact.kind == "denial"]
    has_named_root = any(fact.kind == "root" and not fact.key.startswith("~") for fact in facts)
    count = len(roots)
    told = f"{count} independent {'root' if count == 1 else 'roots'} ({', '.join(roots)})" if roots else "no root is named"
    reasons = [told]
    if documents:
        reasons.append(f"documents are cited: {'; '.join(documents[:3])}")
    if "confirmed" in wordings:
        reasons.append("a verdict, a fine or an admission is told")
    level = _level(count, has_document=bool(documents) or "documented" in wordings, is_confirmed="confirmed" in wordings)
    if not has_named_root:
        level = max(level, 4)
        reasons.append("nobody is named who knows it at first hand")
    elif wordings <= {"conditional", "denied"}:
        level = max(level, 4)
        reasons.append("told only on the condition that reports prove accurate")
    if denials:
        reasons.append(f"denied by {', '.join(denials[:3])}")
        if count < 2 and level == 3:
            level = 4
    if is_withdrawn:
        level = 5
        reasons.append("withdrawn by who said it")
    credibility = cast("Literal['1', '2', '3', '4', '5', '6']", str(level))
    reasons[0] = f"{credibility}: {_CREDIBILITY[credibility]}; {reasons[0]}"
    return credibility, reasons


def _level(roots: int, *, has_document: bool, is_confirmed: bool) -> int:
    if roots >= ENOUGH_ROOTS or (roots > 1 and (has_document or is_confirmed)):
        return 1
    if roots > 1 or has_document or is_confirmed:
        return 2
    return 3
