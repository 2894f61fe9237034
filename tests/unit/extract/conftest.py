"""What extract still owes: each is expected to fail, and the run fails when one no longer does (take it out then)."""

import pytest

OWED = (
    "test_no_claim[Nothing in the report says that Iran still buys arms from North Korea.]",
    "test_forms[sentence17-pair17]",
    "test_a_description_is_the_company_named_beside_it",
    "test_the_seized_ship_is_accused_not_the_state_that_seized_it",
    "test_what_a_name_is[They saw the Marshall Islands-flagged Sun Tern leave.-Sun Tern-vessel]",
    "test_places_and_days_are_no_names",
    "test_the_north_sea_is_not_the_north",
    "test_chain[Customs records show that China bought coal from North Korea in March.-chain3-documented]",
    "test_this_newspaper_is_the_publisher",
)


def pytest_collection_modifyitems(items):
    for item in items:
        if item.name in OWED and "unit/extract" in item.nodeid:
            item.add_marker(pytest.mark.xfail(reason="owed by the extract stage", strict=True))
