-- question: stores that a subscriber wants no more messages of a channel, or wants them again
-- parameters: subscriber_id, channel, is_out, said_by, now
-- columns: subscriber_id (none where there is no such subscriber)
insert into core.opt_outs (subscriber_id, channel, is_out, said_by, said_at)
select
    subscriber_id,
    :channel,
    :is_out,
    :said_by,
    :now
from core.subscribers
where subscriber_id = :subscriber_id
returning subscriber_id
