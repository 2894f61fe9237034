-- question: stores what a subscriber does not want to hear of for a while
-- parameters: subscriber_id, silence (the record Silence), made_by, now
-- columns: subscriber_id (none where there is no such subscriber)
insert into core.silences (subscriber_id, silence, made_by, made_at)
select
    subscriber_id,
    cast(:silence as jsonb),
    :made_by,
    :now
from core.subscribers
where subscriber_id = :subscriber_id
returning subscriber_id
