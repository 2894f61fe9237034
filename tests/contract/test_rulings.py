"""What every Warehouse does with what analysts say."""

import pytest
from tests.contract.samples import T0, allegation, article, minutes

from sanctions_watch.errors import WarehouseRefused
from sanctions_watch.records import Ruling


def test_rulings_come_back_in_their_order(warehouse, filled):
    told = filled.alerted(article(1))
    first = Ruling(told.allegation_id, "dismiss", "a mix-up", "mina", T0 + minutes(1))
    second = Ruling(told.allegation_id, "grade", "knows the source", "jon", T0, grade="B2")
    with warehouse.begin() as unit:
        unit.save_ruling(first)
        unit.save_ruling(second)
        assert unit.rulings([told.allegation_id, "another"]) == {told.allegation_id: (first, second)}
        assert unit.rulings([]) == {}


def test_nothing_can_be_said_of_what_is_not_there(warehouse):
    with warehouse.begin() as unit:
        with pytest.raises(WarehouseRefused), unit.part():
            unit.save_ruling(Ruling(allegation(article(1)).allegation_id, "confirm", "", "mina", T0))
        for kind, subject in (("claim", "x"), ("article", "x")):
            with pytest.raises(WarehouseRefused), unit.part():
                unit.save_review(kind, subject, "right", reason="", said_by="mina", now=T0)


def test_reviews_of_articles_are_kept(warehouse, filled):
    filled.selected(article(1))
    with warehouse.begin() as unit:
        unit.save_review("article", article(1).article_id, "right", reason="it does", said_by="mina", now=T0)
        with pytest.raises(WarehouseRefused), unit.part():
            unit.save_review("article", article(1).article_id, "perhaps", reason="", said_by="mina", now=T0)
