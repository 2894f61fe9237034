-- question: stores how far the reading of an archive has come
-- parameters: backfill (the record Backfill)
-- columns: none
insert into raw.backfills as known (
    backfill_id, source, kind, position, fingerprint, done_parts, total_parts, records, entries, skipped, bad, started_at, updated_at,
    finished_at
)
select
    backfill_id, source, kind, position, fingerprint, done, total, records, entries, skipped, bad, started_at, updated_at, finished_at
from jsonb_to_record(cast(:backfill as jsonb)) as backfill (
    backfill_id text, source text, kind text, position text, fingerprint text, done bigint, total bigint, records bigint,
    entries bigint, skipped bigint, bad bigint, started_at timestamptz, updated_at timestamptz, finished_at timestamptz
)
on conflict (backfill_id) do update set
    position = excluded.position,
    fingerprint = excluded.fingerprint,
    done_parts = excluded.done_parts,
    total_parts = excluded.total_parts,
    records = excluded.records,
    entries = excluded.entries,
    skipped = excluded.skipped,
    bad = excluded.bad,
    started_at = excluded.started_at,
    updated_at = excluded.updated_at,
    finished_at = excluded.finished_at
