"""None is lost and every duplicate is known, whatever the mail server, the process and the database do.

Twenty kills here; two hundred with the same code in benchmarks/delivery_chaos.py.
"""

from __future__ import annotations

import pytest
from tests.chaos.ordeal import Ordeal
from tests.chaos.unruly import UnrulyServer

KILLS = 20
SEED = 1718


@pytest.fixture
def database(tmp_path):
    """A server of this test alone: it is restarted."""
    from sanctions_watch.adapters.warehouse import migrate
    from sanctions_watch.local.postgres import EmbeddedPostgres

    own = EmbeddedPostgres(tmp_path / "postgres")
    own.start()
    try:
        own.create_database("chaos")
        migrate(own.url("chaos"))
        yield own
    finally:
        own.remove()


@pytest.fixture
def server():
    unruly = UnrulyServer(SEED)
    unruly.start()
    yield unruly
    unruly.stop()


@pytest.mark.postgres
def test_none_is_lost_and_every_duplicate_is_named(database, server):
    ordeal = Ordeal(database, database.url("chaos"), server, SEED)
    try:
        ordeal.endure(KILLS)
        ordeal.recover()
        verdict = ordeal.verdict()
    finally:
        ordeal.close()

    assert verdict.lost == []
    assert verdict.unnamed_duplicates == []
    assert sum(ordeal.kills.values()) == KILLS
    assert len(server.deeds) > 5, "the server behaved too well to prove anything"
