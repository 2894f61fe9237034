"""Signed links: whole, forged, changed, of another purpose, too old."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctions_watch.adapters.signing import ACTIONS, Action, BadToken, Opting, Signer
from sanctions_watch.clock import FixedClock
from sanctions_watch.errors import ConfigurationError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY = "0123456789abcdef0123456789abcdef"


def signer(now=NOW, key=KEY):
    return Signer(key, "https://airflow.example/", FixedClock(now))


def token(address):
    return parse_qs(urlsplit(address).query)["t"][0]


def test_links_lead_to_the_page_and_tell_what_they_are_for():
    links = signer().links("desk", "mail", "a1")
    assert links.unsubscribe.startswith("https://airflow.example/sanctions_watch/unsubscribe?t=")
    assert signer().read_opt_out(token(links.unsubscribe)) == Opting("desk", "mail")
    assert [signer().read_action(token(address)) for _, address in links.actions] == [
        Action(action, "a1", "desk", NOW) for action in ACTIONS
    ]
    assert signer().links("desk", "mail").actions == ()


def test_no_link_serves_another_purpose():
    links = signer().links("desk", "mail", "a1")
    for read, address in ((signer().read_action, links.unsubscribe), (signer().read_opt_out, links.actions[0][1])):
        with pytest.raises(BadToken):
            read(token(address))
    with pytest.raises(BadToken):
        signer().check_form("desk", token(links.unsubscribe))


def test_action_links_end_and_opting_out_never_does():
    links = signer().links("desk", "mail", "a1")
    later = signer(NOW + timedelta(days=31))
    with pytest.raises(BadToken, match="30 days"):
        later.read_action(token(links.actions[0][1]))
    assert later.read_opt_out(token(links.unsubscribe)).subscriber_id == "desk"


def test_a_form_is_of_one_user_and_one_day():
    made = signer().form_token("mina")
    signer().check_form("mina", made)
    with pytest.raises(BadToken):
        signer().check_form("jon", made)
    with pytest.raises(BadToken):
        signer(NOW + timedelta(days=2)).check_form("mina", made)


@given(st.text(max_size=60), st.integers(0, 200))
def test_what_was_changed_or_made_up_is_refused(junk, place):
    whole = token(signer().links("desk", "mail", "a1").unsubscribe)
    changed = whole[:place] + junk + whole[place + 1 :]
    with pytest.raises(BadToken):
        signer().read_opt_out(junk)
    with suppress(BadToken):  # base64 has more than one way to write the same bytes: what is let through means the same
        assert signer().read_opt_out(changed) == Opting("desk", "mail")
    with pytest.raises(BadToken):
        signer(key=KEY[::-1]).read_opt_out(whole)


def test_a_short_key_is_refused_and_none_is_ever_shown():
    with pytest.raises(ConfigurationError):
        signer(key="short")
    assert KEY not in repr(signer())
