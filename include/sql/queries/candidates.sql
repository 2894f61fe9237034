-- question: which placed articles, published in the window, share fingerprints with this one? Notes which fingerprints turn out to be frequent
-- parameters: article_id, hashes, first_at, last_at, frequent (more holders make a fingerprint so), period_seconds (background is what an agency carries in several), few (so many holders of a frequent one count, the newest, and so many articles that share none but such), limit
-- columns: article (the record Article and stored_at), fingerprints (the record), story_id, relation, shared (how many fingerprints), most shared first
with wanted as (
    select distinct hash.fingerprint, known.fingerprint is not null as is_frequent
    from unnest(cast(:hashes as bigint[])) as hash (fingerprint)
    left join core.frequent_fingerprints as known on known.fingerprint = hash.fingerprint
),

holders as (
    select wanted.fingerprint, wanted.is_frequent, hit.article_number, hit.agency_number, hit.published_at, hit.place
    from wanted
    cross join lateral (
        select
            print.article_number, print.agency_number, print.published_at,
            row_number() over (order by print.published_at desc) as place
        from core.fingerprints as print
        where print.fingerprint = wanted.fingerprint and print.published_at between :first_at and :last_at
        order by print.published_at desc
        limit case when wanted.is_frequent then cast(:few as bigint) else cast(:frequent as bigint) + 1 end
    ) as hit
),

crowded as (
    select holders.fingerprint
    from holders
    where holders.place > :frequent
),

periods as (
    select
        holders.fingerprint,
        holders.agency_number,
        jsonb_agg(distinct cast(floor(extract(epoch from holders.published_at) / :period_seconds) as integer)) as numbers
    from crowded
    inner join holders on holders.fingerprint = crowded.fingerprint
    group by holders.fingerprint, holders.agency_number
),

learned as (
    insert into core.frequent_fingerprints (fingerprint, carried)
    select fingerprint, coalesce(jsonb_object_agg(agency_number, numbers) filter (where agency_number <> 0), '{}')
    from periods
    group by fingerprint
    order by fingerprint
    on conflict do nothing
),

hits as (
    select holders.article_number, holders.published_at, count(*) as shared, bool_and(holders.is_frequent or crowded.fingerprint is not null) as is_echo
    from holders
    left join crowded on crowded.fingerprint = holders.fingerprint
    where
        (crowded.fingerprint is null or holders.place <= :few)
        and holders.article_number is distinct from (select own.article_number from core.articles as own where own.article_id = :article_id)
    group by holders.article_number, holders.published_at
),

ranked as (
    (
        select * from hits
        where not is_echo
        order by shared desc, published_at
        fetch first cast(:limit as bigint) rows with ties
    )
    union all
    (
        select * from hits
        where is_echo
        order by shared desc, published_at desc, article_number desc
        limit :few
    )
),

final as (
    select article.article_id, placed.story_id, placed.relation, ranked.published_at, ranked.shared
    from ranked
    -- one row each, by the index: "limit 1" keeps the planner from reading whole tables for a few dozen rows
    cross join lateral (
        select known.article_id
        from core.articles as known
        where known.article_number = ranked.article_number
        limit 1
    ) as article
    inner join core.story_articles as placed on placed.article_id = article.article_id and placed.is_current
    order by ranked.shared desc, ranked.published_at, article.article_id
    limit :limit
)

select
    to_json(edition) as article,
    to_json(prints) as fingerprints,
    final.story_id,
    final.relation,
    final.shared
from final
cross join lateral (
    select *
    from core.article_fingerprints as known
    where known.article_id = final.article_id
    limit 1
) as prints
inner join core.article_versions as edition on edition.article_id = prints.article_id and edition.version = prints.version
order by final.shared desc, final.published_at, final.article_id
