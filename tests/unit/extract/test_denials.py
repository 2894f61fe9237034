"""The accused's answer: a claim of its own, on the conduct that it answers."""

import pytest
from tests.unit.extract.news import claims

CLAIM = "Hebei Orient Trading bought coal from North Korea in March, inspectors said. The trade is banned.\n\n"


def denied(body: str) -> list[tuple[str, str]]:
    return [(claim.accused[0].name, claim.conduct) for claim in claims(body) if claim.modality == "denied"]


@pytest.mark.parametrize(
    "answer",
    [
        "Hebei Orient Trading denied the accusation.",
        "Hebei Orient Trading's director, Lin Bo, said the company had done nothing unlawful.",
        "A lawyer for Hebei Orient Trading rejected the finding as groundless.",
        "The company said the papers were forgeries.",
        '"It is a fairy tale," a manager at Hebei Orient Trading said.',
        "Hebei Orient Trading said it had never dealt with North Koreans.",
    ],
)
def test_denial(answer: str) -> None:
    assert denied(CLAIM + answer) == [("Hebei Orient Trading", "export.coal_iron")]


@pytest.mark.parametrize(
    "answer",
    [
        "Hebei Orient Trading could not be reached.",
        "Hebei Orient Trading declined to comment.",
        "The company neither confirmed nor denied the purchase.",
        "Hebei Orient Trading said it would look into the matter.",
        "Japan denied the ship entry.",
        "Hebei Orient Trading regularly rejects such accusations.",
        "China rejected a draft resolution.",
        "Russia's envoy called the sanctions a brick in a wall no one needs.",
    ],
)
def test_no_denial(answer: str) -> None:
    assert denied(CLAIM + answer) == []


def test_a_state_that_says_it_complies_answers() -> None:
    body = "China bought coal from North Korea, diplomats said.\n\nChina's foreign ministry said that it strictly implements the resolutions."
    assert denied(body) == [("China", "export.coal_iron")]


def test_what_was_not_done_is_answered_without_an_allegation_in_the_article() -> None:
    body = "Russia's ambassador, Ivan Loktev, said that Russia had issued no new work permits to North Koreans."
    assert denied(body) == [("Russia", "labour.new_permits")]


def test_a_ministry_that_clears_somebody_else_is_no_denial() -> None:
    assert denied("Ghana's ministry of works said that North Korea had not sold it a statue.") == []


def test_mitigation_after_a_guilty_plea_is_no_denial() -> None:
    body = "Lim Boon Hock pleaded guilty to selling whisky to North Korea.\n\nLim Boon Hock said he had never meant harm."
    assert denied(body) == []
