-- question: what was known about an allegation on a given day?
-- parameters: none; on day D: known_from <= D and (known_until is null or D < known_until)
-- columns: one row per state of an allegation
create view mart.allegation_versions as
with states as not materialized (
    select * from core.allegation_versions
),

assessments as not materialized (
    select * from core.assessments
),

final as (
    select
        states.allegation_id,
        states.version,
        states.revision,
        states.known_from,
        lead(states.known_from) over (partition by states.allegation_id order by states.version, states.revision) as known_until,
        assessments.novelty,
        assessments.article_id,
        array(select fact ->> 'value' from jsonb_array_elements(assessments.new_facts) as fact) as new_facts,
        assessments.reasons,
        states.accused ->> 'name' as accused,
        states.conduct,
        states.state,
        states.is_in_force,
        cardinality(states.roots) as roots,
        states.roots as root_names,
        cardinality(states.publishers) as publishers,
        cardinality(states.article_ids) as articles,
        jsonb_array_length(states.facts) as facts,
        (states.grade ->> 'reliability') || (states.grade ->> 'credibility') as grade,
        states.first_published_at,
        states.last_published_at
    from states
    inner join assessments on assessments.assessment_id = states.assessment_id
)

select * from final;

comment on view mart.allegation_versions is 'Every state an allegation has had, as known from one time to another; nothing is overwritten.';
comment on column mart.allegation_versions.allegation_id is 'The allegation.';
comment on column mart.allegation_versions.version is 'Its version: goes up when a fact is new.';
comment on column mart.allegation_versions.revision is 'Counts the states within a version: articles that bring nothing new.';
comment on column mart.allegation_versions.known_from is 'Since when this was what was known.';
comment on column mart.allegation_versions.known_until is 'Until when it was; null for what is known now.';
comment on column mart.allegation_versions.novelty is 'What the article that made this state did: NEW, UPDATE, DENIAL, CORRECTION or NOTHING.';
comment on column mart.allegation_versions.article_id is 'The article that made this state.';
comment on column mart.allegation_versions.new_facts is 'The facts it brought, in words.';
comment on column mart.allegation_versions.reasons is 'Why it was judged so, in words.';
comment on column mart.allegation_versions.accused is 'Who is accused.';
comment on column mart.allegation_versions.conduct is 'What was done, an id of the taxonomy.';
comment on column mart.allegation_versions.state is 'open or withdrawn.';
comment on column mart.allegation_versions.is_in_force is 'Whether the rule was in force at the time of the conduct.';
comment on column mart.allegation_versions.roots is 'How many independent sources it rested on.';
comment on column mart.allegation_versions.root_names is 'Who they were, the most telling first.';
comment on column mart.allegation_versions.publishers is 'How many publishers had printed it.';
comment on column mart.allegation_versions.articles is 'In how many articles.';
comment on column mart.allegation_versions.facts is 'How many facts were known.';
comment on column mart.allegation_versions.grade is 'The proposed Admiralty grade then; null where there was none.';
comment on column mart.allegation_versions.first_published_at is 'When the first of its articles was published.';
comment on column mart.allegation_versions.last_published_at is 'When the last of its articles was published.';
