-- question: stores an assessment that is new, and the state of its allegation after it; nothing is overwritten
-- parameters: assessment (the record Assessment), extraction_id, accused_key, family
-- columns: is_new, is_latest (false where the ledger holds a later version: the caller has read an old state)
with incoming as (
    select *
    from jsonb_to_record(cast(:assessment as jsonb)) as assessment (
        assessment_id text, article_id text, article_version integer, claim_ids text[], novelty text, new_facts jsonb, reasons text[],
        allegation jsonb, assessed_at timestamptz, may_alert boolean, assessor_version text
    )
),

told as (
    select *
    from jsonb_to_record((select allegation from incoming)) as allegation (
        allegation_id text, version integer, accused jsonb, conduct text, counterpart text, event_key text,
        first_published_at timestamptz, last_published_at timestamptz, facts jsonb, claim_ids text[], article_ids text[],
        story_ids text[], publishers text[], roots text[], grade jsonb, is_in_force boolean, state text
    )
),

next_revision as (
    select coalesce(max(known.revision), 0) + 1 as revision
    from told
    left join core.allegation_versions as known on known.allegation_id = told.allegation_id and known.version = told.version
),

stored as (
    insert into core.assessments (
        assessment_id, article_id, article_version, extraction_id, claim_ids, novelty, new_facts, reasons, allegation_id,
        allegation_version, allegation_revision, assessed_at, may_alert, assessor_version
    )
    select
        incoming.assessment_id, incoming.article_id, incoming.article_version, :extraction_id, incoming.claim_ids, incoming.novelty,
        incoming.new_facts, incoming.reasons, told.allegation_id, told.version, next_revision.revision, incoming.assessed_at,
        incoming.may_alert, incoming.assessor_version
    from incoming
    cross join told
    cross join next_revision
    on conflict (assessment_id) do nothing
    returning assessment_id, allegation_revision, assessed_at
),

ledger as (
    insert into core.allegations as known (
        allegation_id, accused_key, family, conduct, latest_version, latest_revision, first_assessed_at
    )
    select
        told.allegation_id, :accused_key, :family, told.conduct, told.version, stored.allegation_revision, stored.assessed_at
    from told
    cross join stored
    on conflict (allegation_id) do update set
        accused_key = excluded.accused_key,
        family = excluded.family,
        conduct = excluded.conduct,
        latest_version = excluded.latest_version,
        latest_revision = excluded.latest_revision
    where known.latest_version <= excluded.latest_version
    returning known.allegation_id
),

state as (
    insert into core.allegation_versions (
        allegation_id, version, revision, assessment_id, known_from, accused, conduct, counterpart, event_key,
        first_published_at, last_published_at, facts, claim_ids, article_ids, story_ids, publishers, roots, grade, is_in_force, state
    )
    select
        told.allegation_id, told.version, stored.allegation_revision, stored.assessment_id, stored.assessed_at, told.accused,
        told.conduct, told.counterpart, told.event_key, told.first_published_at, told.last_published_at, told.facts, told.claim_ids,
        told.article_ids, told.story_ids, told.publishers, told.roots, nullif(told.grade, 'null'), told.is_in_force, told.state
    from told
    cross join stored
),

facts as (
    insert into core.allegation_facts (allegation_id, kind, key, value, claim_id, first_version, assessment_id, known_from)
    select
        told.allegation_id, fact.kind, fact.key, fact.value, fact.claim_id, told.version, stored.assessment_id, stored.assessed_at
    from told
    cross join stored
    cross join lateral jsonb_to_recordset(told.facts) as fact (kind text, key text, value text, claim_id text)
    on conflict (allegation_id, kind, key) do nothing
)

select
    exists (select from stored) as is_new,
    exists (select from ledger) or not exists (select from stored) as is_latest
