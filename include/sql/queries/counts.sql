-- question: how much does the warehouse hold, and how much waits for a stage or for delivery?
-- parameters: now, lanes (whose inputs wait: false for what came live, true for backfills)
-- columns: the fields of the record Counts
select
    (select count(*) from raw.feed_states where last_polled_at is not null) as feeds_polled,
    (select count(*) from raw.polls) as polls,
    (select count(*) from raw.entries where is_first) as entries,
    (select count(*) from core.articles) as articles,
    (
        select count(distinct (selection.article_id))
        from core.selections as selection
        inner join core.articles as article
            on article.article_id = selection.article_id and article.latest_version = selection.version
        where selection.is_selected
    ) as selected,
    (select count(distinct (story_id)) from core.story_articles where is_current) as stories,
    (
        select coalesce(sum(extraction.claims), 0)::bigint
        from core.extractions as extraction
        inner join core.articles as article
            on article.article_id = extraction.article_id and article.latest_version = extraction.version
        where extraction.superseded_at is null
    ) as claims,
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
