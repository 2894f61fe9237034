-- question: which notifications are due, the oldest alert first, a digest by when it was made? Locks them
-- parameters: now, limit
-- columns: notification (the record Notification), alert (the record Alert; null of a digest)
select
    (to_jsonb(notification) - 'state_since') || jsonb_build_object('alert_id', coalesce(notification.alert_id, '')) as notification,
    alert.alert
from core.notifications as notification
left join core.alerts as alert on alert.alert_id = notification.alert_id
where
    notification.state in ('pending', 'uncertain')
    and notification.next_attempt_at <= :now
    and not exists (
        select from core.quarantine as held
        where held.stage = 'deliver' and held.subject_id = notification.notification_id and held.released_at is null
    )
order by coalesce(alert.created_at, notification.made_at), alert.alert_number, notification.notification_id
limit :limit
for update of notification skip locked
