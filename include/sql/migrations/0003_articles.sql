-- core: articles with their versions, what waits for which stage, selections, stories and fingerprints.

create table core.articles (
    article_id text collate "C" primary key,
    article_number bigint generated always as identity unique,
    latest_version integer not null,
    first_seen_at timestamptz not null
);
comment on table core.articles is 'One row per article: which of its versions is the latest.';
comment on column core.articles.article_id is 'The article.';
comment on column core.articles.article_number is 'A short number for it, used by the fingerprint index, where every byte counts.';
comment on column core.articles.latest_version is 'Its highest version: the one that every stage works on.';
comment on column core.articles.first_seen_at is 'When its first version was seen.';

create table core.article_versions (
    article_id text collate "C" not null references core.articles,
    version integer not null check (version >= 1),
    entry_id text not null,
    url text not null,
    publisher text not null,
    language text not null,
    title text not null,
    text text not null,
    published_at timestamptz not null,
    first_seen_at timestamptz not null,
    content_sha256 text not null,
    zones jsonb not null,
    removed jsonb not null,
    byline text not null,
    dates jsonb not null,
    has_date_conflict boolean not null,
    wire jsonb,
    notice jsonb,
    feed_kind text not null,
    feed_reliability text not null check (feed_reliability in ('A', 'B', 'C', 'D', 'E', 'F')),
    is_sample boolean not null,
    is_backfill boolean not null,
    cleaner_version text not null,
    stored_at timestamptz not null default now(),
    primary key (article_id, version)
);
create index article_versions_by_time on core.article_versions (published_at);
comment on table core.article_versions is 'The cleaned text of an article, one row per version; no row is ever changed.';
comment on column core.article_versions.article_id is 'The article.';
comment on column core.article_versions.version is '1, 2, ...: a new text of the same article is a new version.';
comment on column core.article_versions.entry_id is 'The entry it was first cleaned from; empty where it was added by hand.';
comment on column core.article_versions.url is 'Its canonical address.';
comment on column core.article_versions.publisher is 'Who published it.';
comment on column core.article_versions.language is 'ISO 639-1 code of its language.';
comment on column core.article_versions.title is 'Its headline.';
comment on column core.article_versions.text is 'Headline, an empty line, then the paragraphs of the body; every offset counts characters of this text from 0.';
comment on column core.article_versions.published_at is 'When it was published, as decided from the candidates in dates.';
comment on column core.article_versions.first_seen_at is 'When this version was first collected.';
comment on column core.article_versions.content_sha256 is 'SHA-256 over the text: two versions with one hash would be the same.';
comment on column core.article_versions.zones is 'The stretches of the text, a list of {kind, start, end}; kind is headline or body.';
comment on column core.article_versions.removed is 'What cleaning took out, a list of {kind, text}.';
comment on column core.article_versions.byline is 'The byline as written.';
comment on column core.article_versions.dates is 'Every date it might have been published at, a list of {source, value, written}.';
comment on column core.article_versions.has_date_conflict is 'Whether the date candidates contradict each other.';
comment on column core.article_versions.wire is 'The agency whose copy it carries {agency, seen_in, written, place}; null without one.';
comment on column core.article_versions.notice is 'What the desk says about the dispatch {kind, written}: update, writethru, correction, refile, kill, embargo; null without one.';
comment on column core.article_versions.feed_kind is 'The kind of the feed it came from.';
comment on column core.article_versions.feed_reliability is 'Admiralty reliability A-F of the feed it came from.';
comment on column core.article_versions.is_sample is 'Whether it belongs to the bundled replay.';
comment on column core.article_versions.is_backfill is 'Whether it came by a backfill: it fills the ledger and never mails.';
comment on column core.article_versions.cleaner_version is 'The version of the cleaning rules that made it.';
comment on column core.article_versions.stored_at is 'When the row was written, by the database''s clock.';

-- What waits for a stage is found by one index scan over what no version, or another version, has taken; never by comparing whole tables.
create table core.stage_inputs (
    stage text collate "C" not null check (stage in ('clean', 'select', 'deduplicate', 'extract', 'assess')),
    subject_id text collate "C" not null,
    edition text collate "C" not null,
    first_seen_at timestamptz not null,
    published_at timestamptz not null,
    taken_by text collate "C" not null default '',
    outputs text[] not null default '{}',
    primary key (stage, subject_id, edition)
)
with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
create index stage_inputs_waiting on core.stage_inputs (stage, taken_by, first_seen_at, published_at, subject_id, edition);
comment on table core.stage_inputs is 'The inputs of each stage, and which versions of the stage have taken them; a worker holds the locks of the rows it works on.';
comment on column core.stage_inputs.stage is 'The stage that takes it: clean, select, deduplicate, extract or assess.';
comment on column core.stage_inputs.subject_id is 'The entry (for clean) or the article (for all others).';
comment on column core.stage_inputs.edition is 'Which state of it: the entry''s content_sha256, the article''s version, or (for assess) the extraction.';
comment on column core.stage_inputs.first_seen_at is 'When the subject was first seen: the older goes first.';
comment on column core.stage_inputs.published_at is 'When the subject was published: the second order.';
comment on column core.stage_inputs.taken_by is 'The version of the stage that last took it; empty while none has.';
comment on column core.stage_inputs.outputs is 'Every version of the stage that has taken it.';

create table core.selections (
    article_id text collate "C" not null,
    version integer not null,
    selector_version text not null,
    is_selected boolean not null,
    is_near_miss boolean not null,
    score double precision not null check (score between 0 and 1),
    reasons text[] not null,
    stored_at timestamptz not null default now(),
    primary key (article_id, version, selector_version),
    foreign key (article_id, version) references core.article_versions
);
create index selections_selected on core.selections (article_id, version) where is_selected;
comment on table core.selections is 'Whether an article version concerns the sanctions, one row per version of the selecting rules.';
comment on column core.selections.article_id is 'The article.';
comment on column core.selections.version is 'Its version.';
comment on column core.selections.selector_version is 'The version of the selecting rules.';
comment on column core.selections.is_selected is 'Whether it goes on to the next stage.';
comment on column core.selections.is_near_miss is 'Whether it was rejected so narrowly that a person should look.';
comment on column core.selections.score is 'From 0 (surely not) to 1 (surely).';
comment on column core.selections.reasons is 'Why or why not, in words.';
comment on column core.selections.stored_at is 'When the row was written, by the database''s clock.';

create table core.stories (
    story_id text collate "C" primary key,
    lead_article_id text collate "C" not null references core.articles,
    origin_agency text not null
);
comment on table core.stories is 'The articles that are one report, whoever printed it, are one story: one row per story.';
comment on column core.stories.story_id is 'The story.';
comment on column core.stories.lead_article_id is 'The article that stands for it: the agency''s own, else the earliest and most complete.';
comment on column core.stories.origin_agency is 'The agency that the report came from; empty where no copy credits one.';

create table core.story_articles (
    article_id text collate "C" not null,
    version integer not null,
    deduplicator_version text not null,
    story_id text collate "C" not null references core.stories,
    relation text not null check (relation in (
        'lead', 'copy', 'cut', 'edited', 'headline_changed', 'house_intro', 'update_of', 'correction_of', 'kill_of', 'merged_from', 'republished'
    )),
    related_to text not null,
    lead_article_id text not null,
    origin_agency text not null,
    containment double precision not null check (containment between 0 and 1),
    evidence text[] not null,
    displaces text[] not null,
    is_current boolean not null,
    stored_at timestamptz not null default now(),
    primary key (article_id, version, deduplicator_version),
    foreign key (article_id, version) references core.article_versions
);
create unique index story_articles_current on core.story_articles (article_id) where is_current;
create index story_articles_by_story on core.story_articles (story_id) where is_current;
comment on table core.story_articles is 'Where each article version was placed and on what evidence; earlier placements are kept.';
comment on column core.story_articles.article_id is 'The article.';
comment on column core.story_articles.version is 'Its version.';
comment on column core.story_articles.deduplicator_version is 'The version of the deduplicating rules.';
comment on column core.story_articles.story_id is 'The story it belongs to.';
comment on column core.story_articles.relation is 'What it is to the story: lead, copy, cut, edited, headline_changed, house_intro, update_of, correction_of, kill_of, merged_from or republished.';
comment on column core.story_articles.related_to is 'The article it was compared with; empty for the first of a story.';
comment on column core.story_articles.lead_article_id is 'The lead of the story after this placement.';
comment on column core.story_articles.origin_agency is 'The agency that the story came from, as known then; empty where nobody credits one.';
comment on column core.story_articles.containment is 'How much of the shorter article the longer one contains, from 0 to 1.';
comment on column core.story_articles.evidence is 'Why it was placed there, in words.';
comment on column core.story_articles.displaces is 'Articles published later that were to be placed again because of this one.';
comment on column core.story_articles.is_current is 'Whether this is where the article stands now: true for one row per article.';
comment on column core.story_articles.stored_at is 'When the row was written, by the database''s clock.';

create table core.article_fingerprints (
    article_id text collate "C" primary key references core.articles,
    version integer not null,
    hashes bigint[] not null,
    words integer not null,
    published_at timestamptz not null
);
comment on table core.article_fingerprints is 'The winnowed hashes of each placed article, as one list: what a candidate is compared by.';
comment on column core.article_fingerprints.article_id is 'The article.';
comment on column core.article_fingerprints.version is 'The version that was placed last.';
comment on column core.article_fingerprints.hashes is 'Its hashes, in the order of the text.';
comment on column core.article_fingerprints.words is 'Its length in words.';
comment on column core.article_fingerprints.published_at is 'When it was published.';

create table core.fingerprints (
    fingerprint bigint not null,
    published_at timestamptz not null,
    article_number bigint not null
) partition by range (published_at);
create table core.fingerprints_default partition of core.fingerprints default;
create index fingerprints_lookup on core.fingerprints (fingerprint, published_at) include (article_number);
comment on table core.fingerprints is 'The index of which article holds which hash, one row each, for finding copies. Partitioned by month of publication.';
comment on table core.fingerprints_default is 'Rows of core.fingerprints whose month has no partition yet; the next call of core.ensure_partitions moves them.';
comment on column core.fingerprints.fingerprint is 'A hash over a few words in a row (signed 64 bits).';
comment on column core.fingerprints.published_at is 'When the article was published.';
comment on column core.fingerprints.article_number is 'The article (core.articles.article_number).';
comment on column core.fingerprints_default.fingerprint is 'A hash over a few words in a row (signed 64 bits).';
comment on column core.fingerprints_default.published_at is 'When the article was published.';
comment on column core.fingerprints_default.article_number is 'The article (core.articles.article_number).';
