-- question: of which open allegations has no analyst said anything yet, the one alerted last first?
-- parameters: page_size, skipped
-- columns: allegation_id, accused, conduct, roots, grade, facts, articles, alerted_at, alerts, total
with alerted as (
    select
        allegation_id,
        max(created_at) as alerted_at,
        count(*) as alerts
    from core.alerts
    group by allegation_id
)

select
    allegations.allegation_id,
    states.accused,
    states.conduct,
    states.roots,
    states.grade,
    states.facts,
    cardinality(states.article_ids) as articles,
    alerted.alerted_at,
    alerted.alerts,
    count(*) over () as total
from alerted
inner join core.allegations on allegations.allegation_id = alerted.allegation_id
inner join core.allegation_versions as states
    on states.allegation_id = allegations.allegation_id
    and states.version = allegations.latest_version
    and states.revision = allegations.latest_revision
where
    states.state = 'open'
    and not exists (select from core.rulings where rulings.allegation_id = allegations.allegation_id and rulings.kind <> 'grade')
order by alerted.alerted_at desc, allegations.allegation_id
limit cast(:page_size as integer) offset cast(:skipped as integer)
