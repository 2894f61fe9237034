"""Mails as a mailbox keeps them, the broken ones too."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from tests.web import ledger

from sanctions_watch.web.mailbox import MOST_MAILS, envelopes, letter


def test_newest_first_with_their_subjects(mailbox):
    found, total = envelopes(mailbox)
    assert total == 2
    assert [envelope.name for envelope in found] == ["0002-hostile.eml", "0001-new.eml"]
    assert found[1].subject.startswith("SAMPLE [NEW] Pacific Courier alleges: Russia, new work permits")
    assert (found[1].kind, found[0].kind) == ("NEW", "UPDATE")
    assert found[1].sent_at == ledger.START


def test_a_folder_that_is_not_there_is_empty(tmp_path):
    assert envelopes(tmp_path / "none") == ([], 0)


def test_a_broken_mail_is_shown_as_far_as_it_goes(tmp_path):
    path = tmp_path / "broken.eml"
    path.write_bytes(
        b"Subject: =?no-such-charset?q?caf=E9?=\nDate: yesterday or so\nContent-Type: text/plain; charset=no-such\n\n\xff\xfe caf\xc3\xa9"
    )
    os.utime(path, (1_000_000_000, 1_000_000_000))
    (envelope,), _ = envelopes(tmp_path)
    assert envelope.sent_at == datetime.fromtimestamp(1_000_000_000, UTC)
    shown = letter(tmp_path, "broken.eml")
    assert shown is not None
    assert "café" in shown.text
    assert shown.html == ""


def test_other_files_and_links_out_of_the_folder_are_not_mails(tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("Subject: secret\n\nsecret")
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "link.eml").symlink_to(outside)
    (folder / "notes.txt").write_text("not a mail")
    assert letter(folder, "link.eml") is None
    assert letter(folder, "notes.txt") is None
    assert letter(folder, "../outside.txt") is None
    assert envelopes(folder) == ([], 0)


def test_a_full_folder_lists_the_newest(tmp_path):
    for number in range(MOST_MAILS + 5):
        path = tmp_path / f"{number:04}.eml"
        path.write_text(f"Subject: {number}\n\nx")
        os.utime(path, (1_000_000_000 + number, 1_000_000_000 + number))
    found, total = envelopes(tmp_path)
    assert (len(found), total) == (MOST_MAILS, MOST_MAILS + 5)
    assert found[0].subject == str(MOST_MAILS + 4)
