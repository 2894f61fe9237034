-- question: stores a person's word on two articles; both then wait for deduplicate again
-- parameters: verdict (the record StoryVerdict)
-- columns: none
with incoming as (
    select *
    from jsonb_to_record(cast(:verdict as jsonb)) as verdict (
        verdict_id text, kind text, article_id text, other_article_id text, decided_by text, reason text, decided_at timestamptz,
        withdrawn_at timestamptz
    )
),

stored as (
    insert into core.story_verdicts as known (
        verdict_id, kind, article_id, other_article_id, decided_by, reason, decided_at, withdrawn_at
    )
    select verdict_id, kind, article_id, other_article_id, decided_by, reason, decided_at, withdrawn_at
    from incoming
    on conflict (verdict_id) do update set withdrawn_at = excluded.withdrawn_at
    where known.withdrawn_at is distinct from excluded.withdrawn_at
    returning known.article_id, known.other_article_id
)

update core.stage_inputs
set taken_by = '', outputs = '{}'
from stored
where stage_inputs.stage = 'deduplicate' and stage_inputs.subject_id in (stored.article_id, stored.other_article_id)
