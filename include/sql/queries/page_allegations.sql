-- question: which allegations are known, the one that last gained a fact first?
-- parameters: state ('' or open, withdrawn), conduct ('' or an id or a family), accused ('' or part of a name), page_size, skipped
-- columns: one row an allegation in its latest state, with who accuses, what it rests on, and total, the number of rows on all pages
with latest as (
    select
        allegations.allegation_id,
        states.version,
        states.accused,
        states.conduct,
        states.counterpart,
        states.first_published_at,
        states.last_published_at,
        states.facts,
        states.article_ids,
        states.story_ids,
        states.publishers,
        states.roots,
        states.grade,
        states.is_in_force,
        states.state
    from core.allegations
    inner join core.allegation_versions as states
        on states.allegation_id = allegations.allegation_id
        and states.version = allegations.latest_version
        and states.revision = allegations.latest_revision
    where
        (cast(:state as text) = '' or states.state = cast(:state as text))
        and (
            cast(:conduct as text) = ''
            or allegations.conduct = cast(:conduct as text)
            or allegations.family = cast(:conduct as text)
        )
        and (
            cast(:accused as text) = ''
            or strpos(lower(states.accused ->> 'name'), lower(cast(:accused as text))) > 0
            or lower(states.accused ->> 'country') = lower(cast(:accused as text))
        )
),

changes as (
    select
        latest.allegation_id,
        states.known_from as changed_at,
        assessments.novelty
    from latest
    inner join core.allegation_versions as states
        on states.allegation_id = latest.allegation_id and states.version = latest.version and states.revision = 1
    inner join core.assessments on assessments.assessment_id = states.assessment_id
),

samples as (
    select
        latest.allegation_id,
        bool_or(articles.is_sample) as is_sample
    from latest
    inner join core.article_versions as articles on articles.article_id = any(latest.article_ids)
    group by latest.allegation_id
)

select
    latest.allegation_id,
    latest.version,
    latest.accused,
    latest.conduct,
    latest.counterpart,
    latest.first_published_at,
    latest.last_published_at,
    latest.facts,
    cardinality(latest.article_ids) as articles,
    cardinality(latest.story_ids) as stories,
    cardinality(latest.publishers) as publishers,
    latest.roots,
    latest.grade,
    latest.is_in_force,
    latest.state,
    changes.changed_at,
    changes.novelty,
    coalesce(samples.is_sample, false) as is_sample,
    count(*) over () as total
from latest
inner join changes on changes.allegation_id = latest.allegation_id
left join samples on samples.allegation_id = latest.allegation_id
order by changes.changed_at desc, latest.allegation_id asc
limit cast(:page_size as integer) offset cast(:skipped as integer)
