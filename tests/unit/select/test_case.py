"""The case a text makes without the word "sanction": what makes one, and what does not."""

from __future__ import annotations

import pytest

from sanctions_watch.stages.select import select
from sanctions_watch.stages.select.case import NO_CASE, case
from sanctions_watch.stages.select.evidence import sentences
from sanctions_watch.stages.select.lexicon import lexicon

from .texts import article

TEA = "They drank tea. The hall was cold. A clerk yawned. It rained."


def case_of(text: str) -> float:
    return case(sentences(text, 0, lexicon())).logit


def test_a_conduct_beside_its_rule_is_a_case_wherever_it_stands() -> None:
    told = "North Korean coal was smuggled to the port by barge. Resolution 2371 forbids it."
    assert case_of(f"{TEA} {told}") > 0
    assert case_of(f"{TEA} North Korea sent 35 tonnes of gifts. The guests were glad.") < 0


def test_a_ship_and_a_fine_far_from_the_name_are_none() -> None:
    fine = "A court fined the insurer of two tankers over false papers. The ships were seized."
    near = f"The tankers had met a North Korean vessel at sea. {fine}"
    far = f"North Korea's choir sang. {TEA} {fine}"
    assert case_of(near) > case_of(far)


def test_a_name_in_passing_makes_none_of_another_states_affair() -> None:
    text = f"A court fined a broker who shipped rifles in breach of the Congo embargo. {TEA} One crate came from North Korea."
    assert case(sentences(text, 0, lexicon())) == NO_CASE


def test_a_programme_is_no_conduct_beside_its_rule() -> None:
    assert (
        case(sentences("North Korea's launch broke resolution 1718, allies said of the missile programme.", 0, lexicon())).ruled
        == 0
    )


@pytest.mark.parametrize("name", ["Resolution 2397", "UNSCR 2375", "the 1718 Committee"])
def test_a_resolution_by_its_number_names_north_korea(name: str) -> None:
    assert lexicon().names_north_korea(name.lower())


def test_the_verdict_says_how_much_of_the_text_makes_the_case() -> None:
    verdict = select(
        article(
            "Club cancels cover of ten ships",
            "Four tankers were run from Pyongyang while it insured them. Resolution 2321 forbids such cover.",
        )
    )
    assert verdict.is_selected
    assert any("with the law beside it" in reason for reason in verdict.reasons)
    assert any("beside the rule that forbids it" in reason for reason in verdict.reasons)
