"""The mail: what it says, that nothing scraped can change it, and that it stays small."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.alert.story import alerts, notification

from sanctions_watch.records import Alert, AlertQuote, Fact, Mail
from sanctions_watch.stages.alert.render import MAX_REFERENCES, MAX_SUBJECT, link, printable, render

GOLDEN = Path(__file__).parent / "golden"
SENDER = "Sanctions Watch <watch@sanctions.example.org>"
PAGE = "https://airflow.example.org"
ALERTS = alerts()
KINDS = {"new": "NEW", "update": "UPDATE", "denial": "DENIAL", "correction": "CORRECTION"}


def mail_of(alert: Alert, thread=()) -> Mail:
    return render(alert, notification(alert), sender=SENDER, thread=thread, page_url=PAGE)


@pytest.mark.parametrize("name", KINDS)
def test_the_text_part_is_the_golden_one(name):
    mail = mail_of(ALERTS[name])
    assert f"Subject: {mail.subject}\n\n{mail.text}" == (GOLDEN / f"{name}.txt").read_text("utf-8")


@pytest.mark.parametrize("name", KINDS)
def test_both_parts_say_the_same(name):
    alert, mail = ALERTS[name], mail_of(ALERTS[name])
    html = squeezed(BeautifulSoup(mail.html, "html.parser").body.get_text(" "))
    text = squeezed(mail.text)
    told = [alert.headline, alert.summary, alert.answer, alert.grade, alert.rule, *alert.grade_reasons, *alert.roots]
    told += [fact.value for fact in alert.new_facts if fact.kind not in {"root", "accuser"}] + [
        quote.text for quote in alert.quotes
    ]
    for words in told:
        assert squeezed(words) in html
        assert squeezed(words).replace(" ", "") in text.replace("> ", "").replace(" ", "")


def squeezed(text):
    return " ".join(text.split())


@pytest.mark.parametrize("name", KINDS)
def test_the_subject_says_who_says_so_and_which_kind(name):
    alert, mail = ALERTS[name], mail_of(ALERTS[name])
    assert mail.subject.startswith(f"[{KINDS[name]}] ")
    assert re.search(
        r" (alleges?|den(y|ies)|corrects?|withdraws?): Mongolia, new work permits \(2375 OP17\) – 1 root", mail.subject
    )
    assert alert.kind == KINDS[name]


def test_the_subjects():
    assert {name: mail_of(alert).subject for name, alert in ALERTS.items()} == {
        "new": "[NEW] Gobi Post alleges: Mongolia, new work permits (2375 OP17) – 1 root",
        "update": "[UPDATE] Ilse Moreau alleges: Mongolia, new work permits (2375 OP17) – 1 root, new: 1,300 North Koreans",
        "denial": "[DENIAL] Mongolia's labour ministry denies: Mongolia, new work permits (2375 OP17) – 1 root",
        "correction": "[CORRECTION] AFP withdraws: Mongolia, new work permits (2375 OP17) – 1 root",
    }


def test_the_sample_is_marked_in_front_and_inside():
    mail = mail_of(replace(ALERTS["new"], is_sample=True))
    assert mail.subject.startswith("SAMPLE [NEW] ")
    assert "SAMPLE" in mail.text.splitlines()[0]
    assert "SAMPLE" in BeautifulSoup(mail.html, "html.parser").body.get_text()


def test_quotes_link_and_show_their_host():
    mail = mail_of(ALERTS["new"])
    links = {tag["href"]: tag.get_text() for tag in BeautifulSoup(mail.html, "html.parser").find_all("a")}
    assert links["https://www.altaiobserver.example/steppe-towns-hire-again"] == "Read it at www.altaiobserver.example"
    assert f"{PAGE}/sanctions_watch/allegations/{ALERTS['new'].allegation_id}" in links
    assert "www.altaiobserver.example: https://www.altaiobserver.example/steppe-towns-hire-again" in mail.text


def test_an_unverified_paragraph_and_a_foreign_law_are_flagged():
    alert = replace(ALERTS["new"], rule_note="mapped by us; the paragraph's number is not verified", regime="US")
    mail = mail_of(alert)
    for part in (mail.text, mail.html):
        assert "the paragraph's number is not verified" in part.replace("&#39;", "'")
        assert "Alleged under US law." in part


# ---------------------------------------------------------------- threads and headers


def test_a_thread_refers_to_the_earlier_mails_of_the_allegation():
    mail = mail_of(ALERTS["update"], thread=["<a@x>", "<b@x>"])
    assert (mail.in_reply_to, mail.references) == ("<b@x>", ("<a@x>", "<b@x>"))
    first = mail_of(ALERTS["new"])
    assert (first.in_reply_to, first.references) == ("", ())


def test_a_resent_mail_does_not_refer_to_itself():
    own = notification(ALERTS["new"]).message_id
    mail = mail_of(ALERTS["new"], thread=[own])
    assert (mail.in_reply_to, mail.references, mail.message_id) == ("", (), own)


def test_a_long_thread_keeps_its_first_and_its_last():
    thread = [f"<{number}@x>" for number in range(100)]
    mail = mail_of(ALERTS["update"], thread=thread)
    assert len(mail.references) == MAX_REFERENCES
    assert (mail.references[0], mail.references[-1]) == ("<0@x>", "<99@x>")


def test_the_headers_say_that_a_machine_wrote_it():
    headers = dict(mail_of(ALERTS["new"]).headers)
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["List-Id"].endswith("<alerts.sanctions-watch.internal>")
    assert headers["Date"] == "Mon, 03 Sep 2018 06:30:00 +0000"


def test_rendering_again_makes_the_same_mail():
    assert mail_of(ALERTS["update"], ["<a@x>"]) == mail_of(ALERTS["update"], ["<a@x>"])


# ---------------------------------------------------------------- hostile text

EVIL = "Bank\r\nBcc: victim@example.org\n\n<script>alert(1)</script><img src=https://evil.example/x.png> \u202egnp.exe\u2028 {{ 7*7 }} {% raw %} “x” &lt;"


def hostile(words: str, url: str = "https://news.example/a") -> Alert:
    return replace(
        ALERTS["new"],
        headline=f"{words} alleges: {words}, new work permits",
        accused=words,
        summary=words,
        new_facts=(Fact("accuser", "a", words), Fact("place", "b", words)),
        known_facts=(Fact("party", "c", words),),
        quotes=(AlertQuote(words, words, words, url, datetime(2018, 9, 1, tzinfo=UTC)),),
        source_chain=(words, f"{words} ← {words}"),
        roots=(words,),
        grade_reasons=(words,),
        rule=words,
        rule_note=words,
        exemption=words,
        answer=words,
        regime=words,
    )


def assert_harmless(mail: Mail) -> None:
    for header in (mail.subject, mail.message_id, mail.recipient, mail.sender, *(value for _, value in mail.headers)):
        assert not re.search(r"[\x00-\x1f\x7f\u2028\u2029]", header)
    assert len(mail.subject) <= MAX_SUBJECT
    page = BeautifulSoup(mail.html, "html.parser")
    assert {tag.name for tag in page.find_all(True)} <= {
        "html", "head", "meta", "title", "style", "body", "div", "p", "span", "b", "br", "h1", "h2", "table", "tr", "td", "bdi", "blockquote", "a",
    }  # fmt: skip
    for tag in page.find_all(True):
        assert not any(name.startswith("on") or name in {"src", "background", "srcset"} for name in tag.attrs)
        assert tag.get("href", "https://").startswith(("http://", "https://"))
    assert "url(" not in mail.html
    assert "@import" not in mail.html
    for part in (mail.text, mail.html):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2028\u2029\u2066-\u2069]", part)
    assert len(mail.text.encode()) + len(mail.html.encode()) < 100_000  # Gmail cuts at 102 kB


def test_scraped_text_cannot_break_out():
    mail = mail_of(hostile(EVIL))
    assert_harmless(mail)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in mail.html
    assert "{{ 7*7 }}" in mail.html
    assert not any(line.startswith("Bcc:") for line in mail.text.splitlines())


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=80))
def test_no_text_and_no_address_breaks_out(words, address):
    assert_harmless(mail_of(hostile(words, address)))


def test_a_mail_stays_small_and_a_phone_can_break_every_word():
    words = "W" * 700
    facts = tuple(Fact("number", str(number), words[:240]) for number in range(24))
    quotes = tuple(
        AlertQuote(words, words[:120], words[:120], "https://news.example/" + "p" * 1900, datetime(2018, 9, 1, tzinfo=UTC))
        for _ in range(4)
    )
    mail = mail_of(
        replace(
            hostile(words[:300]),
            new_facts=facts,
            known_facts=facts,
            quotes=quotes,
            source_chain=(words[:300],) * 4,
            roots=(words[:120],) * 12,
        )
    )
    assert_harmless(mail)
    assert "12 further facts on the page" in mail.text


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://news.example/a?b=c&d=%20#e", "news.example"),
        ("http://NEWS.example:8080/ü", "news.example"),
        (" https://news.example/a b ", "news.example"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//news.example/a", None),
        ("https://bank.example@evil.example/", None),
        ("https:///a", None),
        ("https://[::1", None),
        ("https://x\u202e.example/", "x.example"),
        ("https://пример.example/", None),
        ("https://news.example/" + "a" * 3000, None),
        ("", None),
    ],
)
def test_only_web_addresses_become_links(url, host):
    found = link(url)
    assert (found.host if found else None) == host
    if found:
        assert found.url.isascii()
        assert " " not in found.url


def test_what_cannot_be_seen_goes():
    assert printable("a\u200bb\x00c\u202ed\te\ufeff") == "a b c d e"
