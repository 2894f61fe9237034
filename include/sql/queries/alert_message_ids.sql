-- question: which mails about an allegation has a subscriber got, the earliest first?
-- parameters: allegation_id, subscriber_id
-- columns: message_id
select notification.message_id
from core.alerts as alert
inner join core.notifications as notification on notification.alert_id = alert.alert_id
where
    alert.allegation_id = :allegation_id
    and notification.subscriber_id = :subscriber_id
    and notification.state = 'sent'
order by notification.sent_at, alert.alert_number
