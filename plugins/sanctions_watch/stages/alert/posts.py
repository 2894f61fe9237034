"""What webhooks and Slack get: a CloudEvents envelope, and blocks whose scraped text can neither link nor mention anybody.

CloudEvents 1.0, structured JSON (https://github.com/cloudevents/spec); Slack's Block Kit and its escaping of &, < and >.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sanctions_watch.records import Alert, Notification, Post
from sanctions_watch.stages.alert.compose import clip
from sanctions_watch.stages.alert.digest_mail import Digest, proof_line
from sanctions_watch.stages.alert.render import page_link, plural, printable

SOURCE = "urn:sanctions-watch"
_FOOTER = "An allegation, not a finding."
_SLACK_SECTION = 2900  # characters; Slack takes 3,000
_SLACK_BLOCKS = 40  # Slack takes 50


def alert_event(alert: Alert, notification: Notification, page_url: str) -> Post:
    """An alert as a CloudEvent of the type ``sanctions-watch.alert.<kind>``."""
    data = {"page": _address(page_url, alert.allegation_id), "notice": _FOOTER, "alert": asdict(alert)}
    return _event(notification, f"alert.{alert.kind.lower()}", alert.allegation_id, alert.created_at, data)


def digest_event(digest: Digest, page_url: str) -> Post:
    """A digest as a CloudEvent of the type ``sanctions-watch.digest``."""
    notification = digest.notification
    data = {
        "page": _address(page_url, ""),
        "notice": _FOOTER,
        "title": digest.title,
        "held_for": notification.held_for,
        "total": digest.total,
        "watched": asdict(digest.proof) if digest.proof else None,
        "alerts": [asdict(alert) for alert in digest.alerts],
    }
    return _event(notification, "digest", notification.digest_key, notification.made_at or notification.next_attempt_at, data)


def alert_blocks(alert: Alert, notification: Notification, page_url: str) -> Post:
    """An alert as a Slack message."""
    sample = "SAMPLE " if alert.is_sample else ""
    title = f"{sample}[{alert.kind}] {alert.headline} – {plural(len(alert.roots), 'root')}"
    lines = [f"*{fact.kind}*: {_mrkdwn(fact.value)}" for fact in alert.new_facts[:8]]
    quotes = [f"> {_mrkdwn(quote.text)}\n> – {_mrkdwn(quote.speaker)}, {_mrkdwn(quote.publisher)}" for quote in alert.quotes[:2]]
    blocks = [
        _section(f"*{_mrkdwn(title)}*\n{_mrkdwn(alert.summary)}"),
        *([_section("\n".join(lines))] if lines else []),
        *map(_section, quotes),
        _context(
            [
                f"Grade {alert.grade} ({'by an analyst' if alert.grade_by else 'proposed'})",
                f"{alert.rule} ({alert.rule_note})",
                f"Answer: {alert.answer}",
            ]
        ),
        *_links([alert], page_url),
        _context([_FOOTER]),
    ]
    return _slack(notification, title, blocks)


def digest_blocks(digest: Digest, page_url: str) -> Post:
    """A digest as a Slack message: the first alerts by their headlines, each with its link."""
    title = f"{'SAMPLE ' if digest.is_sample else ''}{digest.title}: {digest.counts}"
    blocks = [_section(f"*{_mrkdwn(title)}*"), *([_context([proof_line(digest.proof)])] if digest.proof else [])]
    room = _SLACK_BLOCKS - len(blocks) - 2
    for alert in digest.alerts[:room]:
        address = _address(page_url, alert.allegation_id)
        told = _mrkdwn(f"[{alert.kind}] {alert.headline}")
        blocks.append(_section(f"<{address}|{told}>" if address else told))
    rest = digest.total - min(len(digest.alerts), room)
    if rest > 0:
        blocks.append(_context([f"and {rest} more, on the page"]))
    blocks.append(_context([_FOOTER]))
    return _slack(digest.notification, title, blocks)


def _event(notification: Notification, kind: str, subject: str, at: datetime, data: dict[str, Any]) -> Post:
    envelope = {
        "specversion": "1.0",
        "id": notification.notification_id,
        "source": SOURCE,
        "type": f"sanctions-watch.{kind}",
        "subject": subject,
        "time": at.isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }
    return _post(notification, "application/cloudevents+json; charset=utf-8", envelope)


def _slack(notification: Notification, text: str, blocks: Sequence[dict[str, Any]]) -> Post:
    return _post(
        notification,
        "application/json; charset=utf-8",
        {"text": _mrkdwn(clip(text, 300)), "unfurl_links": False, "unfurl_media": False, "blocks": list(blocks)},
    )


def _post(notification: Notification, content_type: str, content: dict[str, Any]) -> Post:
    body = json.dumps(content, ensure_ascii=False, default=_written)
    return Post(notification.notification_id, notification.channel, notification.address, content_type, body)


def _written(value: object) -> str:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:_SLACK_SECTION]}}


def _context(lines: Sequence[str]) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": _mrkdwn(clip(line, 600))} for line in lines if line]}


def _links(alerts: Sequence[Alert], page_url: str) -> list[dict[str, Any]]:
    addresses = [_address(page_url, alert.allegation_id) for alert in alerts]
    return [_section(f"<{address}|Evidence, articles and history>") for address in addresses if address]


def _mrkdwn(text: str) -> str:
    """Text that Slack prints as it stands: no link, no mention, no formatting of its own."""
    plain = printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return plain.translate({ord(mark): f"\u200b{mark}" for mark in "*_~`"})


def _address(page_url: str, allegation_id: str) -> str:
    found = page_link(page_url, allegation_id)
    return found.url if found else ""
