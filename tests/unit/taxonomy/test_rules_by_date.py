"""Every row of the taxonomy at three dates: before any rule, in force, and superseded where it has a superseded rule."""

from __future__ import annotations

from datetime import date

import pytest

from sanctions_watch.taxonomy import conducts, map_rule

# conduct: (a day before every rule, the rule that comes first), (a day, the rule then), (an earlier day, the rule that was replaced) or None
DATES = {
    "labour.new_permits": (("2017-08-04", "2371 OP11"), ("2017-09-11", "2375 OP17"), ("2017-09-10", "2371 OP11")),
    "labour.non_repatriation": (("2017-12-21", "2397 OP8"), ("2020-02-01", "2397 OP8"), None),
    "labour.it_workers": (("2006-10-13", "1718 OP8(d)"), ("2024-05-16", "2397 OP8"), ("2017-10-01", "2375 OP17")),
    "jv.operate": (("2017-08-04", "2371 OP12"), ("2018-08-02", "2375 OP18"), ("2017-08-20", "2371 OP12")),
    "oil.refined_cap": (("2017-09-10", "2375 OP14"), ("2018-01-01", "2397 OP5"), ("2017-12-31", "2375 OP14")),
    "oil.crude_cap": (("2017-09-10", "2375 OP15"), ("2017-12-22", "2397 OP4"), ("2017-12-21", "2375 OP15")),
    "oil.condensate": (("2017-09-10", "2375 OP13"), ("2017-09-11", "2375 OP13"), None),
    "oil.aviation_fuel": (("2016-03-01", "2270 OP31"), ("2016-03-02", "2270 OP31"), None),
    "sea.sts": (("2017-09-10", "2375 OP11"), ("2019-03-01", "2375 OP11"), None),
    "sea.charter_crew": (("2016-03-01", "2270 OP19"), ("2016-11-30", "2321 OP8"), ("2016-11-29", "2270 OP19")),
    "sea.flag_insurance": (("2016-03-01", "2270 OP20"), ("2016-11-30", "2321 OP9"), ("2016-11-29", "2270 OP20")),
    "sea.bunkering": (("2009-06-11", "1874 OP17"), ("2009-06-12", "1874 OP17"), None),
    "sea.port_entry": (("2013-03-06", "2094 OP17"), ("2018-01-01", "2371 OP6"), None),
    "sea.inspection": (("2006-10-13", "1718 OP8(f)"), ("2018-01-01", "2397 OP9"), ("2008-01-01", "1718 OP8(f)")),
    "sea.identity_fraud": (("2013-03-06", "2094 OP19"), ("2018-01-01", "2397 OP13"), None),
    "sea.vessel_supply": (("2016-11-29", "2321 OP30"), ("2017-12-22", "2397 OP14"), ("2017-12-21", "2321 OP30")),
    "export.coal_iron": (("2016-03-01", "2270 OP29"), ("2017-08-05", "2371 OP8"), ("2017-08-04", "2321 OP26")),
    "export.lead": (("2017-08-04", "2371 OP10"), ("2017-08-05", "2371 OP10"), None),
    "export.minerals": (("2016-03-01", "2270 OP30"), ("2016-11-30", "2321 OP28"), None),
    "export.statues": (("2016-11-29", "2321 OP29"), ("2016-11-30", "2321 OP29"), None),
    "export.seafood_fishing": (("2017-08-04", "2371 OP9"), ("2017-08-05", "2371 OP9"), None),
    "export.textiles": (("2017-09-10", "2375 OP16"), ("2017-09-11", "2375 OP16"), None),
    "export.other_goods": (("2017-12-21", "2397 OP6"), ("2017-12-22", "2397 OP6"), None),
    "import.industrial": (("2017-12-21", "2397 OP7"), ("2017-12-22", "2397 OP7"), None),
    "import.luxury": (("2006-10-13", "1718 OP8(a)(iii)"), ("2018-01-01", "1718 OP8(a)(iii)"), None),
    "arms.export": (("2006-10-13", "1718 OP8(b)"), ("2023-10-01", "1874 OP9"), ("2009-06-11", "1718 OP8(b)")),
    "arms.import": (("2006-10-13", "1718 OP8(a)(i)"), ("2016-03-02", "2270 OP6"), ("2016-03-01", "1874 OP10")),
    "arms.training": (("2006-10-13", "1718 OP8(c)"), ("2016-03-02", "2270 OP6"), ("2009-06-11", "1718 OP8(c)")),
    "wmd.procure": (("2006-10-13", "1718 OP8(a)(ii)"), ("2018-08-01", "1718 OP8(a)(ii)"), None),
    "wmd.test": (("2006-10-13", "1718 OP2"), ("2022-03-24", "2397 OP2"), ("2017-09-03", "2371 OP2")),
    "wmd.training": (("2016-03-01", "2270 OP17"), ("2016-11-30", "2321 OP10"), ("2016-11-29", "2270 OP17")),
    "fin.services_cash": (("2013-01-21", "2087 OP12"), ("2013-03-07", "2094 OP11"), None),
    "fin.banks": (("2013-03-06", "2094 OP12"), ("2016-11-30", "2321 OP31"), ("2016-11-29", "2270 OP34")),
    "fin.trade_support": (("2013-03-06", "2094 OP15"), ("2016-11-30", "2321 OP32"), ("2016-11-29", "2270 OP36")),
    "fin.asset_freeze": (("2006-10-13", "1718 OP8(d)"), ("2022-12-09", "1718 OP8(d)"), None),
    "fin.gold": (("2016-03-01", "2270 OP37"), ("2016-03-02", "2270 OP37"), None),
    "fin.cyber": (("2006-10-13", "1718 OP8(d)"), ("2022-04-14", "1718 OP8(d)"), None),
    "dipl.travel": (("2006-10-13", "1718 OP8(e)"), ("2018-02-09", "1718 OP8(e)"), None),
    "dipl.abuse": (("2013-03-06", "2094 OP10"), ("2018-08-01", "2270 OP13"), ("2016-03-01", "2094 OP10")),
    "evade.front": (("2016-03-01", "2270 OP16"), ("2016-03-02", "2270 OP16"), None),
    "state.noncompliance": (("2013-03-06", "2094 OP25"), ("2018-08-01", "2397 OP17"), ("2017-01-01", "2321 OP36")),
    "allowed.context": (("2016-11-29", "2321 OP46"), ("2018-08-01", "2397 OP25"), ("2017-09-10", "2321 OP46")),
}


def test_every_conduct_has_its_three_dates() -> None:
    assert set(DATES) == set(conducts())


@pytest.mark.parametrize("conduct_id", DATES)
def test_before_any_rule_the_earliest_is_named_and_not_in_force(conduct_id: str) -> None:
    day, rule = DATES[conduct_id][0]
    mapped = map_rule(conduct_id, date.fromisoformat(day))
    assert (mapped.rule, mapped.is_in_force) == (rule, False)
    assert "not in force before" in mapped.note
    assert mapped.exemption == ""


@pytest.mark.parametrize("conduct_id", DATES)
def test_the_rule_in_force_that_day(conduct_id: str) -> None:
    day, rule = DATES[conduct_id][1]
    mapped = map_rule(conduct_id, date.fromisoformat(day))
    assert (mapped.rule, mapped.is_in_force) == (rule, True)


@pytest.mark.parametrize("conduct_id", [name for name, row in DATES.items() if row[2]])
def test_the_replaced_rule_on_its_own_days(conduct_id: str) -> None:
    day, rule = DATES[conduct_id][2] or ("", "")
    mapped = map_rule(conduct_id, date.fromisoformat(day))
    assert (mapped.rule, mapped.is_in_force) == (rule, True)
