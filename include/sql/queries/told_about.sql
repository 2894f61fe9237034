-- question: whom was an allegation told to, or is it on its way to, by which channels?
-- parameters: allegation_id
-- columns: subscriber_id, channel
select distinct
    notification.subscriber_id,
    notification.channel
from core.alerts as alert
inner join core.notifications as notification on notification.alert_id = alert.alert_id
where alert.allegation_id = :allegation_id and notification.state not in ('silenced', 'failed')
order by notification.subscriber_id, notification.channel
