-- question: how did an allegation come to be what it is, newest first?
-- parameters: allegation_id
-- columns: one row a version: since when it is known, what was new and why, the article that brought it, and repeats, the number of further articles that brought nothing new to it
with versions as (
    select
        version,
        count(*) - 1 as repeats
    from core.allegation_versions
    where allegation_id = cast(:allegation_id as text)
    group by version
)

select
    versions.version,
    versions.repeats,
    states.known_from,
    states.grade,
    assessments.novelty,
    assessments.new_facts,
    assessments.reasons,
    articles.article_id,
    articles.title,
    articles.publisher,
    articles.url,
    articles.published_at
from versions
inner join core.allegation_versions as states
    on states.allegation_id = cast(:allegation_id as text) and states.version = versions.version and states.revision = 1
inner join core.assessments on assessments.assessment_id = states.assessment_id
inner join core.article_versions as articles
    on articles.article_id = assessments.article_id and articles.version = assessments.article_version
order by versions.version desc
