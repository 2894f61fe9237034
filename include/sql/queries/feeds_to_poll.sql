-- question: which of these feeds are still due and in nobody's hands? Locks their states
-- parameters: feed_ids, now
-- columns: feed (the record Feed), state (the record FeedState)
select
    to_jsonb(feed) - 'is_paused' - 'registered_at' as feed,
    to_jsonb(state) as state
from raw.feed_states as state
inner join raw.feeds as feed on feed.feed_id = state.feed_id
where
    state.feed_id = any(cast(:feed_ids as text[]))
    and state.retired_at is null
    and state.next_poll_at <= :now
    and not feed.is_paused
    and not exists (
        select from core.quarantine as held
        where held.stage = 'collect' and held.subject_id = state.feed_id and held.released_at is null
    )
order by state.next_poll_at, state.feed_id
for update of state skip locked
