-- question: stores the entries of an archive, or added by hand, that are not known, with feeds that are never polled; they then wait for clean
-- parameters: feeds (list of the record Feed), entries (list of the record Entry), now
-- columns: entry_id, content_sha256 of those that were new
with incoming as (
    select *
    from rows from (
        jsonb_to_recordset(cast(:entries as jsonb)) as (
            entry_id text, feed_id text, url text, guid text, title text, summary text, content text, author text, credit text,
            language text, published_at timestamptz, updated_at timestamptz, seen_at timestamptz, content_sha256 text, origin text
        )
    ) with ordinality as entry
),

registered as (
    insert into raw.feeds
    select (
        jsonb_populate_record(null::raw.feeds, feed || jsonb_build_object('is_paused', true, 'registered_at', cast(:now as timestamptz)))
    ).*
    from jsonb_array_elements(cast(:feeds as jsonb)) as feed
    on conflict (feed_id) do nothing
),

fresh as (
    insert into raw.entries (
        entry_id, content_sha256, feed_id, url, guid, title, summary, content, author, credit, language,
        published_at, updated_at, seen_at, is_first, origin
    )
    select
        entry_id, content_sha256, feed_id, url, guid, title, summary, content, author, credit, language,
        published_at, updated_at, seen_at,
        not exists (select from raw.entries as known where known.entry_id = incoming.entry_id)
        and row_number() over (partition by entry_id order by ordinality) = 1,
        origin
    from incoming
    order by entry_id, content_sha256
    on conflict (entry_id, content_sha256) do nothing
    returning entry_id, content_sha256, seen_at, published_at, updated_at, origin
),

offered as (
    insert into core.stage_inputs (stage, subject_id, edition, first_seen_at, published_at, is_backfill)
    select 'clean', entry_id, content_sha256, seen_at, coalesce(published_at, updated_at, seen_at), origin = 'backfill'
    from fresh
    on conflict do nothing
)

select entry_id, content_sha256
from fresh
