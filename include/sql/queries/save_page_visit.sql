-- question: stores what became of fetching an entry's page, in place of what was known of it
-- parameters: visit (the record PageVisit)
-- columns: none
insert into raw.page_visits (entry_id, content_sha256, state, attempts, last_tried_at, next_try_at, status, error)
select entry_id, content_sha256, state, attempts, last_tried_at, next_try_at, status, error
from jsonb_to_record(cast(:visit as jsonb)) as visit (
    entry_id text, content_sha256 text, state text, attempts integer, last_tried_at timestamptz, next_try_at timestamptz,
    status integer, error text
)
on conflict (entry_id) do update set
    content_sha256 = excluded.content_sha256,
    state = excluded.state,
    attempts = excluded.attempts,
    last_tried_at = excluded.last_tried_at,
    next_try_at = excluded.next_try_at,
    status = excluded.status,
    error = excluded.error
