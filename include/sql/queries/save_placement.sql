-- question: stores a placement and its story; the article then waits for extract, and those it displaces, or leaves behind in another story, wait for deduplicate again
-- parameters: placement (the record Placement)
-- columns: none
with incoming as (
    select *
    from jsonb_to_record(cast(:placement as jsonb)) as placement (
        article_id text, version integer, story_id text, relation text, related_to text, lead_article_id text, origin_agency text,
        containment double precision, evidence text[], deduplicator_version text, displaces text[],
        text_digest bigint
    )
),

told as (
    insert into core.stories (story_id, lead_article_id, origin_agency)
    select story_id, lead_article_id, origin_agency
    from incoming
    on conflict (story_id) do update set
        lead_article_id = excluded.lead_article_id,
        origin_agency = coalesce(nullif(excluded.origin_agency, ''), stories.origin_agency)
),

stored as (
    insert into core.story_articles as known (
        article_id, version, deduplicator_version, story_id, relation, related_to, lead_article_id, origin_agency, containment,
        evidence, displaces, text_digest, is_current
    )
    select
        article_id, version, deduplicator_version, story_id, relation, related_to, lead_article_id, origin_agency, containment,
        evidence, displaces, coalesce(text_digest, 0),
        not exists (
            select from core.story_articles as newer
            where newer.article_id = incoming.article_id and newer.is_current and newer.version > incoming.version
        )
    from incoming
    on conflict (article_id, version, deduplicator_version) do update set
        story_id = excluded.story_id,
        relation = excluded.relation,
        related_to = excluded.related_to,
        lead_article_id = excluded.lead_article_id,
        origin_agency = excluded.origin_agency,
        containment = excluded.containment,
        evidence = excluded.evidence,
        displaces = excluded.displaces,
        text_digest = excluded.text_digest,
        is_current = excluded.is_current
    where
        (
            known.story_id, known.relation, known.related_to, known.lead_article_id, known.origin_agency, known.containment,
            known.evidence, known.displaces, known.text_digest, known.is_current
        )
        is distinct from
        (
            excluded.story_id, excluded.relation, excluded.related_to, excluded.lead_article_id, excluded.origin_agency,
            excluded.containment, excluded.evidence, excluded.displaces, excluded.text_digest, excluded.is_current
        )
    returning known.article_id, known.displaces, known.story_id, known.is_current
),

concerned as (
    select stored.article_id as by_article_id, other.article_id
    from stored
    cross join lateral unnest(stored.displaces) as other (article_id)
    union
    select stored.article_id as by_article_id, child.article_id
    from stored
    inner join core.story_articles as child on child.related_to = stored.article_id and child.related_to <> '' and child.is_current
    where stored.is_current and child.story_id <> stored.story_id
),

displaced as (
    update core.stage_inputs
    set taken_by = '', outputs = '{}'
    from concerned
    where
        stage_inputs.stage = 'deduplicate'
        and stage_inputs.subject_id = concerned.article_id
        and concerned.article_id <> concerned.by_article_id
),

offered as (
    insert into core.stage_inputs (stage, subject_id, edition, first_seen_at, published_at, is_backfill)
    select 'extract', edition.article_id, edition.version::text, edition.first_seen_at, edition.published_at, edition.is_backfill
    from incoming
    inner join core.articles as article on article.article_id = incoming.article_id and article.latest_version = incoming.version
    inner join core.article_versions as edition on edition.article_id = incoming.article_id and edition.version = incoming.version
    on conflict do nothing
)

select core.mark_taken('deduplicate', article_id, version::text, deduplicator_version)
from incoming
