-- question: notes that an article version was read for claims; where that is news it waits for assess
-- parameters: extraction_id, article_id, version, extractor_version, claims (how many)
-- columns: is_new
with stored as (
    insert into core.extractions as known (extraction_id, article_id, version, extractor_version, claims)
    values (:extraction_id, :article_id, :version, :extractor_version, :claims)
    on conflict (extraction_id) do update set claims = excluded.claims
    returning known.superseded_at
),

offered as (
    insert into core.stage_inputs (stage, subject_id, edition, first_seen_at, published_at, is_backfill)
    select 'assess', edition.article_id, :extraction_id, edition.first_seen_at, edition.published_at, edition.is_backfill
    from stored
    inner join core.articles as article on article.article_id = :article_id and article.latest_version = :version
    inner join core.article_versions as edition on edition.article_id = :article_id and edition.version = :version
    where stored.superseded_at is null
    on conflict do nothing
)

select core.mark_taken('extract', :article_id, cast(cast(:version as integer) as text), :extractor_version)
