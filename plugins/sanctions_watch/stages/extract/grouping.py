"""From assertions to claims: one event told in several sentences is one claim; the same speaker twice on the same conduct is one claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sanctions_watch.records import Actor, Attribution, Modality, Period, Quantity, Span
from sanctions_watch.stages.extract.lexicon import words
from sanctions_watch.text import accused_key, family, fold


@dataclass
class Assertion:
    """One sentence's telling of a conduct; ``group`` joins them."""

    sentence: int
    is_headline: bool
    accused: tuple[Actor, ...]
    conduct: str
    modality: Modality
    spans: list[Span]
    attributions: tuple[Attribution, ...]
    is_accepted: bool
    confidence: float
    reasons: tuple[str, ...]
    weight: int = 1
    link: float = 1.0  # how near North Korea stands (parties.Link.strength)
    is_fallback: bool = False
    counterparts: tuple[Actor, ...] = ()
    object: str = ""
    quantities: tuple[Quantity, ...] = ()
    place: str = ""
    period: Period | None = None
    marks: tuple[str, ...] = ()
    sentences: list[int] = field(default_factory=list)
    themes: frozenset[str] = frozenset()  # the classes of what it is about
    is_anaphoric: bool = False  # "the fuel": goes on about what was told before
    followed_by: int = -1  # the sentence that puts it under a condition; -1 without one

    @property
    def root(self) -> str:
        """The folded name of the last known source."""
        return fold(self.attributions[-1].name) if self.attributions else ""

    @property
    def is_carried(self) -> bool:
        """Whether nobody is named in the telling itself as its source."""
        return all(step.is_inferred for step in self.attributions)

    @property
    def is_official(self) -> bool:
        """Whether the source is the law at work under no name of its own: "police", "investigators", "the prosecutor"."""
        return self.root in _OFFICERS | _LAW_PAPERS or any(self.root.endswith(" " + word) for word in _OFFICERS)

    @property
    def keys(self) -> frozenset[str]:
        """The accused as identities."""
        return frozenset(accused_key(actor.name, actor.kind, actor.country) for actor in self.accused)


_OFFICERS = words(
    "police investigators prosecutors prosecutor officers customs agents detectives inspectors authorities court courts judge judges"
) | {"customs agency", "court papers", "customs officers"}
_ASIDES = frozenset({"sea.identity_fraud", "fin.asset_freeze"})  # told beside the conduct that they serve
_MARK = "sea.identity_fraud"
_STRENGTH: dict[str, int] = {"confirmed": 4, "documented": 3, "alleged": 2, "conditional": 1}


def group(assertions: Sequence[Assertion]) -> list[Assertion]:
    """Joined assertions, in the order of their first sentence; the first span is the most telling."""
    body = _without_nameless([one for one in assertions if not one.is_headline])
    groups: list[Assertion] = []
    for one in body:
        home = next((other for other in groups if _is_same(other, one)), None)
        if home is None:
            one.sentences = [one.sentence, *([one.followed_by] if one.followed_by >= 0 else [])]
            groups.append(one)
        else:
            _join(home, one)
    if any(one.is_accepted and one.conduct != _MARK for one in groups):
        for one in groups:
            one.is_accepted = one.is_accepted and one.conduct != _MARK  # a mark on other conduct, no breach of its own
    for one in assertions:
        if not one.is_headline:
            continue
        home = next(
            (
                other
                for other in groups
                if family(other.conduct) == family(one.conduct) and (other.keys & one.keys or not one.keys or one.is_fallback)
            ),
            None,
        )
        if home is None:
            one.is_accepted = False
            one.reasons = (*one.reasons, "only the headline says so")
            one.sentences = [one.sentence]
            groups.append(one)
        else:
            _join(home, one)
    return groups


def _without_nameless(body: list[Assertion]) -> list[Assertion]:
    """Tellings that name nobody go to the nearest one on the same conduct that does, as further spans of it."""
    named = [one for one in body if one.accused and one.is_accepted]
    kept = []
    for one in body:
        near = [
            other
            for other in named
            if not one.accused
            and other.conduct == one.conduct
            and abs(other.sentence - one.sentence) <= _REACH
            and other is not one
        ]
        if not near:
            kept.append(one)
            continue
        home = min(near, key=lambda other: abs(other.sentence - one.sentence))
        home.spans += [span for span in one.spans if span not in home.spans]
        home.quantities += tuple(quantity for quantity in one.quantities if quantity not in home.quantities)
    return kept


_REACH = 4  # sentences


def _is_same(home: Assertion, one: Assertion) -> bool:
    """Whether a telling belongs to a claim already begun: same accused, same source, same conduct or the same episode of it."""
    is_near = one.sentence - home.sentences[-1] <= 3
    if _ASIDES & {home.conduct, one.conduct} and home.keys & one.keys and is_near and "denied" not in {home.modality, one.modality}:
        return True
    if any((home.modality == kind) != (one.modality == kind) for kind in ("denied", "conditional", "withdrawn")):
        return False
    if not (home.keys & one.keys) and home.keys != one.keys:
        return False
    if home.conduct == one.conduct:
        return (
            _is_same_root(home, one)
            or (home.is_official and one.is_official)
            or home.is_carried
            or one.is_carried
            or home.modality == one.modality == "confirmed"
        )
    if not is_near or home.keys != one.keys or not (_is_same_root(home, one) or (home.is_official and one.is_official)):
        return False
    if frozenset({home.conduct, one.conduct}) in _ONE_EPISODE:
        return True
    return family(home.conduct) == family(one.conduct) and (one.is_anaphoric or home.weight != one.weight)


_ONE_EPISODE = {
    frozenset(pair)
    for pair in (
        ("fin.cyber", "fin.services_cash"),
        ("fin.banks", "fin.services_cash"),
        ("fin.asset_freeze", "fin.services_cash"),
        ("fin.asset_freeze", "fin.banks"),
        ("sea.sts", "sea.vessel_supply"),
        ("sea.charter_crew", "sea.flag_insurance"),
    )
}
_LAW_PAPERS = frozenset(
    {
        "charge sheet",
        "indictment",
        "complaint",
        "court papers",
        "court documents",
        "statement of facts",
        "affidavit",
        "court filings",
        "court records",
        "papers",
        "filings",
    }
)


def _is_same_root(home: Assertion, one: Assertion) -> bool:
    """Whether two tellings rest on one source, whether or not it is called the same: "the customs service", "Korea Customs Service"."""
    if home.root == one.root or _holder(home) == _holder(one) != "":
        return True
    first, second = _content(home.root), _content(one.root)
    return (
        bool(first and second)
        and (first <= second or second <= first)
        and not (first | second) <= {"report", "reports", "source", "sources", "officials", "diplomats"}
    )


def _holder(one: Assertion) -> str:
    """Who holds the document that is the root: its papers are one source, whichever is named."""
    steps = one.attributions
    return (
        fold(steps[-2].name)
        if len(steps) > 1 and steps[-1].kind == "document" and steps[-2].kind in {"publisher", "agency"}
        else ""
    )


def _content(root: str) -> frozenset[str]:
    return frozenset(word for word in root.split() if word not in _EMPTY_WORDS)


_EMPTY_WORDS = words(
    "s the of a an his its their same south north korea korean us u american russian chinese japanese annual new confidential local two three several former"
)


def _join(home: Assertion, one: Assertion) -> None:
    """Take one telling into a claim: spans, parties, numbers; the stronger wording wins."""
    better = one.is_accepted and not home.is_accepted
    if better or (one.weight > home.weight and not one.is_headline and one.conduct != home.conduct):
        home.conduct = one.conduct if one.is_accepted >= home.is_accepted else home.conduct
    if one.is_accepted == home.is_accepted or better:
        names = {accused_key(actor.name, actor.kind, actor.country) for actor in home.accused}
        if better:
            home.accused = one.accused
        elif not one.is_headline:
            home.accused += tuple(actor for actor in one.accused if accused_key(actor.name, actor.kind, actor.country) not in names)
    home.weight = max(home.weight, one.weight)
    home.themes |= one.themes
    home.is_accepted = home.is_accepted or (one.is_accepted and not one.is_headline)
    home.confidence = max(home.confidence, one.confidence)
    if _STRENGTH.get(one.modality, 0) > _STRENGTH.get(home.modality, 0):
        home.modality = one.modality
    home.spans += [span for span in one.spans if span not in home.spans]
    home.sentences.append(one.sentence)
    home.counterparts += tuple(actor for actor in one.counterparts if actor not in home.counterparts and actor not in home.accused)
    home.object = home.object or one.object
    home.quantities += tuple(quantity for quantity in one.quantities if quantity not in home.quantities)
    home.place = home.place or one.place
    home.period = home.period or one.period
    home.marks += tuple(mark for mark in one.marks if mark not in home.marks)
    home.reasons += tuple(reason for reason in one.reasons if reason not in home.reasons)
    if (home.is_carried and not one.is_carried) or (len(one.attributions) > len(home.attributions) and one.root == home.root):
        home.attributions = one.attributions
