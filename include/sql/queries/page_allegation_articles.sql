-- question: which articles does an allegation rest on, in the order of publication, and which of them print one report?
-- parameters: allegation_id
-- columns: one row an article in its latest version, with its story, its relation to it, and the agency it comes from
with wanted as (
    select distinct unnest(states.article_ids) as article_id
    from core.allegations
    inner join core.allegation_versions as states
        on states.allegation_id = allegations.allegation_id
        and states.version = allegations.latest_version
        and states.revision = allegations.latest_revision
    where allegations.allegation_id = cast(:allegation_id as text)
)

select
    versions.article_id,
    versions.version,
    versions.title,
    versions.publisher,
    versions.url,
    versions.language,
    versions.published_at,
    versions.first_seen_at,
    versions.feed_reliability,
    versions.is_sample,
    versions.notice ->> 'kind' as notice,
    coalesce(versions.wire ->> 'agency', nullif(placed.origin_agency, ''), stories.origin_agency, '') as agency,
    versions.wire is null as is_agency_inferred,
    placed.story_id,
    placed.relation,
    placed.evidence
from wanted
inner join core.articles on articles.article_id = wanted.article_id
inner join core.article_versions as versions
    on versions.article_id = articles.article_id and versions.version = articles.latest_version
left join core.story_articles as placed on placed.article_id = wanted.article_id and placed.is_current
left join core.stories on stories.story_id = placed.story_id
order by versions.published_at, versions.article_id
