-- question: how does each feed do now, when is it visited next, and what has a person ordered?
-- parameters: none
-- columns: one row per feed
create view mart.feeds as
with feeds as not materialized (
    select * from raw.feeds
),

states as not materialized (
    select * from raw.feed_states
),

words as not materialized (
    select * from raw.feed_words
),

final as (
    select
        feeds.feed_id,
        feeds.publisher,
        feeds.country,
        feeds.language,
        feeds.kind,
        feeds.reliability,
        case
            when feeds.is_paused then 'unlisted'
            when words.standing = 'pause' then 'paused'
            when words.standing = 'retire' then 'retired'
            else coalesce(states.health ->> 'word', 'new')
        end as health,
        case
            when words.standing in ('pause', 'retire') then words.standing_at
            else cast(states.health ->> 'since' as timestamptz)
        end as health_since,
        case
            when words.standing in ('pause', 'retire') then words.standing_by || ': ' || words.standing_reason
            else coalesce(states.health ->> 'reason', '')
        end as health_reason,
        states.url as polled_at_url,
        states.url <> feeds.url as has_moved,
        states.last_polled_at,
        states.last_success_at,
        states.last_entry_at,
        states.next_poll_at,
        states.interval_seconds,
        states.failures,
        states.etag_lies,
        feeds.note,
        feeds.verified_on,
        feeds.is_sample
    from feeds
    inner join states on states.feed_id = feeds.feed_id
    left join words on words.feed_id = feeds.feed_id
)

select * from final;

comment on view mart.feeds is 'How each feed does now, in one word with its reason, and when it is visited next; one row per feed.';
comment on column mart.feeds.feed_id is 'The feed.';
comment on column mart.feeds.publisher is 'Who publishes it.';
comment on column mart.feeds.country is 'ISO 3166-1 alpha-2 code of the publisher''s country.';
comment on column mart.feeds.language is 'ISO 639-1 code of its language.';
comment on column mart.feeds.kind is 'agency, newspaper, broadcaster, specialist, government, un or state_media.';
comment on column mart.feeds.reliability is 'Admiralty grade of the source, A to E; F cannot be judged.';
comment on column mart.feeds.health is 'new, well, failing (no answer), wrong (no feed that goes on), quiet (against its own rhythm), retired, paused (by a person) or unlisted (no longer in the registry).';
comment on column mart.feeds.health_since is 'Since when; null where it was never visited.';
comment on column mart.feeds.health_reason is 'Why, in words; of a person''s order who gave it and why.';
comment on column mart.feeds.polled_at_url is 'Where it is polled now.';
comment on column mart.feeds.has_moved is 'Whether a permanent redirect has moved it from the registered address.';
comment on column mart.feeds.last_polled_at is 'The last visit.';
comment on column mart.feeds.last_success_at is 'The last visit that was answered as it should be.';
comment on column mart.feeds.last_entry_at is 'When an entry not seen before last came.';
comment on column mart.feeds.next_poll_at is 'When its next turn comes.';
comment on column mart.feeds.interval_seconds is 'The time between two visits that its rhythm asks for now, in seconds.';
comment on column mart.feeds.failures is 'Failures since the last success, weighed: hard 1, soft 0.5, temporary 0.25.';
comment on column mart.feeds.etag_lies is 'Whether its server told of no change where there was one.';
comment on column mart.feeds.note is 'What a person should know about it.';
comment on column mart.feeds.verified_on is 'When a person last saw it answer as a feed; null where nobody has tried.';
comment on column mart.feeds.is_sample is 'Whether it belongs to the bundled replay.';
