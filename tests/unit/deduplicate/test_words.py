"""Words are levelled so that spelling, dateline and credits do not hide a copy."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from sanctions_watch.records import Article, Zone
from sanctions_watch.stages.deduplicate.words import headline_words, level, words_of

WHEN = datetime(2024, 1, 2, tzinfo=UTC)


def article(body: str, title: str = "A title of words") -> Article:
    text = f"{title}\n\n{body}"
    zones = (Zone("headline", 0, len(title)), Zone("body", len(title) + 2, len(text)))
    return Article("a", 1, "", "", "", "en", title, text, WHEN, WHEN, "", zones=zones)


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("centre", "center"), ("labourers", "laborers"), ("analysed", "analyzed"), ("programme", "program"), ("defence", "defense"),
        ("travelled", "traveled"), ("organisation", "organization"), ("kilometres", "kilometers"), ("catalogue", "catalog"), ("September", "Sept"),
    ],
)  # fmt: skip
def test_two_spellings_are_one_word(british: str, american: str) -> None:
    assert level(british) == level(american)


@pytest.mark.parametrize(("one", "other"), [("coal", "goal"), ("missile", "missive"), ("Russia", "Prussia"), ("2017", "2018")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert level(one) != level(other)


@pytest.mark.parametrize(
    "dateline",
    ["SEOUL, Oct. 3 (Yonhap) -- ", "VIENNA (AFP) – ", "Aug. 4 (UPI) -- ", "MOSCOW, August 3. /TASS/. ", "TOKYO, Kyodo - ", "KOROR -- ",
     "UNITED NATIONS (AP) — ", "WASHINGTON, Aug 3 (Reuters) - "],
)  # fmt: skip
def test_dateline_is_no_part_of_the_words(dateline: str) -> None:
    assert words_of(article(f"{dateline}Two ships were seized.")).words == words_of(article("Two ships were seized.")).words


@pytest.mark.parametrize(
    "credit", ["(Reporting by the Seoul newsroom; Editing by M. Pereira)", "© 2018 AFP", "(END)", "Additional reporting by J. Doe"]
)
def test_credit_line_is_no_part_of_the_words(credit: str) -> None:
    assert words_of(article(f"Two ships were seized.\n\n{credit}")).words == words_of(article("Two ships were seized.")).words


def test_dotted_and_plain_abbreviations_and_numbers_are_one() -> None:
    dotted = words_of(article("The U.N. and the U.S. took 1,000 tonnes, 30 per cent of it."))
    plain = words_of(article("The UN and the US took 1.000 tons, 30% of it."))
    assert dotted.words == plain.words


def test_offsets_point_at_the_words_in_the_text() -> None:
    entry = article("VIENNA (AFP) – Ships of the U.N. sailed.\n\n“Never” again.")
    words = words_of(entry)
    assert [entry.text[offset] for offset in words.offsets] == ["S", "o", "t", "U", "s", "N", "a"]
    assert words.quoted[-2:] == (True, False)
    assert words.paragraphs[-1] == 1


def test_headline_loses_the_desk_and_the_publisher() -> None:
    plain = headline_words("Singapore charges clerk over fuel delivery")
    assert headline_words("CORRECTED-Singapore charges clerk over fuel delivery (April 16)") == plain
    assert headline_words("UPDATE 2-Singapore charges clerk over fuel delivery – Reuters") == plain
    assert headline_words("(2nd LD) Singapore charges clerk over fuel delivery") == plain


def test_chinese_counts_characters() -> None:
    words = words_of(article("中国拒绝有关纺织品贸易的报道", "中国拒绝报道"))
    assert words.is_unspaced
    assert len(words) == 14


@pytest.mark.parametrize(
    "hostile", ["A" * 200_000, "A. " * 60_000, "(" * 200_000, "A.B." * 50_000, "1,000" * 40_000, "- " * 100_000, "UPDATE " * 20_000]
)
def test_hostile_text_is_read_in_linear_time(hostile: str) -> None:
    started = time.perf_counter()
    words_of(article(hostile, hostile[:5000]))
    assert time.perf_counter() - started < 3
