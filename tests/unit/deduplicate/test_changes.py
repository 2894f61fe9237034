"""What changed between two texts, for a person to read: every change at its offsets, and nothing else."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.evaluation.test_stories import article

from sanctions_watch.stages.deduplicate import changes, passages

WORDS = st.lists(
    st.sampled_from(["the", "Kang", "ship", "12", "tons", "two", "of", "coal.", "Nampo,", "석탄", "said"]), max_size=30
)


def told(before: str, after: str) -> list[tuple[str, str, str]]:
    return [(one.kind, one.before, one.after) for one in changes(article("a", "Same", before), article("b", "Same", after))]


def test_numbers_names_and_words_are_told_apart():
    assert told("It held 340 tonnes.", "It held 430 tonnes.") == [("number", "340", "430")]
    assert told("It lasted nineteen minutes.", "It lasted ninety minutes.") == [("number", "nineteen", "ninety")]
    assert told("The lawyer, Pieter Osinga, spoke.", "The lawyer, Pieter Hoekstra, spoke.") == [("name", "Osinga", "Hoekstra")]
    assert told("They met at the quay.", "They met at the pier.") == [("words", "quay", "pier")]
    assert told("He left.", "He left at once.") == [("words", "", "at once")]
    assert told("He left at once.", "He left.") == [("words", "at once", "")]


def test_a_headline_s_change_is_told_as_such():
    before, after = article("a", "Court fines broker", "Text."), article("b", "Court jails broker", "Text.")
    assert [(one.kind, one.before, one.after) for one in changes(before, after)] == [("headline", "fines", "jails")]


def test_punctuation_and_white_space_alone_are_no_change():
    assert told('He said: "No."', "He said  “No”!") == []


def test_scripts_without_spaces_change_by_characters():
    assert told("海关发现340吨煤。", "海关发现430吨煤。") == [("number", "340", "430")]


@settings(deadline=None)
@given(WORDS, WORDS)
def test_what_is_told_makes_the_one_text_of_the_other(old, new):
    before, after = article("a", "Same", " ".join(old)), article("b", "Same", " ".join(new))
    rebuilt, at = "", 0
    for one in changes(before, after):
        assert before.text[one.before_start : one.before_end] == one.before
        assert after.text[one.after_start : one.after_end] == one.after
        rebuilt += before.text[at : one.before_start] + " " + one.after + " "
        at = one.before_end
    rebuilt += before.text[at:]
    level = str.maketrans("", "", ".,")
    assert rebuilt.translate(level).split() == after.text.translate(level).split()


@settings(deadline=None)
@given(WORDS, WORDS)
def test_passages_are_stretches_of_both_texts(old, new):
    a, b = article("a", "Same", " ".join(old)), article("b", "Same", " ".join(new))
    for one in passages(a, b):
        assert 0 <= one.a_start < one.a_end <= len(a.text)
        assert 0 <= one.b_start < one.b_end <= len(b.text)
        assert not a.text[one.a_start].isspace()
        assert not a.text[one.a_end - 1].isspace()
