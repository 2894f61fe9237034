"""What the page shows of a real warehouse, and that hostile text stays text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient
from tests.web import ledger
from tests.web.conftest import answering, guard

from sanctions_watch.errors import ConfigurationError, WarehouseError
from sanctions_watch.web import create_app

pytestmark = pytest.mark.postgres

OVERVIEW = {"feeds": 0, "articles": 0, "stories": 0, "allegations": 0, "alerts": 0, "mails_sent": 0, "last_polled_at": None}


class Tags(HTMLParser):
    """Every tag with its attributes, and the words between."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.marked = 0
        self.marks: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.marked += tag == "mark"

    def handle_endtag(self, tag):
        self.marked -= tag == "mark"

    def handle_data(self, data):
        self.words.append(data)
        if self.marked:
            self.marks.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


def every_page(page):
    return ["/", *(f"/allegations/{known}" for known in page.ids.values()), "/mails", "/mails/0001-new.eml", "/mails/0002-hostile.eml",
            "/mails/0002-hostile.eml?as=text", "/?accused=<script>", "/allegations/none", "/nothing"]  # fmt: skip


def test_list_tells_who_alleges_what_and_on_how_much_it_rests(page):
    answer = page.client.get("/")
    seen = Tags(answer.text)
    assert answer.status_code == 200
    assert "Russia, new work permits" in seen.text
    assert "alleged by Pacific Courier and the envoy" in seen.text
    row = seen.text[seen.text.index("Russia, new work permits") :]
    assert re.search(r"articles\s*3\s*publishers\s*3\s*roots\s*2", row)
    assert "grade B2: usually reliable, probably true" in seen.text
    assert seen.text.count("alleged by") == 4


def test_list_has_the_newest_change_first(page):
    words = Tags(page.client.get("/").text).text
    assert words.index("China, coal") < words.index("Morning Tide") < words.index("Russia, new")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("accused=russ", {"Russia"}), ("accused=RU", {"Russia"}), ("state=withdrawn", {"China"}), ("conduct=sea", {"Morning Tide"}),
        ("conduct=sea.sts", {"Morning Tide"}), ("accused=100%25", set()), ("state=nonsense", {"Russia", "China", "Morning Tide"}),
        ("page=nonsense", {"Russia", "China", "Morning Tide"}), ("accused=%00", {"Russia", "China", "Morning Tide"}),
    ],
)  # fmt: skip
def test_list_can_be_narrowed(page, query, shown):
    answer = page.client.get(f"/?{query}")
    assert answer.status_code == 200
    ledger_of = answer.text.partition('<ol class="ledger"')[2]
    assert {name for name in ("Russia", "China", "Morning Tide") if f"<bdi>{name}</bdi>" in ledger_of} == shown


def test_detail_marks_the_quote_in_its_paragraph(page):
    seen = Tags(page.client.get(f"/allegations/{page.ids['permits']}").text)
    assert ledger.PERMITS in seen.marks
    assert f"Russia {ledger.PERMITS}, according to an immigration ledger that the Pacific Courier has seen." in seen.text
    assert "The ledger lists names" not in seen.text


def test_detail_tells_chain_grade_rule_answer_timeline_articles_and_mails(page):
    seen = Tags(page.client.get(f"/allegations/{page.ids['permits']}").text).text
    for words in (
        "the same words also in Harbour Daily",
        "Pacific Courier (inferred)",
        "one further root calls it credible",
        "2375 OP17 verified",
        "Cited by the speaker: UNSCR 2375",
        "Possible exemption: the 1718 Committee may approve a permit in advance",
        "carries out every resolution to the letter",
        "1 further article brought nothing new.",
        "UPI inferred",
        "The desk sent",
        "read it",
    ):
        assert words in seen, words


def test_detail_of_others_tells_unverified_wrong_digit_not_in_force_and_failure(page):
    ship = Tags(page.client.get(f"/allegations/{page.ids['ship']}").text).text
    assert "unverified" in ship
    assert "IMO 9123450 check digit wrong" in ship
    assert "550 5.1.1 mailbox unavailable" in ship
    coal = Tags(page.client.get(f"/allegations/{page.ids['coal']}").text).text
    assert "withdrawn by the accuser" in coal
    assert "not in force then" in coal


def test_scraped_text_never_becomes_markup(page):
    for address in every_page(page):
        answer = page.client.get(address)
        seen = Tags(answer.text)
        assert [tag for tag, _ in seen.tags].count("script") == 1, address  # ours
        assert not [tag for tag, attributes in seen.tags if tag == "img" or any(name.startswith("on") for name in attributes)], (
            address
        )
        assert not [attributes for _, attributes in seen.tags if "style" in attributes], address
        assert "\u202e" not in answer.text, address
    assert "<script>alert" in Tags(page.client.get(f"/allegations/{page.ids['bank']}").text).text


def test_links_lead_out_only_over_http_and_tell_nothing(page):
    seen = Tags(page.client.get(f"/allegations/{page.ids['permits']}").text)
    outside = [attributes for tag, attributes in seen.tags if tag == "a" and attributes.get("target") == "_blank"]
    assert outside
    assert {attributes["rel"] for attributes in outside} == {"noopener noreferrer nofollow"}
    assert all(attributes["href"].startswith("https://") for attributes in outside)
    assert "upi.example" in seen.text
    assert "javascript:" not in page.client.get(f"/allegations/{page.ids['ship']}").text


def test_every_link_of_ours_is_relative_and_leads_somewhere(page):
    for address in every_page(page)[:8]:
        for tag, attributes in Tags(page.client.get(address).text).tags:
            link = attributes.get("href") or attributes.get("src") or attributes.get("action")
            if not link or attributes.get("target") == "_blank" or link.startswith("#"):
                continue
            assert not re.match(r"/|[a-z]+:", link), (address, tag, link)
            found = page.client.get(page.client.base_url.join(address).join(link))
            assert found.status_code == 200, (address, tag, link)


def test_every_answer_forbids_what_is_not_ours(page):
    for address in every_page(page):
        headers = page.client.get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy, address
        assert "frame-ancestors 'self'" in policy
        assert "unsafe-inline" not in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"


def test_mail_is_shown_as_text_and_in_a_closed_frame(page):
    frame = dict(Tags(page.client.get("/mails/0001-new.eml").text).tags)["iframe"]
    assert frame["sandbox"] == ""
    html = page.client.get("/mails/0001-new.eml/html")
    assert html.headers["content-security-policy"].startswith("sandbox; default-src 'none';")
    assert "script-src" not in html.headers["content-security-policy"]
    assert ledger.PERMITS in Tags(page.client.get("/mails/0001-new.eml?as=text").text).text


@pytest.mark.parametrize("name", ["..%2f..%2fetc%2fpasswd", "%2e%2e/secret.eml", "0001-new.txt", "none.eml", ".eml", "a%00.eml"])
def test_only_mails_of_the_folder_are_shown(page, mailbox, name):
    (mailbox.parent / "secret.eml").write_text("Subject: secret\n\nsecret")
    for address in (f"/mails/{name}", f"/mails/{name}/html"):
        answer = page.client.get(address)
        assert answer.status_code == 404
        assert "secret" not in answer.text


def test_without_a_mailbox_there_is_no_such_view(postgres_warehouse):
    client = TestClient(create_app(postgres_warehouse.read, None, guard), headers={"card": "reader"})
    assert client.get("/mails").status_code == 404
    assert "Mailbox" not in client.get("/").text


def test_empty_states_say_what_to_do(mailbox, page):
    empty = TestClient(
        create_app(answering(page_allegations=[], page_conducts=[], page_overview=[OVERVIEW]), mailbox, guard),
        headers={"card": "reader"},
    )
    assert "Nothing has been read yet" in empty.get("/").text
    read = TestClient(
        create_app(answering(page_allegations=[], page_conducts=[], page_overview=[{**OVERVIEW, "articles": 7}]), mailbox, guard),
        headers={"card": "reader"},
    )
    assert "No allegation yet" in read.get("/").text
    assert "No allegation fits" in page.client.get("/?accused=nobody").text
    assert "There is no page 9" in page.client.get("/?page=9").text


def test_pages_of_a_long_list(page, postgres_warehouse):
    assert "Older" not in page.client.get("/").text

    def read(query, **parameters):
        if query == "page_overview":
            return [OVERVIEW]
        if query == "page_conducts":
            return []
        (row,) = [
            row for row in postgres_warehouse.read(query, **{**parameters, "skipped": 0}) if row["accused"]["name"] == "Russia"
        ]
        number = max(0, min(60 - parameters["skipped"], parameters["page_size"]))
        return [{**row, "total": 60} for _ in range(number)]

    client = TestClient(create_app(read, None, guard), headers={"card": "reader"})
    second = client.get("/?page=2&accused=russia").text
    assert "26–50 of 60 allegations" in second
    assert 'href="?accused=russia"' in second
    assert 'href="?accused=russia&amp;page=3"' in second
    assert "Older" not in client.get("/?page=3").text


@pytest.mark.parametrize(
    "error",
    [WarehouseError("the warehouse does not answer: secret"), ConfigurationError(["SANCTIONS_WATCH_WAREHOUSE_URL is missing"])],
)
def test_a_warehouse_out_of_reach_is_told_plainly(error):
    def read(query, **parameters):
        raise error

    answer = TestClient(create_app(read, None, guard), headers={"card": "reader"}).get("/")
    assert answer.status_code == 503
    assert "SANCTIONS_WATCH_WAREHOUSE_URL" in answer.text
    assert "secret" not in answer.text
