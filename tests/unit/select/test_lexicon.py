"""Terms: folding, word boundaries, what covers what, and what is said of a broken file."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml

from sanctions_watch.data import include
from sanctions_watch.errors import ConfigurationError
from sanctions_watch.stages.select.evidence import sentences
from sanctions_watch.stages.select.lexicon import Kind, compile_terms, fold, lexicon


def kinds(text: str) -> Kind:
    found = Kind.NONE
    for hit in lexicon().find(fold(text)):
        found |= hit.term.kind
    return found


@pytest.mark.parametrize("text", ["North-Korea’s SHIPS", "İstanbul İ", "線\n線", "ẞ straße", ""])
def test_folding_keeps_places(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_a_hyphen_a_line_break_and_a_space_are_one() -> None:
    for text in ("ship-to-ship", "Ship to\nship", "ship\u2010to\u00a0ship"):
        assert kinds(text) & Kind.CONDUCT


def test_whole_words_where_words_are_spaced() -> None:
    assert kinds("the sanctions") & Kind.LAW
    assert not kinds("sanctionsy") & Kind.LAW
    assert kinds("санкциями") & Kind.LAW
    assert kinds("对朝制裁措施") & Kind.LAW_STRONG


def test_a_longer_term_on_another_regime_covers_the_law_in_it() -> None:
    assert kinds("sanctions against Russia") & Kind.OTHER_REGIME
    assert not kinds("sanctions against Russia") & (Kind.LAW | Kind.LAW_STRONG)
    assert kinds("sanctions against North Korea") & Kind.LAW_STRONG


def test_a_mask_covers_what_it_holds() -> None:
    assert not kinds("朝鲜半岛") & Kind.NORTH_KOREA
    assert kinds("朝鲜") & Kind.NORTH_KOREA


def test_a_thing_and_a_deed_in_one_sentence_are_a_frame() -> None:
    lead = "North Korea's seamstresses had their visas renewed."
    apart = "Seamstresses sang. A visa was lost."
    assert sentences(lead, 0, lexicon())[0].kinds & Kind.FRAME
    assert not any(sentence.kinds & Kind.FRAME for sentence in sentences(apart, 0, lexicon()))


def test_sentences_keep_abbreviations_together() -> None:
    text = "Headline\n\nThe U.N. panel met in N. Korea. It rained! 비가 왔다。끝"
    found = sentences(text, 10, lexicon())
    assert [text[one.start : one.end].strip() for one in found] == [
        "Headline",
        "The U.N. panel met in N. Korea.",
        "It rained!",
        "비가 왔다。",
        "끝",
    ]
    assert found[0].is_headline
    assert not found[1].is_headline


def test_every_problem_of_a_broken_file_is_told_at_once() -> None:
    content: dict[str, Any] = copy.deepcopy(yaml.safe_load(include("lexicon/select.yaml").read_text("utf-8")))
    content["law"]["en"].append("sanc*tion")
    content["weak_conduct"].append(["no such phrase"])
    content["frames"]["labour"].pop("deeds")
    with pytest.raises(ConfigurationError) as raised:
        compile_terms(content)
    told = "\n".join(raised.value.problems)
    for words in ("'sanc*tion'", "'no such phrase'", "'labour' needs"):
        assert words in told


def test_missing_and_unknown_groups_are_told() -> None:
    content = {"weather": {}, "colours": {}}
    with pytest.raises(ConfigurationError, match="'colours' is unknown") as raised:
        compile_terms(content)
    assert any("'north_korea' is missing" in problem for problem in raised.value.problems)
