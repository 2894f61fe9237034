"""robots.txt for pages: RFC 9309 with its failure rules, over a real server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from tests.integration.fetcher.site import TEXT, Site, running

from sanctions_watch.adapters.fetcher import HttpFetcher
from sanctions_watch.adapters.fetcher.robots import Robots, RobotsCache, judge
from sanctions_watch.records import FetchRequest, FetchResult

NOW = datetime(2024, 5, 2, 12, tzinfo=UTC)
RULES = b"User-agent: *\nDisallow: /moved\n\nUser-agent: SanctionsWatch\nDisallow: /cached\nAllow: /cached/1\n"


@dataclass
class Hands:
    """A clock that is set by hand."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def site() -> Iterator[Site]:
    with running(Site()) as server:
        yield server


@pytest.fixture
def clock() -> Hands:
    return Hands()


def fetcher(site: Site, clock: Hands, **settings) -> HttpFetcher:
    return HttpFetcher(clock, allowed_hosts=[f"127.0.0.1:{site.server_address[1]}"], **settings)


def page(one: HttpFetcher, site: Site, path: str = "/cached/2") -> FetchResult:
    [result] = one.fetch([FetchRequest(site.url(path))])
    return result


def test_a_page_that_is_not_allowed_is_not_asked_for_and_the_reason_is_told(site, clock):
    site.robots = (200, RULES, {})
    result = page(fetcher(site, clock), site)
    assert result.error == f"{site.url('/robots.txt')} does not allow SanctionsWatch this page"
    assert (result.is_refused, result.failure, result.status, result.body) == (True, "hard", 0, b"")
    assert site.asked == []


@pytest.mark.parametrize(
    ("path", "is_allowed"), [("/cached/2", False), ("/cached/1", True), ("/plain", True), ("/moved/301", True)]
)
def test_the_rules_for_our_name_count_and_the_longer_one_wins(site, clock, path, is_allowed):
    site.robots = (200, RULES, {})
    assert (page(fetcher(site, clock), site, path).body == TEXT) is is_allowed


def test_each_hop_of_a_redirect_is_asked_for(site, clock):
    site.robots = (200, b"User-agent: *\nDisallow: /plain", {})
    result = page(fetcher(site, clock), site, "/moved/302")
    assert result.is_refused
    assert [path for path, _ in site.asked] == ["/moved/302"]


def test_feeds_are_not_subject_to_it(site, clock):
    site.robots = (200, b"User-agent: *\nDisallow: /", {})
    [result] = fetcher(site, clock).fetch([FetchRequest(site.url("/plain"), "feed")])
    assert result.body == TEXT
    assert site.robots_asked == 0


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_none_there_allows_everything(site, clock, status):
    site.robots = (status, RULES, {})
    assert page(fetcher(site, clock), site).body == TEXT


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_site_that_cannot_say_is_left_alone_for_a_while(site, clock, status):
    site.robots = (status, b"", {})
    one = fetcher(site, clock)
    refused = page(one, site)
    assert refused.is_refused
    assert refused.failure == "temporary"
    assert f"cannot be read (HTTP {status}" in refused.error
    assert page(one, site).is_refused
    assert site.robots_asked == 1  # not at every page
    clock.at += timedelta(minutes=6)
    site.robots = (404, b"", {})
    assert page(one, site).body == TEXT


def test_retry_after_is_waited_for(site, clock):
    site.robots = (503, b"", {"Retry-After": "3600"})
    one = fetcher(site, clock)
    page(one, site)
    clock.at += timedelta(minutes=50)
    page(one, site)
    assert site.robots_asked == 1


def test_after_a_day_of_failures_the_last_known_copy_counts(site, clock):
    site.robots = (200, RULES, {})
    one = fetcher(site, clock)
    assert page(one, site, "/plain").body == TEXT
    site.robots = (500, b"", {})
    clock.at += timedelta(days=1, minutes=1)
    assert page(one, site, "/plain").is_refused
    clock.at += timedelta(days=1)
    assert page(one, site, "/plain").body == TEXT
    assert "does not allow" in page(one, site, "/cached/2").error


def test_without_a_copy_it_takes_thirty_days(site, clock):
    known = Robots(None, NOW, failing_since=NOW)
    assert judge(known, "https://a.example", "https://a.example/x", NOW + timedelta(days=29)).refusal
    assert not judge(known, "https://a.example", "https://a.example/x", NOW + timedelta(days=31)).refusal


def test_it_is_asked_for_once_a_day(site, clock):
    site.robots = (200, RULES, {})
    one = fetcher(site, clock)
    one.fetch([FetchRequest(site.url("/plain"))] * 5)
    one.fetch([FetchRequest(site.url("/plain"))] * 5)
    assert site.robots_asked == 1
    clock.at += timedelta(hours=25)
    page(one, site)
    assert site.robots_asked == 2


@pytest.mark.parametrize(("control", "hours", "asked"), [("max-age=7200", 3, 2), ("max-age=7200", 1, 1), ("max-age=5", 0.5, 1), ("max-age=9999999", 25, 2)])  # fmt: skip
def test_its_own_time_counts_between_an_hour_and_a_day(site, clock, control, hours, asked):
    site.robots = (200, RULES, {"Cache-Control": control})
    one = fetcher(site, clock)
    page(one, site)
    clock.at += timedelta(hours=hours)
    page(one, site)
    assert site.robots_asked == asked


def test_other_processes_find_the_copy_in_the_folder(site, clock, tmp_path):
    site.robots = (200, RULES, {})
    assert page(fetcher(site, clock, cache=tmp_path / "robots"), site).is_refused
    assert page(fetcher(site, clock, cache=tmp_path / "robots"), site).is_refused
    assert site.robots_asked == 1
    for file in (tmp_path / "robots").iterdir():
        file.write_text("{cut off")
    assert page(fetcher(site, clock, cache=tmp_path / "robots"), site).is_refused
    assert site.robots_asked == 2


@pytest.mark.parametrize(("written", "least", "most"), [("0.2", 0.6, 5), ("0", 0, 5), ("-3", 0, 5), ("soon", 0, 5)])
def test_the_crawl_delay_is_honoured(site, clock, written, least, most):
    site.robots = (200, f"User-agent: *\nCrawl-delay: {written}\n".encode(), {})
    started = monotonic()
    results = fetcher(site, clock).fetch([FetchRequest(site.url("/plain"))] * 4)
    assert [result.body for result in results] == [TEXT] * 4
    assert monotonic() - started >= least


def test_the_crawl_delay_is_capped():
    known = Robots("User-agent: *\nCrawl-delay: 86400", NOW)
    assert judge(known, "https://a.example", "https://a.example/x", NOW).delay == 10


def test_only_the_start_of_a_huge_file_counts(site, clock):
    site.robots = (200, b"User-agent: *\nDisallow: /cached\n" + b"# filler\n" * 100_000 + b"Disallow: /plain\n", {})
    one = fetcher(site, clock)
    assert page(one, site, "/cached/2").is_refused
    assert page(one, site, "/plain").body == TEXT


def test_many_wildcards_take_no_time(site, clock):
    site.robots = (200, b"User-agent: *\nDisallow: /" + b"*a" * 200 + b"b$\n" + b"Disallow: /*?*?*?*x$\n" * 500, {})
    assert page(fetcher(site, clock), site, "/plain/" + "a" * 1_800).body == TEXT


def test_a_byte_order_mark_hides_no_rule(site, clock):
    site.robots = (200, b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /", {})
    assert page(fetcher(site, clock), site).is_refused


def test_a_refused_network_address_keeps_its_own_reason(site, clock):
    [result] = HttpFetcher(clock).fetch([FetchRequest("http://127.0.0.1/x")])
    assert "not a public address" in result.error
    assert not result.is_refused


def test_an_old_site_is_forgotten_when_there_are_too_many(monkeypatch):
    monkeypatch.setattr("sanctions_watch.adapters.fetcher.robots._KEPT", 2)
    cache = RobotsCache()
    for number in range(3):
        cache.put(f"https://{number}.example", Robots("", NOW))
    assert cache.get("https://0.example") is None
    assert cache.get("https://2.example") is not None
