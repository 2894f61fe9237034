-- question: stores what became of a notification
-- parameters: notification (the record Notification), now
-- columns: notification_id (none where there is no such notification)
update core.notifications as known
set
    address = incoming.address,
    state = incoming.state,
    message_id = incoming.message_id,
    attempts = incoming.attempts,
    next_attempt_at = incoming.next_attempt_at,
    last_error = incoming.last_error,
    sent_at = incoming.sent_at,
    was_uncertain = incoming.was_uncertain,
    digest_key = incoming.digest_key,
    held_for = incoming.held_for,
    state_since = case when known.state = incoming.state then known.state_since else :now end
from jsonb_to_record(cast(:notification as jsonb)) as incoming (
    notification_id text, address text, state text, message_id text, attempts integer, next_attempt_at timestamptz,
    last_error text, sent_at timestamptz, was_uncertain boolean, digest_key text, held_for text
)
where known.notification_id = incoming.notification_id
returning known.notification_id
