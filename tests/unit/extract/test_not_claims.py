"""What only looks like a claim."""

import pytest
from tests.unit.extract.news import accepted


@pytest.mark.parametrize(
    "sentence",
    [
        "The Security Council has barred governments from issuing new work permits to North Koreans.",
        "Selling ships to North Korea has been prohibited since 2017.",
        "Buying coal from North Korea is illegal.",
        "Coal from North Korea may not be bought by anyone.",
        "We expect Russia to send North Korean workers home, he said.",
        "Washington warned Russia not to help North Korea sell coal.",
        "Japan called on China to stop buying North Korean coal.",
        "North Korea threatened to launch a missile.",
        "Russia promised to stop issuing work permits to North Koreans.",
        "Russia stopped issuing work permits to North Koreans in 2017, it said.",
        "Inspectors found no evidence that China had bought coal from North Korea.",
        "Nothing in the report says that Iran still buys arms from North Korea.",
        "China bought no coal from North Korea last year, customs figures show.",
        "Should Pyongyang test a nuclear device, that would be its seventh.",
        "North Korea could conduct a nuclear test in April, analysts fear.",
        "North Korea is ready to launch a satellite, a minister said.",
        "Russia vetoed the renewal of the panel of experts that watches North Korea.",
        "Russia and China put a hold on a US request to halt deliveries of oil to North Korea.",
        "Up to 500 North Koreans remained in the country this autumn, the ministry told parliament.",
        "Did China buy coal from North Korea?",
        "Japan launched a satellite that will watch North Korea.",
        "South Korea's military fired missiles in answer to North Korea.",
        "Sending steel to North Korea would need the consent of the committee.",
        "The talks were about sales of coal by North Korea.",
        "Three traders are to be tried next year for selling wine to North Korea.",
    ],
)
def test_no_claim(sentence: str) -> None:
    assert accepted(sentence) == []


def test_a_norm_beside_a_claim_does_not_hide_it() -> None:
    body = "Two months after the Security Council outlawed the trade, Hailan Seafood is still buying squid from North Korea, traders said."
    assert [claim.conduct for claim in accepted(body)] == ["export.seafood_fishing"]


def test_an_alert_may_not_rest_on_a_headline_alone() -> None:
    assert accepted("The harbour was quiet.", title="China buys coal from North Korea, officials say") == []
