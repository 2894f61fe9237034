-- question: stores a visit, the state after it, and the entries not seen before, which then wait for clean
-- parameters: poll (the record Poll without entries, state and payload), entries (list of the record Entry), state (the record FeedState)
-- columns: new_entries (how many entries, or contents of entries, were new)
with visit as (
    select *
    from jsonb_to_record(cast(:poll as jsonb)) as poll (
        feed_id text, polled_at timestamptz, outcome text, reason text, status integer, duration_ms integer
    )
),

incoming as (
    select *
    from rows from (
        jsonb_to_recordset(cast(:entries as jsonb)) as (
            entry_id text, feed_id text, url text, guid text, title text, summary text, content text, author text, credit text,
            language text, published_at timestamptz, updated_at timestamptz, seen_at timestamptz, content_sha256 text
        )
    ) with ordinality as entry
),

fresh as (
    insert into raw.entries (
        entry_id, content_sha256, feed_id, url, guid, title, summary, content, author, credit, language,
        published_at, updated_at, seen_at, is_first
    )
    select
        entry_id, content_sha256, feed_id, url, guid, title, summary, content, author, credit, language,
        published_at, updated_at, seen_at,
        not exists (select from raw.entries as known where known.entry_id = incoming.entry_id)
        and row_number() over (partition by entry_id order by ordinality) = 1
    from incoming
    order by entry_id, content_sha256
    on conflict (entry_id, content_sha256) do nothing
    returning entry_id, content_sha256, seen_at, published_at
),

offered as (
    insert into core.stage_inputs (stage, subject_id, edition, first_seen_at, published_at)
    select 'clean', entry_id, content_sha256, seen_at, coalesce(published_at, seen_at)
    from fresh
    on conflict do nothing
),

visited as (
    insert into raw.polls (feed_id, polled_at, outcome, reason, status, duration_ms, entries, new_entries)
    select
        feed_id, polled_at, outcome, reason, status, duration_ms,
        (select count(*) from incoming), (select count(*) from fresh)
    from visit
    on conflict (feed_id, polled_at) do nothing
),

learned as (
    update raw.feed_states as known
    set
        url = state.url,
        next_poll_at = state.next_poll_at,
        etag = state.etag,
        last_modified = state.last_modified,
        body_sha256 = state.body_sha256,
        etag_lies = state.etag_lies,
        interval_seconds = state.interval_seconds,
        failures = state.failures,
        last_polled_at = state.last_polled_at,
        last_success_at = state.last_success_at,
        last_entry_at = state.last_entry_at,
        last_error = state.last_error,
        retired_at = state.retired_at,
        rhythm = state.rhythm,
        known_ids = state.known_ids,
        failing_since = state.failing_since,
        not_modified_at = state.not_modified_at,
        stale_news = state.stale_news,
        health = state.health
    from jsonb_to_record(cast(:state as jsonb)) as state (
        feed_id text, url text, next_poll_at timestamptz, etag text, last_modified text, body_sha256 text, etag_lies boolean,
        interval_seconds integer, failures double precision, last_polled_at timestamptz, last_success_at timestamptz,
        last_entry_at timestamptz, last_error text, retired_at timestamptz, rhythm jsonb, known_ids text[],
        failing_since timestamptz, not_modified_at timestamptz, stale_news integer, health jsonb
    )
    where known.feed_id = state.feed_id
)

select count(*) as new_entries
from fresh
