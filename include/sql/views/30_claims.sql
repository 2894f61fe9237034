-- question: who is said to have done what, by whom, in which words, and under which rule?
-- parameters: none
-- columns: one row per claim of the latest version of an article, as the newest rules read it
create view mart.claims as
with claims as not materialized (
    select * from core.claims
),

extractions as not materialized (
    select * from core.extractions where superseded_at is null
),

articles as not materialized (
    select * from core.articles
),

editions as not materialized (
    select * from core.article_versions
),

placements as not materialized (
    select * from core.story_articles where is_current
),

spans as not materialized (
    select * from core.claim_spans
),

attributions as not materialized (
    select * from core.claim_attributions
),

actors as not materialized (
    select * from core.claim_actors
),

quantities as not materialized (
    select * from core.claim_quantities
),

assessments as not materialized (
    select * from core.assessments
),

final as (
    select
        claims.claim_id,
        claims.article_id,
        claims.version,
        placements.story_id,
        ledger.allegation_id,
        editions.publisher,
        editions.url,
        editions.title,
        editions.language,
        editions.published_at,
        named.accused,
        named.accused_kinds,
        named.accused_countries,
        named.counterparts,
        claims.conduct,
        split_part(claims.conduct, '.', 1) as conduct_family,
        claims.modality,
        claims.status,
        claims.confidence,
        claims.reasons,
        core.shown(quoted.quote, editions.publisher) as quote,
        quoted.quote_start,
        quoted.quote_end,
        array(select core.shown(further, editions.publisher) from unnest(quoted.further_quotes) as further) as further_quotes,
        said.attribution_chain,
        said.root,
        said.root_kind,
        said.has_inferred_step,
        claims.object,
        counted.quantities,
        claims.place,
        claims.period_written,
        claims.period_first,
        claims.period_last,
        claims.period_precision,
        nullif(claims.cited_rule, '') as cited_rule,
        claims.rule,
        claims.rule_is_in_force,
        claims.rule_is_verified,
        nullif(claims.rule_exemption, '') as rule_exemption,
        nullif(claims.rule_note, '') as rule_note,
        claims.regime,
        claims.marks,
        claims.extractor_version,
        editions.is_sample
    from claims
    inner join extractions on extractions.extraction_id = claims.extraction_id
    inner join articles on articles.article_id = extractions.article_id and articles.latest_version = extractions.version
    inner join editions on editions.article_id = extractions.article_id and editions.version = extractions.version
    left join placements on placements.article_id = claims.article_id
    left join lateral (
        select assessments.allegation_id
        from assessments
        where
            assessments.article_id = claims.article_id
            and assessments.article_version = claims.version
            and claims.claim_id = any(assessments.claim_ids)
        order by assessments.assessed_at desc, assessments.assessment_id
        limit 1
    ) as ledger on true
    left join lateral (
        select
            min(spans.quote) filter (where spans.ordinal = 1) as quote,
            min(spans.start_offset) filter (where spans.ordinal = 1) as quote_start,
            min(spans.end_offset) filter (where spans.ordinal = 1) as quote_end,
            coalesce(array_agg(spans.quote order by spans.ordinal) filter (where spans.ordinal > 1), '{}') as further_quotes
        from spans
        where spans.extraction_id = claims.extraction_id and spans.claim_id = claims.claim_id
    ) as quoted on true
    left join lateral (
        select
            string_agg(attributions.name, ' ← ' order by attributions.ordinal) as attribution_chain,
            (array_agg(attributions.name order by attributions.ordinal desc))[1] as root,
            (array_agg(attributions.kind order by attributions.ordinal desc))[1] as root_kind,
            coalesce(bool_or(attributions.is_inferred), false) as has_inferred_step
        from attributions
        where attributions.extraction_id = claims.extraction_id and attributions.claim_id = claims.claim_id
    ) as said on true
    left join lateral (
        select
            coalesce(array_agg(actors.name order by actors.ordinal) filter (where actors.role = 'accused'), '{}') as accused,
            coalesce(array_agg(actors.kind order by actors.ordinal) filter (where actors.role = 'accused'), '{}') as accused_kinds,
            coalesce(array_agg(actors.country order by actors.ordinal) filter (where actors.role = 'accused'), '{}') as accused_countries,
            coalesce(array_agg(actors.name order by actors.ordinal) filter (where actors.role = 'counterpart'), '{}') as counterparts
        from actors
        where actors.extraction_id = claims.extraction_id and actors.claim_id = claims.claim_id
    ) as named on true
    left join lateral (
        select coalesce(array_agg(quantities.written order by quantities.ordinal), '{}') as quantities
        from quantities
        where quantities.extraction_id = claims.extraction_id and quantities.claim_id = claims.claim_id
    ) as counted on true
)

select * from final;

comment on view mart.claims is 'Claims with their evidence, one row per claim of the latest version of an article, as the newest rules read it. A claim is what somebody says, not a finding.';
comment on column mart.claims.claim_id is 'The claim.';
comment on column mart.claims.article_id is 'The article it stands in.';
comment on column mart.claims.version is 'The version of that article.';
comment on column mart.claims.story_id is 'The story of that article.';
comment on column mart.claims.allegation_id is 'The allegation it belongs to; null where it was not assessed yet, or raised none.';
comment on column mart.claims.publisher is 'Who published the article.';
comment on column mart.claims.url is 'The article''s address.';
comment on column mart.claims.title is 'The article''s headline.';
comment on column mart.claims.language is 'ISO 639-1 code of the article''s language.';
comment on column mart.claims.published_at is 'When the article was published.';
comment on column mart.claims.accused is 'Who is accused, in the order of the text.';
comment on column mart.claims.accused_kinds is 'What each of them is: state, company, person, vessel, bank, organisation or unknown.';
comment on column mart.claims.accused_countries is 'The ISO 3166-1 alpha-2 code of each, empty where it is not known.';
comment on column mart.claims.counterparts is 'Who stood on the other side.';
comment on column mart.claims.conduct is 'What was done, an id of the taxonomy such as labour.new_permits.';
comment on column mart.claims.conduct_family is 'The part of it before the dot.';
comment on column mart.claims.modality is 'How firmly it is said: alleged, conditional, documented, confirmed, denied or withdrawn.';
comment on column mart.claims.status is 'accepted (may raise an alert) or review (a person should look first).';
comment on column mart.claims.confidence is 'How sure the extraction is, from 0 to 1.';
comment on column mart.claims.reasons is 'Why it was taken as a claim and with this status, in words.';
comment on column mart.claims.quote is 'The chief quote, word for word.';
comment on column mart.claims.quote_start is 'Where it begins in the article''s text, in characters from 0.';
comment on column mart.claims.quote_end is 'Where it ends: the first character after it.';
comment on column mart.claims.further_quotes is 'Other quotes that say the same.';
comment on column mart.claims.attribution_chain is 'Who says it, nearest first: UPI ← Wall Street Journal.';
comment on column mart.claims.root is 'The last source that is known; null where none is.';
comment on column mart.claims.root_kind is 'What the root is: publisher, agency, official, government, organisation, document, person or unnamed.';
comment on column mart.claims.has_inferred_step is 'Whether a step of the chain is not in the text but concluded by us.';
comment on column mart.claims.object is 'What was dealt in, as written.';
comment on column mart.claims.quantities is 'The numbers, as written.';
comment on column mart.claims.place is 'Where, as written.';
comment on column mart.claims.period_written is 'When it was done, as written; null where the text does not say.';
comment on column mart.claims.period_first is 'The first day of that time, resolved against the publication date.';
comment on column mart.claims.period_last is 'The last day of that time.';
comment on column mart.claims.period_precision is 'How exact that time is: day, week, month, quarter, year or unknown.';
comment on column mart.claims.cited_rule is 'The rule the speaker names; null where none is named.';
comment on column mart.claims.rule is 'The UN paragraph, mapped by us; null where none fits.';
comment on column mart.claims.rule_is_in_force is 'Whether that paragraph was in force at the time of the conduct.';
comment on column mart.claims.rule_is_verified is 'Whether the mapping was checked against the resolution''s text.';
comment on column mart.claims.rule_exemption is 'The exemption that might apply.';
comment on column mart.claims.rule_note is 'What else must be known about the rule.';
comment on column mart.claims.regime is 'The law it is alleged under: UN, US, EU, KR, JP ...';
comment on column mart.claims.marks is 'Marks of evasion or doubt.';
comment on column mart.claims.extractor_version is 'The version of the rules that found it.';
comment on column mart.claims.is_sample is 'Whether it belongs to the bundled replay.';
