-- question: which notifications are due, the oldest alert first? Locks them
-- parameters: now, limit
-- columns: notification (the record Notification), alert (the record Alert)
select
    to_jsonb(notification) - 'state_since' as notification,
    alert.alert
from core.notifications as notification
inner join core.alerts as alert on alert.alert_id = notification.alert_id
where
    notification.state in ('pending', 'uncertain')
    and notification.next_attempt_at <= :now
    and not exists (
        select from core.quarantine as held
        where held.stage = 'deliver' and held.subject_id = notification.notification_id and held.released_at is null
    )
order by alert.created_at, alert.alert_number, notification.notification_id
limit :limit
for update of notification skip locked
