-- question: which notifications of an alert were made before a moment, were tried, and certainly not accepted? Locks them
-- parameters: made_before, limit
-- columns: notification (the record Notification)
select to_jsonb(notification) - 'state_since' as notification
from core.notifications as notification
where
    notification.state = 'pending'
    and notification.alert_id is not null
    and notification.attempts > 0
    and not notification.was_uncertain
    and notification.made_at <= :made_before
order by notification.made_at, notification.notification_id
limit :limit
for update skip locked
