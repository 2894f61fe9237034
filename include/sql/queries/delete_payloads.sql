-- question: deletes raw payloads from before a day that no dropped month held
-- parameters: before
-- columns: none
delete from raw.payloads
where polled_at < cast(cast(:before as date) as timestamp) at time zone 'UTC'
