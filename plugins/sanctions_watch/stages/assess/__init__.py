"""Assess: hold an article's claims against everything known, and say what is new.

Claims make allegations by accused, conduct, counterpart and episode (``identity``). What a claim tells are facts (``facts``), who says it
ends in independent roots (``sources``), and both make a grade (``grade``). An allegation's version goes up only when a fact is new
(``ledger``); reprints are counted and add nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sanctions_watch import taxonomy
from sanctions_watch.records import Actor, Allegation, ArticleToAssess, Assessment, Claim, identify
from sanctions_watch.stages.assess import identity
from sanctions_watch.stages.assess.identity import Identity, accused_of, canonical, fit, key_of, of_allegation, of_claim
from sanctions_watch.stages.assess.ledger import Bundle, Outcome, absorb
from sanctions_watch.stages.assess.rulings import Standing, standing
from sanctions_watch.stages.assess.sources import Root, backing, root_of
from sanctions_watch.text import family, fold

VERSION = "1"

_GENERAL_DENIALS = frozenset({"state.noncompliance", "allowed.context"})  # "we carry out the resolutions" answers anything


def ledger_keys(work: ArticleToAssess) -> tuple[set[str], set[str]]:
    """What must be read from the ledger: keys of accused (``text.accused_key``) and conduct families."""
    accused: set[str] = set()
    families: set[str] = set()
    for claim in (*_accepted(work), *work.previous_claims):
        accused |= {key_of(canonical(actor)) for actor in (*claim.accused, *_named(claim.counterparts))} - {""}
        conduct = taxonomy.conduct(claim.conduct)
        families |= {family(conduct_id) for conduct_id in (conduct.conduct_id, *conduct.equivalents)}
        if claim.conduct in identity.SHIP_DEEDS:
            families |= {family(conduct_id) for conduct_id in identity.SHIP_DEEDS}
        if claim.conduct in identity.CARRIED:
            families.add(family(identity.DIPLOMATS_DEED))
        if claim.modality == "denied" and claim.conduct in _GENERAL_DENIALS:
            families |= {row.family for row in taxonomy.conducts().values()}
    return accused, families


def assess(
    work: ArticleToAssess,
    known: Sequence[Allegation],
    now: datetime,
    *,
    window_days: int = 30,
    standings: Mapping[str, Standing] | None = None,
) -> list[Assessment]:
    """What the article does to each allegation it speaks of; empty where it holds no accepted claim.

    ``known`` are the allegations that the ledger has under ``ledger_keys``, ``standings`` what analysts said of them by their ids.
    Claims for review make no allegation and change none.
    """
    bundles = _Bundles(work, known)
    if _is_kill(work):
        bundles.kill()
    else:
        bundles.tell()
        bundles.deny()
        bundles.withdraw()
        if _is_correction(work):
            bundles.correct()
    return [_assessment(bundle, work, now, window_days, standings or {}) for bundle in bundles.touched()]


def _assessment(
    bundle: Bundle, work: ArticleToAssess, now: datetime, window_days: int, standings: Mapping[str, Standing]
) -> Assessment:
    outcome = absorb(bundle, work)
    said = standings.get(outcome.after.allegation_id, Standing())
    objections = (*_objections(bundle, outcome, work, now, window_days), *_dismissal(said, outcome))
    article = work.article
    return Assessment(
        assessment_id=identify("assessment", article.article_id, str(article.version), outcome.after.allegation_id),
        article_id=article.article_id,
        article_version=article.version,
        claim_ids=tuple(claim.claim_id for claim in bundle.claims),
        novelty=outcome.novelty,
        new_facts=outcome.new_facts,
        reasons=(*outcome.reasons, *(f"no mail: {objection}" for objection in objections)),
        allegation=outcome.after,
        assessed_at=now,
        may_alert=outcome.novelty != "NOTHING" and not objections,
        assessor_version=VERSION,
    )


def _objections(bundle: Bundle, outcome: Outcome, work: ArticleToAssess, now: datetime, window_days: int) -> Iterator[str]:
    """Why what is new raises no alert."""
    if work.article.is_backfill:
        yield "it comes from a backfill"
    if work.is_reprocessed:
        yield "a re-processing of what was assessed before"
    if work.placement.relation == "republished":
        yield "a report printed again: no new evidence"
    if not outcome.after.is_in_force:
        yield "the rule was not in force then"
    conduct = taxonomy.conduct(outcome.after.conduct)
    if conduct.is_mark or conduct.is_context:
        yield "no violation by itself: a mark of evasion, or something allowed"
    if work.article.published_at < now - timedelta(days=window_days):
        yield f"published more than {window_days} days ago"
    if _is_retrospect(bundle, work):
        yield f"long past: it ended more than {identity.RETROSPECT.days // 365} years before"
    if bundle.is_background:
        yield "an older event, told as the background of a newer one"


def _is_retrospect(bundle: Bundle, work: ArticleToAssess) -> bool:
    """Whether everything told for the first time ended years ago: an anniversary, or a page from the archive."""
    if bundle.before is not None or not bundle.told:
        return False
    ends = [claim.period.last or claim.period.first if claim.period else None for claim, _ in bundle.told]
    published_on = work.article.published_at.date()
    return all(end is not None and published_on - end > identity.RETROSPECT for end in ends)


def _dismissal(said: Standing, outcome: Outcome) -> Iterator[str]:
    """A dismissed allegation is kept up to date in silence; only what takes it back is still told to those who heard of it."""
    if said.is_dismissed and said.verdict is not None and outcome.novelty != "CORRECTION":
        yield f"dismissed by {said.verdict.said_by} on {said.verdict.said_at.date().isoformat()}: {said.verdict.reason}"


class _Bundles:
    """Sorts an article's claims into one bundle per allegation."""

    def __init__(self, work: ArticleToAssess, known: Sequence[Allegation]) -> None:
        self._work = work
        self._known = [Bundle(of_allegation(allegation), allegation) for allegation in known]
        self._new: list[Bundle] = []
        self._touched: list[Bundle] = []

    def touched(self) -> list[Bundle]:
        """The bundles that the article brings something to, in the order in which it does."""
        return self._touched

    def tell(self) -> None:
        """Violation claims: the most particular first, so that a general one joins what it belongs to."""
        behind = backing(self._work)
        units = [
            (claim, accused, root_of(claim, accused, self._work, behind))
            for claim in identity.as_deeds(_accepted(self._work))
            if claim.is_violation
            for accused in accused_of(claim)
            if not self._speaks_itself(claim, accused)
        ]
        newest = _newest_events([(claim, accused) for claim, accused, _ in units])
        for claim, accused, root in sorted(units, key=lambda unit: _particularity(unit[0], unit[1])):
            wanted = self._identity(claim, accused, root)
            bundle = self._of_claim(claim, wanted) or self._best(wanted) or self._corrected(wanted) or self._carried(claim, accused)
            if bundle is None:
                bundle = Bundle(wanted, None)
                bundle.is_background = self._is_background(wanted, newest.get((key_of(accused), claim.conduct)))
                self._new.append(bundle)
            bundle.identity = _joined(bundle.identity, wanted)
            bundle.told.append((claim, root))
            self._touch(bundle)

    def _speaks_itself(self, claim: Claim, accused: Actor) -> bool:
        """Whether the accused is who reports it: nobody accuses himself, but by an admission. Such a claim was misread."""
        if accused.kind == "state" or claim.modality == "confirmed":
            return False
        houses = {self._work.article.publisher, self._work.placement.origin_agency}
        speakers = {step.name for step in claim.attributions if step.stance != "denies"}
        return key_of(accused) in {fold(name) for name in houses | speakers} - {""}

    def deny(self) -> None:
        """Denials go to the allegation they answer; a denial of what nobody has alleged yet makes none."""
        for claim in _accepted(self._work):
            if claim.modality != "denied":
                continue
            for accused in accused_of(claim):
                bundle = self._of_claim(claim, self._identity(claim, accused)) or self._answered(claim, accused)
                if bundle is not None:
                    bundle.denials.append(claim)
                    self._touch(bundle)

    def withdraw(self) -> None:
        """An accuser takes back what the ledger knows, or what the article tells."""
        for claim in _accepted(self._work):
            if claim.modality != "withdrawn":
                continue
            for accused in accused_of(claim):
                bundle = self._answered(claim, accused)
                if bundle is not None:
                    bundle.withdrawals.append(claim)
                    self._touch(bundle)

    def correct(self) -> None:
        """A correction changes every allegation that the corrected text carried, also one that it no longer speaks of."""
        for_review = [claim for claim in self._work.claims if claim.status == "review"]
        earlier = {claim.claim_id: claim for claim in self._work.previous_claims if claim.is_violation}
        for bundle in self._known:
            before = bundle.before
            if before is None:
                continue
            bundle.replaced = [earlier[claim_id] for claim_id in before.claim_ids if claim_id in earlier]
            is_of_dispatch = bool(set(before.article_ids) & self._dispatch()) or self._work.placement.story_id in before.story_ids
            if any(bundle is other for other in self._touched):
                bundle.is_correction = bool(bundle.replaced) or is_of_dispatch
            elif bundle.replaced and not any(_speaks_of(claim, before) for claim in for_review):
                bundle.is_correction = True
                self._touch(bundle)

    def kill(self) -> None:
        """A kill withdraws the dispatch from every allegation that it carried."""
        earlier = {claim.claim_id for claim in self._work.previous_claims}
        for bundle in self._known:
            if bundle.before is not None and (
                set(bundle.before.claim_ids) & earlier or set(bundle.before.article_ids) & self._dispatch()
            ):
                bundle.is_killed = True
                self._touch(bundle)

    def _dispatch(self) -> set[str]:
        return {self._work.article.article_id, self._work.placement.related_to} - {""}

    def _touch(self, bundle: Bundle) -> None:
        if not any(bundle is other for other in self._touched):
            self._touched.append(bundle)

    def _identity(self, claim: Claim, accused: Actor, root: Root | None = None) -> Identity:
        key = root.source.key if root else ""
        return of_claim(claim, accused, self._work.article.published_at, key, self._work.placement.story_id)

    def _of_claim(self, claim: Claim, wanted: Identity) -> Bundle | None:
        """The allegation that this very claim made or joined before: assessing an article again changes nothing."""
        for bundle in self._known:
            before = bundle.before
            if before and claim.claim_id in before.claim_ids and key_of(before.accused) == key_of(wanted.accused):
                return bundle
        return None

    def _carried(self, claim: Claim, accused: Actor) -> Bundle | None:
        """The known case of a diplomat of those very days, where a retelling speaks of the goods alone."""
        if claim.conduct not in identity.CARRIED:
            return None
        wanted = self._identity(replace(claim, conduct=identity.DIPLOMATS_DEED), accused)
        found = self._best(wanted) if wanted.event is not None else None
        return found if found is not None and found.identity.event is not None else None

    def _corrected(self, wanted: Identity) -> Bundle | None:
        """The only allegation of this accused and conduct that the corrected text carried: its day or its party was corrected."""
        if not _is_correction(self._work):
            return None
        earlier = {claim.claim_id for claim in self._work.previous_claims}
        carried = [
            bundle
            for bundle in self._known
            if bundle.before is not None
            and set(bundle.before.claim_ids) & earlier
            and key_of(bundle.before.accused) == key_of(wanted.accused)
            and identity.same_conduct(bundle.before.conduct, wanted.conduct, wanted.accused)
        ]
        return carried[0] if len(carried) == 1 else None

    def _is_background(self, wanted: Identity, newest: date | None) -> bool:
        """Whether an event stands far behind the one that the article is about."""
        if wanted.event is None or newest is None:
            return False
        is_news = wanted.first_published_at.date() - newest <= identity.UNDATED_REACH
        return is_news and newest - wanted.event.last > identity.BACKGROUND

    def _best(self, wanted: Identity) -> Bundle | None:
        fitting = [(score, bundle) for bundle in (*self._known, *self._new) if (score := fit(wanted, bundle.identity)) is not None]
        return max(fitting, key=lambda pair: (pair[0], *_recency(pair[1])), default=(0, None))[1]

    def _answered(self, claim: Claim, accused: Actor) -> Bundle | None:
        """The allegation that a denial or a withdrawal speaks of: the same conduct, else one of its family, else any for a general one."""
        wanted = self._identity(claim, accused)
        exact = self._best(wanted)
        if exact is not None:
            return exact
        near = [
            bundle
            for bundle in (*self._known, *self._new)
            if key_of(bundle.identity.accused) == key_of(accused)
            and (family(bundle.identity.conduct) == family(claim.conduct) or claim.conduct in _GENERAL_DENIALS)
            and wanted.first_published_at - bundle.identity.last_published_at <= identity.EPISODE
        ]
        of_this_article = [bundle for bundle in near if any(bundle is other for other in self._touched)]
        return max(of_this_article or near, key=_recency, default=None)


def _recency(bundle: Bundle) -> tuple[datetime, str]:
    return bundle.identity.last_published_at, bundle.before.allegation_id if bundle.before else ""


def _joined(known: Identity, new: Identity) -> Identity:
    """The identity with what a joining claim adds: further counterparts, and the event where none was dated."""
    if key_of(known.accused) != key_of(new.accused):
        return known
    return Identity(
        accused=known.accused,
        conduct=known.conduct,
        counterparts=known.counterparts | new.counterparts,
        event=known.event or new.event,
        place=known.place or new.place,
        first_published_at=known.first_published_at,
        last_published_at=known.last_published_at,
        root_keys=known.root_keys | new.root_keys,
        story_ids=known.story_ids | new.story_ids,
    )


def _accepted(work: ArticleToAssess) -> list[Claim]:
    return [claim for claim in work.claims if claim.status == "accepted"]


def _named(actors: Sequence[Actor]) -> Iterator[Actor]:
    return (actor for actor in actors if actor.kind not in {"state", "unknown"})


def _particularity(claim: Claim, accused: Actor) -> tuple[bool, int, tuple[int, int], str]:
    """Sorts dated and named claims before general ones, then by their place in the text."""
    first = min(((span.start, span.end) for span in claim.spans), default=(0, 0))
    return identity.event_of(claim, accused) is None, -len(identity.parties_of(claim, accused)), first, claim.claim_id


def _newest_events(units: Sequence[tuple[Claim, Actor]]) -> dict[tuple[str, str], date]:
    newest: dict[tuple[str, str], date] = {}
    for claim, accused in units:
        event = identity.event_of(claim, accused)
        if event is not None:
            key = (key_of(accused), claim.conduct)
            newest[key] = max(newest.get(key, event.last), event.last)
    return newest


def _speaks_of(claim: Claim, allegation: Allegation) -> bool:
    keys = {key_of(canonical(actor)) for actor in claim.accused}
    return key_of(allegation.accused) in keys and identity.same_conduct(claim.conduct, allegation.conduct, allegation.accused)


def _is_kill(work: ArticleToAssess) -> bool:
    return work.placement.relation == "kill_of" or (work.article.notice is not None and work.article.notice.kind == "kill")


def _is_correction(work: ArticleToAssess) -> bool:
    return work.placement.relation == "correction_of" or (
        work.article.notice is not None and work.article.notice.kind in {"correction", "refile"}
    )


__all__ = ["VERSION", "Standing", "assess", "ledger_keys", "standing"]
