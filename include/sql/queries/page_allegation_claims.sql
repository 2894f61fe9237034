-- question: which claims make up an allegation, earliest published first, with where each quote stands?
-- parameters: allegation_id, most (rows at most)
-- columns: one row a claim, of the newest extraction that has it. spans: a list of {start, end, quote, context, context_start}; a context is the stored text around the quote, to be cut to its paragraph. attributions: nearest speaker first
with wanted as (
    select distinct unnest(states.claim_ids) as claim_id
    from core.allegations
    inner join core.allegation_versions as states
        on states.allegation_id = allegations.allegation_id
        and states.version = allegations.latest_version
        and states.revision = allegations.latest_revision
    where allegations.allegation_id = cast(:allegation_id as text)
),

newest as (
    select distinct on (claims.claim_id) claims.*
    from wanted
    inner join core.claims on claims.claim_id = wanted.claim_id
    inner join core.extractions on extractions.extraction_id = claims.extraction_id
    order by claims.claim_id, extractions.superseded_at is null desc, claims.version desc, extractions.extraction_number desc
)

select
    newest.claim_id,
    newest.conduct,
    newest.modality,
    newest.status,
    newest.confidence,
    newest.reasons,
    newest.object,
    newest.place,
    newest.period_written,
    newest.period_first,
    newest.period_last,
    newest.cited_rule,
    newest.rule,
    newest.rule_is_in_force,
    newest.rule_is_verified,
    newest.rule_exemption,
    newest.rule_note,
    newest.regime,
    newest.marks,
    articles.article_id,
    articles.title,
    articles.publisher,
    articles.url,
    articles.language,
    articles.published_at,
    articles.wire ->> 'agency' as agency,
    (
        select jsonb_agg(
            jsonb_build_object(
                'start', spans.start_offset,
                'end', spans.end_offset,
                'quote', spans.quote,
                'context_start', greatest(spans.start_offset - 700, 0),
                'context', substr(
                    articles.text,
                    greatest(spans.start_offset - 700, 0) + 1,
                    spans.end_offset - greatest(spans.start_offset - 700, 0) + 700
                )
            )
            order by spans.ordinal
        )
        from core.claim_spans as spans
        where spans.extraction_id = newest.extraction_id and spans.claim_id = newest.claim_id
    ) as spans,
    (
        select jsonb_agg(
            jsonb_build_object(
                'name', attributions.name,
                'kind', attributions.kind,
                'verb', attributions.verb,
                'stance', attributions.stance,
                'is_inferred', attributions.is_inferred
            )
            order by attributions.ordinal
        )
        from core.claim_attributions as attributions
        where attributions.extraction_id = newest.extraction_id and attributions.claim_id = newest.claim_id
    ) as attributions,
    (
        select jsonb_agg(quantities.written order by quantities.ordinal)
        from core.claim_quantities as quantities
        where quantities.extraction_id = newest.extraction_id and quantities.claim_id = newest.claim_id
    ) as quantities
from newest
inner join core.article_versions as articles on articles.article_id = newest.article_id and articles.version = newest.version
order by articles.published_at, articles.article_id, newest.ordinal
limit cast(:most as integer)
