"""What the warehouse needs now and then: partitions ahead, retention, and inputs that nobody will take any more."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sanctions_watch.adapters.warehouse.codec import as_text
from sanctions_watch.adapters.warehouse.queries import query
from sanctions_watch.retention import PublisherRule

if TYPE_CHECKING:
    from sanctions_watch.adapters.warehouse import PostgresWarehouse

MONTHS_AHEAD = 2
REMEMBERED = timedelta(days=30)  # a fingerprint as frequent: what an agency carries may have changed since


def maintain(warehouse: PostgresWarehouse, now: datetime, rules: Sequence[PublisherRule] | int) -> dict[str, int]:
    """Do all of it once; a second run finds nothing more to do. Each step is a transaction of its own. Raises WarehouseError.

    Partitions are made for this month, the next two, and the months whose rows lie in a default partition. Raw payloads and archived
    pages past the days of their publisher's rule go (a number of days is the rule for all), whole months by dropping their partition.
    Articles and the quotes of claims stay. Inputs of earlier states of articles are forgotten, and the planner's statistics refreshed;
    what was found to be a frequent fingerprint a month ago is forgotten.

    Answers how many: partitions_made, partitions_dropped, payloads_deleted, pages_deleted, inputs_dropped.
    """
    today = now.date()
    counts = {"partitions_made": 0, **purge(warehouse, now, rules)}
    with warehouse.connection() as connection:
        months = {row.month for row in connection.execute(query("months_without_partition"))}
    months |= {_month_after(today, ahead) for ahead in range(MONTHS_AHEAD + 1)}
    for month in sorted(months):
        with warehouse.connection() as connection:
            counts["partitions_made"] += connection.execute(
                query("ensure_partitions"), {"from_date": month, "to_date": month}
            ).scalar_one()
    with warehouse.connection() as connection:
        connection.execute(query("forget_frequent_fingerprints"), {"before": now - REMEMBERED})
        counts["inputs_dropped"] = connection.execute(query("delete_obsolete_inputs")).rowcount
        connection.execute(query("analyze"))
    return counts


def purge(warehouse: PostgresWarehouse, now: datetime, rules: Sequence[PublisherRule] | int) -> dict[str, int]:
    """Put the retention rules into force and let go what is past them; answers partitions_dropped, payloads_deleted, pages_deleted."""
    today, told = now.date(), _rules(rules)
    with warehouse.connection() as connection:
        connection.execute(query("save_publisher_rules"), {"rules": _written(told)})
    before = {"before": today - timedelta(days=max(rule.keep_days for rule in told))}
    with warehouse.connection() as connection:
        dropped = connection.execute(query("drop_payload_partitions"), before).scalar_one()
        payloads = connection.execute(query("delete_payloads"), {"today": today}).rowcount
    with warehouse.connection() as connection:
        if not connection.execute(query("pages_waiting"), before).scalar_one():
            dropped += connection.execute(query("drop_page_partitions"), before).scalar_one()
        pages = connection.execute(query("delete_pages"), {"today": today}).rowcount
    return {"partitions_dropped": dropped, "payloads_deleted": payloads, "pages_deleted": pages}


class _Looked(Exception):
    """Ends a transaction that was only to look."""


def would_purge(warehouse: PostgresWarehouse, now: datetime, rules: Sequence[PublisherRule] | int) -> list[dict[str, Any]]:
    """What ``purge`` would let go, a row a publisher and kind (as in ``purgeable.sql``); changes nothing."""
    found: list[dict[str, Any]] = []
    with suppress(_Looked), warehouse.connection() as connection:
        connection.execute(query("save_publisher_rules"), {"rules": _written(_rules(rules))})
        found += [dict(row) for row in connection.execute(query("purgeable"), {"today": now.date()}).mappings()]
        raise _Looked
    return found


def _rules(rules: Sequence[PublisherRule] | int) -> Sequence[PublisherRule]:
    return (PublisherRule("", rules),) if isinstance(rules, int) else rules


def _written(rules: Sequence[PublisherRule]) -> str:
    return as_text([asdict(rule) for rule in rules])


def _month_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)
