-- question: stores an article version that is new; where it is the latest it waits for select
-- parameters: article (the record Article)
-- columns: is_new (false where this version was there)
with incoming as (
    select *
    from jsonb_to_record(cast(:article as jsonb)) as article (
        article_id text, version integer, entry_id text, url text, publisher text, language text, title text, text text,
        published_at timestamptz, first_seen_at timestamptz, content_sha256 text, zones jsonb, removed jsonb, byline text,
        dates jsonb, has_date_conflict boolean, wire jsonb, notice jsonb, feed_kind text, feed_reliability text,
        is_sample boolean, is_backfill boolean, cleaner_version text
    )
),

stored as (
    insert into core.article_versions (
        article_id, version, entry_id, url, publisher, language, title, text, published_at, first_seen_at, content_sha256,
        zones, removed, byline, dates, has_date_conflict, wire, notice, feed_kind, feed_reliability, is_sample, is_backfill,
        cleaner_version
    )
    select
        article_id, version, entry_id, url, publisher, language, title, text, published_at, first_seen_at, content_sha256,
        zones, removed, byline, dates, has_date_conflict, nullif(wire, 'null'), nullif(notice, 'null'), feed_kind, feed_reliability,
        is_sample, is_backfill, cleaner_version
    from incoming
    on conflict (article_id, version) do nothing
    returning article_id, version, first_seen_at, published_at, is_backfill
),

known as (
    insert into core.articles (article_id, latest_version, first_seen_at)
    select article_id, version, first_seen_at
    from stored
    on conflict (article_id) do update set latest_version = greatest(articles.latest_version, excluded.latest_version)
    returning article_id, latest_version
),

offered as (
    insert into core.stage_inputs (stage, subject_id, edition, first_seen_at, published_at, is_backfill)
    select 'select', stored.article_id, stored.version::text, stored.first_seen_at, stored.published_at, stored.is_backfill
    from stored
    inner join known on known.article_id = stored.article_id and known.latest_version = stored.version
    on conflict do nothing
)

select exists (select from stored) as is_new
