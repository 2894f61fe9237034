-- question: what have analysts judged, as cases to test the rules with, the earliest first?
-- parameters: none
-- columns: kind (allegation, claim or article), subject_id, decision, reason, said_by, said_at, told (what was judged, as stored then)
select
    'allegation' as kind,
    rulings.allegation_id as subject_id,
    rulings.kind as decision,
    rulings.reason,
    rulings.said_by,
    rulings.said_at,
    jsonb_build_object(
        'grade', rulings.grade, 'accused', states.accused, 'conduct', states.conduct, 'claims', to_jsonb(states.claim_ids),
        'articles', to_jsonb(states.article_ids), 'facts', states.facts
    ) as told
from core.rulings
inner join lateral (
    select *
    from core.allegation_versions
    where allegation_versions.allegation_id = rulings.allegation_id
    order by allegation_versions.known_from > rulings.said_at, allegation_versions.version desc, allegation_versions.revision desc
    limit 1
) as states on true
union all
select
    reviews.subject_kind,
    reviews.subject_id,
    reviews.decision,
    reviews.reason,
    reviews.said_by,
    reviews.said_at,
    case
        when reviews.subject_kind = 'claim' then (
            select jsonb_build_object('article', claims.article_id, 'version', claims.version, 'conduct', claims.conduct,
                                      'modality', claims.modality, 'spans', (
                select jsonb_agg(jsonb_build_object('start', spans.start_offset, 'end', spans.end_offset, 'quote', spans.quote)
                                 order by spans.ordinal)
                from core.claim_spans as spans
                where spans.extraction_id = claims.extraction_id and spans.claim_id = claims.claim_id
            ))
            from core.claims
            where claims.claim_id = reviews.subject_id
            order by claims.version desc
            limit 1
        )
        else (
            select jsonb_build_object('article', articles.article_id, 'url', versions.url, 'title', versions.title,
                                      'publisher', versions.publisher)
            from core.articles
            inner join core.article_versions as versions
                on versions.article_id = articles.article_id and versions.version = articles.latest_version
            where articles.article_id = reviews.subject_id
        )
    end
from core.reviews
order by said_at
