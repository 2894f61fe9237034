"""The bundled replay is well-formed, holds what it promises, and its expectation speaks of every article."""

import html
import json
import re
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

from sanctions_watch.stages.collect.registry import read_feeds
from sanctions_watch.taxonomy import conducts as known_conducts

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "include" / "sample"
LOADED = {
    name: yaml.safe_load((SAMPLE / f"{name}.yaml").read_text(encoding="utf-8"))
    for name in ("timeline", "feeds", "subscribers", "expected")
}
TIMELINE, EXPECTED = LOADED["timeline"], LOADED["expected"]
ARTICLES = {row["id"]: row for row in TIMELINE["articles"]}
READINGS = {row["id"]: row for row in EXPECTED["articles"]}
ALLEGATIONS = {row["id"]: row for row in EXPECTED["allegations"]}
PAGES = sorted((SAMPLE / "pages").glob("*.html"))
MODALITIES = {"alleged", "conditional", "documented", "confirmed", "denied", "withdrawn"}
COPIES = {"copy", "cut", "edited", "headline_changed", "house_intro"}
RELATIONS = COPIES | {"lead", "update_of", "correction_of", "kill_of", "merged_from", "republished"}


def versions(article: dict) -> list[dict]:
    return [article, *article.get("updates", ())]


def page_text(name: str) -> str:
    """All words of a page, scripts left out, with single spaces."""
    soup = BeautifulSoup((SAMPLE / "pages" / name).read_text(encoding="utf-8"), "html.parser")
    for tag in soup(["script", "style"]):
        tag.decompose()
    return re.sub(r"\s+", " ", soup.get_text(" "))


def grams(text: str, n: int = 5) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[i : i + n]) for i in range(len(words) - n + 1)}


def article_text(name: str) -> str:
    """The paragraphs of a page that are sentences, so that pages of unlike makes can be compared."""
    soup = BeautifulSoup((SAMPLE / "pages" / name).read_text(encoding="utf-8"), "html.parser")
    for junk in soup.select(
        "section.latest, section.more-in, section.also, section.next, aside, footer, #consent, #onetrust, #comments"
    ):
        junk.decompose()
    for br in soup("br"):
        br.replace_with("\n")
    body = "\n".join(tag.get_text() for tag in soup.select("p, div.mol-para-with-font"))
    return "\n".join(line for line in body.splitlines() if len(line.split()) > 12)


def texts() -> list[tuple[str, str, dict]]:
    """(article_id, page, reading) of every version that the expectation speaks of."""
    found = []
    for article_id, reading in READINGS.items():
        shown = versions(ARTICLES[article_id])
        found += [(article_id, shown[0]["page"], reading)]
        found += [(article_id, shown[n]["page"], later) for n, later in enumerate(reading.get("versions", ()), 1)]
    return found


def test_the_replay_is_as_long_and_as_rich_as_promised():
    feeds = TIMELINE["feeds"]
    assert timedelta(days=25) <= TIMELINE["end"] - TIMELINE["start"] <= timedelta(days=30)
    assert len(feeds) >= 6
    assert {feed["format"] for feed in feeds} == {"rss", "atom", "json"}
    assert {feed["behaviour"] for feed in feeds} == {"ok", "malformed", "not_modified", "moved", "down"}
    assert all(bool(feed.get("moved_to")) == (feed["behaviour"] == "moved") for feed in feeds)
    assert len(ARTICLES) >= 40
    assert sum("why" in reading for reading in READINGS.values()) >= 15
    assert len({row["language"] for row in ARTICLES.values()}) >= 2


def test_ids_paths_and_pages_are_used_once_and_every_page_is_used():
    shown = [version["page"] for row in ARTICLES.values() for version in versions(row)]
    for values in ([row["id"] for row in TIMELINE["articles"]], [row["path"] for row in ARTICLES.values()],
                   [feed["path"] for feed in TIMELINE["feeds"]], [feed["feed_id"] for feed in TIMELINE["feeds"]], shown):  # fmt: skip
        assert [value for value, times in Counter(values).items() if times > 1] == []
    assert sorted(shown) == [page.name for page in PAGES]


def test_every_article_appears_within_the_window_and_in_feeds_that_exist():
    known = {feed["feed_id"]: feed for feed in TIMELINE["feeds"]}
    for row in ARTICLES.values():
        times = [version["at"] for version in versions(row)]
        assert times == sorted(times), row["id"]
        assert TIMELINE["start"] <= times[0], row["id"]
        assert times[-1] <= TIMELINE["end"] - timedelta(days=2), row["id"]
        assert row["feeds"], row["id"]
        assert set(row["feeds"]) <= set(known), row["id"]
        assert any(known[feed]["behaviour"] not in {"malformed", "down"} for feed in row["feeds"]), f"{row['id']} may never arrive"
        if any(known[feed]["behaviour"] == "not_modified" for feed in row["feeds"]):
            assert times == [TIMELINE["start"]], f"{row['id']}: its feed answers 304 after the first time"
        assert row["title"]
        assert row["summary"]


def test_later_texts_come_days_later_and_show_in_the_feed():
    later = [row for row in ARTICLES.values() if "updates" in row]
    assert later
    for row in later:
        for before, after in zip(versions(row), row["updates"], strict=False):
            assert after["at"] - before["at"] >= timedelta(days=7)
            assert (after["title"], after["summary"]) != (before["title"], before["summary"])


def test_the_registry_names_the_same_feeds_and_is_valid():
    feeds = read_feeds((SAMPLE / "feeds.yaml").read_text(encoding="utf-8"), "feeds.yaml", {"sample": "http://127.0.0.1:1"})
    by_id = {feed.feed_id: feed for feed in feeds}
    assert {feed["feed_id"]: f"http://127.0.0.1:1{feed['path']}" for feed in TIMELINE["feeds"]} == {
        name: feed.url for name, feed in by_id.items()
    }
    assert all(feed.is_sample for feed in feeds)
    assert any(feed.is_specialist for feed in feeds)
    assert {feed.kind for feed in feeds} >= {"agency", "newspaper", "broadcaster", "specialist", "government", "state_media"}


def test_one_subscriber_wants_everything_one_ships_and_exports_and_one_a_daily_digest():
    everything, sea, daily = LOADED["subscribers"]["subscribers"]
    assert everything["routes"] == [{"conducts": [], "accused": [], "kinds": [], "languages": [], "minimum_grade": "F6"}]
    assert sea["routes"][0]["conducts"] == ["sea", "export"]
    assert daily["routes"][0]["delivery"] == "daily"
    assert len({everything["email"], sea["email"], daily["email"]}) == 3


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_parses_and_shows_its_title_and_no_address_of_this_machine(page):
    source = page.read_text(encoding="utf-8")
    soup = BeautifulSoup(source, "html.parser")
    assert soup.title is not None
    title = next(
        version.get("title") or row["title"]
        for row in ARTICLES.values()
        for version in versions(row)
        if version["page"] == page.name
    )
    assert title in html.unescape(soup.title.get_text())
    assert not re.search(
        r"file:|/home/|/tmp/|/root/|localhost|127\.0\.0\.1|https?://(?!schema\.org|www\.w3\.org|ogp\.me|purl\.org)", source
    )
    for script in soup("script", type=re.compile("json")):
        json.loads(script.string or "")
    canonical = soup.find("link", rel="canonical")
    path = next(row["path"] for row in ARTICLES.values() for version in versions(row) if version["page"] == page.name)
    assert canonical is None or canonical["href"] == path


def test_pages_are_of_many_makes_with_the_junk_that_pages_have():
    sources = {page.stem: page.read_text(encoding="utf-8") for page in PAGES}
    makes = {frozenset(re.findall(r'class="([^"\s]+)', source)[:6]) for source in sources.values()}
    assert len(makes) >= 8
    for junk in ("ookie", "Advertisement", "Latest Headlines", "Read more", "READ MORE", "Editorial", "omments", "Share", "opyright",
                 "application/ld+json", "published_time", "<html amp", "<font", "2024", "2019"):  # fmt: skip
        assert any(junk in source for source in sources.values()), junk
    assert any("application/ld+json" not in source for source in sources.values())
    wire = sources["upi-envoy"]
    caption = re.search(r'ph-caption">([^<]+)<', wire)
    assert caption is not None
    assert wire.count(f'ph-caption">{caption[1]}<') == 2


def test_the_expectation_covers_every_article_and_no_other():
    assert sorted(READINGS) == sorted(ARTICLES)
    assert len(EXPECTED["articles"]) == len(READINGS)
    for article_id, reading in READINGS.items():
        assert isinstance(reading["selected"], bool)
        assert bool(reading.get("claims")) != ("why" in reading), article_id
        assert len(reading.get("versions", ())) == len(ARTICLES[article_id].get("updates", ())), article_id
        if reading["selected"]:
            assert reading["relation"] in RELATIONS, article_id
        else:
            assert not {"story", "relation", "claims"} & set(reading), article_id


def test_every_story_has_one_lead():
    leads = Counter(reading["story"] for reading in READINGS.values() if reading.get("relation") == "lead")
    assert leads == Counter({reading["story"] for reading in READINGS.values() if reading["selected"]})


@pytest.mark.parametrize(("article_id", "page", "reading"), texts(), ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_quoted_stands_on_the_page(article_id, page, reading):
    text = page_text(page)
    for said in [*reading.get("claims", ()), *reading.get("not_claims", ())]:
        assert said["quote"] in text, f"{article_id}: {said['quote']}"


@pytest.mark.parametrize(("article_id", "page", "reading"), texts(), ids=lambda value: value if isinstance(value, str) else "")
def test_claims_use_the_taxonomy_and_the_known_modalities(article_id, page, reading):
    conducts = set(known_conducts())
    for claim in reading.get("claims", ()):
        assert {claim["conduct"], *claim.get("conduct_also", ())} <= conducts, article_id
        assert {claim["modality"], *claim.get("modality_also", ())} <= MODALITIES, article_id
        assert claim["kind"] in {"state", "company", "vessel"}
        assert bool(claim.get("country")) == (claim["kind"] == "state"), article_id
        assert claim["root"], article_id


def test_allegations_and_mails_follow_from_the_claims():
    for row in ALLEGATIONS.values():
        for article_id in row["articles"]:
            reading = READINGS[article_id]
            said = [claim for one in (reading, *reading.get("versions", ())) for claim in one.get("claims", ())]
            assert any(claim["accused"] == row["accused"] and claim["conduct"] == row["conduct"] for claim in said), (
                row["id"],
                article_id,
            )
    told = {(row["accused"], row["conduct"], one) for row in ALLEGATIONS.values() for one in row["articles"]}
    for article_id, reading in READINGS.items():
        for claim in reading.get("claims", ()):
            assert (claim["accused"], claim["conduct"], article_id) in told, (article_id, claim["accused"])


def test_mails_are_in_the_order_of_publication_and_each_allegation_begins_with_new():
    sent: dict[str, list[str]] = {}
    times = []
    for mail in EXPECTED["mails"]:
        assert mail["article"] in ALLEGATIONS[mail["allegation"]]["articles"]
        times.append(versions(ARTICLES[mail["article"]])[mail.get("version", 1) - 1]["at"])
        sent.setdefault(mail["allegation"], []).append(mail["kind"])
        family = ALLEGATIONS[mail["allegation"]]["conduct"].partition(".")[0]
        assert bool(mail.get("sea_and_export")) == (family in {"sea", "export"})
    assert times == sorted(times)
    assert set(sent) == set(ALLEGATIONS)
    for allegation_id, kinds in sent.items():
        assert kinds[0] == "NEW", allegation_id
        assert kinds.count("NEW") == 1, allegation_id
        assert (ALLEGATIONS[allegation_id]["state"] == "withdrawn") == (kinds[-1] == "CORRECTION" and allegation_id != "lion-rock")
    assert {kind for kinds in sent.values() for kind in kinds} == {"NEW", "UPDATE", "DENIAL", "CORRECTION"}


def apart(one: str, first: datetime, other: str, second: datetime) -> bool:
    """Whether two texts keep their order: a virtual day is ten seconds, and what unlike feeds bring in one poll has none."""
    return abs(second - first) >= timedelta(hours=36) or bool(set(ARTICLES[one]["feeds"]) & set(ARTICLES[other]["feeds"]))


def test_texts_that_bring_mails_about_one_allegation_keep_their_order():
    for allegation_id in ALLEGATIONS:
        mails = [mail for mail in EXPECTED["mails"] if mail["allegation"] == allegation_id]
        told = [(mail["article"], versions(ARTICLES[mail["article"]])[mail.get("version", 1) - 1]["at"]) for mail in mails]
        for one, other in pairwise(told):
            assert apart(*one, *other), (one, other)


def test_what_brings_no_mail_comes_after_what_it_repeats():
    for allegation_id, row in ALLEGATIONS.items():
        first = next(mail["article"] for mail in EXPECTED["mails"] if mail["allegation"] == allegation_id)
        for later in row["articles"]:
            assert later == first or apart(first, ARTICLES[first]["at"], later, ARTICLES[later]["at"]), (first, later)
            assert ARTICLES[first]["at"] <= ARTICLES[later]["at"], (first, later)
    for one, reading in READINGS.items():
        if reading.get("relation") in COPIES:
            lead = next(
                other for other, row in READINGS.items() if row.get("story") == reading["story"] and row["relation"] == "lead"
            )
            assert ARTICLES[lead]["at"] < ARTICLES[one]["at"]
            assert apart(lead, ARTICLES[lead]["at"], one, ARTICLES[one]["at"]), (lead, one)


@pytest.mark.parametrize("story", ["envoys-on-permits", "experts-report", "coal-from-kholmsk"])
def test_copies_are_copies(story):
    members = {one: reading for one, reading in READINGS.items() if reading.get("story") == story}
    lead = next(one for one, reading in members.items() if reading["relation"] == "lead")
    original = grams(article_text(ARTICLES[lead]["page"]))
    copies = {one: grams(article_text(ARTICLES[one]["page"])) for one, reading in members.items() if reading["relation"] in COPIES}
    assert copies
    for one, copy in copies.items():
        shared = len(original & copy) / min(len(original), len(copy))
        assert shared >= 0.75, (one, shared)
        if members[one]["relation"] == "cut":
            assert len(copy) < 0.8 * len(original), one


@pytest.mark.parametrize("story", ["envoys-on-permits", "experts-report"])
def test_an_agency_story_has_credited_uncredited_and_cut_copies(story):
    members = {one: reading for one, reading in READINGS.items() if reading.get("story") == story}
    agency = next(iter({reading["agency"] for reading in members.values()}))
    copies = {one: reading for one, reading in members.items() if reading["relation"] != "lead"}
    credited = {one for one in copies if ARTICLES[one]["credit"] == agency}
    silent = {
        one
        for one in copies
        if not ARTICLES[one]["credit"] and agency not in (SAMPLE / "pages" / ARTICLES[one]["page"]).read_text()
    }
    assert credited
    assert silent
    assert {reading["relation"] for reading in copies.values()} >= {"cut"}


def test_articles_that_nobody_copied_are_not_copies():
    leads = {
        one: grams(article_text(ARTICLES[one]["page"]))
        for one, reading in READINGS.items()
        if reading.get("relation", "lead") == "lead"
    }
    for one, mine in leads.items():
        for other, theirs in leads.items():
            if one < other and ARTICLES[one]["path"].split("/")[1] != ARTICLES[other]["path"].split("/")[1]:
                assert len(mine & theirs) <= 0.05 * min(len(mine), len(theirs)), (one, other)


def test_the_imo_number_has_its_check_digit():
    numbers = {claim["imo"] for _, _, reading in texts() for claim in reading.get("claims", ()) if "imo" in claim}
    assert numbers
    for number in numbers:
        digits = [int(digit) for digit in number]
        assert sum(digit * weight for digit, weight in zip(digits, (7, 6, 5, 4, 3, 2), strict=False)) % 10 == digits[6]


def test_the_page_of_the_documentation_is_up_to_date():
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "replay_table.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
