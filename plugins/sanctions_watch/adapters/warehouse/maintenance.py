"""What the warehouse needs now and then: partitions ahead, retention, and inputs that nobody will take any more."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sanctions_watch.adapters.warehouse.queries import query

if TYPE_CHECKING:
    from sanctions_watch.adapters.warehouse import PostgresWarehouse

MONTHS_AHEAD = 2
REMEMBERED = timedelta(days=30)  # a fingerprint as frequent: what an agency carries may have changed since


def maintain(warehouse: PostgresWarehouse, now: datetime, retention_days: int) -> dict[str, int]:
    """Do all of it once; a second run finds nothing more to do. Each step is a transaction of its own. Raises WarehouseError.

    Partitions are made for this month, the next two, and the months whose rows lie in a default partition. Raw payloads older than
    ``retention_days`` go, whole months by dropping their partition. Inputs of earlier states of articles are forgotten, and the
    planner's statistics refreshed; what was found to be a frequent fingerprint a month ago is forgotten.

    Answers how many: partitions_made, partitions_dropped, payloads_deleted, inputs_dropped.
    """
    today = now.date()
    keep_from = today - timedelta(days=retention_days)
    counts = {"partitions_made": 0}
    with warehouse.connection() as connection:
        counts["partitions_dropped"] = connection.execute(query("drop_payload_partitions"), {"before": keep_from}).scalar_one()
        counts["payloads_deleted"] = connection.execute(query("delete_payloads"), {"before": keep_from}).rowcount
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


def _month_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)
