-- question: which of these feeds are still due and in nobody's hands? Locks their states
-- parameters: feed_ids, now, live_at, moved_since, alerted_since (as for feeds_due)
-- columns: feed (the record Feed), state (the record FeedState), live_story (empty where it carries none)
select
    to_jsonb(feed) - 'is_paused' - 'registered_at' as feed,
    to_jsonb(state) as state,
    coalesce(live.story_id, '') as live_story
from raw.feed_states as state
inner join raw.feeds as feed on feed.feed_id = state.feed_id
left join raw.feed_words as said on said.feed_id = state.feed_id
left join core.live_feeds(:moved_since, :alerted_since) as live
    on live.feed_id = state.feed_id and not feed.is_unhurried and not feed.is_sample
where
    state.feed_id = any(cast(:feed_ids as text[]))
    and not feed.is_paused
    and (
        said.poll_at > coalesce(state.last_polled_at, '-infinity')
        or (
            coalesce(said.standing, '') not in ('pause', 'retire')
            and (state.retired_at is null or (said.standing = 'resume' and said.standing_at > state.retired_at))
            and (
                state.next_poll_at <= :now
                or (live.feed_id is not null and state.failures = 0 and state.last_polled_at <= :live_at)
            )
        )
    )
    and not exists (
        select from core.quarantine as held
        where held.stage = 'collect' and held.subject_id = state.feed_id and held.released_at is null
    )
order by state.next_poll_at, state.feed_id
for update of state skip locked
