"""The mailer against real servers: what arrives, and what each failure is called."""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import replace
from email import message_from_bytes, policy
from urllib.parse import quote

import pytest
from tests.integration.mailer.conftest import PASSWORD, USER, Behaviour, authenticator

from sanctions_watch.adapters.mailer import SmtpMailer
from sanctions_watch.errors import ConfigurationError, DeliveryError
from sanctions_watch.records import Mail

MAIL = Mail(
    message_id="<0123456789abcdef01234567@sanctions-watch.internal>",
    sender="Sanctions Watch <watch@sanctions.example.org>",
    recipient="desk@sanctions.example.org",
    subject="[NEW] 조선일보 alleges: Россия, new work permits (2375 OP17) – 1 root",
    text="“Quote” – 한국어\n.a line that begins with a dot\n" + "long " * 300 + "\n",
    html="<p dir='auto'>“Quote” – 한국어</p>\n<p>.</p>\n",
    in_reply_to="<b@sanctions-watch.internal>",
    references=("<a@sanctions-watch.internal>", "<b@sanctions-watch.internal>"),
    headers=(
        ("List-Id", "<alerts.sanctions-watch.internal>"),
        ("Auto-Submitted", "auto-generated"),
        ("Date", "Mon, 03 Sep 2018 06:30:00 +0000"),
    ),
)


def failure(url: str, mail: Mail = MAIL, **options: float) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        SmtpMailer(url, **{"timeout": 2, "answer_timeout": 2, **options}).deliver(mail)
    return caught.value


def arrived(behaviour: Behaviour):
    [envelope] = behaviour.received
    return envelope, message_from_bytes(envelope.content, policy=policy.default)


def test_a_mail_arrives_as_it_was_rendered(serve):
    behaviour = Behaviour()
    SmtpMailer(f"smtp://{serve(behaviour).address}").deliver(MAIL)
    envelope, message = arrived(behaviour)
    assert (envelope.mail_from, envelope.rcpt_tos) == ("watch@sanctions.example.org", ["desk@sanctions.example.org"])
    assert message["Subject"] == MAIL.subject
    assert (message["From"], message["To"]) == (MAIL.sender, MAIL.recipient)
    assert (message["Message-ID"], message["In-Reply-To"]) == (MAIL.message_id, MAIL.in_reply_to)
    assert message["References"] == " ".join(MAIL.references)
    assert (message["List-Id"], message["Auto-Submitted"]) == ("<alerts.sanctions-watch.internal>", "auto-generated")
    assert message.get_content_type() == "multipart/alternative"
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == MAIL.text
    assert message.get_body(("html",)).get_content().replace("\r\n", "\n") == MAIL.html


def test_what_goes_over_the_wire_is_short_ascii_lines(serve):
    behaviour = Behaviour()
    SmtpMailer(f"smtp://{serve(behaviour).address}").deliver(MAIL)
    [envelope] = behaviour.received
    assert envelope.content.isascii()
    assert max(len(line) for line in envelope.content.split(b"\r\n")) <= 998
    assert b"\n" not in envelope.content.replace(b"\r\n", b"")


def test_a_line_break_in_a_header_begins_no_other_header(serve):
    behaviour = Behaviour()
    evil = replace(
        MAIL,
        subject="x\r\nBcc: victim@example.org\r\n\r\nbody",
        in_reply_to="<a@b>\r\nX-Evil: 1",
        headers=(("List-Id", "a\nX-Evil: 2"),),
    )
    SmtpMailer(f"smtp://{serve(behaviour).address}").deliver(evil)
    envelope, message = arrived(behaviour)
    assert envelope.rcpt_tos == ["desk@sanctions.example.org"]
    assert message["Bcc"] is None
    assert message["X-Evil"] is None


@pytest.mark.parametrize("recipient", ["", "nobody"])
def test_what_is_no_address_is_refused_for_good(serve, recipient):
    behaviour = Behaviour()
    error = failure(f"smtp://{serve(behaviour).address}", replace(MAIL, recipient=recipient))
    assert (error.is_retryable, error.is_uncertain) == (False, False)
    assert behaviour.commands == []


@pytest.mark.parametrize("recipient", ["a@b.example\r\nRCPT TO:<victim@example.org>", "a@b.example, victim@example.org"])
def test_a_mail_goes_to_one_address_at_most(serve, recipient):
    behaviour = Behaviour()
    with suppress(DeliveryError):
        SmtpMailer(f"smtp://{serve(behaviour).address}").deliver(replace(MAIL, recipient=recipient))
    assert [envelope.rcpt_tos for envelope in behaviour.received] in ([], [["a@b.example"]])


REFUSALS = [
    ("at_mail", "451 4.3.0 later", "retryable"),
    ("at_mail", "550 5.7.1 not you", "refused"),
    ("at_mail", "530 5.7.0 log in first", "retryable"),  # the set-up's fault
    ("at_rcpt", "450 4.2.1 greylisted", "retryable"),
    ("at_rcpt", "550 5.1.1 no such user", "refused"),
    ("at_data", "452 4.3.1 disk full", "retryable"),
    ("at_data", "554 5.7.1 looks like spam", "refused"),
]


@pytest.mark.parametrize(("step", "answer", "kind"), REFUSALS, ids=[f"{step} {answer[:3]}" for step, answer, _ in REFUSALS])
def test_4xx_may_be_tried_again_and_5xx_is_final(serve, step, answer, kind):
    behaviour = Behaviour(**{step: answer})
    error = failure(f"smtp://{serve(behaviour).address}")
    assert (error.is_retryable, error.is_uncertain) == (kind == "retryable", False)
    assert answer[:3] in error.reason
    assert behaviour.received == []


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_connection_lost_before_the_message_may_be_tried_again(serve, step):
    error = failure(f"smtp://{serve(Behaviour(drop_at=step)).address}")
    assert (error.is_retryable, error.is_uncertain) == (True, False)


@pytest.mark.parametrize("accepts", [True, False])
def test_a_connection_lost_after_the_message_leaves_it_uncertain(serve, accepts):
    behaviour = Behaviour(drop_at="MESSAGE", accept_then_drop=accepts)
    error = failure(f"smtp://{serve(behaviour).address}")
    assert (error.is_retryable, error.is_uncertain) == (False, True)
    assert len(behaviour.received) == accepts


def test_a_server_that_hangs_before_the_message_may_be_tried_again(serve):
    error = failure(f"smtp://{serve(Behaviour(hang_at='RCPT')).address}", timeout=0.5)
    assert (error.is_retryable, error.is_uncertain) == (True, False)


def test_a_server_that_hangs_after_the_message_leaves_it_uncertain(serve):
    error = failure(f"smtp://{serve(Behaviour(hang_at='MESSAGE')).address}", answer_timeout=0.5)
    assert (error.is_retryable, error.is_uncertain) == (False, True)


def test_nobody_at_the_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = failure(f"smtp://127.0.0.1:{taken.getsockname()[1]}")
    assert (error.is_retryable, error.is_uncertain) == (True, False)


def test_a_server_that_speaks_no_smtp():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = failure(f"smtp://127.0.0.1:{silent.getsockname()[1]}", timeout=0.5)
    assert (error.is_retryable, error.is_uncertain) == (True, False)


def test_a_message_that_is_too_large_is_not_tried(serve):
    behaviour = Behaviour()
    error = failure(f"smtp://{serve(behaviour).address}", replace(MAIL, text="x" * 500_000))
    assert not error.is_retryable
    assert behaviour.received == []


# ---------------------------------------------------------------- log-in and TLS

SECRET_URL = f"smtp://{USER}:{quote(PASSWORD, safe='')}@"


def test_log_in_with_a_password_of_odd_characters(serve):
    behaviour = Behaviour()
    address = serve(behaviour, authenticator=authenticator(behaviour), auth_required=True, auth_require_tls=False).address
    SmtpMailer(SECRET_URL + address).deliver(MAIL)
    assert behaviour.logins[-1] == (USER.encode(), PASSWORD.encode())
    assert len(behaviour.received) == 1


def test_a_refused_log_in_is_the_set_ups_fault_and_says_no_secret(serve):
    behaviour = Behaviour()
    address = serve(behaviour, authenticator=authenticator(behaviour), auth_required=True, auth_require_tls=False).address
    error = failure(f"smtp://{USER}:wrong-{quote(PASSWORD, safe='')}@{address}")
    assert (error.is_retryable, error.is_uncertain) == (True, False)
    assert PASSWORD not in str(error)
    assert error.__cause__ is None


def test_a_server_without_log_in_is_told_so_without_secrets(serve):
    error = failure(SECRET_URL + serve(Behaviour()).address)
    assert error.is_retryable
    assert PASSWORD not in str(error)


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(serve, certificate):
    behaviour = Behaviour()
    error = failure(f"smtps://{serve(behaviour, ssl_context=certificate).address}")
    assert error.is_retryable
    assert "certificate" in error.reason.casefold()
    starttls = Behaviour()
    error = failure(f"smtp://{serve(starttls, tls_context=certificate).address}")
    assert error.is_retryable
    assert behaviour.received == starttls.received == []


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:25", "http://127.0.0.1", "smtp://", f"smtp://{USER}:{PASSWORD}@", "smtp://[::1", "smtp://h:notaport"]
)
def test_an_address_that_is_none_is_named_without_being_repeated(url):
    with pytest.raises(ConfigurationError) as caught:
        SmtpMailer(url)
    assert PASSWORD not in str(caught.value)


def test_a_mailer_never_shows_its_password():
    mailer = SmtpMailer(f"smtp://{USER}:{quote(PASSWORD, safe='')}@mail.example:25")
    assert PASSWORD not in repr(mailer)
    assert USER not in repr(mailer)
