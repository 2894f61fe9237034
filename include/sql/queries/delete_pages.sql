-- question: deletes the pages of archives past their publisher's days that no dropped month held
-- parameters: today
-- columns: none
delete from raw.pages as page
using raw.feeds as feed, core.stage_inputs as input
where
    feed.feed_id = page.feed_id
    and page.stored_at < cast(cast(:today as date) - core.keep_days(feed.publisher) as timestamp) at time zone 'UTC'
    -- What no version has cleaned yet keeps its page.
    and input.stage = 'clean'
    and input.subject_id = page.entry_id
    and input.edition = page.content_sha256
    and input.taken_by > ''
