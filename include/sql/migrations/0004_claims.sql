-- core: extractions and their claims, with accused, attributions, quantities, and the quotes that must match the stored text.

create table core.extractions (
    extraction_id text collate "C" primary key,
    article_id text collate "C" not null,
    version integer not null,
    extractor_version text not null,
    extraction_number bigint generated always as identity unique,
    claims integer not null,
    extracted_at timestamptz not null default now(),
    superseded_at timestamptz,
    assessed_by text[] not null default '{}',
    unique (article_id, version, extractor_version),
    foreign key (article_id, version) references core.article_versions
);
create unique index extractions_newest on core.extractions (article_id, version) where superseded_at is null;
comment on table core.extractions is 'That an article version was read for claims by one version of the extracting rules, also where it held none.';
comment on column core.extractions.extraction_id is 'The extraction.';
comment on column core.extractions.article_id is 'The article.';
comment on column core.extractions.version is 'Its version.';
comment on column core.extractions.extractor_version is 'The version of the extracting rules.';
comment on column core.extractions.extraction_number is 'Grows with every extraction: the newest of an article version counts.';
comment on column core.extractions.claims is 'How many claims were found.';
comment on column core.extractions.extracted_at is 'When the row was written, by the database''s clock.';
comment on column core.extractions.superseded_at is 'When an extraction of the same article version by newer rules replaced it; null while it counts.';
comment on column core.extractions.assessed_by is 'The versions of the assessing rules that have held its claims against the ledger.';

create table core.claims (
    extraction_id text collate "C" not null references core.extractions,
    claim_id text collate "C" not null,
    article_id text collate "C" not null,
    version integer not null,
    ordinal integer not null,
    conduct text not null,
    modality text not null check (modality in ('alleged', 'conditional', 'documented', 'confirmed', 'denied', 'withdrawn')),
    status text not null check (status in ('accepted', 'review')),
    confidence double precision not null check (confidence between 0 and 1),
    reasons text[] not null,
    object text not null,
    place text not null,
    period_written text,
    period_first date,
    period_last date,
    period_precision text check (period_precision in ('day', 'week', 'month', 'quarter', 'year', 'unknown')),
    cited_rule text not null,
    rule text,
    rule_is_in_force boolean,
    rule_is_verified boolean,
    rule_exemption text,
    rule_note text,
    regime text not null,
    marks text[] not null,
    extractor_version text not null,
    primary key (extraction_id, claim_id)
);
create index claims_by_claim on core.claims (claim_id);
create index claims_by_article on core.claims (article_id, version);
create index claims_by_conduct on core.claims (conduct);
comment on table core.claims is 'Assertions in articles that somebody did what a sanction forbids (or denials of it), one row per extraction and claim. Rows of superseded extractions are kept.';
comment on column core.claims.extraction_id is 'The extraction that found it.';
comment on column core.claims.claim_id is 'The claim: the same for every version of the rules that finds the same words about the same accused and conduct.';
comment on column core.claims.article_id is 'The article it stands in.';
comment on column core.claims.version is 'The version of that article.';
comment on column core.claims.ordinal is 'Its place among the claims of the extraction, from 1.';
comment on column core.claims.conduct is 'What was done, an id of include/taxonomy.yaml such as labour.new_permits.';
comment on column core.claims.modality is 'How firmly it is said: alleged, conditional, documented, confirmed, denied or withdrawn.';
comment on column core.claims.status is 'accepted (may raise an alert) or review (a person should look first).';
comment on column core.claims.confidence is 'How sure the extraction is, from 0 to 1.';
comment on column core.claims.reasons is 'Why it was taken as a claim and with this status, in words.';
comment on column core.claims.object is 'What was dealt in, as written.';
comment on column core.claims.place is 'Where, as written.';
comment on column core.claims.period_written is 'When it was done, as written; null where the text does not say.';
comment on column core.claims.period_first is 'The first day of that time, resolved against the publication date.';
comment on column core.claims.period_last is 'The last day of that time.';
comment on column core.claims.period_precision is 'How exact that time is: day, week, month, quarter, year or unknown.';
comment on column core.claims.cited_rule is 'The rule the speaker names, as "UNSCR 2375"; empty where none is named.';
comment on column core.claims.rule is 'The paragraph mapped by us, as "2375 OP17"; null where none fits.';
comment on column core.claims.rule_is_in_force is 'Whether that paragraph was in force at the time of the conduct.';
comment on column core.claims.rule_is_verified is 'Whether the mapping was checked against the resolution''s text.';
comment on column core.claims.rule_exemption is 'The exemption that might apply.';
comment on column core.claims.rule_note is 'What else must be known, for instance that the speaker cites another rule.';
comment on column core.claims.regime is 'The law it is alleged under: UN, US, EU, KR, JP ...';
comment on column core.claims.marks is 'Marks of evasion or doubt: identity_fraud, front, ambiguous_accuser ...';
comment on column core.claims.extractor_version is 'The version of the extracting rules that the claim carries.';

create table core.claim_spans (
    extraction_id text collate "C" not null,
    claim_id text collate "C" not null,
    ordinal integer not null,
    article_id text collate "C" not null,
    version integer not null,
    start_offset integer not null check (start_offset >= 0),
    end_offset integer not null,
    quote text not null check (char_length(quote) between 1 and 600),
    primary key (extraction_id, claim_id, ordinal),
    foreign key (extraction_id, claim_id) references core.claims on delete cascade,
    check (char_length(quote) = end_offset - start_offset)
);
comment on table core.claim_spans is 'The quotes of a claim. A trigger refuses a quote that is not what the article''s text holds between its offsets.';
comment on column core.claim_spans.extraction_id is 'The extraction.';
comment on column core.claim_spans.claim_id is 'The claim.';
comment on column core.claim_spans.ordinal is 'Its place among the claim''s quotes, from 1; the first is the chief one.';
comment on column core.claim_spans.article_id is 'The article quoted.';
comment on column core.claim_spans.version is 'The version of that article.';
comment on column core.claim_spans.start_offset is 'Where the quote begins, in characters of the text from 0.';
comment on column core.claim_spans.end_offset is 'Where it ends: the first character after it.';
comment on column core.claim_spans.quote is 'The words, at most 600 characters.';

create table core.claim_attributions (
    extraction_id text collate "C" not null,
    claim_id text collate "C" not null,
    ordinal integer not null,
    article_id text collate "C" not null,
    version integer not null,
    name text not null,
    kind text not null check (kind in ('publisher', 'agency', 'official', 'government', 'organisation', 'document', 'person', 'unnamed')),
    verb text not null,
    stance text not null check (stance in ('asserts', 'reports', 'documents', 'doubts', 'denies', 'confirms')),
    start_offset integer check (start_offset >= 0),
    end_offset integer,
    quote text,
    is_inferred boolean not null,
    primary key (extraction_id, claim_id, ordinal),
    foreign key (extraction_id, claim_id) references core.claims on delete cascade,
    check (num_nulls(start_offset, end_offset, quote) in (0, 3)),
    check (char_length(quote) = end_offset - start_offset)
);
comment on table core.claim_attributions is 'Who says it, one step a row from the nearest speaker to the root. Its words are held to the text as in core.claim_spans.';
comment on column core.claim_attributions.extraction_id is 'The extraction.';
comment on column core.claim_attributions.claim_id is 'The claim.';
comment on column core.claim_attributions.ordinal is 'The step, from 1 (the nearest speaker); the highest is the root.';
comment on column core.claim_attributions.article_id is 'The article quoted.';
comment on column core.claim_attributions.version is 'The version of that article.';
comment on column core.claim_attributions.name is 'Who says it.';
comment on column core.claim_attributions.kind is 'publisher, agency, official, government, organisation, document, person or unnamed.';
comment on column core.claim_attributions.verb is 'The reporting verb.';
comment on column core.claim_attributions.stance is 'asserts, reports, documents, doubts, denies or confirms.';
comment on column core.claim_attributions.start_offset is 'Where the attribution stands in the text; null where it was inferred.';
comment on column core.claim_attributions.end_offset is 'Where it ends.';
comment on column core.claim_attributions.quote is 'Its words.';
comment on column core.claim_attributions.is_inferred is 'Whether the text does not say it and we concluded it.';

create table core.claim_actors (
    extraction_id text collate "C" not null,
    claim_id text collate "C" not null,
    role text not null check (role in ('accused', 'counterpart')),
    ordinal integer not null,
    name text not null,
    kind text not null check (kind in ('state', 'company', 'person', 'vessel', 'bank', 'organisation', 'unknown')),
    country text not null,
    imo text not null,
    imo_is_valid boolean,
    accused_key text not null,
    primary key (extraction_id, claim_id, role, ordinal),
    foreign key (extraction_id, claim_id) references core.claims on delete cascade
);
create index claim_actors_by_key on core.claim_actors (accused_key) where role = 'accused';
comment on table core.claim_actors is 'Who is accused in a claim, and who stood on the other side.';
comment on column core.claim_actors.extraction_id is 'The extraction.';
comment on column core.claim_actors.claim_id is 'The claim.';
comment on column core.claim_actors.role is 'accused or counterpart.';
comment on column core.claim_actors.ordinal is 'Its place in the list, from 1.';
comment on column core.claim_actors.name is 'The name, in Latin script.';
comment on column core.claim_actors.kind is 'state, company, person, vessel, bank, organisation or unknown.';
comment on column core.claim_actors.country is 'ISO 3166-1 alpha-2 code, always there for a state.';
comment on column core.claim_actors.imo is 'The IMO number of a vessel, as written.';
comment on column core.claim_actors.imo_is_valid is 'Whether its check digit is right; null without a number.';
comment on column core.claim_actors.accused_key is 'What makes two mentions one actor: a state''s code, else the folded name.';

create table core.claim_quantities (
    extraction_id text collate "C" not null,
    claim_id text collate "C" not null,
    ordinal integer not null,
    value double precision,
    unit text not null,
    written text not null,
    primary key (extraction_id, claim_id, ordinal),
    foreign key (extraction_id, claim_id) references core.claims on delete cascade
);
comment on table core.claim_quantities is 'The numbers that a claim tells.';
comment on column core.claim_quantities.extraction_id is 'The extraction.';
comment on column core.claim_quantities.claim_id is 'The claim.';
comment on column core.claim_quantities.ordinal is 'Its place in the list, from 1.';
comment on column core.claim_quantities.value is 'The number; null where the words give none ("several thousand").';
comment on column core.claim_quantities.unit is 'What is counted or measured.';
comment on column core.claim_quantities.written is 'The words, as in the text.';


create function core.check_quotes() returns trigger
language plpgsql
as $$
declare
    wrong record;
begin
    select placed.claim_id, placed.start_offset, placed.end_offset into wrong
    from placed
    left join core.article_versions as article on article.article_id = placed.article_id and article.version = placed.version
    where
        placed.quote is not null
        and substr(article.text, placed.start_offset + 1, placed.end_offset - placed.start_offset) is distinct from placed.quote
    limit 1;
    if found then
        raise exception 'the quote at %-% of claim % is not what the stored text holds there',
            wrong.start_offset, wrong.end_offset, wrong.claim_id
            using errcode = 'check_violation';
    end if;
    return null;
end
$$;
comment on function core.check_quotes() is 'Refuses quotes that are not what the article''s stored text holds between their offsets.';

create trigger claim_spans_match_inserted after insert on core.claim_spans
referencing new table as placed for each statement execute function core.check_quotes();
create trigger claim_spans_match_updated after update on core.claim_spans
referencing new table as placed for each statement execute function core.check_quotes();
create trigger claim_attributions_match_inserted after insert on core.claim_attributions
referencing new table as placed for each statement execute function core.check_quotes();
create trigger claim_attributions_match_updated after update on core.claim_attributions
referencing new table as placed for each statement execute function core.check_quotes();


create view core.claim_records as
select
    claim.extraction_id,
    claim.claim_id,
    claim.ordinal,
    jsonb_build_object(
        'claim_id', claim.claim_id,
        'article_id', claim.article_id,
        'version', claim.version,
        'accused', actors.accused,
        'conduct', claim.conduct,
        'modality', claim.modality,
        'spans', spans.list,
        'attributions', attributions.list,
        'status', claim.status,
        'confidence', claim.confidence,
        'reasons', claim.reasons,
        'counterparts', actors.counterparts,
        'object', claim.object,
        'quantities', quantities.list,
        'place', claim.place,
        'period', case when claim.period_precision is not null then jsonb_build_object(
            'written', claim.period_written,
            'first', claim.period_first,
            'last', claim.period_last,
            'precision', claim.period_precision
        ) end,
        'cited_rule', claim.cited_rule,
        'mapped_rule', case when claim.rule is not null then jsonb_build_object(
            'rule', claim.rule,
            'is_in_force', claim.rule_is_in_force,
            'is_verified', claim.rule_is_verified,
            'exemption', claim.rule_exemption,
            'note', claim.rule_note
        ) end,
        'regime', claim.regime,
        'marks', claim.marks,
        'extractor_version', claim.extractor_version
    ) as claim
from core.claims as claim
cross join lateral (
    select coalesce(jsonb_agg(jsonb_build_object('start', start_offset, 'end', end_offset) order by ordinal), '[]') as list
    from core.claim_spans as span
    where span.extraction_id = claim.extraction_id and span.claim_id = claim.claim_id
) as spans
cross join lateral (
    select
        coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'name', name,
                    'kind', kind,
                    'verb', verb,
                    'stance', stance,
                    'span', case when quote is not null then jsonb_build_object('start', start_offset, 'end', end_offset) end,
                    'is_inferred', is_inferred
                ) order by ordinal
            ),
            '[]'
        ) as list
    from core.claim_attributions as attribution
    where attribution.extraction_id = claim.extraction_id and attribution.claim_id = claim.claim_id
) as attributions
cross join lateral (
    select
        coalesce(jsonb_agg(actor.record order by actor.ordinal) filter (where actor.role = 'accused'), '[]') as accused,
        coalesce(jsonb_agg(actor.record order by actor.ordinal) filter (where actor.role = 'counterpart'), '[]') as counterparts
    from (
        select
            role,
            ordinal,
            jsonb_build_object('name', name, 'kind', kind, 'country', country, 'imo', imo, 'imo_is_valid', imo_is_valid) as record
        from core.claim_actors as named
        where named.extraction_id = claim.extraction_id and named.claim_id = claim.claim_id
    ) as actor
) as actors
cross join lateral (
    select coalesce(jsonb_agg(jsonb_build_object('value', value, 'unit', unit, 'written', written) order by ordinal), '[]') as list
    from core.claim_quantities as quantity
    where quantity.extraction_id = claim.extraction_id and quantity.claim_id = claim.claim_id
) as quantities;
comment on view core.claim_records is 'Each claim with all that belongs to it, in the form of the record Claim.';
comment on column core.claim_records.extraction_id is 'The extraction.';
comment on column core.claim_records.claim_id is 'The claim.';
comment on column core.claim_records.ordinal is 'Its place among the claims of the extraction.';
comment on column core.claim_records.claim is 'The fields of the record Claim.';
