-- question: which placed articles, published in the window, share fingerprints with this one? Of a fingerprint that very many hold, only the newest count
-- parameters: article_id (left out), hashes, first_at, last_at, frequent (articles that count of one fingerprint), limit
-- columns: article, fingerprints (the records), story_id, relation, shared (how many fingerprints), most shared first
with hits as (
    select hit.article_number, count(*) as shared
    from (select distinct unnest(cast(:hashes as bigint[]))) as wanted (fingerprint)
    cross join lateral (
        select print.article_number
        from core.fingerprints as print
        where print.fingerprint = wanted.fingerprint and print.published_at between :first_at and :last_at
        order by print.published_at desc
        limit :frequent
    ) as hit
    group by hit.article_number
),

final as (
    select article.article_id, placed.story_id, placed.relation, prints.version, prints.published_at, hits.shared
    from hits
    inner join core.articles as article on article.article_number = hits.article_number
    inner join core.article_fingerprints as prints on prints.article_id = article.article_id
    inner join core.story_articles as placed on placed.article_id = article.article_id and placed.is_current
    where article.article_id <> :article_id
    order by hits.shared desc, prints.published_at, article.article_id
    limit :limit
)

select
    to_jsonb(edition) - 'stored_at' as article,
    to_jsonb(prints) as fingerprints,
    final.story_id,
    final.relation,
    final.shared
from final
inner join core.article_versions as edition on edition.article_id = final.article_id and edition.version = final.version
inner join core.article_fingerprints as prints on prints.article_id = final.article_id
order by final.shared desc, final.published_at, final.article_id
