-- question: stores a selection; where it says yes, or an earlier version stands in a story, the article waits for deduplicate
-- parameters: selection (the record Selection)
-- columns: none
with incoming as (
    select *
    from jsonb_to_record(cast(:selection as jsonb)) as selection (
        article_id text, version integer, is_selected boolean, is_near_miss boolean, score double precision, reasons text[],
        selector_version text
    )
),

stored as (
    insert into core.selections (article_id, version, selector_version, is_selected, is_near_miss, score, reasons)
    select article_id, version, selector_version, is_selected, is_near_miss, score, reasons
    from incoming
    on conflict (article_id, version, selector_version) do update set
        is_selected = excluded.is_selected,
        is_near_miss = excluded.is_near_miss,
        score = excluded.score,
        reasons = excluded.reasons
),

offered as (
    insert into core.stage_inputs (stage, subject_id, edition, first_seen_at, published_at, is_backfill)
    select 'deduplicate', edition.article_id, edition.version::text, edition.first_seen_at, edition.published_at, edition.is_backfill
    from incoming
    inner join core.articles as article on article.article_id = incoming.article_id and article.latest_version = incoming.version
    inner join core.article_versions as edition on edition.article_id = incoming.article_id and edition.version = incoming.version
    where
        incoming.is_selected
        -- a new version of what stands in a story may be the notice that takes it back
        or exists (
            select from core.story_articles as placed
            where placed.article_id = incoming.article_id and placed.is_current and placed.version < incoming.version
        )
    on conflict do nothing
)

select core.mark_taken('select', article_id, version::text, selector_version)
from incoming
