-- question: which notifications wait for a digest that has closed, the earliest first? Locks them
-- parameters: now, limit
-- columns: notification (the record Notification)
select to_jsonb(notification) - 'state_since' as notification
from core.notifications as notification
where notification.state = 'held' and notification.next_attempt_at <= :now
order by notification.next_attempt_at, notification.subscriber_id, notification.channel, notification.digest_key, notification.notification_id
limit :limit
for update skip locked
