-- core: what analysts say of allegations, of claims for review and of near misses. Nothing is overwritten: the last word counts.

create table core.rulings (
    ruling_number bigint generated always as identity primary key,
    allegation_id text collate "C" not null references core.allegations,
    kind text not null check (kind in ('confirm', 'dismiss', 'reopen', 'grade')),
    reason text not null,
    grade text not null default '' check (grade ~ '^([A-F][1-6])?$' and (grade = '' or kind = 'grade')),
    said_by text not null,
    said_at timestamptz not null
);
create index rulings_by_allegation on core.rulings (allegation_id, ruling_number);
comment on table core.rulings is 'What analysts said of allegations; no row is ever changed. It stands through re-processing, because allegations keep their ids.';
comment on column core.rulings.ruling_number is 'Counts them.';
comment on column core.rulings.allegation_id is 'The allegation.';
comment on column core.rulings.kind is 'confirm, dismiss (no more alerts of it but corrections), reopen (neither any more) or grade (a grade instead of the proposed one).';
comment on column core.rulings.reason is 'Why, in their words.';
comment on column core.rulings.grade is 'The Admiralty grade they give; empty with kind grade: the proposed one again.';
comment on column core.rulings.said_by is 'Who said it, as Airflow names them.';
comment on column core.rulings.said_at is 'When.';

create table core.reviews (
    review_number bigint generated always as identity primary key,
    subject_kind text not null check (subject_kind in ('claim', 'article')),
    subject_id text collate "C" not null,
    decision text not null check (decision in ('right', 'wrong')),
    reason text not null,
    said_by text not null,
    said_at timestamptz not null
);
create index reviews_by_subject on core.reviews (subject_kind, subject_id, review_number);
comment on table core.reviews is 'What analysts said of uncertain claims and of near misses; the last word counts. They are cases to test the rules with.';
comment on column core.reviews.review_number is 'Counts them.';
comment on column core.reviews.subject_kind is 'claim (is it what the text says?) or article (does it concern the sanctions?).';
comment on column core.reviews.subject_id is 'The claim or the article.';
comment on column core.reviews.decision is 'right: the claim is what the text says, the article concerns the sanctions; wrong: not so.';
comment on column core.reviews.reason is 'Why, in their words.';
comment on column core.reviews.said_by is 'Who said it.';
comment on column core.reviews.said_at is 'When.';
