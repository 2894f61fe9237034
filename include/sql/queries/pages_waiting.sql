-- question: does a page from before a day still wait to be cleaned?
-- parameters: before
-- columns: is_waiting
select exists (
    select from raw.pages as page
    inner join core.stage_inputs as input
        on input.stage = 'clean' and input.subject_id = page.entry_id and input.edition = page.content_sha256 and input.taken_by = ''
    where page.stored_at < cast(cast(:before as date) as timestamp) at time zone 'UTC'
) as is_waiting
