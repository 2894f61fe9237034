"""One allegation before and after an article: which facts are new, what that makes it, and the state that follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from sanctions_watch.records import Allegation, ArticleToAssess, Claim, Fact, FactKind, Novelty, identify
from sanctions_watch.stages.assess import facts, identity
from sanctions_watch.stages.assess.facts import FIRMNESS, Known, denial_of, facts_of, number_unit, numbers_of
from sanctions_watch.stages.assess.grade import grade
from sanctions_watch.stages.assess.identity import Identity
from sanctions_watch.stages.assess.sources import Root, document_kind, is_own_document, own_source, source, speaks

REPRINTS = frozenset({"copy", "cut", "edited", "headline_changed", "house_intro", "merged_from", "republished"})
_OF_REPRINTS: frozenset[FactKind] = frozenset({"number", "party", "document", "denial"})  # what a reprint may really add
_ORDER: tuple[FactKind, ...] = ("root", "accuser", "document", "number", "party", "place", "date", "wording", "denial")
_STRONG: frozenset[FactKind] = frozenset({"root", "accuser", "document", "number", "party", "wording"})


@dataclass(slots=True)
class Bundle:
    """What one article brings to one allegation. ``before`` is None where the allegation is not known yet."""

    identity: Identity
    before: Allegation | None
    told: list[tuple[Claim, Root]] = field(default_factory=list)
    denials: list[Claim] = field(default_factory=list)
    withdrawals: list[Claim] = field(default_factory=list)
    replaced: list[Claim] = field(default_factory=list)  # what an earlier version, or the corrected dispatch, said
    is_correction: bool = False
    is_killed: bool = False
    is_background: bool = False  # an older event, told in an article on a newer one

    @property
    def claims(self) -> list[Claim]:
        """The article's claims, each once, in the order of their quotes."""
        all_of_them = {claim.claim_id: claim for claim in (*(claim for claim, _ in self.told), *self.denials, *self.withdrawals)}
        return sorted(all_of_them.values(), key=_position)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a bundle does to its allegation."""

    novelty: Novelty
    new_facts: tuple[Fact, ...]
    reasons: tuple[str, ...]
    after: Allegation


def absorb(bundle: Bundle, work: ArticleToAssess) -> Outcome:
    """The allegation after this article. Its version goes up only where a fact is new."""
    before = bundle.before
    known: Sequence[Fact] = before.facts if before else ()
    is_reprint = before is not None and work.placement.relation in REPRINTS and work.placement.story_id in before.story_ids
    new, roots = _new_facts(bundle, work, known, is_reprint=is_reprint)
    new += _hedged(bundle, work, roots, is_reprint=is_reprint)
    corrections, known = _corrections(bundle, work, known, new)
    new_facts = tuple(sorted((*new, *corrections), key=lambda fact: _ORDER.index(fact.kind)))
    novelty = _novelty(bundle, new_facts, has_correction=bool(corrections))
    after = _after(bundle, work, (*_strengthened(known, roots), *new_facts), roots, is_changed=bool(new_facts))
    return Outcome(novelty, new_facts, tuple(_reasons(bundle, work, novelty, new_facts, is_reprint=is_reprint)), after)


# ---------------------------------------------------------------- facts


def _new_facts(bundle: Bundle, work: ArticleToAssess, known: Sequence[Fact], *, is_reprint: bool) -> tuple[list[Fact], list[Root]]:
    accused = bundle.identity.accused
    pairs = [(claim, _as_comment(root, known)) for claim, root in bundle.told]
    if not any(root.strength == "named" for _, root in pairs):
        pairs = [(claim, _with_papers(claim, root, known)) for claim, root in pairs]
    told = [fact for claim, root in pairs for fact in facts_of(claim, accused, root, work.article.published_at)]
    told += [denial_of(claim, accused) for claim in bundle.denials]
    told = facts.with_first_of_each(_without_weak_roots(told, known))
    held = Known(known)
    allowed = _OF_REPRINTS if is_reprint else frozenset(_ORDER)
    new = [fact for fact in told if fact.kind in allowed and not held.holds(fact)]
    roots = [] if is_reprint else _kept_roots(pairs, known)
    return _strongest_wording(new), roots


def _hedged(bundle: Bundle, work: ArticleToAssess, roots: Sequence[Root], *, is_reprint: bool) -> list[Fact]:
    """The only root, which was firm, now says it on a condition alone: softer wording. Not so of somebody else's "if that is true"."""
    before = bundle.before
    if before is None or is_reprint or len(before.roots) != 1 or work.article.published_at <= before.last_published_at:
        return []
    if not bundle.told or any(claim.modality != "conditional" for claim, _ in bundle.told):
        return []
    known = Known(before.facts)
    was_firm = any(FIRMNESS.get(fact.key, -1) >= 0 and fact.key != "conditional" for fact in known.of("wording"))
    for claim, root in bundle.told:
        is_itself = all(source(step.name, step.kind).key == root.source.key and speaks(step) for step in claim.attributions)
        fact = Fact("wording", f"hedged@{root.source.key}", f"{root.source.label} now says it on a condition", claim.claim_id)
        if was_firm and is_itself and root in roots and any(fact.key == root.source.key for fact in known.of("root")):
            return [] if known.holds(fact) else [fact]
    return []


def _as_comment(root: Root, known: Sequence[Fact]) -> Root:
    """Who has spoken of others' reports before is no root of the same allegation now."""
    roots = {fact.key.lstrip("~") for fact in known if fact.kind == "root"}
    voices = {fact.key for fact in known if fact.kind == "accuser"}
    is_comment = root.strength == "named" and roots and root.source.key in voices and root.source.key not in roots
    return replace(root, strength="inferred") if is_comment else root


def _with_papers(claim: Claim, root: Root, known: Sequence[Fact]) -> Root:
    """A publisher who names no source but tells of documents is their root, unless such documents are known: then it retells.

    Not so of reports and court papers, which somebody else wrote.
    """
    if root.strength != "own" or root.rests_on_unnamed:
        return root
    kinds = {document_kind(step.name) for step in claim.attributions if is_own_document(step)} - {
        "report",
        "court papers",
        "letter",
    }
    told = {fact.key.partition("@")[0] for fact in known if fact.kind == "document"}
    return replace(root, strength="named") if kinds - told else root


def _without_weak_roots(told: list[Fact], known: Sequence[Fact]) -> list[Fact]:
    """Roots that nobody is named for stand only where no root is known, and only one of them."""
    has_root = any(fact.kind == "root" for fact in known) or any(_is_named_root(fact) for fact in told)
    kept: list[Fact] = []
    for fact in told:
        if fact.kind == "root" and not _is_named_root(fact):
            if has_root:
                continue
            has_root = True
        kept.append(fact)
    return kept


def _is_named_root(fact: Fact) -> bool:
    return fact.kind == "root" and not fact.key.startswith("~")


def _kept_roots(told: Iterable[tuple[Claim, Root]], known: Sequence[Fact]) -> list[Root]:
    """The roots that the grade goes by: the named ones, else the first."""
    roots = [root for _, root in told]
    named = [root for root in roots if root.strength == "named"]
    has_root = any(fact.kind == "root" for fact in known)
    return named or ([] if has_root else roots[:1])


def _strongest_wording(new: list[Fact]) -> list[Fact]:
    wordings = [fact for fact in new if fact.kind == "wording"]
    if len(wordings) < 2:
        return new
    strongest = max(wordings, key=lambda fact: FIRMNESS.get(fact.key, 0))
    return [fact for fact in new if fact.kind != "wording" or fact is strongest]


def _strengthened(known: Sequence[Fact], roots: Sequence[Root]) -> list[Fact]:
    """A source that was only inferred, or spoke for itself, and is now named, is the same root, and named."""
    named = {root.source.key: root.source.label for root in roots if root.strength == "named"}
    return [
        replace(fact, key=fact.key[1:], value=named[fact.key[1:]])
        if fact.kind == "root" and fact.key.startswith("~") and fact.key[1:] in named
        else fact
        for fact in known
    ]


# ---------------------------------------------------------------- corrections


def _corrections(
    bundle: Bundle, work: ArticleToAssess, known: Sequence[Fact], new: list[Fact]
) -> tuple[list[Fact], Sequence[Fact]]:
    """The facts that a kill, a withdrawal or a correction brings, and the known facts with what became of them."""
    found: list[Fact] = []
    if bundle.is_killed:
        who = own_source(work).label
        found.append(Fact("wording", f"killed:{work.placement.story_id}", f"{who} has withdrawn its dispatch"))
    for claim in bundle.withdrawals:
        who = claim.attributions[0].name if claim.attributions else own_source(work).label
        found.append(Fact("wording", f"withdrawn:{source(who).key}", f"taken back by {who}", claim.claim_id))
    if bundle.is_correction:
        if not bundle.told and bundle.replaced:
            who = own_source(work).label
            found.append(Fact("wording", f"withdrawn:{work.placement.story_id}", f"{who}'s corrected text no longer says it"))
        elif bundle.told and bundle.replaced:
            found += _softened(bundle)
            known = _with_corrected_numbers(bundle, known, new)
    held = Known(known)
    return [fact for fact in facts.with_first_of_each(found) if not held.holds(fact)], known


def _softened(bundle: Bundle) -> list[Fact]:
    was = max(FIRMNESS[claim.modality] for claim in bundle.replaced)
    firmest, _ = max(bundle.told, key=lambda pair: FIRMNESS[pair[0].modality])
    if FIRMNESS[firmest.modality] >= was:
        return []
    return [Fact("wording", f"softened:{firmest.modality}@{firmest.article_id}", f"now only {firmest.modality}", firmest.claim_id)]


def _with_corrected_numbers(bundle: Bundle, known: Sequence[Fact], new: list[Fact]) -> Sequence[Fact]:
    """Known figures that the corrected text replaces say so; they stay known, so that a late reprint of them is nothing new."""
    replaced = [fact for claim in bundle.replaced for fact in numbers_of(claim)]
    said = Known([fact for claim, _ in bundle.told for fact in numbers_of(claim)])
    gone = Known([fact for fact in replaced if not said.holds(fact)])
    by_unit = {number_unit(fact): fact.value for fact in new if fact.kind == "number"}
    return [
        replace(fact, value=f"{fact.value} (corrected to {by_unit[number_unit(fact)]})")
        if fact.kind == "number" and number_unit(fact) in by_unit and gone.holds(fact)
        else fact
        for fact in known
    ]


# ---------------------------------------------------------------- what it makes


def _novelty(bundle: Bundle, new_facts: Sequence[Fact], *, has_correction: bool) -> Novelty:
    if bundle.before is None:
        return "NEW"
    if has_correction or (bundle.is_correction and new_facts):
        return "CORRECTION"
    if any(fact.kind == "denial" for fact in new_facts) and not _news_before_denial(bundle, new_facts):
        return "DENIAL"
    return "UPDATE" if new_facts else "NOTHING"


def _news_before_denial(bundle: Bundle, new_facts: Sequence[Fact]) -> bool:
    """Whether the article tells something else that is new and weighty before it comes to the denial."""
    places = {claim.claim_id: _position(claim) for claim in bundle.claims}
    denied = min((places[fact.claim_id] for fact in new_facts if fact.kind == "denial"), default=(0, 0))
    return any(places.get(fact.claim_id, denied) < denied for fact in new_facts if fact.kind in _STRONG)


def _position(claim: Claim) -> tuple[int, int]:
    return min(((span.start, span.end) for span in claim.spans), default=(0, 0))


def _after(
    bundle: Bundle, work: ArticleToAssess, all_facts: tuple[Fact, ...], roots: Sequence[Root], *, is_changed: bool
) -> Allegation:
    before = bundle.before
    state = _state(bundle, work, all_facts, is_changed=is_changed)
    labels = _roots(all_facts)
    after = _opened(bundle, work) if before is None else _counted(before, bundle, work, is_changed=is_changed)
    return replace(
        after,
        facts=all_facts,
        roots=labels,
        state=state,
        grade=grade(all_facts, labels, roots, before.grade if before else None, is_withdrawn=state == "withdrawn"),
    )


def _opened(bundle: Bundle, work: ArticleToAssess) -> Allegation:
    article, accused, conduct = work.article, bundle.identity.accused, bundle.identity.conduct
    counterpart, event_key = _counterpart(bundle), identity.event_key(bundle.identity)
    return Allegation(
        allegation_id=identify("allegation", identity.key_of(accused), conduct, counterpart, event_key, article.article_id),
        version=1,
        accused=accused,
        conduct=conduct,
        counterpart=counterpart,
        event_key=event_key,
        first_published_at=article.published_at,
        last_published_at=article.published_at,
        claim_ids=tuple(claim.claim_id for claim in bundle.claims),
        article_ids=(article.article_id,),
        story_ids=(work.placement.story_id,),
        publishers=(article.publisher,) if article.publisher else (),
        is_in_force=_is_in_force(bundle),
    )


def _counted(before: Allegation, bundle: Bundle, work: ArticleToAssess, *, is_changed: bool) -> Allegation:
    article = work.article
    return replace(
        before,
        version=before.version + is_changed,
        counterpart=_counterpart(bundle) if is_changed else before.counterpart,
        event_key=identity.event_key(bundle.identity) if is_changed else before.event_key,
        first_published_at=min(before.first_published_at, article.published_at),
        last_published_at=max(before.last_published_at, article.published_at),
        claim_ids=_with(before.claim_ids, tuple(claim.claim_id for claim in bundle.claims)),
        article_ids=_with(before.article_ids, (article.article_id,)),
        story_ids=_with(before.story_ids, (work.placement.story_id,)),
        publishers=_with(before.publishers, (article.publisher,) if article.publisher else ()),
        is_in_force=before.is_in_force or _is_in_force(bundle),
    )


def _counterpart(bundle: Bundle) -> str:
    return " + ".join(sorted(bundle.identity.counterparts))


def _is_in_force(bundle: Bundle) -> bool:
    return any(claim.mapped_rule is None or claim.mapped_rule.is_in_force for claim, _ in bundle.told)


def _state(bundle: Bundle, work: ArticleToAssess, all_facts: Sequence[Fact], *, is_changed: bool) -> Literal["open", "withdrawn"]:
    """Withdrawn where who said it takes it back, or the only dispatch that said it is gone; open again where anything new is told."""
    before = bundle.before
    if bundle.withdrawals:
        roots = {fact.key.lstrip("~") for fact in all_facts if fact.kind == "root"}
        who = {source(step.name, step.kind).key for claim in bundle.withdrawals for step in claim.attributions}
        return "open" if roots - who else "withdrawn"
    if before is None:
        return "open"
    if bundle.is_killed or (bundle.is_correction and bundle.replaced and not bundle.told):
        has_others = bool(set(before.story_ids) - {work.placement.story_id})
        return before.state if has_others else "withdrawn"
    return "open" if is_changed and bundle.told else before.state


def _with(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*old, *new)))


def _roots(all_facts: Sequence[Fact]) -> tuple[str, ...]:
    """The independent roots, the most reliable first: the named ones, else the one that stands for lack of a better."""
    roots = [fact for fact in all_facts if fact.kind == "root"]
    named = [fact.value for fact in roots if _is_named_root(fact)]
    if named:
        return tuple(sorted(dict.fromkeys(named), key=lambda label: source(label).reliability))
    return tuple(fact.value for fact in roots[:1])


def _reasons(
    bundle: Bundle, work: ArticleToAssess, novelty: Novelty, new_facts: Sequence[Fact], *, is_reprint: bool
) -> Iterable[str]:
    if bundle.before is None:
        event = f", event {identity.event_key(bundle.identity)}" if identity.event_key(bundle.identity) else ""
        yield f"no allegation against this accused for this conduct{event} within {identity.EPISODE.days} days"
    else:
        yield f"the same accused, conduct and episode as first published on {bundle.before.first_published_at.date().isoformat()}"
    if is_reprint:
        yield f"a reprint ({work.placement.relation}) of a known story: counted, not a source"
    if novelty == "NOTHING":
        yield "no fact that is not known"
    elif novelty != "NEW":
        yield from (f"new {fact.kind}: {fact.value}" for fact in new_facts)
