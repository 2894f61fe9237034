-- question: which mails went out about an allegation, newest first, and to whom?
-- parameters: allegation_id
-- columns: one row an alert and notification; the columns of the notification are null where nobody was to get the alert
select
    alerts.alert_id,
    alerts.kind,
    alerts.created_at,
    alerts.is_sample,
    alerts.alert ->> 'headline' as headline,
    subscribers.name as subscriber,
    notifications.state,
    notifications.sent_at,
    notifications.attempts,
    notifications.last_error,
    notifications.message_id,
    notifications.was_uncertain
from core.alerts
left join core.notifications on notifications.alert_id = alerts.alert_id
left join core.subscribers on subscribers.subscriber_id = notifications.subscriber_id
where alerts.allegation_id = cast(:allegation_id as text)
order by alerts.alert_number desc, subscribers.name
