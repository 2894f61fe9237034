-- question: registers these feeds, pauses all others; a new address starts afresh
-- parameters: feeds (list of the record Feed), now
-- columns: none
with named as (
    select *
    from jsonb_to_recordset(cast(:feeds as jsonb)) as feed (
        feed_id text, url text, publisher text, language text, country text, kind text, format text, reliability text,
        is_specialist boolean, is_sample boolean, is_unhurried boolean, note text, verified_on date
    )
),

paused as (
    update raw.feeds
    set is_paused = true
    where not is_paused and feed_id not in (select named.feed_id from named)
),

moved as (
    update raw.feed_states as state
    set
        url = named.url,
        next_poll_at = :now,
        etag = '',
        last_modified = '',
        body_sha256 = '',
        etag_lies = false,
        failures = 0,
        last_error = '',
        retired_at = null,
        rhythm = '{}',
        known_ids = '{}',
        failing_since = null,
        not_modified_at = null,
        stale_news = 0,
        health = '{}'
    from named
    inner join raw.feeds as known on known.feed_id = named.feed_id
    where state.feed_id = named.feed_id and known.url <> named.url
),

registered as (
    insert into raw.feeds (
        feed_id, url, publisher, language, country, kind, format, reliability, is_specialist, is_sample, is_unhurried, note,
        verified_on, registered_at
    )
    select
        feed_id, url, publisher, language, country, kind, format, reliability, is_specialist, is_sample, is_unhurried, note,
        verified_on, :now
    from named
    on conflict (feed_id) do update set
        url = excluded.url,
        publisher = excluded.publisher,
        language = excluded.language,
        country = excluded.country,
        kind = excluded.kind,
        format = excluded.format,
        reliability = excluded.reliability,
        is_specialist = excluded.is_specialist,
        is_sample = excluded.is_sample,
        is_unhurried = excluded.is_unhurried,
        note = excluded.note,
        verified_on = excluded.verified_on,
        is_paused = false
)

insert into raw.feed_states (feed_id, url, next_poll_at)
select feed_id, url, :now
from named
on conflict (feed_id) do nothing
