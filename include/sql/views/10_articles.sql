-- question: which articles have been read, what became of each, and which story is it part of?
-- parameters: none
-- columns: one row per article, in its latest version
create view mart.articles as
with articles as not materialized (
    select * from core.articles
),

editions as not materialized (
    select * from core.article_versions
),

selections as not materialized (
    select * from core.selections
),

placements as not materialized (
    select * from core.story_articles where is_current
),

extractions as not materialized (
    select * from core.extractions where superseded_at is null
),

final as (
    select
        articles.article_id,
        articles.latest_version as version,
        editions.url,
        editions.publisher,
        editions.language,
        editions.title,
        editions.byline,
        editions.wire ->> 'agency' as wire_agency,
        editions.notice ->> 'kind' as notice,
        editions.published_at,
        articles.first_seen_at,
        editions.has_date_conflict,
        editions.feed_kind,
        editions.feed_reliability,
        verdict.is_selected,
        verdict.is_near_miss,
        verdict.score as selection_score,
        verdict.reasons as selection_reasons,
        placements.story_id,
        placements.relation as story_relation,
        extractions.claims,
        char_length(editions.text) as characters,
        editions.is_sample,
        editions.is_backfill
    from articles
    inner join editions on editions.article_id = articles.article_id and editions.version = articles.latest_version
    left join lateral (
        select selections.is_selected, selections.is_near_miss, selections.score, selections.reasons
        from selections
        where selections.article_id = articles.article_id and selections.version = articles.latest_version
        order by selections.is_selected desc, selections.stored_at desc
        limit 1
    ) as verdict on true
    left join placements on placements.article_id = articles.article_id
    left join extractions on extractions.article_id = articles.article_id and extractions.version = articles.latest_version
)

select * from final;

comment on view mart.articles is 'Articles that have been read, one row per article in its latest version: what became of each, and which story it is part of.';
comment on column mart.articles.article_id is 'The article.';
comment on column mart.articles.version is 'Its latest version; all of the row is about that one.';
comment on column mart.articles.url is 'Its canonical address.';
comment on column mart.articles.publisher is 'Who published it.';
comment on column mart.articles.language is 'ISO 639-1 code of its language.';
comment on column mart.articles.title is 'Its headline.';
comment on column mart.articles.byline is 'The byline as written.';
comment on column mart.articles.wire_agency is 'The agency whose copy it carries; null where none is seen.';
comment on column mart.articles.notice is 'What the desk says about the dispatch: update, writethru, correction, refile, kill, embargo; null where nothing.';
comment on column mart.articles.published_at is 'When it was published.';
comment on column mart.articles.first_seen_at is 'When its first version was collected.';
comment on column mart.articles.has_date_conflict is 'Whether its date candidates contradict each other.';
comment on column mart.articles.feed_kind is 'The kind of the feed it came from.';
comment on column mart.articles.feed_reliability is 'Admiralty reliability A-F of the feed it came from.';
comment on column mart.articles.is_selected is 'Whether it concerns the sanctions; null while undecided.';
comment on column mart.articles.is_near_miss is 'Whether it was rejected so narrowly that a person should look.';
comment on column mart.articles.selection_score is 'From 0 (surely not) to 1 (surely).';
comment on column mart.articles.selection_reasons is 'Why it was selected or not, in words.';
comment on column mart.articles.story_id is 'The story it belongs to; null where it was not selected or not placed yet.';
comment on column mart.articles.story_relation is 'What it is to that story: lead, copy, cut, edited ...';
comment on column mart.articles.claims is 'How many claims it makes; null while it has not been read for claims.';
comment on column mart.articles.characters is 'The length of its text in characters.';
comment on column mart.articles.is_sample is 'Whether it belongs to the bundled replay.';
comment on column mart.articles.is_backfill is 'Whether it came by a backfill.';
