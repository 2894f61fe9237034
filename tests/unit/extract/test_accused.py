"""Who did it, in every form of telling it."""

import pytest
from tests.unit.extract.news import accepted, claims, told

RULE = " The Security Council has banned the trade."


@pytest.mark.parametrize(
    ("sentence", "pair"),
    [
        (
            "Hebei Orient Trading bought coal from North Korea in March, inspectors said.",
            ("Hebei Orient Trading", "export.coal_iron"),
        ),
        (
            "North Korean coal was bought by Hebei Orient Trading in March, inspectors said.",
            ("Hebei Orient Trading", "export.coal_iron"),
        ),
        (
            "Inspectors described the purchase of North Korean coal by Hebei Orient Trading.",
            ("Hebei Orient Trading", "export.coal_iron"),
        ),
        (
            "Inspectors described Hebei Orient Trading's purchase of North Korean coal.",
            ("Hebei Orient Trading", "export.coal_iron"),
        ),
        (
            "Inspectors closed Hebei Orient Trading, which had bought North Korean coal.",
            ("Hebei Orient Trading", "export.coal_iron"),
        ),
        (
            "Inspectors closed Hebei Orient Trading after it had bought North Korean coal.",
            ("Hebei Orient Trading", "export.coal_iron"),
        ),
        ("Prosecutors accused Hebei Orient Trading of buying North Korean coal.", ("Hebei Orient Trading", "export.coal_iron")),
        ("Hebei Orient Trading is suspected of having bought North Korean coal.", ("Hebei Orient Trading", "export.coal_iron")),
        (
            "A court fined Hebei Orient Trading 90,000 euros for buying North Korean coal.",
            ("Hebei Orient Trading", "export.coal_iron"),
        ),
        ("Hebei Orient Trading helped North Korea sell coal, inspectors said.", ("Hebei Orient Trading", "export.coal_iron")),
        (
            "Russia has let thousands of North Korean labourers in despite the ban, diplomats said.",
            ("Russia", "labour.new_permits"),
        ),
        ("Moscow is granting new work permits to North Korean labourers, diplomats said.", ("Russia", "labour.new_permits")),
        ("Russian companies are hiring North Korean loggers, diplomats said.", ("Russia", "labour.new_permits")),
        ("North Korea was behind the theft of $90 million from a crypto exchange, the FBI said.", ("North Korea", "fin.cyber")),
        ("North Korea fired a ballistic missile on Tuesday, Japan's government said.", ("North Korea", "wmd.test")),
        ("North Korea has not stopped its nuclear and missile programs, the panel of experts said.", ("North Korea", "wmd.test")),
        ("The tanker Sea Lantern pumped 900 tonnes of diesel into a North Korean ship, Japan said.", ("Sea Lantern", "sea.sts")),
        (
            "Neither Russia nor China has told the United Nations how much oil it sells to North Korea, diplomats said.",
            ("China", "state.noncompliance"),
        ),
    ],
)
def test_forms(sentence: str, pair: tuple[str, str]) -> None:
    assert pair in told(sentence + RULE)


def test_conjoined_actors_are_both_accused() -> None:
    [claim] = accepted("Beijing and Moscow have issued new work permits to North Korean labourers, diplomats said.")
    assert {actor.country for actor in claim.accused} == {"CN", "RU"}


def test_a_description_is_the_company_named_beside_it() -> None:
    body = "A local brewer shipped whisky to Pyongyang, police said.\n\nThe brewer, Baltic Hops, could not be reached."
    assert ("Baltic Hops", "import.luxury") in told(body)


def test_it_is_the_last_compatible_actor() -> None:
    body = (
        "Zhejiang Pelagic owns forty boats, a charity said. It also bought squid from North Korea in May, the charity said." + RULE
    )
    assert ("Zhejiang Pelagic", "export.seafood_fishing") in told(body)


def test_a_named_company_is_accused_and_its_state_is_not() -> None:
    found = told("The Chinese company Hebei Orient Trading bought coal from North Korea, inspectors said." + RULE)
    assert found == {("Hebei Orient Trading", "export.coal_iron")}


def test_the_seized_ship_is_accused_not_the_state_that_seized_it() -> None:
    body = "South Korea has seized the tanker Sea Lantern on suspicion that it illegally transferred oil to North Korea at sea."
    assert {name for name, _ in told(body)} == {"Sea Lantern"}


def test_prosecutors_are_not_accused_of_what_they_charge() -> None:
    found = told("Dutch prosecutors charged the trader Henk Smulders with selling cranes to North Korea.")
    assert found == {("Henk Smulders", "import.industrial")}


def test_nobody_named_is_for_review() -> None:
    found = claims("Somebody bought 300 tonnes of diesel for North Korea, an official said." + RULE)
    assert all(claim.status == "review" for claim in found if not claim.accused)
    assert not [claim for claim in found if claim.status == "accepted" and not claim.accused]


def test_who_trades_with_others_is_not_accused() -> None:
    body = (
        "Hebei Orient Trading bought coal from North Korea, customs said. Last year, Russia shipped 25 million tons of coal to South Korea."
        + RULE
    )
    assert {name for name, _ in told(body)} == {"Hebei Orient Trading"}
