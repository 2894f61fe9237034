-- question: which articles hold these words, the best first?
-- parameters: words (as typed: words, "phrases", or, -not), publisher, language (all where empty), since, until (days, or null), limit
-- columns: one row an article in its latest version. snippet: stretches around the words, which stand between U+E000 and U+E001 and are to be escaped as any text
with asked as (
    select core.search_query(cast(:words as text)) as words
),

found as (
    select
        edition.article_id,
        edition.version,
        edition.title,
        edition.publisher,
        edition.url,
        edition.language,
        edition.published_at,
        max(ts_rank_cd(part.words, asked.words, 1)) as rank,
        (array_agg(part.start_offset order by ts_rank_cd(part.words, asked.words, 1) desc, part.part))[1] as start_offset
    from asked
    inner join core.search_parts as part on part.words @@ asked.words
    inner join core.article_versions as edition on edition.article_id = part.article_id and edition.version = part.version
    where
        numnode(asked.words) > 0
        and (cast(:publisher as text) = '' or edition.publisher = :publisher)
        and (cast(:language as text) = '' or edition.language = :language)
        and (cast(:since as date) is null or edition.published_at >= cast(cast(:since as date) as timestamp) at time zone 'UTC')
        and (cast(:until as date) is null or edition.published_at < cast(cast(:until as date) + 1 as timestamp) at time zone 'UTC')
    group by edition.article_id, edition.version
    order by rank desc, edition.published_at desc, edition.article_id
    limit :limit
)

select
    found.article_id,
    found.version,
    found.title,
    found.publisher,
    found.url,
    found.language,
    found.published_at,
    ts_headline(
        'pg_catalog.english', translate(substr(edition.text, found.start_offset + 1, 30000), U&'\E000\E001', ''), asked.words,
        U&'StartSel="\E000", StopSel="\E001", MaxFragments=2, MaxWords=35, MinWords=15, FragmentDelimiter=" … "'
    ) as snippet
from found
cross join asked
inner join core.article_versions as edition on edition.article_id = found.article_id and edition.version = found.version
order by found.rank desc, found.published_at desc, found.article_id
