"""From an alert and a notification to a message: a subject, a text and an HTML part, out of templates that escape everything.

Whatever came from the web is printed on one line without control or direction-changing characters, and only http and https become links,
always with the host they lead to. Nothing is loaded when the mail is opened.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from sanctions_watch.data import include
from sanctions_watch.records import Alert, AlertQuote, Fact, Mail, MailLinks, Modality, Notification
from sanctions_watch.stages.alert.compose import NO_ANSWER, clip
from sanctions_watch.text import squeeze

LIST_ID = "Sanctions Watch alerts <alerts.sanctions-watch.internal>"
MAX_SUBJECT = 180  # characters
MAX_REFERENCES = 20
MAX_URL = 2000
WIDTH = 76  # columns of the text part
_PAGE = "/sanctions_watch/"

# Control characters, and those that turn the direction of what follows or hide in it: a quote must not rewrite the mail around it.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
_ORDER = ("root", "accuser", "document", "number", "party", "place", "date", "wording", "denial")
_LABELS = {
    "root": "Root",
    "accuser": "Accuser",
    "document": "Document",
    "number": "Number",
    "party": "Party",
    "place": "Place",
    "date": "Date",
    "wording": "Told as",
    "denial": "Denied by",
}
_TOLD_AS: dict[Modality, str] = {
    "alleged": "alleged",
    "conditional": "alleged on a condition",
    "documented": "alleged, with documents",
    "confirmed": "told as confirmed by a verdict, a fine or an admission",
}
_ACTIONS = {"confirm": "Confirm", "dismiss": "Dismiss", "silence": "Silence this for 30 days"}
NO_LINKS = MailLinks()
_SHOWN_FACTS = 12
_TELLING = ("number", "document", "party", "accuser", "place", "date", "denial", "root", "wording")
MAX_NEWS = 40  # characters of each new fact in a subject
_ASIDE = re.compile(r" \([^()]{1,200}\)\Z")
_HEDGE = re.compile(r"\A(?:more than|at least|about|some|nearly|almost|around|over|up to) ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """A web address that a mail may hold, and the host it leads to."""

    url: str
    host: str


class _Lines(str):
    """Text that was laid out on purpose: its line breaks stay."""

    __slots__ = ()


def render(
    alert: Alert, notification: Notification, *, sender: str, thread: Sequence[str], page_url: str, links: MailLinks = NO_LINKS
) -> Mail:
    """The message of one notification. ``thread`` holds the Message-IDs already sent to this subscriber about the allegation, oldest first."""
    values = _values(alert, page_url) | {"actions": action_links(links), "unsubscribe": link(links.unsubscribe)}
    earlier = tuple(message_id for message_id in thread if message_id != notification.message_id)
    subject = clip(printable(templates().get_template("subject.txt").render(values)), MAX_SUBJECT)
    return Mail(
        message_id=notification.message_id,
        sender=sender,
        recipient=notification.address,
        subject=subject,
        text=templates().get_template("body.txt").render(values).strip() + "\n",
        html=templates().get_template("body.html").render(values | {"subject": subject}),
        in_reply_to=earlier[-1] if earlier else "",
        references=_references(earlier),
        headers=list_headers(alert.created_at, links),
    )


def list_headers(at: datetime, links: MailLinks) -> tuple[tuple[str, str], ...]:
    """What marks a mail as a list's: its date, that a machine sent it, and how to end it with one click (RFC 2369, 2919, 3834, 8058)."""
    one_click = (
        (("List-Unsubscribe", f"<{links.unsubscribe}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
        if links.unsubscribe
        else ()
    )
    return (
        ("Date", format_datetime(at)),
        ("List-Id", LIST_ID),
        *one_click,
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
    )


def action_links(links: MailLinks) -> list[tuple[str, Link]]:
    """Each action in words, with where it leads."""
    found = [(_ACTIONS[action], link(address)) for action, address in links.actions]
    return [(words, there) for words, there in found if there is not None]


def _references(earlier: tuple[str, ...]) -> tuple[str, ...]:
    """The first and the last of a thread (RFC 5322, 3.6.4, lets a long one be shortened from the middle)."""
    return earlier if len(earlier) <= MAX_REFERENCES else (earlier[0], *earlier[1 - MAX_REFERENCES :])


def printable(text: str) -> str:
    """The text on one line, without control, direction-changing and invisible characters."""
    return squeeze(_UNPRINTABLE.sub(" ", text))


def link(url: str) -> Link | None:
    """The address as a link, None for what is none: only http and https with a host, nobody's name before an @."""
    address = quote(_UNPRINTABLE.sub("", url.strip()), safe="%/:=&?~#+!$,;'@()*[]-._")
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or "%" in host or parts.username is not None or len(address) > MAX_URL:
        return None
    return Link(address, host)


def page_link(page_url: str, allegation_id: str) -> Link | None:
    """Where the page shows an allegation, or where it begins."""
    return link(f"{page_url.rstrip('/')}{_PAGE}{f'allegations/{allegation_id}' if allegation_id else ''}")


def _values(alert: Alert, page_url: str) -> dict[str, Any]:
    return {
        "alert": alert,
        "roots": plural(len(alert.roots), "root"),
        "news": _news(alert),
        # What a correction takes back stands in the summary.
        "new_facts": _by_label([fact for fact in alert.new_facts if alert.kind != "CORRECTION" or fact.kind != "wording"]),
        "known_facts": _by_label(alert.known_facts),
        "quotes": [(told, _origin(told), link(told.url)) for told in alert.quotes],
        "counts": f"{plural(alert.articles, 'article')}, {plural(alert.publishers, 'publisher')}, {plural(len(alert.roots), 'root')}",
        "told_as": _TOLD_AS.get(alert.modality, ""),
        "is_unanswered": alert.answer == NO_ANSWER,
        "page": page_link(page_url, alert.allegation_id),
    }


def _origin(told: AlertQuote) -> tuple[str, ...]:
    """Who says it, where it stands, and when; who speaks in a house of the same name is named once."""
    names = (told.speaker, told.publisher) if told.speaker != told.publisher else (told.publisher,)
    return (*(name for name in names if name), _moment(told.published_at))


def _news(alert: Alert) -> str:
    """What is new in a few words, for the subject of an update: whoever knows the allegation sees it there."""
    if alert.kind != "UPDATE":
        return ""
    facts = sorted(alert.new_facts, key=lambda fact: _TELLING.index(fact.kind))
    values = [_short(fact.value) for fact in facts if fact.kind not in {"root", "wording"} and fact.value not in alert.headline]
    more = f" and {len(values) - 2} more" if len(values) > 2 else ""
    return ", ".join(values[:2]) + more


def _short(value: str) -> str:
    """A fact without what is said around it, cut between words."""
    bare = _HEDGE.sub("", _ASIDE.sub("", value))
    return bare if len(bare) <= MAX_NEWS else f"{bare[:MAX_NEWS].rpartition(' ')[0] or bare[:MAX_NEWS]}…"


def _by_label(facts: Sequence[Fact]) -> list[tuple[str, list[str]]]:
    """Facts under their labels, each value once; what is too much is counted.

    An accuser who is the root is not named twice, and of several wordings the last one holds.
    """
    grouped: dict[str, list[str]] = {}
    roots = {fact.value for fact in facts if fact.kind == "root"}
    for fact in sorted(facts[:_SHOWN_FACTS], key=lambda fact: _ORDER.index(fact.kind)):
        takes_back = fact.kind == "wording" and ":" in fact.key
        values = grouped.setdefault("Correction" if takes_back else _LABELS[fact.kind], [])
        if fact.kind == "wording" and not takes_back:
            values.clear()
        if fact.value not in values and not (fact.kind == "accuser" and fact.value in roots):
            values.append(fact.value)
    if len(facts) > _SHOWN_FACTS:
        grouped["More"] = [f"{len(facts) - _SHOWN_FACTS} further facts on the page"]
    return [(label, values) for label, values in grouped.items() if values]


def plural(count: int, word: str) -> str:
    """The count with its noun: 1 root, 2 roots."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _moment(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC"


def _wrapped(text: str, first: str = "", rest: str | None = None) -> _Lines:
    """The text in lines of at most WIDTH columns; words, and so addresses, are never broken."""
    return _Lines(
        textwrap.fill(
            printable(text),
            WIDTH,
            initial_indent=first,
            subsequent_indent=first if rest is None else rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def _listed(values: Iterable[str]) -> str:
    return "; ".join(values)


def _finalize(value: Any) -> Any:
    """What every ``{{ ... }}`` of a template goes through before it is escaped."""
    return printable(value) if isinstance(value, str) and not isinstance(value, (_Lines, Markup)) else value


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The templates of mails, which escape everything that stands in HTML."""
    environment = Environment(
        loader=FileSystemLoader(include("templates")),
        autoescape=select_autoescape(
            ("html",)
        ),  # in plain text there is nothing to escape: _finalize keeps every value on its line
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(wrapped=_wrapped, listed=_listed)
    return environment
