-- question: how far has the reading of an archive come? Locks it
-- parameters: backfill_id
-- columns: backfill (the record Backfill)
select
    to_jsonb(known) - 'done_parts' - 'total_parts' || jsonb_build_object('done', done_parts, 'total', total_parts) as backfill
from raw.backfills as known
where backfill_id = :backfill_id
for update
