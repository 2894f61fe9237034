-- question: stores the notifications of an alert that are new
-- parameters: notifications (list of the record Notification)
-- columns: none
insert into core.notifications (
    notification_id, alert_id, subscriber_id, channel, address, state, message_id, attempts, next_attempt_at, last_error, sent_at,
    was_uncertain, digest_key, held_for, made_at, unanswered, state_since
)
select
    notification_id, nullif(alert_id, ''), subscriber_id, channel, address, state, message_id, attempts, next_attempt_at, last_error, sent_at,
    was_uncertain, digest_key, held_for, made_at, coalesce(unanswered, 0), coalesce(made_at, next_attempt_at)
from jsonb_to_recordset(cast(:notifications as jsonb)) as notification (
    notification_id text, alert_id text, subscriber_id text, channel text, address text, state text, message_id text,
    attempts integer, next_attempt_at timestamptz, last_error text, sent_at timestamptz, was_uncertain boolean,
    digest_key text, held_for text, made_at timestamptz, unanswered integer
)
on conflict do nothing
