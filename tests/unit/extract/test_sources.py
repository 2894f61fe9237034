"""Who says it, and how firmly."""

import pytest
from tests.unit.extract.news import accepted, claims

CLAIM = "China bought coal from North Korea in March"


@pytest.mark.parametrize(
    ("sentence", "chain", "modality"),
    [
        (f"{CLAIM}, three diplomats said.", ["diplomats"], "alleged"),
        (f"Three diplomats said that {CLAIM}.", ["diplomats"], "alleged"),
        (f"{CLAIM}, according to customs records.", ["customs records"], "documented"),
        (f"Customs records show that {CLAIM}.", ["customs records"], "documented"),
        (f"The Panel of Experts found that {CLAIM}.", ["Panel of Experts"], "documented"),
        (
            f"Two diplomats said that a report by the Panel of Experts says that {CLAIM}.",
            ["diplomats", "Panel of Experts"],
            "documented",
        ),
        (f"{CLAIM}, Japan said, citing satellite images.", ["Japan", "satellite images"], "documented"),
        (f'"{CLAIM}," the Russian envoy said.', ["Russian envoy"], "alleged"),
        (f"{CLAIM}.", ["Harbour Courier"], "alleged"),
    ],
)
def test_chain(sentence: str, chain: list[str], modality: str) -> None:
    [claim] = accepted(sentence + " The trade is banned.")
    assert [step.name for step in claim.attributions] == chain
    assert claim.modality == modality
    assert claim.root == chain[-1]


def test_who_saw_a_document_stands_before_it() -> None:
    body = f"A confidential U.N. report indicates that {CLAIM}. CNN obtained a copy of the report."
    [claim] = accepted(body)
    assert [step.name for step in claim.attributions] == ["CNN", "confidential U.N. report"]


def test_this_newspaper_is_the_publisher() -> None:
    body = f"{CLAIM}, waybills show. This newspaper has seen the waybills."
    [claim] = accepted(body)
    assert claim.attributions[0].name == "Harbour Courier"


def test_bare_reports_are_the_report_named_elsewhere_and_marked_inferred() -> None:
    body = f'"We have seen reports that {CLAIM}," the envoy Nina Hale said.\n\nThe Wall Street Journal first reported the purchase this week.'
    [claim] = accepted(body)
    assert claim.root == "Wall Street Journal"
    assert claim.attributions[-1].is_inferred


def test_if_they_prove_accurate_makes_it_conditional_and_names_the_rule() -> None:
    body = (
        '"We have seen reports that Russia is granting new work permits to North Korean workers," Nina Hale said in Geneva. '
        '"If these reports prove accurate, that would be in violation of U.N. Security Council Resolution 2375."'
    )
    [claim] = accepted(body)
    assert (claim.modality, claim.cited_rule) == ("conditional", "UNSCR 2375")
    assert len(claim.spans) == 2


def test_a_verdict_confirms() -> None:
    [claim] = accepted("The trader Lim Boon Hock was sentenced to 16 months in prison for shipping whisky to Pyongyang.")
    assert (claim.modality, claim.root) == ("confirmed", "court")


def test_the_accuser_of_a_subjectless_accusing_is_marked() -> None:
    body = "Russia and China put a hold on a US request to halt deliveries after accusing Pyongyang of having illegally imported fuel beyond a cap."
    [claim] = accepted(body)
    assert claim.root == "United States"
    assert claim.attributions[-1].is_inferred
    assert "ambiguous_accuser" in claim.marks


def test_one_event_in_two_sentences_is_one_claim() -> None:
    body = f"{CLAIM}, three diplomats said. China bought North Korean coal by barge, the diplomats said. The trade is banned."
    [claim] = accepted(body)
    assert len(claim.spans) == 2


def test_two_speakers_are_two_claims() -> None:
    body = f"{CLAIM}, three diplomats said.\n\nChina bought 9,000 tonnes of coal from North Korea in May, the Panel of Experts found. The trade is banned."
    assert {claim.root for claim in accepted(body)} == {"diplomats", "Panel of Experts"}


def test_the_regime_is_the_united_nations_unless_only_another_law_is_told() -> None:
    ours, theirs = (
        accepted("The US Treasury said that the trader Omar Fasih bought coal from North Korea." + end)[0].regime
        for end in (" The United Nations bans the trade.", "")
    )
    assert (ours, theirs) == ("UN", "US")


def test_the_rule_is_mapped_on_the_day_of_the_conduct() -> None:
    [claim] = claims("Russia issued new work permits to North Korean labourers in May, diplomats said.")
    assert claim.mapped_rule is not None
    assert claim.mapped_rule.rule == "2375 OP17"
    assert claim.mapped_rule.is_in_force
