-- question: what is alleged against whom, on how many independent roots, and how far can it be trusted?
-- parameters: none
-- columns: one row per allegation, in its latest state
create view mart.allegations as
with allegations as not materialized (
    select * from core.allegations
),

states as not materialized (
    select * from core.allegation_versions
),

editions as not materialized (
    select * from core.article_versions
),

alerts as not materialized (
    select * from core.alerts
),

final as (
    select
        allegations.allegation_id,
        states.version,
        states.accused ->> 'name' as accused,
        states.accused ->> 'kind' as accused_kind,
        nullif(states.accused ->> 'country', '') as accused_country,
        allegations.conduct,
        allegations.family as conduct_family,
        nullif(states.counterpart, '') as counterpart,
        nullif(states.event_key, '') as event_key,
        states.state,
        states.is_in_force,
        cardinality(states.roots) as roots,
        states.roots as root_names,
        cardinality(states.publishers) as publishers,
        states.publishers as publisher_names,
        cardinality(states.story_ids) as stories,
        cardinality(states.article_ids) as articles,
        cardinality(states.claim_ids) as claims,
        jsonb_array_length(states.facts) as facts,
        (states.grade ->> 'reliability') || (states.grade ->> 'credibility') as grade,
        states.grade ->> 'reliability' as grade_reliability,
        states.grade ->> 'credibility' as grade_credibility,
        array(select jsonb_array_elements_text(states.grade -> 'reasons')) as grade_reasons,
        states.first_published_at,
        states.last_published_at,
        allegations.first_assessed_at as known_since,
        states.known_from as changed_at,
        (select count(*) from alerts where alerts.allegation_id = allegations.allegation_id) as alerts,
        exists (
            select from editions
            where editions.article_id = any(states.article_ids) and editions.is_sample
        ) as is_sample
    from allegations
    inner join states
        on states.allegation_id = allegations.allegation_id
        and states.version = allegations.latest_version
        and states.revision = allegations.latest_revision
)

select * from final;

comment on view mart.allegations is 'Allegations, one row each in its latest state. Articles are not sources: roots counts the independent ones. An allegation is not a finding.';
comment on column mart.allegations.allegation_id is 'The allegation.';
comment on column mart.allegations.version is 'Its version: goes up when a fact is new.';
comment on column mart.allegations.accused is 'Who is accused.';
comment on column mart.allegations.accused_kind is 'state, company, person, vessel, bank, organisation or unknown.';
comment on column mart.allegations.accused_country is 'ISO 3166-1 alpha-2 code; null where it is not known.';
comment on column mart.allegations.conduct is 'What was done, an id of the taxonomy.';
comment on column mart.allegations.conduct_family is 'The part of it before the dot.';
comment on column mart.allegations.counterpart is 'The other side; null where none is told.';
comment on column mart.allegations.event_key is 'Of an event-like conduct: what happened when and where; null for a lasting one.';
comment on column mart.allegations.state is 'open or withdrawn.';
comment on column mart.allegations.is_in_force is 'Whether the rule was in force at the time of the conduct.';
comment on column mart.allegations.roots is 'How many independent sources it rests on.';
comment on column mart.allegations.root_names is 'Who they are, the most telling first.';
comment on column mart.allegations.publishers is 'How many publishers printed it.';
comment on column mart.allegations.publisher_names is 'Who they are.';
comment on column mart.allegations.stories is 'In how many stories.';
comment on column mart.allegations.articles is 'In how many articles, reprints included.';
comment on column mart.allegations.claims is 'How many claims these articles make about it.';
comment on column mart.allegations.facts is 'How many facts are known about it.';
comment on column mart.allegations.grade is 'The proposed Admiralty grade, as B3; null where there is none.';
comment on column mart.allegations.grade_reliability is 'Reliability of the sources, A (complete) to F (cannot be judged).';
comment on column mart.allegations.grade_credibility is 'Credibility of what is said, 1 (confirmed) to 6 (cannot be judged).';
comment on column mart.allegations.grade_reasons is 'Why, in words.';
comment on column mart.allegations.first_published_at is 'When the first of its articles was published.';
comment on column mart.allegations.last_published_at is 'When the last of its articles was published.';
comment on column mart.allegations.known_since is 'When we first knew of it.';
comment on column mart.allegations.changed_at is 'When its latest state became known.';
comment on column mart.allegations.alerts is 'How many alerts were raised about it.';
comment on column mart.allegations.is_sample is 'Whether it comes from the bundled replay.';
