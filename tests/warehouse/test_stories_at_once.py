"""Four workers on one PostgreSQL place articles in any order: the stories are those of the whole list at once."""

import random
import threading

import pytest
from tests.unit.deduplicate.test_order import ALL, arrive, flow_of, stories_of, told

from sanctions_watch.errors import WarehouseError
from sanctions_watch.stages.deduplicate import cluster

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize("seed", [1, 2])
def test_four_workers_give_the_stories_of_the_whole_list(postgres_warehouse, seed):
    shuffled = random.Random(seed).sample(ALL, len(ALL))
    faults = []

    def work(number):
        flow = flow_of(postgres_warehouse, 3 + number)
        try:
            for rank in range(number, len(shuffled), 4):
                arrive(postgres_warehouse, shuffled[rank], rank)
                flow.deduplicate()
            flow.drain(flow.deduplicate)
        except WarehouseError as error:  # the thread's own; told below
            faults.append(error)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(200)
    assert faults == []
    flow = flow_of(postgres_warehouse, 50)
    flow.drain(flow.deduplicate)
    expected = {one.article_id: one for one in cluster(ALL)}
    assert stories_of(postgres_warehouse, ALL) == {one: told(placed, expected.values()) for one, placed in expected.items()}
