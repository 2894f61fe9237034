-- question: who gets mails?
-- parameters: none
-- columns: subscriber (the record Subscriber)
select to_jsonb(subscriber) as subscriber
from core.subscribers as subscriber
where subscriber.is_active
order by subscriber.subscriber_id
