-- question: which claims are made in these words, the newest first?
-- parameters: words (as typed: words, "phrases", or, -not), publisher, language (all where empty), since, until (days, or null), limit
-- columns: one row a claim of the latest version of an article, with the best of its quotes. snippet: the quote, its words between U+E000 and U+E001, to be escaped as any text
with asked as (
    select core.search_query(cast(:words as text)) as words
),

found as (
    select distinct on (span.extraction_id, span.claim_id)
        span.extraction_id,
        span.claim_id,
        span.article_id,
        span.version,
        span.start_offset,
        span.quote
    from asked
    inner join core.claim_spans as span on core.search_words(span.quote) @@ asked.words
    where numnode(asked.words) > 0
    order by span.extraction_id, span.claim_id, span.ordinal
)

select
    found.claim_id,
    found.article_id,
    found.version,
    claim.conduct,
    claim.modality,
    claim.status,
    array(
        select actor.name
        from core.claim_actors as actor
        where actor.extraction_id = found.extraction_id and actor.claim_id = found.claim_id and actor.role = 'accused'
        order by actor.ordinal
    ) as accused,
    edition.title,
    edition.publisher,
    edition.url,
    edition.language,
    edition.published_at,
    core.page_of(found.article_id, found.version, found.start_offset) as page,
    ts_headline(
        'pg_catalog.english', translate(core.shown(found.quote, edition.publisher), U&'\E000\E001', ''), asked.words,
        U&'StartSel="\E000", StopSel="\E001", HighlightAll=true'
    ) as snippet
from found
cross join asked
inner join core.extractions as extraction on extraction.extraction_id = found.extraction_id and extraction.superseded_at is null
inner join core.articles as article on article.article_id = found.article_id and article.latest_version = found.version
inner join core.claims as claim on claim.extraction_id = found.extraction_id and claim.claim_id = found.claim_id
inner join core.article_versions as edition on edition.article_id = found.article_id and edition.version = found.version
where
    (cast(:publisher as text) = '' or edition.publisher = :publisher)
    and (cast(:language as text) = '' or edition.language = :language)
    and (cast(:since as date) is null or edition.published_at >= cast(cast(:since as date) as timestamp) at time zone 'UTC')
    and (cast(:until as date) is null or edition.published_at < cast(cast(:until as date) + 1 as timestamp) at time zone 'UTC')
order by edition.published_at desc, found.claim_id
limit :limit
