"""What stands after several rulings."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sanctions_watch.records import Ruling
from sanctions_watch.stages.assess import Standing, standing

T0 = datetime(2018, 8, 4, tzinfo=UTC)


def said(*kinds):
    return [
        Ruling("a", kind, "why", "mina", T0 + timedelta(hours=hour), grade="C3" if kind == "grade" else "")
        for hour, kind in enumerate(kinds)
    ]


def test_the_last_verdict_stands_and_the_grade_beside_it():
    rulings = said("dismiss", "grade", "confirm")
    assert standing(rulings) == Standing(rulings[2], rulings[1])
    assert standing(rulings).is_confirmed
    assert standing(said("confirm", "dismiss")).is_dismissed


def test_reopening_takes_the_verdict_back_and_leaves_the_grade():
    rulings = said("grade", "dismiss", "reopen")
    assert standing(rulings) == Standing(None, rulings[0])


def test_an_empty_grade_is_the_proposed_one_again():
    assert standing([*said("grade"), Ruling("a", "grade", "", "mina", T0)]) == Standing()


@given(st.lists(st.sampled_from(["confirm", "dismiss", "reopen", "grade"]), max_size=8))
def test_only_the_last_of_each_kind_counts(kinds):
    whole = standing(said(*kinds))
    last = [kind for kind in kinds if kind != "grade"][-1:]
    assert (whole.is_confirmed, whole.is_dismissed) == (last == ["confirm"], last == ["dismiss"])
    assert (whole.grade is not None) == ("grade" in kinds)
