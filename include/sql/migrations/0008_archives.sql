-- Archives, articles added by hand, full-text search and retention rules.
--
-- A backfill fills the ledger and never mails. Its work waits in a lane of its own: what came live is always taken first.

alter table raw.entries add column origin text not null default 'feed' check (origin in ('feed', 'backfill', 'by_hand'));
comment on column raw.entries.origin is 'How it came: feed (collected live), backfill (read from an archive: never mails) or by_hand (added by a person).';

create table raw.pages (
    entry_id text collate "C" not null,
    content_sha256 text collate "C" not null,
    feed_id text collate "C" not null,
    stored_at timestamptz not null,
    captured_at timestamptz not null,
    url text not null,
    content_type text not null,
    body bytea not null,
    body_bytes integer not null,
    primary key (entry_id, content_sha256, stored_at)
) partition by range (stored_at);
alter table raw.pages alter column body set storage external; -- it is compressed already
create table raw.pages_default partition of raw.pages default;
comment on table raw.pages is 'The pages that entries of archives and entries added by hand came with, for they cannot be fetched again. Partitioned by month; retention drops partitions.';
comment on table raw.pages_default is 'Rows of raw.pages whose month has no partition yet; the next call of core.ensure_partitions moves them.';
comment on column raw.pages.entry_id is 'The entry.';
comment on column raw.pages.content_sha256 is 'Its content: together with entry_id, the row in raw.entries.';
comment on column raw.pages.feed_id is 'The feed of the entry, whose publisher''s retention rule holds.';
comment on column raw.pages.stored_at is 'When it was stored, by the flow''s clock.';
comment on column raw.pages.captured_at is 'When the archive captured it; the time of storing where the archive does not say.';
comment on column raw.pages.url is 'The address it was captured at.';
comment on column raw.pages.content_type is 'text/html, or text/plain for text without markup; a form feed parts the pages of a document.';
comment on column raw.pages.body is 'The page, compressed with zlib.';
comment on column raw.pages.body_bytes is 'Its length before compression, in bytes.';
comment on column raw.pages_default.entry_id is 'The entry.';
comment on column raw.pages_default.content_sha256 is 'Its content.';
comment on column raw.pages_default.feed_id is 'The feed of the entry.';
comment on column raw.pages_default.stored_at is 'When it was stored.';
comment on column raw.pages_default.captured_at is 'When the archive captured it.';
comment on column raw.pages_default.url is 'The address it was captured at.';
comment on column raw.pages_default.content_type is 'text/html or text/plain.';
comment on column raw.pages_default.body is 'The page, compressed with zlib.';
comment on column raw.pages_default.body_bytes is 'Its length before compression, in bytes.';

create table raw.backfills (
    backfill_id text collate "C" primary key,
    source text not null,
    kind text not null check (kind in ('warc', 'jsonl', 'folder', 'sitemap')),
    position text not null,
    fingerprint text not null,
    done_parts bigint not null,
    total_parts bigint not null,
    records bigint not null,
    entries bigint not null,
    skipped bigint not null,
    bad bigint not null,
    started_at timestamptz not null,
    updated_at timestamptz not null,
    finished_at timestamptz
);
comment on table raw.backfills is 'How far the reading of each archive has come, one row per source and choice of records; written in the transaction that stores the records.';
comment on column raw.backfills.backfill_id is 'The source together with what was chosen from it (publisher, dates).';
comment on column raw.backfills.source is 'The file, folder or address.';
comment on column raw.backfills.kind is 'warc, jsonl, folder or sitemap.';
comment on column raw.backfills.position is 'Behind which record reading goes on; its form is the reader''s.';
comment on column raw.backfills.fingerprint is 'What the source looked like: where it has changed, reading starts again, and what is known is not stored twice.';
comment on column raw.backfills.done_parts is 'How much was read: bytes of a file, files of a folder, addresses of a sitemap.';
comment on column raw.backfills.total_parts is 'How much there is to read, in the same measure; 0 where it is not known.';
comment on column raw.backfills.records is 'Records read.';
comment on column raw.backfills.entries is 'Entries stored that were not known before.';
comment on column raw.backfills.skipped is 'Records that hold no article or lie outside of what was chosen.';
comment on column raw.backfills.bad is 'Records that could not be read: they are in core.quarantine under the stage backfill.';
comment on column raw.backfills.started_at is 'When reading began.';
comment on column raw.backfills.updated_at is 'When the last batch was stored.';
comment on column raw.backfills.finished_at is 'When its last record was stored; null before.';

alter table core.quarantine drop constraint quarantine_stage_check;
alter table core.quarantine add constraint quarantine_stage_check check (
    stage in ('backfill', 'collect', 'clean', 'select', 'deduplicate', 'extract', 'assess', 'fan_out', 'deliver')
);

-- The lane of a backfill: its inputs are in the same table, and in another stretch of the index.
alter table core.stage_inputs add column is_backfill boolean not null default false;
comment on column core.stage_inputs.is_backfill is 'Whether it came by a backfill: such inputs are taken after all others, by tasks of their own.';
drop index core.stage_inputs_waiting;
create index stage_inputs_waiting on core.stage_inputs (
    stage, is_backfill, taken_by, first_seen_at, published_at, subject_id, edition
);

create or replace view core.open_inputs as
select stage, subject_id, edition, first_seen_at, published_at, taken_by, outputs, is_backfill
from core.stage_inputs as input
where
    not exists (
        select from core.quarantine as held
        where held.stage = input.stage and held.subject_id = input.subject_id and held.released_at is null
    )
    -- Scalar subqueries, which are looked up for each row: the planner may hash an exists over the whole table.
    and case
        when input.stage = 'clean' then true
        when input.stage = 'assess' then (
            select extraction.superseded_at is null and extraction.version = article.latest_version
            from core.extractions as extraction
            join core.articles as article using (article_id)
            join core.story_articles as placed on placed.article_id = article.article_id and placed.is_current
            where extraction.extraction_id = input.edition
        )
        else (
            select article.latest_version::text = input.edition
            from core.articles as article
            where article.article_id = input.subject_id
        )
    end;
comment on column core.open_inputs.is_backfill is 'Whether it came by a backfill.';

create table core.article_pages (
    article_id text collate "C" not null,
    version integer not null,
    page integer not null check (page >= 1),
    start_offset integer not null check (start_offset >= 0),
    primary key (article_id, version, page),
    foreign key (article_id, version) references core.article_versions
);
comment on table core.article_pages is 'Where the pages of a document begin in its article''s text, so that a quote can name its page; none for articles without pages.';
comment on column core.article_pages.article_id is 'The article.';
comment on column core.article_pages.version is 'Its version.';
comment on column core.article_pages.page is 'The page, from 1; a page without text of the article has no row.';
comment on column core.article_pages.start_offset is 'The first character of the text that stands on it.';

create function core.page_of(of_article text, of_version integer, at_offset integer) returns integer
language sql
stable
as $$
    select page
    from core.article_pages
    where article_id = of_article and version = of_version and start_offset <= at_offset
    order by start_offset desc, page desc
    limit 1
$$;
comment on function core.page_of(text, integer, integer) is 'The page of a document on which a character of its article''s text stands; null where the article has no pages.';


-- Full-text search. A vector holds each word as it is written and as English reads it, so that names in any language and English
-- inflections are both found. An article is indexed in parts, for a vector has a size that PostgreSQL bounds.
create function core.search_words(words text) returns tsvector
language sql
immutable
parallel safe
as $$
    select to_tsvector('pg_catalog.simple', words) || to_tsvector('pg_catalog.english', words)
$$;
comment on function core.search_words(text) is 'What full-text search looks into: each word as written and as English reads it.';

create function core.search_query(words text) returns tsquery
language sql
immutable
parallel safe
as $$
    select case
        -- "not ships" must mean ship, too: only the reading that knows inflections can say what is not there.
        when websearch_to_tsquery('pg_catalog.simple', words)::text like '%!%' then websearch_to_tsquery('pg_catalog.english', words)
        else websearch_to_tsquery('pg_catalog.simple', words) || websearch_to_tsquery('pg_catalog.english', words)
    end
$$;
comment on function core.search_query(text) is 'What somebody typed as a query: words, "phrases", or, -not.';

create table core.search_parts (
    article_id text collate "C" not null,
    version integer not null,
    part integer not null,
    start_offset integer not null,
    words tsvector not null,
    primary key (article_id, version, part),
    foreign key (article_id, version) references core.article_versions
);
create index search_parts_words on core.search_parts using gin (words);
comment on table core.search_parts is 'The words of article texts for full-text search, in parts of 30,000 characters that overlap by 1,000; kept by a trigger.';
comment on column core.search_parts.article_id is 'The article.';
comment on column core.search_parts.version is 'Its version; only the latest is searched, and earlier ones have no rows.';
comment on column core.search_parts.part is 'The part, from 0.';
comment on column core.search_parts.start_offset is 'Where the part begins in the text.';
comment on column core.search_parts.words is 'Its words, as core.search_words reads them.';

create function core.index_words() returns trigger
language plpgsql
as $$
begin
    delete from core.search_parts as known
    using placed
    where known.article_id = placed.article_id and known.version < placed.version;
    insert into core.search_parts (article_id, version, part, start_offset, words)
    select
        placed.article_id, placed.version, part, part * 29000, core.search_words(substr(placed.text, part * 29000 + 1, 30000))
    from placed
    cross join lateral generate_series(0, greatest(0, (char_length(placed.text) - 1001) / 29000)) as part
    where
        not exists (
            select from core.article_versions as newer
            where newer.article_id = placed.article_id and newer.version > placed.version
        );
    return null;
end
$$;
comment on function core.index_words() is 'Keeps core.search_parts at the latest version of each article.';
create trigger article_versions_searchable after insert on core.article_versions
referencing new table as placed for each statement execute function core.index_words();

insert into core.search_parts (article_id, version, part, start_offset, words)
select edition.article_id, edition.version, part, part * 29000, core.search_words(substr(edition.text, part * 29000 + 1, 30000))
from core.articles as article
inner join core.article_versions as edition on edition.article_id = article.article_id and edition.version = article.latest_version
cross join lateral generate_series(0, greatest(0, (char_length(edition.text) - 1001) / 29000)) as part;

create index claim_spans_words on core.claim_spans using gin (core.search_words(quote));


-- Retention.
create table core.publisher_rules (
    publisher text primary key,
    keep_days integer not null check (keep_days >= 1),
    quote_characters integer not null check (quote_characters >= 40)
);
comment on table core.publisher_rules is 'How long what a publisher sent is kept and how much of its text is shown, as last read from include/retention.yaml; the row with an empty name is for all others.';
comment on column core.publisher_rules.publisher is 'The publisher; empty for all that have no row.';
comment on column core.publisher_rules.keep_days is 'Raw payloads and pages are kept this many days.';
comment on column core.publisher_rules.quote_characters is 'At most so many characters of one quote are shown; the claim keeps all of it.';
insert into core.publisher_rules (publisher, keep_days, quote_characters) values ('', 400, 600);

create function core.shown(words text, of_publisher text) returns text
language sql
stable
security definer -- the views of mart show quotes to a role that may read nothing of core
set search_path = pg_catalog
as $$
    select case when char_length(words) > cap then rtrim(left(words, cap - 1)) || '…' else words end
    from (
        select coalesce(
            (select quote_characters from core.publisher_rules where publisher = of_publisher),
            (select quote_characters from core.publisher_rules where publisher = ''),
            600
        ) as cap
    ) as rule
$$;
comment on function core.shown(text, text) is 'As much of a publisher''s words as may be shown.';

create function core.keep_days(of_publisher text) returns integer
language sql
stable
as $$
    select coalesce(
        (select keep_days from core.publisher_rules where publisher = of_publisher),
        (select keep_days from core.publisher_rules where publisher = ''),
        400
    )
$$;
comment on function core.keep_days(text) is 'How many days raw payloads and pages of a publisher are kept.';
