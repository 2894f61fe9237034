-- question: which reports were printed, by how many, and who wrote them first?
-- parameters: none
-- columns: one row per story that holds an article
create view mart.stories as
with stories as not materialized (
    select * from core.stories
),

placements as not materialized (
    select * from core.story_articles where is_current
),

editions as not materialized (
    select * from core.article_versions
),

printed as (
    select
        placements.story_id,
        count(*) as articles,
        count(distinct editions.publisher) as publishers,
        array_agg(distinct editions.publisher order by editions.publisher) as publisher_names,
        count(*) filter (where placements.relation in ('correction_of', 'kill_of')) as corrections,
        min(editions.published_at) as first_published_at,
        max(editions.published_at) as last_published_at,
        bool_or(editions.is_sample) as is_sample
    from placements
    inner join editions on editions.article_id = placements.article_id and editions.version = placements.version
    group by placements.story_id
),

final as (
    select
        stories.story_id,
        stories.lead_article_id,
        lead_edition.title as lead_title,
        lead_edition.url as lead_url,
        lead_edition.publisher as lead_publisher,
        nullif(stories.origin_agency, '') as origin_agency,
        printed.articles,
        printed.articles - 1 as reprints,
        printed.publishers,
        printed.publisher_names,
        printed.corrections,
        printed.first_published_at,
        printed.last_published_at,
        printed.is_sample
    from stories
    inner join printed on printed.story_id = stories.story_id
    inner join core.articles as lead_article on lead_article.article_id = stories.lead_article_id
    inner join editions as lead_edition
        on lead_edition.article_id = lead_article.article_id and lead_edition.version = lead_article.latest_version
)

select * from final;

comment on view mart.stories is 'Stories: the articles that are one report, whoever printed it; one row per story.';
comment on column mart.stories.story_id is 'The story.';
comment on column mart.stories.lead_article_id is 'The article that stands for it: the agency''s own, else the earliest and most complete.';
comment on column mart.stories.lead_title is 'The lead''s headline.';
comment on column mart.stories.lead_url is 'The lead''s address.';
comment on column mart.stories.lead_publisher is 'Who published the lead.';
comment on column mart.stories.origin_agency is 'The agency the report came from; null where no copy credits one.';
comment on column mart.stories.articles is 'How many articles print it.';
comment on column mart.stories.reprints is 'How many of them beyond the first.';
comment on column mart.stories.publishers is 'How many publishers printed it.';
comment on column mart.stories.publisher_names is 'Who they are.';
comment on column mart.stories.corrections is 'How many of its articles correct or kill it.';
comment on column mart.stories.first_published_at is 'When it was first printed.';
comment on column mart.stories.last_published_at is 'When it was last printed.';
comment on column mart.stories.is_sample is 'Whether it belongs to the bundled replay.';
