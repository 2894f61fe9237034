"""Which paragraph a claim maps to, beside the date: the speaker's citation, the words of the claim, exemptions and notes."""

from __future__ import annotations

from datetime import date

import pytest

from sanctions_watch.errors import ConfigurationError
from sanctions_watch.taxonomy import map_rule

AUGUST_2018 = date(2018, 8, 2)


def test_a_citation_that_agrees_needs_no_note() -> None:
    mapped = map_rule("labour.new_permits", AUGUST_2018, "UNSCR 2375")
    assert (mapped.rule, mapped.note, mapped.is_verified) == ("2375 OP17", "", True)


def test_a_speaker_who_cites_another_resolution_is_flagged() -> None:
    mapped = map_rule("labour.new_permits", AUGUST_2018, "UNSCR 2397")
    assert mapped.rule == "2375 OP17"
    assert "the speaker cites UNSCR 2397" in mapped.note


def test_a_replaced_rule_that_is_cited_is_named() -> None:
    mapped = map_rule("jv.operate", AUGUST_2018, "UNSCR 2371")
    assert mapped.rule == "2375 OP18"
    assert "held as 2371 OP12" in mapped.note


def test_a_cited_rule_that_is_in_force_is_preferred() -> None:
    assert map_rule("labour.it_workers", date(2024, 5, 1)).rule == "2397 OP8"
    assert map_rule("labour.it_workers", date(2024, 5, 1), "resolution 2375").rule == "2375 OP17"
    assert map_rule("sea.inspection", date(2019, 5, 1), "UNSCR 2270").rule == "2270 OP18"
    assert map_rule("sea.inspection", date(2019, 5, 1), "paragraph 8 of resolution 2375").rule == "2375 OP8"


@pytest.mark.parametrize("cited", ["2371, article 13", "UNSCR 2371 OP13", "paragraph 13 of resolution 2371", "결의 2371호 제13조"])
def test_the_other_numbering_of_2371_is_recognised(cited: str) -> None:
    mapped = map_rule("jv.operate", date(2017, 8, 20), cited)
    assert mapped.rule == "2371 OP12"
    assert "OP13 there is OP12 of the final text" in mapped.note


def test_the_final_numbering_of_2371_is_not_taken_for_the_other() -> None:
    assert "final text" not in map_rule("jv.operate", date(2017, 8, 20), "UNSCR 2371 OP12").note
    assert "final text" in map_rule("export.coal_iron", AUGUST_2018, "UNSCR 2371, paragraph 9").note


def test_a_wrong_paragraph_of_the_right_resolution_is_flagged() -> None:
    assert "the speaker cites UNSCR 2375 OP9" in map_rule("labour.new_permits", AUGUST_2018, "UNSCR 2375 OP9").note


@pytest.mark.parametrize(
    ("conduct_id", "text", "rule"),
    [
        ("export.seafood_fishing", "sold fishing permits to Chinese crews", "2397 OP6"),
        ("export.seafood_fishing", "frozen squid in Hunchun", "2371 OP9"),
        ("export.minerals", "a cargo of zinc", "2321 OP28"),
        ("export.minerals", "rare earths and gold", "2270 OP30"),
        ("fin.cyber", "the coins were laundered through a mixer", "2094 OP11"),
        ("fin.banks", "the bank's representative in Dandong", "2321 OP33"),
        ("import.luxury", "two yachts", "2094 OP23"),
        ("dipl.abuse", "the embassy rents rooms to a hostel", "2321 OP18"),
        ("wmd.test", "the reactor at Yongbyon", "1874 OP8"),
        ("sea.flag_insurance", "the insurer of the tanker", "2397 OP11"),
        ("arms.import", "repair of the jets", "2270 OP7"),
    ],
)
def test_the_words_of_the_claim_lead_to_the_narrower_paragraph(conduct_id: str, text: str, rule: str) -> None:
    assert map_rule(conduct_id, date(2019, 3, 1), text=text).rule == rule


def test_what_only_a_later_rule_names_is_not_yet_in_force() -> None:
    mapped = map_rule("export.minerals", date(2016, 6, 1), text="copper concentrate")
    assert (mapped.rule, mapped.is_in_force) == ("2321 OP28", False)
    assert map_rule("export.minerals", date(2016, 6, 1), text="gold").is_in_force


def test_a_call_is_said_to_be_one() -> None:
    assert "a call" in map_rule("sea.identity_fraud", date(2019, 3, 1)).note
    assert "a call" not in map_rule("sea.inspection", date(2019, 3, 1)).note


def test_a_deadline_that_has_not_passed_is_said() -> None:
    assert "deadline of 2019-12-22 had not passed" in map_rule("labour.non_repatriation", date(2019, 1, 1)).note
    assert "deadline" not in map_rule("labour.non_repatriation", date(2020, 1, 1)).note


def test_the_exemption_that_the_text_speaks_of_comes_first() -> None:
    mapped = map_rule("jv.operate", AUGUST_2018, text="a hydropower dam on the Yalu")
    assert mapped.exemption.startswith("named in the text: China's existing hydropower")
    assert not map_rule("jv.operate", AUGUST_2018).exemption.startswith("named")


@pytest.mark.parametrize(("day", "words"), [("2017-01-01", "2321 OP46"), ("2017-10-01", "2375 OP26"), ("2018-01-01", "2397 OP25")])
def test_the_committees_general_exemption_follows_the_resolutions(day: str, words: str) -> None:
    assert words in map_rule("wmd.test", date.fromisoformat(day)).exemption


def test_the_standing_humanitarian_exception_begins_in_december_2022() -> None:
    assert "2664" not in map_rule("fin.asset_freeze", date(2022, 12, 8)).exemption
    assert "2664 OP1" in map_rule("fin.asset_freeze", date(2022, 12, 9)).exemption


def test_context_permits() -> None:
    assert "permits" in map_rule("allowed.context", AUGUST_2018, text="Russian coal through Rajin").note
    assert map_rule("allowed.context", AUGUST_2018, text="Russian coal through Rajin").rule == "2371 OP8"


def test_an_unknown_conduct_is_loud() -> None:
    with pytest.raises(ConfigurationError, match=r"labour\.unknown"):
        map_rule("labour.unknown", AUGUST_2018)
