"""The rows as they are, what is said of a broken file, and the page made from them."""

from __future__ import annotations

import copy
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from sanctions_watch.data import include
from sanctions_watch.errors import ConfigurationError
from sanctions_watch.taxonomy import LANGUAGES, RESOLUTIONS, conduct, conducts, expand, read, says, subject_title

EVENTS = {"sea.sts", "arms.export", "arms.import", "arms.training", "wmd.test", "fin.cyber", "dipl.abuse"}


@pytest.fixture
def content() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(include("taxonomy.yaml").read_text("utf-8"))
    return copy.deepcopy(loaded)


def test_it_has_every_conduct_of_the_domain_and_each_speaks_seven_languages() -> None:
    assert len(conducts()) == 42
    for row in conducts().values():
        assert set(row.phrases) == set(LANGUAGES)


def test_event_like_conduct_marks_and_context() -> None:
    assert {name for name, row in conducts().items() if row.is_event} == EVENTS
    assert {name for name, row in conducts().items() if row.is_mark} == {"sea.identity_fraud", "evade.front"}
    assert {name for name, row in conducts().items() if row.is_context} == {"allowed.context"}
    assert conduct("oil.crude_cap").equivalents == ("oil.refined_cap",)


def test_adoption_dates() -> None:
    assert RESOLUTIONS["1718"] == date(2006, 10, 14)
    assert RESOLUTIONS["2375"] == date(2017, 9, 11)
    assert RESOLUTIONS["2397"] == date(2017, 12, 22)
    assert list(RESOLUTIONS.values()) == sorted(RESOLUTIONS.values())


@pytest.mark.parametrize(
    ("conduct_id", "paragraph", "is_verified", "is_call"),
    [
        ("labour.new_permits", "2375 OP17", True, False),
        ("labour.new_permits", "2371 OP11", False, False),
        ("sea.sts", "2375 OP11", False, False),
        ("sea.identity_fraud", "2397 OP13", False, True),
        ("wmd.test", "2321 OP2", True, False),
        ("wmd.procure", "2094 OP22", True, True),
        ("dipl.abuse", "2094 OP24", True, True),
        ("fin.services_cash", "2087 OP12", False, True),
        ("state.noncompliance", "2321 OP36", True, True),
        ("import.industrial", "2397 OP7", False, False),
    ],
)
def test_each_paragraph_says_whether_it_is_verified_and_whether_it_binds(
    conduct_id: str, paragraph: str, is_verified: bool, is_call: bool
) -> None:
    rule = next(rule for rule in conduct(conduct_id).rules if rule.paragraph == paragraph)
    assert (rule.is_verified, rule.is_call) == (is_verified, is_call)
    assert rule.sources or not rule.is_verified


def test_only_condemning_paragraphs_are_not_mapped_for_tests() -> None:
    assert {rule.paragraph for rule in conduct("wmd.test").rules}.isdisjoint({"2321 OP1", "2371 OP1", "2397 OP1"})


def test_the_subject_has_few_words() -> None:
    assert subject_title("labour.new_permits") == "new work permits"
    assert subject_title("oil.refined_cap") == "refined oil above the cap"
    assert subject_title("sea.sts") == "ship-to-ship transfer"
    with pytest.raises(ConfigurationError, match=r"no\.such"):
        subject_title("no.such")


def test_wigs_are_no_textiles() -> None:
    assert not says("a wig and false eyelashes", conduct("export.textiles").phrases["en"])
    assert says("a wig and false eyelashes", conduct("allowed.context").phrases["en"])


@pytest.mark.parametrize(
    ("pattern", "forms"),
    [
        ("ship(s)", ("ship", "ships")),
        ("(a|the |)ship", ("aship", "the ship", "ship")),
        ("launder(ed|ing) money", ("laundered money", "laundering money")),
        ("санкци*", ("санкци*",)),
    ],
)
def test_patterns_expand(pattern: str, forms: tuple[str, ...]) -> None:
    assert set(expand(pattern)) == set(forms)


def test_phrases_are_whole_words_except_where_they_say_otherwise() -> None:
    assert says("two ships", ("ships",))
    assert not says("two shipsful", ("ships",))
    assert says("две санкциями", ("санкци*",))
    assert says("他们走私煤炭到中国", ("煤炭",))
    assert not says("", ("ships",))
    assert not says("ships", ())


def test_every_problem_of_a_broken_file_is_told_at_once(content: dict[str, Any]) -> None:
    rows = content["conducts"]
    rows[0]["title"] = ""
    rows[0]["direction"] = "sideways"
    rows[1]["rules"][0]["paragraph"] = "2398 OP8"
    rows[2]["rules"][0]["source"] = ["NOWHERE"]
    rows[3]["phrases"]["en"] = ["joint*venture"]
    del rows[3]["phrases"]["ko"]
    rows[4]["equivalents"] = ["labour.new_permits"]
    rows[5]["rules"][1]["until"] = date(2017, 10, 1)
    rows[6]["rules"][0]["until"] = date(2017, 9, 1)
    rows[7]["rules"][0]["from"] = date(2015, 1, 1)
    rows[8]["colour"] = "red"
    del rows[9]["rules"][0]["verified"]
    rows.append(copy.deepcopy(rows[10]))
    with pytest.raises(ConfigurationError) as raised:
        read(content)
    told = "\n".join(raised.value.problems)
    for words in (
        "labour.new_permits: a title",
        "'sideways'",
        "'2398 OP8'",
        "'NOWHERE'",
        "'joint*venture'",
        "jv.operate: no phrases in ko",
        "labour.non_repatriation: no rule",
        "'labour.new_permits' must be a conduct that names this one",
        "oil.crude_cap: nothing is in force on 2017-10-01",
        "2375 OP13 ends before it begins",
        "2270 OP31 begins before its resolution",
        "'colour'",
        "must say whether it is verified",
        "stands there twice",
    ):
        assert words in told
    assert all(problem.startswith("include/taxonomy.yaml: ") for problem in raised.value.problems)


def test_the_page_is_what_the_file_says() -> None:
    script = Path(__file__).parents[3] / "scripts" / "taxonomy_page.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
