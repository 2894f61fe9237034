-- question: what is known about one allegation?
-- parameters: allegation_id
-- columns: one row, its latest state; none where there is no such allegation
select
    allegations.allegation_id,
    states.version,
    states.accused,
    states.conduct,
    states.counterpart,
    states.event_key,
    states.first_published_at,
    states.last_published_at,
    states.facts,
    cardinality(states.article_ids) as articles,
    cardinality(states.story_ids) as stories,
    cardinality(states.publishers) as publishers,
    states.publishers as publisher_names,
    states.roots,
    states.grade,
    states.is_in_force,
    states.state,
    allegations.first_assessed_at
from core.allegations
inner join core.allegation_versions as states
    on states.allegation_id = allegations.allegation_id
    and states.version = allegations.latest_version
    and states.revision = allegations.latest_revision
where allegations.allegation_id = cast(:allegation_id as text)
