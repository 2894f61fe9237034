"""One story or two: the rules, on the figures of ``measure``.

Where the thresholds come from: real dispatches of one event and their updates share at least half of the narrative outside quotation
marks, or somewhat less under a like headline; independent reports of the same press conference share under a fifth of it; follow-ups
share the agency's background, which stands late in the text. One threshold on all shared words cannot tell these apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanctions_watch.stages.deduplicate.lead import is_own
from sanctions_watch.stages.deduplicate.measure import Common, measure
from sanctions_watch.stages.deduplicate.words import headline_words, named_headlines, withdraws

if TYPE_CHECKING:
    from sanctions_watch.records import Article, Relation

_DAY = 24.0  # hours: how long an agency updates one story
_FRESH = 96.0  # hours: how long newspapers print a dispatch in words of their own
_WINDOW = 90 * 24.0  # hours: after it the same text is a repost
_NAMED = 14 * 24.0  # hours in which a correction or kill is sought by the headline it names
_BARE_NOTICE = 120  # words: a longer correction brings the corrected text with it
_OTHER_DAY = 12.0  # hours that make "Tuesday" and "Wednesday" two days' news and not two clocks
_UPDATE = 0.55  # narrative, raised by a like headline and lowered by another weekday
_HEADLINE_HELPS = 0.3
_WEEKDAY_HURTS = 0.05
_COPY = 0.8  # narrative of a copy that is only cut, re-spelt, given an intro or damaged
_ROOTED = 0.3  # of a lead's telling words: what an update keeps tells of the same thing as its new lead
_SAME_TRANSCRIPT = 0.8  # narrative of both: two briefings share how questions are put off
_FEWEST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Verdict:
    """``relation`` of the later article to the earlier one, None where they are two stories; ``evidence`` in words, for a "no" too."""

    relation: Relation | None
    common: Common
    evidence: tuple[str, ...]


def judge(earlier: Article, later: Article, background: frozenset[int] = frozenset()) -> Verdict:
    """Whether ``later`` is ``earlier``'s report, as what, and why (not). ``background``: fingerprints that weigh little."""
    common = measure(earlier, later, background)
    figures = _figures(common)
    named = _named(earlier, later, common)
    if named:
        return Verdict(named[0], common, (named[1], *figures))
    no = _two_stories(earlier, later, common)
    if no:
        return Verdict(None, common, (no, *figures))
    relation, why = _relation(earlier, later, common)
    return Verdict(relation, common, (why, *figures))


def is_quoted(earlier: Article, later: Article) -> bool:
    """Whether a notice puts the earlier article's headline between quotation marks."""
    headline = headline_words(earlier.title)
    return len(headline) >= 3 and headline in named_headlines(later)


def _figures(common: Common) -> tuple[str, ...]:
    told = f"headlines {common.headline:.0%} alike, {common.hours:.0f} h apart"
    learned = (f"{common.learned:.0%} of the shared words are background the agency carries for weeks",) if common.learned else ()
    return (
        f"{common.containment:.0%} of the shorter text's words stand in the other, the longest run is {common.longest} words",
        f"outside quotation marks {common.narrative:.0%}, of the leads {common.lead:.0%}",
        told,
        *learned,
    )


def _named(earlier: Article, later: Article, common: Common) -> tuple[Relation, str] | None:
    """A correction, refile or kill belongs to the dispatch whose headline or text it repeats."""
    is_kill = withdraws(later)
    kind = later.notice.kind if later.notice is not None else ""
    if not (is_kill or kind in {"correction", "refile"}) or common.hours > _NAMED:
        return None
    if earlier.wire and later.wire and earlier.wire.agency != later.wire.agency:
        return None
    quoted = is_quoted(earlier, later)
    is_bare = is_kill or common.b_length < _BARE_NOTICE  # it tells what to withdraw, and does not send it anew
    if (
        common.narrative < 0.5
        and not quoted
        and not (later.notice and is_bare and (common.headline >= 0.75 or common.named >= 0.7))
    ):
        return None
    written = later.notice.written if later.notice else later.title
    return ("kill_of" if is_kill else "correction_of"), f"the desk's notice {written!r} names this dispatch"


def _two_stories(earlier: Article, later: Article, common: Common) -> str:
    """Why the two are two stories; "" where they are one."""
    narrative, lead = common.narrative, common.lead
    if min(common.a_length, common.b_length) < _FEWEST_WORDS and not (
        narrative == 1 and common.headline == 1 and common.hours <= _DAY
    ):
        return "too short to tell"
    if common.headline == 0 and common.headline_foreign:
        return "the shared text has nothing of either headline: it is the pages' furniture"
    if common.is_background and narrative < _COPY:
        return "only background late in the text is shared"
    if common.rooted < _ROOTED and narrative < _COPY:
        return "what is shared says nothing of what either lead tells: background"
    if common.is_transcript and min(common.narrative_a, common.narrative_b) < _SAME_TRANSCRIPT and narrative < 0.95:
        return "two transcripts: the moderator's phrases are shared"
    if (
        common.hours >= _OTHER_DAY
        and narrative >= _COPY
        and common.no_common_weekday
        and min(common.narrative_a, common.narrative_b) < 0.99
    ):
        return "the same wording about another day of the week: a template"
    if common.hours >= _OTHER_DAY and common.other_weekday and narrative < _COPY:
        return "another day's development"
    if common.hours >= 1.5 * _OTHER_DAY and common.numbers < 0.5 and narrative < 0.95:
        return "the same wording with other numbers on another day: a template"
    if narrative < _UPDATE and lead < 0.2 and common.lead_vocabulary < 0.3 and common.headline < 0.3:
        return "neither leads nor headlines are alike: a shared document or background"
    if earlier.wire and later.wire and earlier.wire.agency != later.wire.agency and narrative < 0.6:
        return f"credited to {earlier.wire.agency} and to {later.wire.agency}"
    if common.hours <= _DAY:
        score = narrative + _HEADLINE_HELPS * common.headline - _WEEKDAY_HURTS * common.other_weekday
        return (
            ""
            if score >= _UPDATE
            else ("mostly quotations are shared" if common.quoted > 0.5 else "too little of the narrative is shared")
        )
    if common.hours <= _FRESH:
        return (
            ""
            if narrative >= 0.7 or (narrative >= _UPDATE and lead >= 0.5)
            else "too little of the narrative is shared for another day"
        )
    short = min(common.a_length, common.b_length) < 60 and common.hours > _WINDOW
    return "" if narrative >= 0.9 and lead >= 0.8 and not short else "too little is shared for texts so far apart in time"


def _relation(earlier: Article, later: Article, common: Common) -> tuple[Relation, str]:
    if common.hours > _WINDOW:
        return "republished", f"the same text again, more than 90 days later: first printed on {earlier.published_at:%d %B %Y}"
    if later.notice is not None and later.notice.kind in {"update", "writethru"}:
        return "update_of", f"the desk's notice {later.notice.written!r}"
    is_agency = (is_own(earlier) and is_own(later)) or (earlier.publisher != "" and earlier.publisher == later.publisher)
    is_same = sum(run.equal for run in common.runs) == max(common.a_length, common.b_length)
    if is_agency and common.hours <= _DAY and not is_same:  # one number may be the news
        return "update_of", "the same publisher tells it again within 24 h, with some text kept"
    before, of_it = common.narrative_a, common.narrative_b
    order = [run.b_start for run in common.runs if run.equal >= 10]
    if order != sorted(order):
        return "edited", "the other text's paragraphs in another order"
    if before >= 0.9 and of_it >= 0.9:
        if common.headline < 0.7:
            return "headline_changed", "the same text under another headline"
        return "copy", "the same text"
    if of_it >= 0.9:
        return "cut", f"nothing but {before:.0%} of the other text"
    first = min((run.b_start for run in common.runs), default=0)
    if before >= 0.85 and first >= 12:
        return "house_intro", f"the whole other text behind {first} words of its own"
    return "edited", "the other text, rewritten in places"
