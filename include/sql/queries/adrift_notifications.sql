-- question: which notifications are left in "sending", the longest first? Locks them
-- parameters: limit
-- columns: notification (the record Notification)
select (to_jsonb(notification) - 'state_since') || jsonb_build_object('alert_id', coalesce(notification.alert_id, '')) as notification
from core.notifications as notification
where notification.state = 'sending'
order by notification.state_since, notification.notification_id
limit :limit
for update skip locked
