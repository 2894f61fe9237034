-- question: how did each feed do on each day it was visited?
-- parameters: none
-- columns: one row per feed and day (UTC)
create view mart.feed_health_by_day as
with feeds as not materialized (
    select * from raw.feeds
),

polls as not materialized (
    select * from raw.polls
),

visited as (
    select
        polls.feed_id,
        cast(polls.polled_at at time zone 'UTC' as date) as day,
        count(*) as polls,
        count(*) filter (where polls.outcome = 'changed') as changed,
        count(*) filter (where polls.outcome = 'unchanged') as unchanged,
        count(*) filter (where polls.outcome = 'not_modified') as not_modified,
        count(*) filter (where polls.outcome = 'unavailable') as unavailable,
        count(*) filter (where polls.outcome = 'broken') as broken,
        count(*) filter (where polls.outcome = 'retired') as retired,
        sum(polls.new_entries) as new_entries,
        cast(avg(polls.duration_ms) as integer) as average_duration_ms,
        max(polls.duration_ms) as longest_duration_ms,
        (array_agg(polls.reason order by polls.polled_at desc) filter (
            where polls.outcome in ('unavailable', 'broken', 'retired')
        ))[1] as last_trouble
    from polls
    group by polls.feed_id, cast(polls.polled_at at time zone 'UTC' as date)
),

final as (
    select
        visited.feed_id,
        visited.day,
        feeds.publisher,
        feeds.country,
        feeds.language,
        feeds.kind,
        visited.polls,
        visited.changed,
        visited.unchanged,
        visited.not_modified,
        visited.unavailable,
        visited.broken,
        visited.retired,
        round((visited.changed + visited.unchanged + visited.not_modified)::numeric / visited.polls, 4) as share_answered,
        visited.new_entries,
        visited.average_duration_ms,
        visited.longest_duration_ms,
        visited.last_trouble,
        feeds.is_paused,
        feeds.is_sample
    from visited
    inner join feeds on feeds.feed_id = visited.feed_id
)

select * from final;

comment on view mart.feed_health_by_day is 'How each feed did on each day it was visited; one row per feed and day in UTC.';
comment on column mart.feed_health_by_day.feed_id is 'The feed.';
comment on column mart.feed_health_by_day.day is 'The day, in UTC.';
comment on column mart.feed_health_by_day.publisher is 'Who publishes it.';
comment on column mart.feed_health_by_day.country is 'ISO 3166-1 alpha-2 code of the publisher''s country.';
comment on column mart.feed_health_by_day.language is 'ISO 639-1 code of its language.';
comment on column mart.feed_health_by_day.kind is 'agency, newspaper, broadcaster, specialist, government, un or state_media.';
comment on column mart.feed_health_by_day.polls is 'How often it was visited.';
comment on column mart.feed_health_by_day.changed is 'How often it had changed.';
comment on column mart.feed_health_by_day.unchanged is 'How often its body was the same as before.';
comment on column mart.feed_health_by_day.not_modified is 'How often it said that nothing had changed (304).';
comment on column mart.feed_health_by_day.unavailable is 'How often it did not answer, or asked to come later.';
comment on column mart.feed_health_by_day.broken is 'How often its answer was no feed.';
comment on column mart.feed_health_by_day.retired is 'How often it said that it is gone (410).';
comment on column mart.feed_health_by_day.share_answered is 'The share of visits that were answered as they should be, from 0 to 1.';
comment on column mart.feed_health_by_day.new_entries is 'How many entries, or contents of entries, were new.';
comment on column mart.feed_health_by_day.average_duration_ms is 'How long its answers took on average, in milliseconds.';
comment on column mart.feed_health_by_day.longest_duration_ms is 'How long the slowest took, in milliseconds.';
comment on column mart.feed_health_by_day.last_trouble is 'What went wrong last on that day, in words; null where nothing did.';
comment on column mart.feed_health_by_day.is_paused is 'Whether the registry no longer names the feed.';
comment on column mart.feed_health_by_day.is_sample is 'Whether it belongs to the bundled replay.';
