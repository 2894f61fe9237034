-- question: what has this version of a stage to take? Locks it. First what no version has taken, then what only others have
-- parameters: stage, version, limit, is_backfill (which lane)
-- columns: subject_id, edition, in the order of first_seen_at, then published_at
with never_taken as (
    select subject_id, edition, first_seen_at, published_at
    from core.open_inputs
    where stage = :stage and is_backfill = :is_backfill and taken_by = ''
    order by first_seen_at, published_at, subject_id, edition
    limit :limit
    for update skip locked
),

taken_by_earlier as (
    select subject_id, edition, first_seen_at, published_at
    from core.open_inputs
    where stage = :stage and is_backfill = :is_backfill and taken_by > '' and taken_by < :version and :version <> all(outputs)
    order by taken_by, first_seen_at, published_at, subject_id, edition
    limit greatest(0, cast(:limit as bigint) - (select count(*) from never_taken))
    for update skip locked
),

taken_by_later as (
    select subject_id, edition, first_seen_at, published_at
    from core.open_inputs
    where stage = :stage and is_backfill = :is_backfill and taken_by > :version and :version <> all(outputs)
    order by taken_by, first_seen_at, published_at, subject_id, edition
    limit greatest(0, cast(:limit as bigint) - (select count(*) from never_taken) - (select count(*) from taken_by_earlier))
    for update skip locked
),

final as (
    select * from never_taken
    union all
    select * from taken_by_earlier
    union all
    select * from taken_by_later
)

select subject_id, edition
from final
order by first_seen_at, published_at, subject_id, edition
