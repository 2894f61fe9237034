import pytest
from tests.contract.samples import Filled


@pytest.fixture
def filled(warehouse):
    return Filled(warehouse)
