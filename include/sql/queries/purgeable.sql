-- question: what is past its publisher's days, and would go?
-- parameters: today
-- columns: one row a publisher and kind (payload or page): publisher, kind, keep_days, rows, bytes (as stored), oldest, newest
select
    feed.publisher,
    past.kind,
    core.keep_days(feed.publisher) as keep_days,
    count(*) as rows,
    sum(past.bytes)::bigint as bytes,
    min(past.came_at) as oldest,
    max(past.came_at) as newest
from (
    select 'payload' as kind, feed_id, polled_at as came_at, octet_length(body) as bytes
    from raw.payloads
    union all
    select 'page', feed_id, stored_at, octet_length(body)
    from raw.pages
) as past
inner join raw.feeds as feed on feed.feed_id = past.feed_id
where past.came_at < cast(cast(:today as date) - core.keep_days(feed.publisher) as timestamp) at time zone 'UTC'
group by feed.publisher, past.kind
order by feed.publisher, past.kind
