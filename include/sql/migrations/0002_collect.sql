-- raw: the feed registry, what polling has taught, every visit, and the entries that came.

create table raw.feeds (
    feed_id text collate "C" primary key,
    url text not null,
    publisher text not null,
    language text not null,
    country text not null,
    kind text not null,
    format text not null check (format in ('auto', 'rss', 'atom', 'json', 'sitemap', 'page')),
    reliability text not null check (reliability in ('A', 'B', 'C', 'D', 'E', 'F')),
    is_specialist boolean not null,
    is_sample boolean not null,
    is_paused boolean not null default false,
    registered_at timestamptz not null
);
comment on table raw.feeds is 'The feed registry as last read from include/feeds.yaml, one row per feed. A feed that is no longer named is paused, not removed.';
comment on column raw.feeds.feed_id is 'The feed''s short name, for example upi-world.';
comment on column raw.feeds.url is 'The address as registered; where it is polled now stands in raw.feed_states.';
comment on column raw.feeds.publisher is 'Who publishes the feed.';
comment on column raw.feeds.language is 'ISO 639-1 code of its language.';
comment on column raw.feeds.country is 'ISO 3166-1 alpha-2 code of the publisher''s country, empty where none is given.';
comment on column raw.feeds.kind is 'agency, newspaper, broadcaster, specialist, government, un or state_media.';
comment on column raw.feeds.format is 'The format the feed is read as; auto recognises it.';
comment on column raw.feeds.reliability is 'Admiralty grade of the source, A (completely reliable) to E (unreliable); F cannot be judged.';
comment on column raw.feeds.is_specialist is 'Whether the page of every entry is fetched, and not only of those that may matter.';
comment on column raw.feeds.is_sample is 'Whether the feed belongs to the bundled replay, whose mails are marked SAMPLE.';
comment on column raw.feeds.is_paused is 'Whether the registry no longer names the feed: it is not polled.';
comment on column raw.feeds.registered_at is 'When the feed was first registered, by the flow''s clock.';

create table raw.feed_states (
    feed_id text collate "C" primary key references raw.feeds,
    url text not null,
    next_poll_at timestamptz not null,
    etag text not null default '',
    last_modified text not null default '',
    body_sha256 text not null default '',
    etag_lies boolean not null default false,
    interval_seconds integer not null default 900,
    failures double precision not null default 0,
    last_polled_at timestamptz,
    last_success_at timestamptz,
    last_entry_at timestamptz,
    last_error text not null default '',
    retired_at timestamptz
)
with (fillfactor = 70);
create index feed_states_due on raw.feed_states (next_poll_at, feed_id) where retired_at is null;
comment on table raw.feed_states is 'What polling has taught about each feed, one row per feed; a worker that polls it holds the row''s lock.';
comment on column raw.feed_states.feed_id is 'The feed.';
comment on column raw.feed_states.url is 'Where it is polled now: permanent redirects move it.';
comment on column raw.feed_states.next_poll_at is 'When its next turn comes.';
comment on column raw.feed_states.etag is 'The ETag of the last answer, empty where there was none.';
comment on column raw.feed_states.last_modified is 'The Last-Modified of the last answer, as written.';
comment on column raw.feed_states.body_sha256 is 'SHA-256 of the last body.';
comment on column raw.feed_states.etag_lies is 'Whether the server kept its ETag or said 304 while the body had changed.';
comment on column raw.feed_states.interval_seconds is 'The learned time between two visits, in seconds.';
comment on column raw.feed_states.failures is 'Failures since the last success, weighed: hard 1, soft 0.5, temporary 0.25.';
comment on column raw.feed_states.last_polled_at is 'The last visit.';
comment on column raw.feed_states.last_success_at is 'The last visit that was answered as it should be.';
comment on column raw.feed_states.last_entry_at is 'When an entry not seen before last came.';
comment on column raw.feed_states.last_error is 'What went wrong last, in words; empty where nothing did.';
comment on column raw.feed_states.retired_at is 'Since when the feed is no longer polled (410 Gone, or a person''s word).';

create table raw.polls (
    feed_id text collate "C" not null references raw.feeds,
    polled_at timestamptz not null,
    outcome text not null check (outcome in ('changed', 'unchanged', 'not_modified', 'unavailable', 'broken', 'retired')),
    reason text not null,
    status integer not null,
    duration_ms integer not null,
    entries integer not null,
    new_entries integer not null,
    primary key (feed_id, polled_at)
);
create index polls_by_time on raw.polls (polled_at);
comment on table raw.polls is 'Every visit to a feed and how it went, one row per visit.';
comment on column raw.polls.feed_id is 'The feed.';
comment on column raw.polls.polled_at is 'When it was visited.';
comment on column raw.polls.outcome is 'changed, unchanged (same body), not_modified (304), unavailable, broken (not a feed) or retired (410).';
comment on column raw.polls.reason is 'How it went, in words.';
comment on column raw.polls.status is 'HTTP status; 0 where no answer came.';
comment on column raw.polls.duration_ms is 'How long the answer took, in milliseconds.';
comment on column raw.polls.entries is 'How many entries the feed listed.';
comment on column raw.polls.new_entries is 'How many of them, or of their contents, had not been seen before.';

create table raw.payloads (
    feed_id text collate "C" not null,
    polled_at timestamptz not null,
    body bytea not null,
    body_bytes integer not null,
    primary key (feed_id, polled_at)
) partition by range (polled_at);
create table raw.payloads_default partition of raw.payloads default;
comment on table raw.payloads is 'The bytes that a feed answered with, kept for replay. Partitioned by month; retention drops partitions.';
comment on table raw.payloads_default is 'Rows of raw.payloads whose month has no partition yet; the next call of core.ensure_partitions moves them.';
comment on column raw.payloads.feed_id is 'The feed.';
comment on column raw.payloads.polled_at is 'When the bytes came: together with feed_id, the visit in raw.polls.';
comment on column raw.payloads.body is 'The body, compressed with zlib.';
comment on column raw.payloads.body_bytes is 'The length of the body before compression, in bytes.';
comment on column raw.payloads_default.feed_id is 'The feed.';
comment on column raw.payloads_default.polled_at is 'When the bytes came.';
comment on column raw.payloads_default.body is 'The body, compressed with zlib.';
comment on column raw.payloads_default.body_bytes is 'The length of the body before compression, in bytes.';

create table raw.entries (
    entry_id text collate "C" not null,
    content_sha256 text collate "C" not null,
    feed_id text collate "C" not null references raw.feeds,
    url text not null,
    guid text not null,
    title text not null,
    summary text not null,
    content text not null,
    author text not null,
    credit text not null,
    language text not null,
    published_at timestamptz,
    updated_at timestamptz,
    seen_at timestamptz not null,
    is_first boolean not null,
    primary key (entry_id, content_sha256)
);
create index entries_by_feed on raw.entries (feed_id, seen_at);
create index entries_first on raw.entries (seen_at) where is_first;
comment on table raw.entries is 'The entries of feeds as delivered, one row per content of an entry: a changed entry keeps its id and gets another row.';
comment on column raw.entries.entry_id is 'The entry, the same whatever its content.';
comment on column raw.entries.content_sha256 is 'SHA-256 over the delivered content: the version of the entry.';
comment on column raw.entries.feed_id is 'The feed that listed it.';
comment on column raw.entries.url is 'The link it gives.';
comment on column raw.entries.guid is 'Its own identifier in the feed, as delivered.';
comment on column raw.entries.title is 'Its title, as delivered.';
comment on column raw.entries.summary is 'Its summary, text or HTML, as delivered.';
comment on column raw.entries.content is 'Its full content where the feed carries it.';
comment on column raw.entries.author is 'Its author, as delivered.';
comment on column raw.entries.credit is 'The source it credits (dc:source, media:credit, source).';
comment on column raw.entries.language is 'ISO 639-1 code of its language.';
comment on column raw.entries.published_at is 'The publication time it gives.';
comment on column raw.entries.updated_at is 'The time of change it gives.';
comment on column raw.entries.seen_at is 'When this content was first collected.';
comment on column raw.entries.is_first is 'Whether this was the first content seen of the entry: one row per entry has it.';
