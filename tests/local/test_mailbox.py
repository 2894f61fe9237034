"""The mailbox over real SMTP and HTTP."""

import asyncio
import http.client
import smtplib
import threading
from email.message import EmailMessage

import pytest

from sanctions_watch.errors import ConfigurationError
from sanctions_watch.local import mailbox
from sanctions_watch.local.__main__ import show_mails
from sanctions_watch.local.place import Place

EVIL = '<script>alert(1)</script>"onmouseover=x'


@pytest.fixture
def smtp(tmp_path):
    """(port, folder) of a running mailbox."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(mailbox.receive(tmp_path, 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield server.sockets[0].getsockname()[1], tmp_path
    loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.run_until_complete(asyncio.sleep(0.05))
    loop.close()


@pytest.fixture
def page(tmp_path):
    server = mailbox.page_server(tmp_path, 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


def _mail(subject="[NEW] A alleges: B, coal", text="Ünïcode text", html=""):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Sanctions Watch <s@localhost>", "Ada <ada@analysts.example>", subject
    mail["Message-ID"], mail["Date"] = "<1@localhost>", "Sat, 04 Aug 2018 14:20:00 +0000"
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    return mail


def _send(port, mail):
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.send_message(mail, to_addrs=["ada@analysts.example"])


def _get(port, path, host=""):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path, headers={"Host": host or f"127.0.0.1:{port}"})
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer, body


def test_a_mail_is_on_disk_when_the_sender_hears_ok(smtp):
    port, folder = smtp
    for number in (1, 2, 3):
        _send(port, _mail(subject=f"mail {number}"))
        assert [one.subject for one in mailbox.stored(folder)] == [f"mail {n}" for n in range(1, number + 1)]
    assert sorted(path.name for path in folder.iterdir()) == ["00001.eml", "00002.eml", "00003.eml"]
    kept = mailbox.stored(folder)[0]
    assert kept.recipient == "ada@analysts.example"
    assert mailbox.part(kept.message(), "plain").strip() == "Ünïcode text"
    assert kept.message()["Message-ID"] == "<1@localhost>"


def test_the_same_mail_twice_is_two_mails(smtp):
    port, folder = smtp
    _send(port, _mail())
    _send(port, _mail())
    assert len(mailbox.stored(folder)) == 2


def test_numbers_go_on_after_a_restart(tmp_path):
    (tmp_path / "00007.eml").write_bytes(b"Subject: old\r\n\r\nx")
    (tmp_path / ".incoming-half").write_bytes(b"Subject: half")
    keeper = mailbox.Keeper(tmp_path)
    keeper._write(b"Subject: new\r\n\r\nx")
    assert [one.number for one in mailbox.stored(tmp_path)] == [7, 8]


def test_a_mailbox_that_cannot_write_refuses_for_now(smtp):
    port, folder = smtp
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    try:
        with pytest.raises(smtplib.SMTPDataError) as refusal:
            _send(port, _mail())
        assert refusal.value.smtp_code == 452
    finally:
        folder.mkdir()


def test_the_page_lists_and_escapes(smtp, page):
    port, _ = smtp
    assert "No mail yet" in _get(page, "/")[1]
    _send(port, _mail(subject=EVIL, text=EVIL, html=f"<p>hello</p>{EVIL}"))
    for path in ("/", "/mail/1"):
        answer, body = _get(page, path)
        assert answer.status == 200
        assert "<script>" not in body
        assert "&lt;script&gt;" in body
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert 'sandbox="allow-popups' in _get(page, "/mail/1")[1]


def test_the_html_of_a_mail_runs_no_scripts_and_loads_nothing(smtp, page):
    port, _ = smtp
    _send(port, _mail(html="<p>hello</p><script>alert(1)</script>"))
    answer, body = _get(page, "/mail/1.html")
    assert "<p>hello</p>" in body
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy


def test_the_message_as_it_was_sent(smtp, page):
    port, _ = smtp
    _send(port, _mail(html="<p>hello</p>"))
    answer, body = _get(page, "/mail/1.eml")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Delivered-To: ada@analysts.example" in body


@pytest.mark.parametrize(
    "path", ["/mail/2", "/mail/x", "/mail/../1", "/mail/1/../../secret", "/etc/passwd", "/mail/99999999999999", "/1"]
)
def test_other_addresses_are_not_found(smtp, page, path):
    port, _ = smtp
    _send(port, _mail())
    assert _get(page, path)[0].status == 404


def test_another_host_name_is_refused(page):
    assert _get(page, "/", host="evil.example")[0].status == 421


def test_the_command_lists_and_prints(smtp, tmp_path, capsys):
    port, _ = smtp
    place = Place(tmp_path, tmp_path)
    place.mailbox.mkdir()
    show_mails(place, "")
    assert capsys.readouterr().out == "No mails yet.\n"
    _send(port, _mail(subject="A\x1b[31mred subject", text="one\x1b[2Jtwo\nthree"))
    (tmp_path / "00001.eml").rename(place.mailbox / "00001.eml")
    show_mails(place, "")
    listed = capsys.readouterr().out
    assert "ada@analysts.example" in listed
    assert "red subject" in listed
    assert "\x1b" not in listed
    show_mails(place, "01")
    printed = capsys.readouterr().out
    assert "Message-ID: <1@localhost>" in printed
    assert "two\nthree" in printed
    assert "\x1b" not in printed
    with pytest.raises(ConfigurationError, match="no mail 5"):
        show_mails(place, "5")
