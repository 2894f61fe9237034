-- question: what was watched between two moments?
-- parameters: since, until
-- columns: since, until, feeds, polled, failed, polls, articles, selected (the record WatchProof)
with visits as (
    select
        feed_id,
        count(*) as polls,
        (array_agg(outcome order by polled_at desc))[1] in ('unavailable', 'broken', 'retired') as is_failing
    from raw.polls
    where polled_at > :since and polled_at <= :until
    group by feed_id
)

select
    cast(:since as timestamptz) as since,
    cast(:until as timestamptz) as until,
    (
        select count(*)
        from raw.feeds as feed
        inner join raw.feed_states as state on state.feed_id = feed.feed_id
        where not feed.is_paused and state.retired_at is null
    ) as feeds,
    (select count(*) from visits) as polled,
    (select count(*) from visits where is_failing) as failed,
    (select coalesce(sum(polls), 0)::bigint from visits) as polls,
    (select count(*) from core.articles where first_seen_at > :since and first_seen_at <= :until) as articles,
    (
        select count(*)
        from core.articles as article
        where
            article.first_seen_at > :since
            and article.first_seen_at <= :until
            and exists (
                select from core.selections as selection
                where selection.article_id = article.article_id and selection.version = article.latest_version and selection.is_selected
            )
    ) as selected
