"""Read an archive into the warehouse, batch by batch: what a batch brought and how far it came are stored in one transaction.

So it can be killed at any record and started again: nothing is lost, and nothing is stored twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from time import monotonic
from typing import Protocol

from sanctions_watch.errors import WarehouseError
from sanctions_watch.ports import ArchiveReader, Clock, Reading, Warehouse
from sanctions_watch.records import Backfill, Quarantined, identify

log = logging.getLogger("sanctions_watch")

BATCH = 200  # records
BATCH_BYTES = 16_000_000  # of pages: what one batch holds in memory

Watch = Callable[[Backfill], None]


class StageReport(Protocol):
    """What a run of a stage answers."""

    stage: str
    taken: int


def never() -> bool:
    """It goes on to the end."""
    return False


def until_over(seconds: float) -> Callable[[], bool]:
    """Whether so many seconds are over; 0 never are."""
    end = monotonic() + seconds
    return (lambda: monotonic() >= end) if seconds else never


def work_off(
    stages: Sequence[Callable[[], StageReport]],
    is_over: Callable[[], bool] = never,
    watch: Callable[[dict[str, int]], None] = lambda _: None,
) -> dict[str, int]:
    """Run the stages batch by batch, each in its turn, until none finds anything to take; answers how much each took."""
    taken: dict[str, int] = {}
    while not is_over():
        reports = [stage() for stage in stages]
        for report in reports:
            taken[report.stage] = taken.get(report.stage, 0) + report.taken
        watch(taken)
        if not any(report.taken for report in reports):
            break
    return taken


def read_archive(
    warehouse: Warehouse,
    reader: ArchiveReader,
    clock: Clock,
    *,
    chosen: str = "",
    watch: Watch = lambda _: None,
    is_over: Callable[[], bool] = never,
) -> Backfill:
    """Store what the archive holds, from where an earlier reading ended; answers how far it came, ``finished_at`` set at the end.

    ``chosen`` is what was chosen of it (``Choice.key``). ``watch`` is called after each batch. Between batches, ``is_over`` ends the
    reading early. Raises WarehouseError, and EntryError where the archive cannot be read at all.
    """
    backfill_id = identify("backfill", reader.kind, reader.source, chosen)
    with warehouse.begin() as unit:
        state = _resumed(unit.backfill(backfill_id), backfill_id, reader, clock)
        unit.save_backfill(state)
    if state.finished_at is not None:
        return state
    for batch in _batches(reader.read(state.position)):
        state = _store(warehouse, reader, clock, state, batch)
        watch(state)
        if is_over():
            return state
    state = replace(state, finished_at=clock.now(), updated_at=clock.now(), total=reader.total)
    with warehouse.begin() as unit:
        unit.save_backfill(state)
    return state


def try_archive(reader: ArchiveReader, clock: Clock, *, watch: Watch = lambda _: None) -> tuple[Backfill, dict[str, int]]:
    """Read all of it and store nothing: what would come in, and how often each reason was met."""
    now = clock.now()
    state = Backfill("", reader.source, reader.kind, reader.fingerprint, now, now, total=reader.total)
    reasons: dict[str, int] = {}
    for batch in _batches(reader.read("")):
        state = _counted(state, batch, sum(one.archived is not None for one in batch), reader, clock)
        for one in batch:
            reason = one.bad or one.skipped
            if reason:
                reasons[reason] = reasons.get(reason, 0) + 1
        watch(state)
    return state, reasons


def _resumed(known: Backfill | None, backfill_id: str, reader: ArchiveReader, clock: Clock) -> Backfill:
    """Where an earlier reading of the same content ended; a sitemap that was read to its end is read on, for it grows."""
    now = clock.now()
    if known is None or known.fingerprint != reader.fingerprint:
        return Backfill(backfill_id, reader.source, reader.kind, reader.fingerprint, now, now, total=reader.total)
    return replace(known, finished_at=None) if reader.kind == "sitemap" else known


def _batches(readings: Iterator[Reading]) -> Iterator[list[Reading]]:
    batch: list[Reading] = []
    size = 0
    for one in readings:
        batch.append(one)
        size += len(one.archived.page.body) if one.archived else 0
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _store(warehouse: Warehouse, reader: ArchiveReader, clock: Clock, state: Backfill, batch: list[Reading]) -> Backfill:
    with warehouse.begin() as unit:
        stored = unit.backfill(state.backfill_id)
        if stored is None or stored.position != state.position:
            raise WarehouseError(f"{reader.source} is being read by another process, which has come further: let it end")
        new = unit.save_archived([one.archived for one in batch if one.archived is not None])
        for one in batch:
            if one.bad:
                log.warning("backfill.bad source=%s position=%s %s", reader.source, one.position, one.bad)
                subject = f"{reader.source}#{one.position}"[-1000:]
                unit.quarantine(Quarantined("backfill", subject, one.bad[:500], "", clock.now()))
        after = _counted(state, batch, new, reader, clock)
        unit.save_backfill(after)
    return after


def _counted(state: Backfill, batch: list[Reading], new: int, reader: ArchiveReader, clock: Clock) -> Backfill:
    return replace(
        state,
        position=batch[-1].position,
        done=batch[-1].done,
        total=reader.total,
        records=state.records + len(batch),
        entries=state.entries + new,
        skipped=state.skipped + sum(bool(one.skipped) for one in batch),
        bad=state.bad + sum(bool(one.bad) for one in batch),
        updated_at=clock.now(),
    )
