-- question: keeps a record that a stage could not process away from the stage
-- parameters: quarantined (the record Quarantined)
-- columns: none
insert into core.quarantine (stage, subject_id, reason, detail, quarantined_at)
select stage, subject_id, reason, detail, quarantined_at
from jsonb_to_record(cast(:quarantined as jsonb)) as quarantined (
    stage text, subject_id text, reason text, detail text, quarantined_at timestamptz
)
on conflict (stage, subject_id) where released_at is null do update set
    reason = excluded.reason,
    detail = excluded.detail,
    quarantined_at = excluded.quarantined_at
