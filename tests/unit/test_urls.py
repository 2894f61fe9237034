"""Addresses: one form for one page, and never another page's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctions_watch.urls import absolute_url, canonical_url, site_of, url_key


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://Paper.Example:443/A?utm_source=x&id=3&fbclid=y#top", "https://paper.example/A?id=3"),
        ("http://paper.example", "http://paper.example/"),
        ("https://paper.example/a/amp/", "https://paper.example/a/"),
        ("https://paper.example/a.amp.html", "https://paper.example/a.html"),
        ("https://paper.example/amplify?q=%B1%B8&utm_medium=rss", "https://paper.example/amplify?q=%B1%B8"),
        ("https://paper.example/a b", "https://paper.example/ab"),
        ("https://paper.example/가", "https://paper.example/%EA%B0%80"),
        ("https://[2001:db8::1]:8443/a", "https://[2001:db8::1]:8443/a"),
        ("ftp://paper.example/a", ""),
        ("//paper.example/a", ""),
        ("http://paper.example:99999/", ""),
        ("http://[::1", ""),
        ("https://paper.example/" + "a" * 3_000, ""),
        ("", ""),
    ],
)
def test_canonical(url, canonical):
    assert canonical_url(url) == canonical


def test_keys():
    assert (
        url_key("http://www.paper.example/a/?b=2&a=1") == url_key("https://m.paper.example/a?a=1&b=2") == "paper.example/a?a=1&b=2"
    )
    assert site_of("https://www.paper.example/a") == "paper.example"
    assert site_of("https://m.tv/a") == "m.tv"


def test_absolute():
    assert absolute_url("https://paper.example/x/y", "../a") == "https://paper.example/a"
    assert absolute_url("https://paper.example/x", "javascript:alert(1)") == ""
    assert absolute_url("https://paper.example/x", "http://[") == ""


@given(st.one_of(st.text(max_size=80), st.text(max_size=60).map(lambda text: f"https://paper.example/{text}")))
def test_canonical_is_stable(url):
    once = canonical_url(url)
    assert canonical_url(once) == once
    assert once.isascii() or not once
    url_key(url)
    absolute_url("https://paper.example/", url)
