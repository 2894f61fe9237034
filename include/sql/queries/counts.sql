-- question: how much does the warehouse hold, and how much waits for a stage or for delivery?
-- parameters: now, lanes (whose inputs wait: false for what came live, true for backfills)
-- columns: the fields of the record Counts; of a table with more rows than can be counted in passing (200,000), what the planner knows of it
with known as (
    select
        200000 as exact,
        max(reltuples) filter (where oid = cast('raw.entries' as regclass)) as entries,
        max(reltuples) filter (where oid = cast('raw.polls' as regclass)) as polls,
        max(reltuples) filter (where oid = cast('core.articles' as regclass)) as articles,
        max(reltuples) filter (where oid = cast('core.selections_selected' as regclass)) as selected,
        max(reltuples) filter (where oid = cast('core.stories' as regclass)) as stories,
        max(reltuples) filter (where oid = cast('core.claims' as regclass)) as claims
    from pg_class
)

select
    (select count(*) from raw.feed_states where last_polled_at is not null) as feeds_polled,
    case when known.polls > known.exact then known.polls::bigint else (select count(*) from raw.polls) end as polls,
    case when known.entries > known.exact then known.entries::bigint else (select count(*) from raw.entries where is_first) end as entries,
    case when known.articles > known.exact then known.articles::bigint else (select count(*) from core.articles) end as articles,
    case
        when known.articles > known.exact then known.selected::bigint
        else (
            select count(distinct (selection.article_id))
            from core.selections as selection
            inner join core.articles as article
                on article.article_id = selection.article_id and article.latest_version = selection.version
            where selection.is_selected
        )
    end as selected,
    case
        when known.stories > known.exact then known.stories::bigint
        else (select count(distinct (story_id)) from core.story_articles where is_current)
    end as stories,
    case
        when known.articles > known.exact then known.claims::bigint
        else (
            select coalesce(sum(extraction.claims), 0)::bigint
            from core.extractions as extraction
            inner join core.articles as article
                on article.article_id = extraction.article_id and article.latest_version = extraction.version
            where extraction.superseded_at is null
        )
    end as claims,
    (select count(*) from core.allegations) as allegations,
    (select count(*) from core.alerts) as alerts,
    (select count(*) from core.notifications where state = 'sent') as mails_sent,
    (select count(*) from core.quarantine where released_at is null) as quarantined,
    (select count(*) from core.open_inputs where taken_by = '' and is_backfill = any(cast(:lanes as boolean[])))
    + (
        select count(*) from core.alerts as alert
        where
            alert.fanned_out_at is null
            and not exists (
                select from core.quarantine as held
                where held.stage = 'fan_out' and held.subject_id = alert.alert_id and held.released_at is null
            )
    )
    + (
        select count(*) from raw.page_visits as visit
        where
            visit.state = 'waiting'
            and visit.next_try_at <= :now
            and not exists (
                select from core.quarantine as held
                where held.stage = 'clean' and held.subject_id = visit.entry_id and held.released_at is null
            )
    )
    + (select count(*) from core.notifications where state in ('pending', 'sending', 'uncertain')) as waiting
from known
