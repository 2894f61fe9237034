-- question: how many notifications that go at once did each subscriber get since a moment, by channel?
-- parameters: since
-- columns: subscriber_id, channel, made
select
    subscriber_id,
    channel,
    count(*) as made
from core.notifications
where made_at > :since and alert_id is not null and digest_key = '' and state <> 'silenced'
group by subscriber_id, channel
