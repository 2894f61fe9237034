-- question: what does assess need of these articles: their claims, where they stand, and the claims of what they replace, correct or kill?
-- parameters: article_ids, extraction_ids
-- columns: article, placement (the records), claims, previous_claims (lists of the record Claim), is_reprocessed, extraction_id; in the order given
with wanted as (
    select *
    from unnest(cast(:article_ids as text[]), cast(:extraction_ids as text[])) with ordinality as wanted (article_id, extraction_id, ordinal)
),

previous as (
    -- the article's own version before this one
    select wanted.ordinal, earlier.extraction_id, edition.published_at
    from wanted
    inner join core.extractions as mine on mine.extraction_id = wanted.extraction_id
    inner join core.extractions as earlier
        on earlier.article_id = mine.article_id
        and earlier.superseded_at is null
        and earlier.version = (
            select max(before.version)
            from core.extractions as before
            where before.article_id = mine.article_id and before.version < mine.version
        )
    inner join core.article_versions as edition on edition.article_id = earlier.article_id and edition.version = earlier.version
    union all
    -- what a correction or kill takes back: what the story had printed until then
    select wanted.ordinal, printed.extraction_id, edition.published_at
    from wanted
    inner join core.extractions as mine on mine.extraction_id = wanted.extraction_id
    inner join core.article_versions as correction on correction.article_id = mine.article_id and correction.version = mine.version
    inner join core.story_articles as placed
        on placed.article_id = mine.article_id and placed.is_current and placed.relation in ('correction_of', 'kill_of')
    inner join core.story_articles as other
        on other.story_id = placed.story_id and other.is_current and other.article_id <> mine.article_id
    inner join core.article_versions as edition on edition.article_id = other.article_id and edition.version = other.version
    inner join core.extractions as printed
        on printed.article_id = other.article_id and printed.version = other.version and printed.superseded_at is null
    where edition.published_at <= correction.published_at
)

select
    to_jsonb(edition) - 'stored_at' as article,
    to_jsonb(placed) - 'is_current' - 'stored_at' as placement,
    coalesce(
        (
            select jsonb_agg(record.claim order by record.ordinal)
            from core.claim_records as record
            where record.extraction_id = wanted.extraction_id
        ),
        '[]'
    ) as claims,
    coalesce(
        (
            select jsonb_agg(record.claim order by previous.published_at, record.extraction_id, record.ordinal)
            from previous
            inner join core.claim_records as record on record.extraction_id = previous.extraction_id
            where previous.ordinal = wanted.ordinal
        ),
        '[]'
    ) as previous_claims,
    exists (
        select from core.extractions as known
        where known.article_id = edition.article_id and known.version = edition.version and known.assessed_by <> '{}'
    ) as is_reprocessed,
    wanted.extraction_id
from wanted
inner join core.articles as article on article.article_id = wanted.article_id
inner join core.article_versions as edition on edition.article_id = article.article_id and edition.version = article.latest_version
inner join core.story_articles as placed on placed.article_id = wanted.article_id and placed.is_current
order by wanted.ordinal
