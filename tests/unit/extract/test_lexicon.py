"""The lexicon: inflection, whole words, and frames that the taxonomy and the classes know."""

import pytest
import yaml

from sanctions_watch.data import include
from sanctions_watch.stages.extract.lexicon import inflect, lexicon, longest, matches, plural
from sanctions_watch.taxonomy import conducts

IRREGULAR = {"sell": ["sold", "sold"], "take": ["took", "taken"]}


@pytest.mark.parametrize(
    ("base", "forms"),
    [
        ("ship", {"ship", "ships", "shipped", "shipping"}),
        ("supply", {"supply", "supplies", "supplied", "supplying"}),
        ("sell", {"sell", "sells", "sold", "selling"}),
        ("take on", {"take on", "takes on", "took on", "taken on", "taking on"}),
        ("refuel", {"refuel", "refuels", "refueled", "refuelled", "refueling", "refuelling"}),
        ("traffic", {"traffic", "traffics", "trafficked", "trafficking"}),
        ("resell", {"resell", "resells", "resold", "reselling"}),
        ("be", {"be", "am", "is", "are", "was", "were", "been", "being"}),
    ],
)
def test_inflect(base: str, forms: set[str]) -> None:
    assert inflect(base, IRREGULAR) == forms


def test_plural() -> None:
    assert [plural(noun) for noun in ("ship", "company", "fisherman", "work visa", "bus")] == [
        "ships",
        "companies",
        "fishermen",
        "work visas",
        "buses",
    ]


def test_matches_are_whole_words_and_longest() -> None:
    found = {
        text
        for start, end, _ in longest(matches(lexicon().terms, "North Korean coal, Chinatown, China"))
        for text in ["North Korean coal, Chinatown, China"[start:end]]
    }
    assert found == {"North Korean", "China"}


def test_every_frame_names_known_classes_and_a_conduct_of_the_taxonomy() -> None:
    content = yaml.safe_load(include("lexicon/conduct_patterns.yaml").read_text("utf-8"))
    for frame in lexicon().frames:
        used = {*frame.event, *frame.theme, *frame.also, *frame.without}
        assert used <= content["classes"].keys(), frame.frame_id
        assert {frame.conduct, frame.other or frame.conduct} <= conducts().keys(), frame.frame_id


def test_every_class_is_used() -> None:
    content = yaml.safe_load(include("lexicon/conduct_patterns.yaml").read_text("utf-8"))
    used = {name for frame in lexicon().frames for name in (*frame.event, *frame.theme, *frame.also, *frame.without)}
    asked_for = {
        "BAN",
        "BREACH",
        "HACKER",
        "FRONT",
        "DARK",
        "LISTED",
        "NK_ENTITY",
        "TRAVEL_BAN",
        "HIDE_SHIP",
        "SHIP_ID",
        "VESSEL",
    }  # by the code
    assert content["classes"].keys() - used - asked_for == set()
