-- question: deletes raw payloads past their publisher's days that no dropped month held
-- parameters: today
-- columns: none
delete from raw.payloads as payload
using raw.feeds as feed
where
    feed.feed_id = payload.feed_id
    and payload.polled_at < cast(cast(:today as date) - core.keep_days(feed.publisher) as timestamp) at time zone 'UTC'
