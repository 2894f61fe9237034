"""Hands messages to an SMTP server, and tells apart what went wrong by how far the message had come.

before the final dot of DATA     the server cannot have accepted it         retryable (or refused for good, by a 5xx)
after it, without an answer      it may have, and may have not              uncertain
after it, with an answer         2xx accepted, 4xx retryable, 5xx refused
"""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import formataddr, parseaddr
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from sanctions_watch.errors import ConfigurationError, DeliveryError
from sanctions_watch.records import Mail

TIMEOUT = 30.0  # seconds for each answer
ANSWER_TIMEOUT = (
    120.0  # for the one after DATA: scanners take their time, and giving up early makes a duplicate (RFC 5321, 4.5.3.2.6: 600)
)
MAX_BYTES = 400_000  # of a whole message; ours are below 100,000

_PORTS = {"smtp": 25, "smtps": 465}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_DOT = re.compile(rb"(?m)^\.")
_OUR_FAULT = frozenset(
    {530, 534, 535, 538}
)  # "log in first", "not without TLS" (RFC 4954, 6): the set-up's fault, not the message's


class SmtpMailer:
    """A mail server at ``smtp://[user:password@]host[:port]`` or ``smtps://…``; one connection a message.

    On ``smtp://`` TLS begins as soon as the server offers it, and a password is never sent without it but to the machine itself.
    Raises ConfigurationError for an address that is none.
    """

    def __init__(self, url: str, timeout: float = TIMEOUT, answer_timeout: float = ANSWER_TIMEOUT) -> None:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if parts.scheme not in _PORTS or not parts.hostname:
            # The address may hold a password: it is not repeated.
            raise ConfigurationError(["the mail server's address is not of the form smtp://[user:password@]host:port or smtps://…"])
        self._is_tls = parts.scheme == "smtps"
        self._host = parts.hostname
        self._port = port or _PORTS[parts.scheme]
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._timeout = timeout
        self._answer_timeout = answer_timeout

    def __repr__(self) -> str:
        """Without user and password."""
        return f"SmtpMailer({'smtps' if self._is_tls else 'smtp'}://{self._host}:{self._port})"

    def deliver(self, mail: Mail) -> None:
        """Returns when the server has accepted the message. Raises DeliveryError otherwise."""
        message = _message(mail)
        try:
            with _Session(self._connect()) as server:
                self._log_in(server)
                self._transmit(server, mail, message)
        except DeliveryError as error:
            raise DeliveryError(
                self._without_secrets(error.reason), is_retryable=error.is_retryable, is_uncertain=error.is_uncertain
            ) from None
        except (smtplib.SMTPException, OSError) as error:
            # Nothing after DATA comes here: _transmit has its own words for that.
            raise DeliveryError(
                self._without_secrets(f"no delivery to {self._where}: {_words(error)}"), is_retryable=True
            ) from None

    @property
    def _where(self) -> str:
        return f"{self._host}:{self._port}"

    def _connect(self) -> smtplib.SMTP:
        if self._is_tls:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=ssl.create_default_context())
        server = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        try:
            server.ehlo_or_helo_if_needed()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
        return server

    def _log_in(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if not self._user:
            return
        if not isinstance(server.sock, ssl.SSLSocket) and not _is_this_machine(self._host):
            raise DeliveryError(f"{self._where} offers no TLS: the password is not sent. Use smtps://", is_retryable=True)
        try:
            server.login(self._user, self._password)
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
            # The message is not to blame: it waits until the set-up is mended.
            raise DeliveryError(f"{self._where} refused the log-in: {_words(error)}", is_retryable=True) from None

    def _transmit(self, server: smtplib.SMTP, mail: Mail, message: EmailMessage) -> None:
        sender, recipient = _address(mail.sender), _address(mail.recipient)
        wire_policy, options = policy.SMTP, []
        if not (sender + recipient).isascii():
            if not server.has_extn("smtputf8"):
                raise DeliveryError(f"{self._where} takes no addresses outside ASCII: {recipient}")
            wire_policy, options = policy.SMTPUTF8, ["SMTPUTF8"]
        content = _DOT.sub(b"..", message.as_bytes(policy=wire_policy))
        if len(content) > MAX_BYTES:
            raise DeliveryError(f"the message has {len(content)} bytes, {MAX_BYTES} are the most")
        _expect(server.mail(sender, options), {250}, "MAIL FROM")
        _expect(server.rcpt(recipient), {250, 251}, "RCPT TO")
        _expect(server.docmd("DATA"), {354}, "DATA")
        server.send(content if content.endswith(b"\r\n") else content + b"\r\n")
        try:
            if server.sock is not None:
                server.sock.settimeout(self._answer_timeout)
            server.send(b".\r\n")
            answer = server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryError(f"{self._where} gave no answer after DATA: {_words(error)}", is_uncertain=True) from None
        _expect(answer, {250}, "the message")

    def _without_secrets(self, reason: str) -> str:
        for secret in filter(None, (self._password, self._user)):
            reason = reason.replace(secret, "***")
        return reason


class _Session:
    """A connection that is closed whatever happens; a polite QUIT has no say in whether the message was accepted."""

    def __init__(self, server: smtplib.SMTP) -> None:
        self._server = server

    def __enter__(self) -> smtplib.SMTP:
        return self._server

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            with suppress(smtplib.SMTPException, OSError):
                if self._server.sock is not None:
                    self._server.sock.settimeout(2)
                self._server.putcmd("quit")
        self._server.close()


def _expect(answer: tuple[int, bytes], accepted: set[int], step: str) -> None:
    """Raises DeliveryError for another answer: 4xx may be tried again, 5xx is final, anything else is no SMTP."""
    code, words = answer
    if code in accepted:
        return
    said = _CONTROL.sub(" ", words.decode("utf-8", "replace")).strip()[:300]
    raise DeliveryError(f"{step} was answered {code} {said}", is_retryable=not 500 <= code < 600 or code in _OUR_FAULT)


def _message(mail: Mail) -> EmailMessage:
    """The message with a text and an HTML part in UTF-8. Raises DeliveryError for what cannot be a message."""
    try:
        message = EmailMessage(policy=policy.SMTP)
        message["From"] = _mailbox(mail.sender)
        message["To"] = _mailbox(mail.recipient)
        message["Subject"] = _one_line(mail.subject)
        message["Message-ID"] = _one_line(mail.message_id)
        if mail.in_reply_to:
            message["In-Reply-To"] = _one_line(mail.in_reply_to)
        if mail.references:
            message["References"] = " ".join(map(_one_line, mail.references))
        for name, value in mail.headers:
            message[name] = _one_line(value)
        message.set_content(mail.text, subtype="plain", charset="utf-8", cte="quoted-printable")
        message.add_alternative(mail.html, subtype="html", charset="utf-8", cte="quoted-printable")
    except (MessageError, ValueError, UnicodeError) as error:
        raise DeliveryError(f"cannot be made a message: {_words(error)}") from error
    return message


def _one_line(value: str) -> str:
    """A header's value: a line break in it would begin another header."""
    return _CONTROL.sub(" ", value).strip()


def _mailbox(written: str) -> str:
    name, address = parseaddr(written)
    if "@" not in address or _CONTROL.search(written):
        raise ValueError(f"{written!r} is no mail address")
    return formataddr((name, address)) if name.isascii() else f'"{name}" <{address}>'


def _address(written: str) -> str:
    """The address of the envelope; a domain outside ASCII in its ASCII form."""
    local, _, domain = parseaddr(written)[1].rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode('ascii') if not domain.isascii() else domain}"
    except UnicodeError:
        return f"{local}@{domain}"


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _words(error: BaseException) -> str:
    """An error in a few words; an SMTP answer with its code."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else str(error.smtp_error)
        return f"{error.smtp_code} {_CONTROL.sub(' ', said).strip()[:300]}"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
