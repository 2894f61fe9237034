-- question: which feeds' turn has come, the longest overdue first?
-- parameters: now
-- columns: feed_id
select state.feed_id
from raw.feed_states as state
inner join raw.feeds as feed on feed.feed_id = state.feed_id
where
    state.retired_at is null
    and state.next_poll_at <= :now
    and not feed.is_paused
    and not exists (
        select from core.quarantine as held
        where held.stage = 'collect' and held.subject_id = state.feed_id and held.released_at is null
    )
order by state.next_poll_at, state.feed_id
