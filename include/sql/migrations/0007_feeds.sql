-- raw: what a feed's rhythm and health are, a person's word on a feed, and the pages that are tried again.

alter table raw.feeds
    add column is_unhurried boolean not null default false,
    add column note text not null default '',
    add column verified_on date;
comment on column raw.feeds.is_unhurried is 'Whether it is never polled every minute, not even while a story it carries is live.';
comment on column raw.feeds.note is 'What a person should know about it.';
comment on column raw.feeds.verified_on is 'When a person last saw it answer as a feed; null where nobody has tried.';

alter table raw.feed_states
    add column rhythm jsonb not null default '{}',
    add column known_ids text[] not null default '{}',
    add column failing_since timestamptz,
    add column not_modified_at timestamptz,
    add column stale_news integer not null default 0,
    add column health jsonb not null default '{}';
comment on column raw.feed_states.rhythm is 'When its entries come {hours (24, UTC), weekdays (7, Monday first), days, until}: counts in slots of ten minutes, older ones weigh less.';
comment on column raw.feed_states.known_ids is 'Marks of the entries of its last answer, the newest first: what the next answer is compared with.';
comment on column raw.feed_states.failing_since is 'When the first failure since the last good answer was; null where the last answer was good.';
comment on column raw.feed_states.not_modified_at is 'When it last said that nothing had changed (304).';
comment on column raw.feed_states.stale_news is 'How many answers in a row brought unseen entries that were all dated days back.';
comment on column raw.feed_states.health is 'How it does {word, since, reason}; word is new, well, failing, wrong, quiet or retired. {} where it was not visited yet.';

create table raw.feed_orders (
    order_number bigint generated always as identity primary key,
    feed_id text collate "C" not null references raw.feeds,
    word text not null check (word in ('pause', 'retire', 'resume', 'poll')),
    ordered_by text not null check (ordered_by <> ''),
    ordered_at timestamptz not null,
    reason text not null,
    unique (feed_id, word, ordered_at)
);
comment on table raw.feed_orders is 'What persons have ordered about feeds, never changed: above the registry file and above what polling has taught.';
comment on column raw.feed_orders.order_number is 'Counts them.';
comment on column raw.feed_orders.feed_id is 'The feed.';
comment on column raw.feed_orders.word is 'pause and retire hold until resume; poll asks for one visit now.';
comment on column raw.feed_orders.ordered_by is 'Who.';
comment on column raw.feed_orders.ordered_at is 'When, by the flow''s clock.';
comment on column raw.feed_orders.reason is 'Why, in their words.';

create view raw.feed_words as
select
    feed_id,
    (array_agg(word order by ordered_at desc, order_number desc) filter (where word <> 'poll'))[1] as standing,
    (array_agg(ordered_by order by ordered_at desc, order_number desc) filter (where word <> 'poll'))[1] as standing_by,
    (array_agg(reason order by ordered_at desc, order_number desc) filter (where word <> 'poll'))[1] as standing_reason,
    max(ordered_at) filter (where word <> 'poll') as standing_at,
    max(ordered_at) filter (where word = 'poll') as poll_at
from raw.feed_orders
group by feed_id;
comment on view raw.feed_words is 'What holds of raw.feed_orders: one row per feed that a person ever gave an order about.';
comment on column raw.feed_words.feed_id is 'The feed.';
comment on column raw.feed_words.standing is 'The last of pause, retire and resume; null where there was none.';
comment on column raw.feed_words.standing_by is 'Who gave it.';
comment on column raw.feed_words.standing_reason is 'Why.';
comment on column raw.feed_words.standing_at is 'When.';
comment on column raw.feed_words.poll_at is 'When a visit was last asked for; null where never.';

create table raw.page_visits (
    entry_id text collate "C" primary key,
    content_sha256 text collate "C" not null,
    state text not null check (state in ('fetched', 'waiting', 'given_up')),
    attempts integer not null,
    last_tried_at timestamptz not null,
    next_try_at timestamptz,
    status integer not null,
    error text not null,
    check ((state = 'waiting') = (next_try_at is not null)),
    foreign key (entry_id, content_sha256) references raw.entries
);
create index page_visits_waiting on raw.page_visits (next_try_at) where state = 'waiting';
comment on table raw.page_visits is 'What became of fetching the page of each entry whose page was wanted, one row per entry: its content in hand.';
comment on column raw.page_visits.entry_id is 'The entry.';
comment on column raw.page_visits.content_sha256 is 'For which content of the entry.';
comment on column raw.page_visits.state is 'fetched, waiting (tried again at next_try_at) or given_up (the article keeps the feed''s own words).';
comment on column raw.page_visits.attempts is 'How often it was tried, the successful one counted.';
comment on column raw.page_visits.last_tried_at is 'When it was last tried.';
comment on column raw.page_visits.next_try_at is 'When it is tried again; null unless it is waiting.';
comment on column raw.page_visits.status is 'HTTP status of the last try; 0 where no answer came.';
comment on column raw.page_visits.error is 'What went wrong in the last try, in words; empty where nothing did.';

create index alerts_by_time on core.alerts (created_at);
create index article_versions_by_sight on core.article_versions (first_seen_at);

create function core.live_feeds(moved_since timestamptz, alerted_since timestamptz) returns table (feed_id text, story_id text)
language sql stable
as $$
    with alerted as materialized (
        select distinct placed.story_id, alert.created_at
        from core.alerts as alert
        join core.assessments as assessment on assessment.assessment_id = alert.assessment_id
        join core.story_articles as placed on placed.article_id = assessment.article_id and placed.is_current
        where alert.created_at > alerted_since
    ),

    live as materialized (
        select alerted.story_id from alerted where alerted.created_at > moved_since
        union
        select alerted.story_id
        from core.article_versions as moved
        join core.story_articles as placed on placed.article_id = moved.article_id and placed.is_current
        join alerted on alerted.story_id = placed.story_id
        where moved.first_seen_at > moved_since and not moved.is_backfill
    )

    select entry.feed_id, min(live.story_id)
    from live
    join core.story_articles as placed on placed.story_id = live.story_id and placed.is_current
    join core.article_versions as article on article.article_id = placed.article_id and article.version = placed.version
    join raw.entries as entry on entry.entry_id = article.entry_id and entry.is_first
    group by entry.feed_id
$$;
comment on function core.live_feeds(timestamptz, timestamptz) is
    'The feeds that carry a live story, and one such story: it raised an alert after moved_since, or after alerted_since and got an article after moved_since.';
