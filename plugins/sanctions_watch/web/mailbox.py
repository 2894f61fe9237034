"""The sample set-up's mailbox: a folder of .eml files, read and shown, never changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.parser import BytesHeaderParser, BytesParser
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import EmailMessage, Message
    from pathlib import Path

_NAME = re.compile(r"[\w@+=-][\w.@+=-]{0,200}\.eml", re.ASCII)
_HEADER_BYTES = 64_000
_MAIL_BYTES = 4_000_000
MOST_MAILS = 200  # of the newest that are listed


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a list of mails shows of one."""

    name: str
    subject: str
    sender: str
    recipient: str
    sent_at: datetime
    message_id: str
    kind: str  # NEW, UPDATE, DENIAL, CORRECTION as the subject says it, else ""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail with its two bodies; a missing one is ""."""

    envelope: Envelope
    text: str
    html: str


_KIND = re.compile(r"\[(NEW|UPDATE|DENIAL|CORRECTION)\]")


def envelopes(folder: Path) -> tuple[list[Envelope], int]:
    """The newest mails of the folder, newest first, and how many there are in all."""
    found = [path for path in folder.glob("*.eml") if _is_mail(path)] if folder.is_dir() else []
    newest = sorted(found, key=lambda path: (path.stat().st_mtime, path.name), reverse=True)[:MOST_MAILS]
    listed = []
    for path in newest:
        with path.open("rb") as file:
            listed.append(_envelope(path, BytesHeaderParser(policy=policy.default).parsebytes(file.read(_HEADER_BYTES))))
    return sorted(listed, key=lambda envelope: (envelope.sent_at, envelope.name), reverse=True), len(found)


def letter(folder: Path, name: str) -> Letter | None:
    """One mail; None where the folder has none of that name."""
    path = folder / name
    if not _is_mail(path) or path.name != name:
        return None
    with path.open("rb") as file:
        message: EmailMessage = BytesParser(policy=policy.default).parsebytes(file.read(_MAIL_BYTES))
    return Letter(_envelope(path, message), _body(message, "plain"), _body(message, "html"))


def _is_mail(path: Path) -> bool:
    return _NAME.fullmatch(path.name) is not None and path.is_file() and not path.is_symlink()


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _envelope(path: Path, message: Message) -> Envelope:
    subject = _header(message, "Subject") or "(no subject)"
    kind = _KIND.search(subject)
    return Envelope(
        name=path.name,
        subject=subject,
        sender=_header(message, "From"),
        recipient=_header(message, "To"),
        sent_at=_sent_at(path, _header(message, "Date")),
        message_id=_header(message, "Message-ID"),
        kind=kind[1] if kind else "",
    )


def _header(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())


def _sent_at(path: Path, written: str) -> datetime:
    try:
        moment = parsedate_to_datetime(written)
    except ValueError:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
