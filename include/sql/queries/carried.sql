-- question: in which five-day periods did other articles that credit an agency carry these fingerprints? Only of those carried in two or more
-- parameters: article_id (left out), hashes, first_at, last_at, frequent (articles that count of one fingerprint, the newest), period_seconds
-- columns: agency, fingerprint, periods (numbers since 1970); of a fingerprint known as frequent, as they were when it was learned
with wanted as (
    select distinct hash.fingerprint, known.carried
    from unnest(cast(:hashes as bigint[])) as hash (fingerprint)
    left join core.frequent_fingerprints as known on known.fingerprint = hash.fingerprint
),

counted as (
    select
        wanted.fingerprint,
        hit.agency_number,
        array_agg(distinct cast(floor(extract(epoch from hit.published_at) / :period_seconds) as integer)) as periods
    from wanted
    cross join lateral (
        select print.article_number, print.agency_number, print.published_at
        from core.fingerprints as print
        where print.fingerprint = wanted.fingerprint and print.published_at between :first_at and :last_at
        order by print.published_at desc
        limit case when wanted.carried is null then cast(:frequent as bigint) else 0 end
    ) as hit
    where
        hit.agency_number <> 0
        and hit.article_number is distinct from (select own.article_number from core.articles as own where own.article_id = :article_id)
    group by wanted.fingerprint, hit.agency_number
),

final as (
    select agency_number, fingerprint, periods
    from counted
    union all
    select
        cast(known.agency_number as smallint) as agency_number,
        wanted.fingerprint,
        array(select cast(number as integer) from jsonb_array_elements_text(known.numbers) as number order by 1) as periods
    from wanted
    cross join lateral jsonb_each(wanted.carried) as known (agency_number, numbers)
)

select agency.name as agency, final.fingerprint, final.periods
from final
inner join core.agencies as agency on agency.agency_number = final.agency_number
where cardinality(final.periods) >= 2
order by agency.name, final.fingerprint
