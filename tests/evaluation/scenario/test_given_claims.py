"""With the claims given, assess and alert are right for every article: the kind of each mail that a subscriber to everything gets."""

import re
from datetime import UTC, datetime

from tests.contract.samples import fingerprints
from tests.evaluation.scenario.given import rows, scenario

from sanctions_watch.adapters.memory import MemoryWarehouse
from sanctions_watch.clock import FixedClock
from sanctions_watch.library import NoFetcher
from sanctions_watch.pipeline import Flow
from sanctions_watch.records import Subscriber
from sanctions_watch.stages import clean, extract


class Collected:
    """A mail server that takes everything."""

    def __init__(self):
        self.mails = []

    def deliver(self, mail):
        self.mails.append(mail)

    def kinds(self):
        """The kinds of the mails since the last call, as the subjects say them."""
        found = [re.match(r"\[(\w+)\]", mail.subject).group(1) for mail in self.mails]
        self.mails.clear()
        return found


def mailed(warehouse):
    """The kinds mailed after each article, and how many claims the scenario gave."""
    clock, server = FixedClock(datetime(2025, 1, 1, tzinfo=UTC)), Collected()
    flow = Flow(warehouse, NoFetcher(), server, clock)
    flow.register(None, [Subscriber("desk", "Desk", "desk@example.org", cap_per_hour=100)])
    for given in scenario():
        clock.time = max(clock.time, given.article.published_at)
        with warehouse.begin() as unit:
            unit.save_article(given.article, None, clean.VERSION)
            unit.save_selection(given.selection)
            unit.save_placement(given.placement, fingerprints(given.article))
            unit.save_claims(given.article, given.claims, extract.VERSION)
        for stage in (flow.assess, flow.fan_out, flow.deliver):
            flow.drain(stage)
        yield given, server.kinds()


def wrong(warehouse):
    """The articles whose mails are not those expected."""
    return {given.name: (given.kinds, got) for given, got in mailed(warehouse) if got != given.kinds}


def test_every_mail_is_of_the_right_kind(warehouse):
    assert wrong(warehouse) == {}


def test_the_scenario_is_what_it_says():
    given = rows()
    assert len(given) >= 60
    assert {row["expect"] for row in given} == {"NEW", "UPDATE", "DENIAL", "CORRECTION", "NONE"}
    assert [row["id"] for row in given if row["expect"] != "NONE" and "allegation" not in row] == []
    times = sorted(datetime.fromisoformat(row["published_at"]) for row in given if row["id"][:5] != "late-")
    assert (times[-1] - times[0]).days >= 39


def test_nothing_is_mailed_without_a_claim():
    silent = [given for given, got in mailed(MemoryWarehouse()) if not given.claims and given.expect != "CORRECTION" and got]
    assert silent == []
