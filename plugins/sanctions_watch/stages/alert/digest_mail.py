"""A digest as a mail: how many of each kind, the first in a few lines each, the rest by their headlines, and what was watched."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sanctions_watch.records import Alert, Mail, MailLinks, Notification, WatchProof
from sanctions_watch.stages.alert.compose import clip
from sanctions_watch.stages.alert.render import MAX_SUBJECT, NO_LINKS, link, list_headers, page_link, plural, printable, templates

MOST_IN_DIGEST = 100  # by their headlines
IN_FULL = 25  # with summary and quote; keeps the message below the 102 kB at which mail programs cut

_KINDS = {"NEW": "new", "UPDATE": "update", "DENIAL": "denial", "CORRECTION": "correction"}
_PLURALS = {"denial": "denials"}


@dataclass(frozen=True, slots=True)
class Digest:
    """What a digest tells: its first alerts of ``total``, oldest first."""

    notification: Notification
    alerts: tuple[Alert, ...]
    total: int
    proof: WatchProof | None = None

    @property
    def title(self) -> str:
        """Such as: Daily digest, 5 Aug 2018."""
        kind = self.notification.digest_key.partition("/")[0]
        day = self.notification.made_at
        name = {"catch-up": "Late alerts", "quiet": "During quiet hours", "cap": "Held back"}.get(
            kind, f"{kind.capitalize()} digest"
        )
        return f"{name}, {day.day} {day:%b %Y}" if day else name

    @property
    def counts(self) -> str:
        """Such as: 3 alerts: 2 new, 1 update."""
        if not self.total:
            return "no alerts"
        told = plural(self.total, "alert")
        if self.total > len(self.alerts):
            return told
        kinds: Counter[str] = Counter(alert.kind for alert in self.alerts)
        return f"{told}: " + ", ".join(_counted(kinds[kind], word) for kind, word in _KINDS.items() if kinds[kind])

    @property
    def is_sample(self) -> bool:
        """Whether all of it comes from the bundled replay."""
        return bool(self.alerts) and all(alert.is_sample for alert in self.alerts)


def render_digest_mail(digest: Digest, *, sender: str, page_url: str, links: MailLinks = NO_LINKS) -> Mail:
    """The mail of a digest."""
    values = _values(digest, page_url) | {"unsubscribe": link(links.unsubscribe)}
    subject = clip(printable(templates().get_template("digest_subject.txt").render(values)), MAX_SUBJECT)
    return Mail(
        message_id=digest.notification.message_id,
        sender=sender,
        recipient=digest.notification.address,
        subject=subject,
        text=templates().get_template("digest.txt").render(values).strip() + "\n",
        html=templates().get_template("digest.html").render(values | {"subject": subject}),
        headers=list_headers(_made_at(digest.notification), links),
    )


def proof_line(proof: WatchProof) -> str:
    """What was watched, in one line: silence that somebody listened to."""
    return (
        f"{plural(proof.feeds, 'feed')} watched, {proof.polled} of them polled ({plural(proof.polls, 'poll')}), {proof.failed} failing; "
        f"{plural(proof.articles, 'article')} read, {proof.selected} on the sanctions"
    )


def _made_at(notification: Notification) -> datetime:
    return notification.made_at or notification.next_attempt_at


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 or word == "new" else f"{count} {_PLURALS.get(word, word + 's')}"


def _values(digest: Digest, page_url: str) -> dict[str, Any]:
    return {
        "title": digest.title,
        "counts": digest.counts,
        "held_for": digest.notification.held_for,
        "is_sample": digest.is_sample,
        "full": [
            (alert, plural(len(alert.roots), "root"), page_link(page_url, alert.allegation_id)) for alert in digest.alerts[:IN_FULL]
        ],
        "brief": [(alert, page_link(page_url, alert.allegation_id)) for alert in digest.alerts[IN_FULL:]],
        "more": digest.total - len(digest.alerts),
        "page": page_link(page_url, ""),
        "proof": proof_line(digest.proof) if digest.proof else "",
    }
