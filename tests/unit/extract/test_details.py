"""Numbers, times and laws in a sentence."""

from datetime import date

import pytest

from sanctions_watch.stages.extract.law import cited_resolutions, cited_rule
from sanctions_watch.stages.extract.periods import period
from sanctions_watch.stages.extract.quantities import quantities

PUBLISHED = date(2018, 8, 4)  # a Saturday


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("240 tonnes of fuel oil", [(240.0, "tonnes")]),
        ("3.7 million tons of coal worth $370 million", [(3_700_000.0, "tonnes"), (370_000_000.0, "USD")]),
        ("nearly US$6 million", [(6_000_000.0, "USD")]),
        ("more than 10,000 new North Korean workers", [(10_000.0, "people")]),
        ("500,000 barrels a year", [(500_000.0, "barrels")]),
        ("S$880,000 and 400,000 euros", [(880_000.0, "SGD"), (400_000.0, "EUR")]),
        ("twenty-nine welders", [(29.0, "people")]),
        ("no number", []),
    ],
)
def test_quantities(text: str, wanted: list[tuple[float, str]]) -> None:
    found = quantities(text)
    assert [(quantity.value, quantity.unit) for quantity in found] == wanted
    assert all(quantity.written in text for quantity in found)


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("on the night of 14 February", date(2018, 2, 14), date(2018, 2, 14), "day"),
        ("on Oct. 19", date(2017, 10, 19), date(2017, 10, 19), "day"),
        ("on Thursday", date(2018, 8, 2), date(2018, 8, 2), "day"),
        ("in May 2017", date(2017, 5, 1), date(2017, 5, 31), "month"),
        ("in October", date(2017, 10, 1), date(2017, 10, 31), "month"),
        ("between January and August", date(2018, 1, 1), date(2018, 8, 31), "month"),
        ("this week", date(2018, 7, 30), date(2018, 8, 5), "week"),
        ("last month", date(2018, 7, 1), date(2018, 7, 31), "month"),
        ("last year", date(2017, 1, 1), date(2017, 12, 31), "year"),
        ("two years ago", date(2016, 1, 1), date(2016, 12, 31), "year"),
        ("between 2010 and 2017", date(2010, 1, 1), date(2017, 12, 31), "year"),
        ("since 2016", date(2016, 1, 1), PUBLISHED, "year"),
    ],
)
def test_period(text: str, first: date, last: date, precision: str) -> None:
    found = period(f"It happened {text}.", PUBLISHED)
    assert found is not None
    assert (found.first, found.last, found.precision) == (first, last, precision)


def test_no_period() -> None:
    assert period("It may happen.", PUBLISHED) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("in violation of U.N. Security Council Resolution 2375", ["2375"]),
        ("paragraph 5 of resolution 2397", ["2397"]),
        ("UNSCR 2371 and resolution 1874, of 2009", ["2371", "1874"]),
        ("in 2371 crates", []),
        ("resolution 2600", []),
    ],
)
def test_cited_resolutions(text: str, wanted: list[str]) -> None:
    assert cited_resolutions(text) == wanted


def test_the_first_sentence_that_names_one_is_cited() -> None:
    assert cited_rule(["nothing", "resolution 2375 and resolution 2397"]) == "UNSCR 2375"
    assert cited_rule(["nothing"]) == ""
