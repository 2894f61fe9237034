"""The verdict on an article: what makes it, what speaks against it, and that it says so."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctions_watch.stages.select import VERSION, select
from sanctions_watch.stages.select.score import NEAR_MISS, THRESHOLD

from .texts import article

BREACH_TITLE = "Coaster unloaded North Korean coal in Hai Phong, inspectors say"
BREACH_BODY = (
    "A coaster that loaded coal at Nampo in March sold it in Hai Phong with papers from another port, inspectors of the sanctions "
    "committee write. The Security Council has banned the trade since 2017. The owner denies it."
)
BREACH = (BREACH_TITLE, BREACH_BODY)


def test_a_breach_is_selected_with_its_evidence_in_words() -> None:
    verdict = select(article(*BREACH))
    assert verdict.is_selected
    assert not verdict.is_near_miss
    assert verdict.score > 0.9
    told = "\n".join(verdict.reasons)
    for words in (
        "North Korea named in the headline",
        "law: ",
        "security council (lead)",
        "body: ",
        "sanctions committee (lead)",
        "coal and iron exports",
    ):
        assert words in told
    assert (verdict.article_id, verdict.version, verdict.selector_version) == ("a1", 1, VERSION)


def test_what_names_nobody_of_north_korea_is_rejected_with_a_reason() -> None:
    verdict = select(article("Ministers agree new sanctions on Russian oil", "The cap falls to 47 dollars. Tankers are listed."))
    assert (verdict.is_selected, verdict.is_near_miss, verdict.score) == (False, False, 0.0)
    assert verdict.reasons == ("names neither North Korea nor one of its listed bodies",)


def test_a_no_in_the_second_pass_says_what_spoke_against() -> None:
    verdict = select(
        article(
            "North Korea beat Syria in World Cup qualifier",
            "The coach praised his striker. FIFA sanctions await the hosts for late papers.",
        )
    )
    assert not verdict.is_selected
    assert any(reason.startswith("against: sport") for reason in verdict.reasons)


def test_a_near_miss_lies_just_below_the_threshold() -> None:
    assert NEAR_MISS < THRESHOLD
    found = {
        select(article("Kim Jong Un meets envoy", body)).is_near_miss
        for body in (
            "North Korea's leader received an envoy in Pyongyang. They spoke of tractors.",
            "North Korea's leader received an envoy in Pyongyang. They spoke of sanctions relief and of trade in coal. They drank tea. A band played.",
            *(
                f"North Korea's leader received an envoy. {'They drank tea. ' * filler}He asked for sanctions on North Korea to be lifted."
                for filler in range(8)
            ),
        )
    }
    assert found == {True, False}


@pytest.mark.parametrize("filler", range(6))
def test_near_miss_and_selection_follow_from_the_score(filler: int) -> None:
    verdict = select(article("Envoy speaks of sanctions on North Korea", "A band played on. " * filler * 3))
    assert verdict.is_selected == (verdict.score >= THRESHOLD)
    assert verdict.is_near_miss == (NEAR_MISS <= verdict.score < THRESHOLD)


def test_the_same_words_weigh_more_on_top() -> None:
    told = "Inspectors found that North Korean coal was sold in breach of the United Nations embargo."
    tea = "The minister spoke of schools. " * 6
    assert (
        select(article("Minister gives yearly speech", f"{told} {tea}")).score
        > select(article("Minister gives yearly speech", f"{tea} {told}")).score + 0.3
    )


def test_a_test_alone_is_not_sanctions_news() -> None:
    assert not select(
        article("North Korea fires two missiles", "They fell into the sea, South Korea's military said. Japan protested.")
    ).is_selected


def test_sanctions_on_another_state_with_north_korea_in_passing() -> None:
    text = (
        "US lists Iranian oil traders",
        "The sanctions on Iran name six traders and two tankers. Iran sells most of its oil to China. Like North Korea, it hides its ships.",
    )
    verdict = select(article(*text))
    assert not verdict.is_selected
    assert any("chiefly about" in reason or "others" in reason for reason in verdict.reasons)


@pytest.mark.parametrize(
    "text",
    [
        "파나마 선적 유조선이 공해상에서 북한 선박에 정제유를 옮겨 실어 안보리 결의를 위반했다.",
        "Танкер передал нефтепродукты судну КНДР в нарушение санкций ООН.",
        "一艘油轮在公海向朝鲜船只过驳成品油，违反安理会决议。",
        "一艘油輪在公海向北韓船隻過駁成品油，違反安理會決議。",
        "タンカーが洋上で北朝鮮船に石油精製品を積み替え、安保理決議に違反した。",
        "Un pétrolier a livré du carburant à un navire nord-coréen en violation des sanctions de l'ONU.",
        "Ein Tanker lieferte Treibstoff an ein nordkoreanisches Schiff und verstieß gegen UN-Sanktionen.",
    ],
)
def test_seven_languages(text: str) -> None:
    assert select(article("", text)).is_selected


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("延边朝鲜族自治州举办美食节", False),
        ("朝鲜日报刊登文章", False),
        ("朝鲜中央通讯社报道", True),
        ("北, 석탄 밀수 정황", True),
        ("북한산 둘레길 단풍", False),
        ("The DPRK's envoy", True),
        ("N. Korea's coal", True),
        ("N.Korea coal", True),
        ("North\u2011Korean coal", True),
        ("north koreatown mall", False),
        ("Северной Кореей", True),
        ("Nordkoreas Kohle", True),
    ],
)
def test_names_in_many_forms(text: str, is_named: bool) -> None:
    unnamed = "names neither North Korea nor one of its listed bodies"
    assert (unnamed not in select(article(text)).reasons) == is_named


def test_the_north_is_a_direction_without_its_capital() -> None:
    rain = "It fell for days. Rivers rose. Fields were lost."
    direction = select(article("North Korea's rain", f"{rain} In the north, coal was sold in breach of the ban."))
    country = select(article("North Korea's rain", f"{rain} In the North, coal was sold in breach of the ban."))
    assert direction.score < country.score


@given(st.text(max_size=300))
def test_any_text_has_a_verdict(text: str) -> None:
    verdict = select(article("North Korea", text))
    assert 0 <= verdict.score <= 1
    assert verdict.reasons
    assert verdict == select(article("North Korea", text))


def test_a_huge_hostile_text_is_read_in_bounded_time() -> None:
    """Linear in its length: half a million characters of names, masks, spaces and stops."""
    for part in ("North Korea sanctions against Russia. ", " ", ". ", "朝鲜半岛", "\n", "ship-to-ship "):
        assert select(article("North Korea", part * (500_000 // len(part)))).reasons


def test_an_article_without_zones_is_read_as_one_headline() -> None:
    bare = dataclasses.replace(article(*BREACH), zones=())
    assert select(bare).reasons
