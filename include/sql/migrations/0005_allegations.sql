-- core: the ledger of allegations (nothing is overwritten), assessments and the alerts they made.

create table core.allegations (
    allegation_id text collate "C" primary key,
    accused_key text not null,
    family text not null,
    conduct text not null,
    latest_version integer not null,
    latest_revision integer not null,
    first_assessed_at timestamptz not null
);
create index allegations_like on core.allegations (accused_key, family);
comment on table core.allegations is 'One row per allegation: the claims about the same accused, conduct and episode, whoever makes them. Its states stand in core.allegation_versions.';
comment on column core.allegations.allegation_id is 'The allegation.';
comment on column core.allegations.accused_key is 'What makes two accused one: a state''s code, else the folded name.';
comment on column core.allegations.family is 'The family of the conduct, as labour of labour.new_permits.';
comment on column core.allegations.conduct is 'The conduct, an id of include/taxonomy.yaml.';
comment on column core.allegations.latest_version is 'The version of its latest state.';
comment on column core.allegations.latest_revision is 'The revision of its latest state.';
comment on column core.allegations.first_assessed_at is 'When it was first known.';

create table core.assessments (
    assessment_id text collate "C" primary key,
    article_id text collate "C" not null,
    article_version integer not null,
    extraction_id text collate "C" not null references core.extractions,
    claim_ids text[] not null,
    novelty text not null check (novelty in ('NEW', 'UPDATE', 'DENIAL', 'CORRECTION', 'NOTHING')),
    new_facts jsonb not null,
    reasons text[] not null,
    allegation_id text collate "C" not null references core.allegations,
    allegation_version integer not null,
    allegation_revision integer not null,
    assessed_at timestamptz not null,
    may_alert boolean not null,
    assessor_version text not null,
    foreign key (article_id, article_version) references core.article_versions
);
create index assessments_by_article on core.assessments (article_id, article_version);
create index assessments_by_allegation on core.assessments (allegation_id, assessed_at);
comment on table core.assessments is 'What one article did to one allegation, one row each; no row is ever changed.';
comment on column core.assessments.assessment_id is 'The assessment.';
comment on column core.assessments.article_id is 'The article.';
comment on column core.assessments.article_version is 'Its version.';
comment on column core.assessments.extraction_id is 'The extraction whose claims were assessed.';
comment on column core.assessments.claim_ids is 'Those of its claims that belong to the allegation.';
comment on column core.assessments.novelty is 'NEW, UPDATE, DENIAL, CORRECTION or NOTHING.';
comment on column core.assessments.new_facts is 'The facts it brought, a list of {kind, key, value, claim_id}.';
comment on column core.assessments.reasons is 'Why, in words.';
comment on column core.assessments.allegation_id is 'The allegation.';
comment on column core.assessments.allegation_version is 'The version of the allegation after it.';
comment on column core.assessments.allegation_revision is 'The revision of the allegation after it.';
comment on column core.assessments.assessed_at is 'When it was assessed, by the flow''s clock: since when the state after it is known.';
comment on column core.assessments.may_alert is 'Whether it could raise an alert: not for a backfill, a re-processing, a rule not in force then, or claims for review.';
comment on column core.assessments.assessor_version is 'The version of the assessing rules.';

create table core.allegation_versions (
    allegation_id text collate "C" not null references core.allegations,
    version integer not null check (version >= 1),
    revision integer not null check (revision >= 1),
    assessment_id text collate "C" not null references core.assessments,
    known_from timestamptz not null,
    accused jsonb not null,
    conduct text not null,
    counterpart text not null,
    event_key text not null,
    first_published_at timestamptz not null,
    last_published_at timestamptz not null,
    facts jsonb not null,
    claim_ids text[] not null,
    article_ids text[] not null,
    story_ids text[] not null,
    publishers text[] not null,
    roots text[] not null,
    grade jsonb,
    is_in_force boolean not null,
    state text not null check (state in ('open', 'withdrawn')),
    primary key (allegation_id, version, revision)
);
create index allegation_versions_by_assessment on core.allegation_versions (assessment_id);
comment on table core.allegation_versions is 'Every state an allegation has had; no row is ever changed. A version is a set of facts; its revisions differ in who printed it.';
comment on column core.allegation_versions.allegation_id is 'The allegation.';
comment on column core.allegation_versions.version is 'Goes up when a fact is new.';
comment on column core.allegation_versions.revision is 'Counts the states within a version, from 1: reprints and other articles that bring nothing new.';
comment on column core.allegation_versions.assessment_id is 'The assessment that made this state.';
comment on column core.allegation_versions.known_from is 'Since when this is what was known, by the flow''s clock.';
comment on column core.allegation_versions.accused is 'The accused {name, kind, country, imo, imo_is_valid}.';
comment on column core.allegation_versions.conduct is 'The conduct, an id of include/taxonomy.yaml.';
comment on column core.allegation_versions.counterpart is 'The other side, normalised; empty where none is told.';
comment on column core.allegation_versions.event_key is 'Of an event-like conduct: what happened when and where; empty for a lasting one.';
comment on column core.allegation_versions.first_published_at is 'When the first of its articles was published.';
comment on column core.allegation_versions.last_published_at is 'When the last of its articles was published.';
comment on column core.allegation_versions.facts is 'What is known, a list of {kind, key, value, claim_id}.';
comment on column core.allegation_versions.claim_ids is 'Its claims.';
comment on column core.allegation_versions.article_ids is 'The articles they stand in.';
comment on column core.allegation_versions.story_ids is 'The stories of these articles.';
comment on column core.allegation_versions.publishers is 'Who published them.';
comment on column core.allegation_versions.roots is 'The independent roots, the most telling first: reprints add none.';
comment on column core.allegation_versions.grade is 'The proposed Admiralty grade {reliability, credibility, reasons}; null where there is none.';
comment on column core.allegation_versions.is_in_force is 'Whether the rule was in force at the time of the conduct.';
comment on column core.allegation_versions.state is 'open or withdrawn.';

create table core.allegation_facts (
    allegation_id text collate "C" not null references core.allegations,
    kind text not null check (kind in ('accuser', 'root', 'number', 'date', 'place', 'party', 'document', 'denial', 'wording')),
    key text not null,
    value text not null,
    claim_id text not null,
    first_version integer not null,
    assessment_id text collate "C" not null references core.assessments,
    known_from timestamptz not null,
    primary key (allegation_id, kind, key)
);
comment on table core.allegation_facts is 'When each fact about an allegation became known, one row per fact.';
comment on column core.allegation_facts.allegation_id is 'The allegation.';
comment on column core.allegation_facts.kind is 'accuser, root, number, date, place, party, document, denial or wording.';
comment on column core.allegation_facts.key is 'The fact, normalised: two facts with one key are one.';
comment on column core.allegation_facts.value is 'The fact as an analyst reads it.';
comment on column core.allegation_facts.claim_id is 'The claim that brought it; empty where none is named.';
comment on column core.allegation_facts.first_version is 'The version of the allegation in which it was new.';
comment on column core.allegation_facts.assessment_id is 'The assessment that brought it.';
comment on column core.allegation_facts.known_from is 'Since when it is known, by the flow''s clock.';

create table core.alerts (
    alert_id text collate "C" primary key,
    alert_number bigint generated always as identity unique,
    assessment_id text collate "C" not null references core.assessments,
    allegation_id text collate "C" not null references core.allegations,
    allegation_version integer not null,
    kind text not null check (kind in ('NEW', 'UPDATE', 'DENIAL', 'CORRECTION', 'NOTHING')),
    created_at timestamptz not null,
    is_sample boolean not null,
    alert jsonb not null,
    fanned_out_at timestamptz
);
create index alerts_by_allegation on core.alerts (allegation_id, alert_number);
create index alerts_to_fan_out on core.alerts (created_at, alert_number) where fanned_out_at is null;
comment on table core.alerts is 'What subscribers should know, stored in the transaction of its assessment and never changed but for being fanned out.';
comment on column core.alerts.alert_id is 'The alert.';
comment on column core.alerts.alert_number is 'Grows with every alert: the order in which they were stored.';
comment on column core.alerts.assessment_id is 'The assessment that made it.';
comment on column core.alerts.allegation_id is 'The allegation.';
comment on column core.alerts.allegation_version is 'The version of the allegation that it tells.';
comment on column core.alerts.kind is 'NEW, UPDATE, DENIAL or CORRECTION.';
comment on column core.alerts.created_at is 'When it was made, by the flow''s clock.';
comment on column core.alerts.is_sample is 'Whether it comes from the bundled replay.';
comment on column core.alerts.alert is 'Everything its mail prints, frozen: the fields of the record Alert.';
comment on column core.alerts.fanned_out_at is 'When its notifications were made, by the database''s clock; null until then.';
