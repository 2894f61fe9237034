-- question: which claims of the newest extractions wait for a person, the latest published first?
-- parameters: page_size, skipped
-- columns: claim_id, conduct, modality, confidence, reasons, quote, accused, article_id, title, publisher, url, published_at, language, total
select
    claims.claim_id,
    claims.conduct,
    claims.modality,
    claims.confidence,
    claims.reasons,
    (
        select spans.quote
        from core.claim_spans as spans
        where spans.extraction_id = claims.extraction_id and spans.claim_id = claims.claim_id
        order by spans.ordinal
        limit 1
    ) as quote,
    (
        select array_agg(actors.name order by actors.ordinal)
        from core.claim_actors as actors
        where actors.extraction_id = claims.extraction_id and actors.claim_id = claims.claim_id and actors.role = 'accused'
    ) as accused,
    articles.article_id,
    articles.title,
    articles.publisher,
    articles.url,
    articles.published_at,
    articles.language,
    count(*) over () as total
from core.claims
inner join core.extractions on extractions.extraction_id = claims.extraction_id and extractions.superseded_at is null
inner join core.articles as latest on latest.article_id = claims.article_id and latest.latest_version = claims.version
inner join core.article_versions as articles on articles.article_id = claims.article_id and articles.version = claims.version
where
    claims.status = 'review'
    and not exists (
        select from core.reviews where reviews.subject_kind = 'claim' and reviews.subject_id = claims.claim_id
    )
order by articles.published_at desc, claims.claim_id
limit cast(:page_size as integer) offset cast(:skipped as integer)
