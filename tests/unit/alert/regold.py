"""Writes the golden text parts anew, to be read over before they are committed: ``python -m tests.unit.alert.regold``."""

from __future__ import annotations

from tests.unit.alert.story import alerts
from tests.unit.alert.test_mail import GOLDEN, mail_of

if __name__ == "__main__":
    for name, alert in alerts().items():
        mail = mail_of(alert)
        (GOLDEN / f"{name}.txt").write_text(f"Subject: {mail.subject}\n\n{mail.text}", "utf-8")
