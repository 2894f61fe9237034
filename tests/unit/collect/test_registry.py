"""The feed registry: what it reads, and that it names every problem at once."""

from __future__ import annotations

import pytest

from sanctions_watch.data import include
from sanctions_watch.errors import ConfigurationError
from sanctions_watch.records import Feed
from sanctions_watch.stages.collect.registry import read_feeds


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as caught:
        read_feeds(text, "feeds.yaml")
    return caught.value.problems


def test_a_feed_with_everything_and_one_with_the_least():
    full, least = read_feeds(
        """
feeds:
  - {id: paper-nk, url: "{sample}/nk.json", publisher: Paper, country: "NO", language: nb, kind: specialist, format: json, reliability: B, is_specialist: true, is_sample: true}
  - {id: least, url: "https://least.example/rss", publisher: Least}
""",
        "feeds.yaml",
        {"sample": "http://127.0.0.1:8081"},
    )
    assert full == Feed(
        "paper-nk",
        "http://127.0.0.1:8081/nk.json",
        "Paper",
        "nb",
        "NO",
        "specialist",
        "json",
        "B",
        is_specialist=True,
        is_sample=True,
    )
    assert least == Feed("least", "https://least.example/rss", "Least")


def test_every_problem_at_once():
    found = problems(
        """
extra: 1
feeds:
  - {id: A b, url: "ftp://x", publisher: X, country: NO, kind: blog, zap: 1, is_sample: "yes"}
  - {id: ok-1, url: "https://u:p@ok.example/rss", publisher: 3, language: eng, reliability: G, format: xml}
  - {id: ok-2, url: "https://ok.example/{where}", publisher: P}
  - {publisher: P}
  - 5
  - {id: dup, url: "https://dup.example/rss", publisher: P}
  - {id: dup, url: "https://dup2.example/rss", publisher: P}
  - {id: dup-3, url: "http://www.dup.example/rss/", publisher: P}
"""
    )
    text = "\n".join(found)
    for words in (
        '"extra" is unknown', '"zap" is unknown', "'ftp://x' is not a web address", "country: False", "kind: 'blog'", "is_sample: 'yes' is not true or false", "id may hold",
        "user name or password", "publisher: 3 is not text", "language: 'eng'", "reliability: 'G'", "format: 'xml'", "{where}", "feed 4: id is missing", "feed 4: url is missing", "feed 5: is not a mapping",
        "the id dup is used twice", "dup-3 has the address of dup",
    ):  # fmt: skip
        assert words in text
    assert all(one.startswith("feeds.yaml") for one in found)


@pytest.mark.parametrize(("text", "words"), [("", "write a list"), ("feeds: []", "write a list"), ("- 1", "write a list"), ("a: [", "not readable YAML"), ("feeds: !!python/object:os.system {}", "not readable YAML")])  # fmt: skip
def test_no_list(text, words):
    assert words in problems(text)[0]


def test_the_shipped_registry():
    feeds = read_feeds(include("feeds.yaml").read_text(encoding="utf-8"), "include/feeds.yaml")
    assert len(feeds) >= 50
    assert {feed.kind for feed in feeds} >= {"agency", "newspaper", "broadcaster", "specialist", "government", "un", "state_media"}
    assert not any(feed.is_sample for feed in feeds)
