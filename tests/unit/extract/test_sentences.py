"""Sentences: abbreviations stay whole, quotations are known, only headline and body are read."""

import pytest
from tests.unit.extract.news import NOON, article

from sanctions_watch.records import Article, Zone
from sanctions_watch.stages.extract.sentences import split


def sentences(body: str) -> list[str]:
    return [sentence.text for sentence in split(article(body)) if sentence.zone == "body"]


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("The U.N. panel met. It said no.", ["The U.N. panel met.", "It said no."]),
        ("N. Korea sold coal. China bought it.", ["N. Korea sold coal.", "China bought it."]),
        ("Selat Co. Ltd. shipped oil. The firm denied it.", ["Selat Co. Ltd. shipped oil.", "The firm denied it."]),
        ("He sued the U.S. The court agreed.", ["He sued the U.S.", "The court agreed."]),
        (
            "It took on 2.5 tonnes on Oct. 12 at No. 3 pier. Then it left.",
            ["It took on 2.5 tonnes on Oct. 12 at No. 3 pier.", "Then it left."],
        ),
        ('"We sold nothing." He left.', ['"We sold nothing."', "He left."]),
        ("Did it? It did! Yes.", ["Did it?", "It did!", "Yes."]),
    ],
)
def test_split(body: str, wanted: list[str]) -> None:
    assert sentences(body) == wanted


def test_offsets_are_those_of_the_article() -> None:
    source = article("One is here. Two is there.\n\nThree ends it.")
    for sentence in split(source):
        assert source.text[sentence.start : sentence.end] == sentence.text
    assert [sentence.paragraph for sentence in split(source)] == [0, 1, 1, 2]


def test_a_quotation_left_open_runs_to_the_end_of_its_paragraph() -> None:
    source = article('"We saw it. It was coal.\n\n"And then it sank," he said.')
    second = split(source)[2]
    assert second.text == "It was coal."
    assert second.quoted_share() == 1.0


def test_what_is_no_zone_is_not_read() -> None:
    text = "Head\n\nBody here.\n\nBoilerplate there."
    source = Article("a", 1, "", "", "", "en", "Head", text, NOON, NOON, "", zones=(Zone("headline", 0, 4), Zone("body", 6, 16)))
    assert [sentence.text for sentence in split(source)] == ["Head", "Body here."]
