"""Who is the root of a chain, and which names are one source."""

from __future__ import annotations

import pytest
import yaml
from tests.unit.assess.scene import Said, work

from sanctions_watch.data import include
from sanctions_watch.errors import ConfigurationError
from sanctions_watch.stages.assess.sources import (
    backing,
    document_kind,
    read_sources,
    root_of,
    same_person_or_body,
    source,
)

CHAINS = [
    (["publisher:The Wall Street Journal"], "WSJ", "named"),
    (["agency:Reuters", "publisher:Wall Street Journal"], "WSJ", "named"),
    (["publisher:WSJ", "document:interior ministry records"], "WSJ", "named"),
    (["publisher:CNN", "document:a confidential U.N. report"], "UN Panel of Experts", "named"),
    (["publisher:Kyodo News", "document:the Panel of Experts' midterm report"], "UN Panel of Experts", "named"),
    (["official:Nikki Haley"], "Nikki Haley", "named"),
    (["official:Haley", "publisher:WSJ?"], "WSJ", "inferred"),
    (["official:Haley", "unnamed:reports?"], "unidentified reports", "inferred"),
    (["government:United States?"], "United States", "inferred"),
    (["agency:Reuters", "unnamed:three people familiar with the matter"], "Reuters", "named"),
    (["unnamed:an official"], "Der Bote", "own"),
    (["document:shipping records"], "Der Bote", "own"),
    (["organisation:C4ADS", "document:customs records"], "C4ADS", "named"),
    (
        ["official:Steven Mnuchin", "government:the U.S. Treasury Department's Office of Foreign Assets Control"],
        "US Treasury",
        "named",
    ),
    (["publisher:Strait Watch", "organisation:AIS data"], "Strait Watch", "named"),
    (["organisation:AIS data"], "Der Bote", "own"),
    (["organisation:Windward"], "Windward", "named"),
    ([], "Der Bote", "own"),
]


@pytest.mark.parametrize(("by", "label", "strength"), CHAINS)
def test_the_root_of_a_chain(by, label, strength):
    article = work("a", 0, [Said("RU", "labour.new_permits", by)], publisher="Der Bote")
    root = root_of(article.claims[0], article.claims[0].accused[0], article, backing(article))
    assert (root.source.label, root.strength) == (label, strength)


def test_what_nobody_is_named_for_is_the_agencys_whose_copy_it_is():
    article = work("a", 0, [Said("RU", "labour.new_permits")], publisher="Der Bote", agency="UPI")
    assert root_of(article.claims[0], article.claims[0].accused[0], article, backing(article)).source.label == "UPI"


def test_bare_records_belong_to_who_is_said_to_have_seen_records():
    article = work(
        "a",
        0,
        [
            Said("RU", "labour.new_permits", ["publisher:WSJ", "document:interior ministry records"]),
            Said("RU", "jv.operate", ["document:government records"]),
        ],
        publisher="Der Bote",
    )
    root = root_of(article.claims[1], article.claims[1].accused[0], article, backing(article))
    assert (root.source.label, root.strength) == ("WSJ", "named")


def test_who_speaks_of_reports_once_speaks_of_them_in_the_whole_article():
    claims = [
        Said("RU", "labour.new_permits", ["official:Haley", "publisher:WSJ?"]),
        Said("RU", "labour.new_permits", ["official:Haley"]),
    ]
    article = work("a", 0, claims, publisher="Der Bote")
    root = root_of(article.claims[1], article.claims[1].accused[0], article, backing(article))
    assert (root.source.label, root.strength) == ("WSJ", "inferred")


@pytest.mark.parametrize(
    ("left", "right", "is_one"),
    [
        ("nikki haley", "haley", True),
        ("us ambassador haley", "haley", True),
        ("russian interior ministry", "russian foreign ministry", False),
        ("us justice department", "us state department", False),
        ("kim yong chol", "kim song", False),
        ("police", "national police agency", True),
        ("us", "un", False),
    ],
)
def test_names_of_one_source(left, right, is_one):
    assert same_person_or_body(left, right) is is_one


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("OFAC", "US Treasury"),
        ("the Justice Department", "US Justice Department"),
        ("U.N. experts", "UN Panel of Experts"),
        ("전문가패널", "UN Panel of Experts"),
        ("유엔 전문가패널", "UN Panel of Experts"),
        ("Multilateral Sanctions Monitoring Team (MSMT)", "MSMT"),
        ("South Korea’s Joint Chiefs of Staff", "South Korean military"),
        ("an FBI agent", "FBI"),
        ("Guardian Shipping", "Guardian Shipping"),  # one word of a longer name is no newspaper
        ("a fbi", "FBI"),
        ("apricot", "apricot"),
        ("", "an unnamed source"),
    ],
)
def test_a_source_under_its_names(name, label):
    assert source(name).label == label


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Russian interior ministry records", "papers"),
        ("government files", "papers"),
        ("satellite images", "imagery"),
        ("Photographs", "imagery"),
        ("an indictment", "court papers"),
        ("the panel's midterm report", "report"),
        ("something", "papers"),
    ],
)
def test_kinds_of_document(name, kind):
    assert document_kind(name) == kind


def test_the_table_names_every_mistake_at_once():
    rows = [
        {"name": "A", "reliability": "Z"},
        {"name": "B", "reliability": "B", "alias": []},
        {"name": "C", "reliability": "C", "aliases": ["b"]},
    ]
    with pytest.raises(ConfigurationError) as caught:
        read_sources({"sources": rows})
    assert len(caught.value.problems) == 3


def test_the_shipped_table_gives_a_reason_for_every_grade():
    content = yaml.safe_load(include("sources.yaml").read_text("utf-8"))
    assert [row["name"] for row in content["sources"] if not row.get("why")] == []
