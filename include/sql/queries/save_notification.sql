-- question: stores what became of notifications; that one was sent again after an unknown outcome is never unsaid, whoever saves last
-- parameters: notifications (list of the record Notification), now
-- columns: notification_id (of those that are stored)
update core.notifications as known
set
    address = incoming.address,
    state = incoming.state,
    message_id = incoming.message_id,
    attempts = incoming.attempts,
    next_attempt_at = incoming.next_attempt_at,
    last_error = incoming.last_error,
    sent_at = incoming.sent_at,
    was_uncertain = known.was_uncertain or incoming.was_uncertain,
    digest_key = incoming.digest_key,
    held_for = incoming.held_for,
    unanswered = coalesce(incoming.unanswered, 0),
    state_since = case when known.state = incoming.state then known.state_since else :now end
from jsonb_to_recordset(cast(:notifications as jsonb)) as incoming (
    notification_id text, address text, state text, message_id text, attempts integer, next_attempt_at timestamptz,
    last_error text, sent_at timestamptz, was_uncertain boolean, digest_key text, held_for text, unanswered integer
)
where known.notification_id = incoming.notification_id
returning known.notification_id
