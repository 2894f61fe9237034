"""The local mailbox: an SMTP server that keeps every mail as an .eml file, and a page and a command that show them.

    python -m sanctions_watch.local.mailbox FOLDER SMTP_PORT PAGE_PORT

A mail is on disk, whole, before the sender hears "250": what was accepted is never lost.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import tempfile
import threading
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from jinja2 import DictLoader, Environment

_MOST_BYTES = 10_000_000
_ADDRESS = "127.0.0.1"

# Shown mails hold text from the web: jinja2 escapes all of it, and a mail's HTML stands in a frame that runs no scripts and loads nothing.
_PAGES = Environment(
    autoescape=True,
    loader=DictLoader({
        "base": """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{ title }}</title><style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; background: #fff }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #d8dee4; vertical-align: top }
th { font-weight: 600; color: #57606a } td.n { white-space: nowrap } a { color: #0550ae }
pre { white-space: pre-wrap; background: #f6f8fa; padding: 1rem; overflow-wrap: anywhere } iframe { width: 100%; height: 46rem; border: 1px solid #d8dee4 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem } dt { color: #57606a } dd { margin: 0; overflow-wrap: anywhere }
</style>{% block body %}{% endblock %}</html>""",
        "list": """{% extends "base" %}{% block body %}<h1>{{ title }}</h1>
{% if mails %}<p>{{ mails|length }} mail{{ "" if mails|length == 1 else "s" }}, the newest first. They stay on this machine.</p>
<table><thead><tr><th>No.</th><th>To</th><th>Subject</th><th>Dated</th></tr></thead><tbody>
{% for mail in mails %}<tr><td class="n">{{ mail.number }}</td><td class="n">{{ mail.recipient }}</td><td><a href="/mail/{{ mail.number }}">{{ mail.subject or "(no subject)" }}</a></td>
<td class="n">{{ mail.date }}</td></tr>{% endfor %}</tbody></table>
{% else %}<p>No mail yet. Reload the page when the first alert has been sent.</p>{% endif %}{% endblock %}""",
        "mail": """{% extends "base" %}{% block body %}<p><a href="/">All mails</a></p><h1>{{ title }}</h1>
<dl>{% for name, value in headers %}<dt>{{ name }}</dt><dd>{{ value }}</dd>{% endfor %}</dl>
{% if html %}<h2>As HTML</h2><iframe title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/mail/{{ number }}.html"></iframe>{% endif %}
{% if text %}<h2>As text</h2><pre>{{ text }}</pre>{% endif %}
<p><a href="/mail/{{ number }}.eml">The message as it was sent</a></p>{% endblock %}""",
    }),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stored:
    """One kept mail. ``number`` counts from 1 in the order of arrival."""

    number: int
    path: Path

    def message(self) -> EmailMessage:
        """The parsed message."""
        return message_from_bytes(self.path.read_bytes(), policy=policy.default)

    @property
    def recipient(self) -> str:
        """Whom it was delivered to."""
        return plain(self.message()["Delivered-To"])

    @property
    def subject(self) -> str:
        """Its subject, on one line."""
        return plain(self.message()["Subject"])

    @property
    def date(self) -> str:
        """Its date, as written."""
        return plain(self.message()["Date"])


def stored(folder: Path) -> list[Stored]:
    """The mails in a folder, the oldest first."""
    numbers = sorted(int(path.stem) for path in folder.glob("*.eml") if path.stem.isdecimal())
    return [Stored(number, folder / f"{number:05d}.eml") for number in numbers]


def part(message: EmailMessage, kind: str) -> str:
    """The text of the part of this kind ("plain" or "html"), "" where there is none."""
    found = message.get_body(preferencelist=(kind,))
    return str(found.get_content()) if found is not None else ""


def plain(value: object) -> str:
    """A header on one line, without control characters: a terminal obeys some of them."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in str(value or "")).split())


def readable(text: str) -> str:
    """A text for a terminal: its lines as they are, other control characters shown as a replacement mark."""
    return "".join(
        sign if sign.isprintable() or sign == "\n" else "\ufffd" for sign in text.replace("\r\n", "\n").replace("\t", "    ")
    )


class Keeper:
    """What aiosmtpd asks about each mail: it keeps all of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last = max((one.number for one in stored(folder)), default=0)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002 - the name and form aiosmtpd calls
        """Write the mail, then accept it; a full disk is a refusal that may pass."""
        content = envelope.original_content or b""
        kept = (
            f"Return-Path: <{plain(envelope.mail_from)}>\r\nDelivered-To: {plain(', '.join(envelope.rcpt_tos))}\r\n".encode()
            + content
        )
        try:
            self._write(kept)
        except OSError as error:
            return f"452 the mailbox cannot keep it: {error.strerror}"
        return "250 OK"

    def _write(self, kept: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=".incoming-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(kept)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._folder / f"{self._last + 1:05d}.eml")
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        self._last += 1


def page_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """The server of the page, on 127.0.0.1; port 0 takes a free one. The caller runs it."""

    class Page(BaseHTTPRequestHandler):
        """GET / (the list), /mail/3 (one mail), /mail/3.html (its HTML, for the frame), /mail/3.eml (the message)."""

        server_version = "mailbox"

        def do_GET(self) -> None:
            """Answer one request."""
            own = self.connection.getsockname()[1]
            if self.headers.get("Host", "") not in (
                f"{_ADDRESS}:{own}",
                f"localhost:{own}",
            ):  # a web page that points its own name here
                self._answer(421, "text/plain", b"not this host")
                return
            name, _, form = self.path.removeprefix("/mail/").partition(".")
            if self.path == "/":
                mails = [
                    {"number": one.number, "recipient": one.recipient, "subject": one.subject, "date": one.date}
                    for one in reversed(stored(folder))
                ]
                self._page("list", title="Mailbox", mails=mails)
                return
            one = (
                Stored(int(name), folder / f"{int(name):05d}.eml")
                if name.isascii() and name.isdecimal() and len(name) < 9
                else None
            )
            if not self.path.startswith("/mail/") or one is None or not one.path.is_file():
                self._answer(404, "text/plain", b"no such mail")
            elif form == "eml":
                self._answer(200, "text/plain", one.path.read_bytes())
            elif form == "html":
                self._answer(
                    200, "text/html", b'<!doctype html><base target="_blank">' + part(one.message(), "html").encode(), frame=True
                )
            else:
                message = one.message()
                headers = [
                    (key, plain(value)) for key, value in message.items() if key.lower() not in ("content-type", "mime-version")
                ]
                self._page(
                    "mail", title=one.subject or "(no subject)", number=one.number, headers=headers,
                    text=part(message, "plain"), html=bool(part(message, "html")),
                )  # fmt: skip

        def _page(self, name: str, **values: Any) -> None:
            self._answer(200, "text/html", _PAGES.get_template(name).render(**values).encode())

        def _answer(self, status: int, kind: str, body: bytes, *, frame: bool = False) -> None:
            allowed = (
                "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
            )
            own = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", allowed if frame else own)
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Referrer-Policy", "no-referrer")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - http.server's signature
            """Say nothing: a look at a mail is no event."""

    return ThreadingHTTPServer((_ADDRESS, port), Page)


async def receive(folder: Path, port: int) -> asyncio.Server:
    """The SMTP server, on 127.0.0.1, running; port 0 takes a free one."""
    keeper = Keeper(folder)
    return await asyncio.get_running_loop().create_server(
        lambda: SMTP(keeper, hostname="localhost", ident="Sanctions Watch mailbox", data_size_limit=_MOST_BYTES, enable_SMTPUTF8=True),
        _ADDRESS, port,
    )  # fmt: skip


async def serve(folder: Path, smtp_port: int, page_port: int) -> None:
    """Serve both until SIGTERM or SIGINT."""
    done = asyncio.Event()
    for sent in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sent, done.set)
    page = page_server(folder, page_port)
    threading.Thread(target=page.serve_forever, name="page", daemon=True).start()
    smtp = await receive(folder, smtp_port)
    print(f"mails on {_ADDRESS}:{smtp_port}, the page on http://{_ADDRESS}:{page_port}", flush=True)  # noqa: T201 - its log
    await done.wait()
    smtp.close()
    page.shutdown()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m sanctions_watch.local.mailbox", description="Keeps mails and shows them.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("smtp_port", type=int)
    parser.add_argument("page_port", type=int)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(serve(chosen.folder, chosen.smtp_port, chosen.page_port))


if __name__ == "__main__":
    main()
