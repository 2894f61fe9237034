-- question: which alerts went into a digest, the oldest first, and how many?
-- parameters: subscriber_id, channel, digest_key, limit
-- columns: alert (the record Alert), total
select
    alert.alert,
    count(*) over () as total
from core.notifications as member
inner join core.alerts as alert on alert.alert_id = member.alert_id
where
    member.subscriber_id = :subscriber_id
    and member.channel = :channel
    and member.digest_key = :digest_key
    and member.state = 'digested'
order by alert.created_at, alert.alert_number
limit :limit
