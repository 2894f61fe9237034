"""Claims in six languages: who is the doer, what takes a claim back, what is left to a reader, and that every span is the text."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanctions_watch.records import Article, Claim
from sanctions_watch.stages.extract.languages import LANGUAGES, read_claims
from sanctions_watch.stages.extract.languages.latin import latin, northern_person
from sanctions_watch.stages.extract.languages.lexicon import lexicon
from sanctions_watch.stages.extract.languages.sentences import LONGEST, cut

CASES = Path(__file__).parents[2] / "evaluation" / "language_cases.jsonl"
TEXTS = [(case["language"], case["text"]) for case in map(json.loads, CASES.read_text("utf-8").splitlines())]
WHEN = datetime(2022, 3, 4, tzinfo=UTC)


def article(language: str, text: str) -> Article:
    return Article("one", 1, "", "", "Own Words", language, "", text, WHEN, WHEN, "")


def read(language: str, text: str) -> tuple[Claim, ...]:
    return read_claims(article(language, text), "1")


def accepted(language: str, text: str) -> list[tuple[str, str]]:
    return [(claim.accused[0].name, claim.conduct) for claim in read(language, text) if claim.status == "accepted"]


@pytest.mark.parametrize(
    ("language", "text", "doer"),
    [
        ("ko", "미국은 중국이 북한산 석탄을 수입했다고 밝혔다.", "China"),
        ("ja", "米国は、中国が北朝鮮産の石炭を輸入したと発表した。", "China"),
        ("zh", "美国表示，中国从朝鲜进口了煤炭。", "China"),
        ("ru", "США заявили, что Китай закупил северокорейский уголь.", "China"),
        ("fr", "Les États-Unis affirment que la Chine a importé du charbon nord-coréen.", "China"),
        ("de", "Laut Washington hat China nordkoreanische Kohle importiert.", "China"),
    ],
)
def test_the_accuser_is_not_the_accused(language: str, text: str, doer: str) -> None:
    assert accepted(language, text) == [(doer, "export.coal_iron")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ko", "중국은 북한산 석탄을 수입했지 않다고 밝혔다."),
        ("ja", "中国は北朝鮮産の石炭を輸入していないと述べた。"),
        ("zh", "中国并未从朝鲜进口煤炭。"),
        ("ru", "Китай никогда не закупал северокорейский уголь."),
        ("fr", "La Chine n'a jamais importé de charbon nord-coréen."),
        ("de", "China hat nie nordkoreanische Kohle importiert."),
    ],
)
def test_what_was_not_done_is_no_claim(language: str, text: str) -> None:
    assert read(language, text) == ()


@pytest.mark.parametrize(
    ("language", "text", "breach"),
    [
        ("ko", "중국이 북한에 정제유를 공급했다.", "이는 상한을 초과한 것이다."),
        ("ja", "中国が北朝鮮に石油精製品を供給した。", "上限を超える量だった。"),
        ("zh", "中国向朝鲜供应了成品油。", "数量超过上限。"),
        ("ru", "Китай поставил КНДР нефтепродукты.", "Это сверх квоты."),
        ("fr", "La Chine a livré des produits pétroliers à la Corée du Nord.", "C'est au-delà du plafond."),
        ("de", "China hat Nordkorea Ölprodukte geliefert.", "Das war ein Verstoß."),
    ],
)
def test_what_is_lawful_in_part_is_for_review_until_a_breach_is_spoken_of(language: str, text: str, breach: str) -> None:
    assert [claim.status for claim in read(language, text)] == ["review"]
    assert accepted(language, f"{text} {breach}") == [("China", "oil.refined_cap")]


def test_two_possible_doers_are_for_review() -> None:
    (claim, other) = read("fr", "La Chine a importé du charbon nord-coréen, la Russie a acheté des crabes.")
    assert {claim.status, other.status} == {"review"}


def test_an_article_that_does_not_speak_of_north_korea_is_not_read() -> None:
    assert read("de", "Der Iran hat Syrien Raketen verkauft.") == ()


def test_a_denial_by_a_stranger_is_no_answer() -> None:
    told = "La Chine a importé du charbon nord-coréen."
    assert [claim.modality for claim in read("fr", f"{told} La Mongolie dément.")] == ["alleged"]
    assert {claim.modality for claim in read("fr", f"{told} La Chine dément.")} == {"alleged", "denied"}


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("ru", "Судно вышло 5 мая 2019 г. из порта. Его ждали на ул. Мира.", 2),
        ("de", "Am 3. Mai lief z. B. ein Schiff aus. Niemand sah es.", 2),
        ("fr", "M. Ravel a parlé. « Rien à dire. » Il est parti.", 3),
        ("zh", "他说：“没有。”然后离开。", 2),
        ("ja", "出航した。誰も見なかった。", 2),
        ("ko", "배가 떠났다. 3.5t이었다.", 2),
    ],
)
def test_sentences(language: str, text: str, count: int) -> None:
    assert len(cut(article(language, text))) == count


@pytest.mark.parametrize(
    ("language", "name", "written"),
    [
        ("ru", "Северный причал", "Severnyy prichal"),
        ("zh", "海顺航运", "Haishun Shipping"),
        ("ja", "東亜商事", "Toa Shoji"),
        ("fr", "Baobab Bâtiment", "Baobab Bâtiment"),
    ],
)
def test_names_in_latin_script(language: str, name: str, written: str) -> None:
    assert latin(name, lexicon(language)) == written


@pytest.mark.parametrize(("written", "name"), [("리명록", "Ri Myong Rok"), ("박철", "Pak Chol")])
def test_north_korean_people_are_written_as_north_korea_writes_them(written: str, name: str) -> None:
    assert northern_person(written) == name


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(LANGUAGES)),
    st.lists(st.one_of(st.sampled_from([text for _, text in TEXTS]), st.text(max_size=40)), min_size=1, max_size=7),
    st.sampled_from([" ", "\n\n", ""]),
)
def test_every_span_lies_in_the_text_and_names_are_latin(language: str, parts: list[str], between: str) -> None:
    whole = article(language, between.join(parts))
    for one in cut(whole):
        assert whole.text[one.start : one.end] == one.text
        assert 0 < len(one.text) <= LONGEST
    for claim in read_claims(whole, "1"):
        for span in claim.spans:
            quote = whole.text[span.start : span.end]
            assert 0 < len(quote) <= LONGEST
            assert quote == quote.strip()
        for actor in claim.accused:
            assert actor.name == latin(actor.name, lexicon(language))
        for step in claim.attributions:
            assert step.name
            assert (step.span is not None and step.span.end <= len(whole.text)) or step.is_inferred


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_name_is_quoted_where_it_stands(language: str) -> None:
    for of, text in TEXTS:
        if of == language:
            for claim in read(language, text):
                for step in claim.attributions:
                    if step.span is not None and claim.modality == "denied":
                        assert text[step.span.start : step.span.end] == step.name


@pytest.mark.parametrize("tense", ["a", "avait", "aurait", "a également"])
def test_french_tenses(tense: str) -> None:
    assert accepted("fr", f"La Chine {tense} importé du charbon nord-coréen.") == [("China", "export.coal_iron")]
