"""One notification, one message: a mail, an event for a webhook, or blocks for Slack, as its channel asks."""

from __future__ import annotations

from collections.abc import Sequence

from sanctions_watch.records import Alert, MailLinks, Message, Notification, WatchProof
from sanctions_watch.stages.alert import posts
from sanctions_watch.stages.alert.digest_mail import MOST_IN_DIGEST, Digest, render_digest_mail
from sanctions_watch.stages.alert.render import NO_LINKS
from sanctions_watch.stages.alert.render import render as render_mail

__all__ = ["MOST_IN_DIGEST", "render", "render_digest"]


def render(
    alert: Alert, notification: Notification, *, sender: str, thread: Sequence[str], page_url: str, links: MailLinks = NO_LINKS
) -> Message:
    """The message of one alert. ``thread`` holds the Message-IDs already sent to this subscriber about the allegation, oldest first."""
    match notification.channel:
        case "webhook":
            return posts.alert_event(alert, notification, page_url)
        case "slack":
            return posts.alert_blocks(alert, notification, page_url)
        case _:
            return render_mail(alert, notification, sender=sender, thread=thread, page_url=page_url, links=links)


def render_digest(
    alerts: Sequence[Alert],
    total: int,
    notification: Notification,
    proof: WatchProof | None,
    *,
    sender: str,
    page_url: str,
    links: MailLinks = NO_LINKS,
) -> Message:
    """The message of a digest: its first ``alerts`` of ``total``, and with a daily one what was watched."""
    digest = Digest(notification, tuple(alerts), total, proof)
    match notification.channel:
        case "webhook":
            return posts.digest_event(digest, page_url)
        case "slack":
            return posts.digest_blocks(digest, page_url)
        case _:
            return render_digest_mail(digest, sender=sender, page_url=page_url, links=links)
