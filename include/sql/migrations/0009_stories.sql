-- core: stories' merges, people's words on them, what changed between versions, exact copies outside the window.

alter table core.stories add column origin_evidence text not null default '';
comment on column core.stories.origin_evidence is 'How the agency is known: it published the report itself, or which copies credit it; empty where none does.';

alter table core.story_articles add column text_digest bigint not null default 0;
comment on column core.story_articles.text_digest is 'A hash over all words of the body (signed 64 bits), the same for exact copies whenever printed; 0 for an empty body.';
create index story_articles_by_digest on core.story_articles (text_digest) where is_current and text_digest <> 0;
create index story_articles_by_related on core.story_articles (related_to) where is_current and related_to <> '';

create index article_versions_with_notice on core.article_versions (published_at) where notice is not null;

create table core.story_verdicts (
    verdict_id text collate "C" primary key,
    kind text not null check (kind in ('split', 'merge')),
    article_id text collate "C" not null references core.articles,
    other_article_id text collate "C" not null references core.articles,
    decided_by text not null,
    reason text not null,
    decided_at timestamptz not null,
    withdrawn_at timestamptz,
    check (article_id <> other_article_id)
);
create index story_verdicts_by_article on core.story_verdicts (article_id);
create index story_verdicts_by_other on core.story_verdicts (other_article_id);
comment on table core.story_verdicts is 'What people said: these two articles are one report, or they are not. Every placement keeps to it until it is withdrawn.';
comment on column core.story_verdicts.verdict_id is 'The verdict.';
comment on column core.story_verdicts.kind is 'split: two reports; merge: one report.';
comment on column core.story_verdicts.article_id is 'One article.';
comment on column core.story_verdicts.other_article_id is 'The other article.';
comment on column core.story_verdicts.decided_by is 'Who said so.';
comment on column core.story_verdicts.reason is 'Why, in their words.';
comment on column core.story_verdicts.decided_at is 'When.';
comment on column core.story_verdicts.withdrawn_at is 'When it was taken back; null while it stands.';

create table core.story_merges (
    merge_id text collate "C" primary key,
    from_story text collate "C" not null references core.stories,
    into_story text collate "C" not null references core.stories,
    article_id text collate "C" not null references core.articles,
    related_to text collate "C" not null,
    moved text[] not null,
    evidence text[] not null,
    merged_at timestamptz not null,
    undone_at timestamptz,
    undone_by text not null default ''
);
create index story_merges_by_from on core.story_merges (from_story);
create index story_merges_by_into on core.story_merges (into_story);
comment on table core.story_merges is 'Two stories that turned out to be one, mostly because an article came that both are copies of.';
comment on column core.story_merges.merge_id is 'The merge.';
comment on column core.story_merges.from_story is 'The story that went up in the other.';
comment on column core.story_merges.into_story is 'The story that stayed.';
comment on column core.story_merges.article_id is 'The first article of the story that went up.';
comment on column core.story_merges.related_to is 'The article it turned out to be a version of.';
comment on column core.story_merges.moved is 'Every article of the story that went up, as it stood then.';
comment on column core.story_merges.evidence is 'Why, in words.';
comment on column core.story_merges.merged_at is 'When.';
comment on column core.story_merges.undone_at is 'When a person undid it; null where nobody did.';
comment on column core.story_merges.undone_by is 'Who undid it; empty where nobody did.';

create table core.text_changes (
    article_id text collate "C" not null,
    version integer not null,
    earlier_article_id text collate "C" not null,
    earlier_version integer not null,
    ordinal integer not null,
    kind text not null check (kind in ('headline', 'number', 'name', 'words')),
    before text not null,
    after text not null,
    before_start integer not null check (before_start >= 0),
    before_end integer not null check (before_end >= before_start),
    after_start integer not null check (after_start >= 0),
    after_end integer not null check (after_end >= after_start),
    primary key (article_id, version, earlier_article_id, earlier_version, ordinal),
    foreign key (article_id, version) references core.article_versions,
    foreign key (earlier_article_id, earlier_version) references core.article_versions (article_id, version)
);
comment on table core.text_changes is 'What a version, update or correction changed in the text it follows, one row a place; nothing where only punctuation differs.';
comment on column core.text_changes.article_id is 'The article with the later text.';
comment on column core.text_changes.version is 'Its version.';
comment on column core.text_changes.earlier_article_id is 'The article with the earlier text: the same one, or the one it updates or corrects.';
comment on column core.text_changes.earlier_version is 'The version of that.';
comment on column core.text_changes.ordinal is '1, 2, ... in the order of the later text.';
comment on column core.text_changes.kind is 'What differs: headline, number, name, or other words.';
comment on column core.text_changes.before is 'The earlier words; empty where words were put in.';
comment on column core.text_changes.after is 'The later words; empty where words were taken out.';
comment on column core.text_changes.before_start is 'Where the earlier words begin in that text, in characters from 0.';
comment on column core.text_changes.before_end is 'Where they end.';
comment on column core.text_changes.after_start is 'Where the later words begin in their text.';
comment on column core.text_changes.after_end is 'Where they end.';
