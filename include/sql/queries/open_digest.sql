-- question: is a digest still open to members: waiting, and never perhaps accepted? Locks it
-- parameters: notification_id
-- columns: notification_id (none where it has gone, or may have)
select notification_id
from core.notifications
where notification_id = :notification_id and state = 'pending' and not was_uncertain
for update
