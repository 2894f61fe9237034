-- question: in which five-day periods did other articles that credit an agency carry these fingerprints? Only of those carried in two or more
-- parameters: article_id (left out), hashes, first_at, last_at, frequent (articles that count of one fingerprint, the newest), period_seconds
-- columns: agency, fingerprint, periods (numbers since 1970)
with hits as (
    select
        wanted.fingerprint,
        hit.article_number,
        cast(floor(extract(epoch from hit.published_at) / :period_seconds) as integer) as period
    from (select distinct unnest(cast(:hashes as bigint[]))) as wanted (fingerprint)
    cross join lateral (
        select print.article_number, print.published_at
        from core.fingerprints as print
        where print.fingerprint = wanted.fingerprint and print.published_at between :first_at and :last_at
        order by print.published_at desc
        limit :frequent
    ) as hit
),

recurring as (
    select fingerprint
    from hits
    group by fingerprint
    having count(distinct period) >= 2
)

select
    edition.wire ->> 'agency' as agency,
    hits.fingerprint,
    array_agg(distinct hits.period order by hits.period) as periods
from recurring
inner join hits on hits.fingerprint = recurring.fingerprint
inner join core.articles as article on article.article_number = hits.article_number
inner join core.article_fingerprints as prints on prints.article_id = article.article_id
inner join core.article_versions as edition on edition.article_id = article.article_id and edition.version = prints.version
where article.article_id <> :article_id and edition.wire is not null
group by agency, hits.fingerprint
having count(distinct hits.period) >= 2
order by agency, hits.fingerprint
