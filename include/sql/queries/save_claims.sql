-- question: stores the claims of an extraction with quotes, attributions, actors and quantities; a trigger holds each quote to the article's text
-- parameters: extraction_id, claims (list of the record Claim; spans and attributions with their quote, actors with their accused_key)
-- columns: none
with incoming as (
    select claim.*, ordinality::integer as ordinal
    from rows from (
        jsonb_to_recordset(cast(:claims as jsonb)) as (
            claim_id text, article_id text, version integer, accused jsonb, conduct text, modality text, spans jsonb, attributions jsonb,
            status text, confidence double precision, reasons text[], counterparts jsonb, object text, quantities jsonb, place text,
            period jsonb, cited_rule text, mapped_rule jsonb, regime text, marks text[], extractor_version text
        )
    ) with ordinality as claim
),

stored as (
    insert into core.claims (
        extraction_id, claim_id, article_id, version, ordinal, conduct, modality, status, confidence, reasons, object, place,
        period_written, period_first, period_last, period_precision, cited_rule, rule, rule_is_in_force, rule_is_verified,
        rule_exemption, rule_note, regime, marks, extractor_version
    )
    select
        :extraction_id, claim_id, article_id, version, ordinal, conduct, modality, status, confidence, reasons, object, place,
        period ->> 'written', (period ->> 'first')::date, (period ->> 'last')::date, period ->> 'precision', cited_rule,
        mapped_rule ->> 'rule', (mapped_rule ->> 'is_in_force')::boolean, (mapped_rule ->> 'is_verified')::boolean,
        mapped_rule ->> 'exemption', mapped_rule ->> 'note', regime, marks, extractor_version
    from incoming
),

quoted as (
    insert into core.claim_spans (extraction_id, claim_id, ordinal, article_id, version, start_offset, end_offset, quote)
    select
        :extraction_id, claim_id, span.ordinality, article_id, version,
        (span.record ->> 'start')::integer, (span.record ->> 'end')::integer, span.record ->> 'quote'
    from incoming
    cross join lateral jsonb_array_elements(spans) with ordinality as span (record, ordinality)
),

attributed as (
    insert into core.claim_attributions (
        extraction_id, claim_id, ordinal, article_id, version, name, kind, verb, stance, start_offset, end_offset, quote, is_inferred
    )
    select
        :extraction_id, claim_id, step.ordinality, article_id, version,
        step.record ->> 'name', step.record ->> 'kind', step.record ->> 'verb', step.record ->> 'stance',
        (step.record -> 'span' ->> 'start')::integer, (step.record -> 'span' ->> 'end')::integer, step.record -> 'span' ->> 'quote',
        (step.record ->> 'is_inferred')::boolean
    from incoming
    cross join lateral jsonb_array_elements(attributions) with ordinality as step (record, ordinality)
),

acted as (
    insert into core.claim_actors (extraction_id, claim_id, role, ordinal, name, kind, country, imo, imo_is_valid, accused_key)
    select
        :extraction_id, claim_id, actor.role, actor.ordinality,
        actor.record ->> 'name', actor.record ->> 'kind', actor.record ->> 'country', actor.record ->> 'imo',
        (actor.record ->> 'imo_is_valid')::boolean, actor.record ->> 'accused_key'
    from incoming
    cross join lateral (
        select 'accused' as role, record, ordinality
        from jsonb_array_elements(accused) with ordinality as one (record, ordinality)
        union all
        select 'counterpart', record, ordinality
        from jsonb_array_elements(counterparts) with ordinality as one (record, ordinality)
    ) as actor
)

insert into core.claim_quantities (extraction_id, claim_id, ordinal, value, unit, written)
select
    :extraction_id, claim_id, quantity.ordinality,
    (quantity.record ->> 'value')::double precision, quantity.record ->> 'unit', quantity.record ->> 'written'
from incoming
cross join lateral jsonb_array_elements(quantities) with ordinality as quantity (record, ordinality)
