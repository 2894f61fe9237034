-- question: which pages that could not be fetched are to be tried again now? Locks them
-- parameters: now, limit
-- columns: entry (the record Entry), feed (the record Feed), attempts
select
    to_jsonb(entry) - 'is_first' as entry,
    to_jsonb(feed) - 'is_paused' - 'registered_at' as feed,
    visit.attempts
from raw.page_visits as visit
inner join raw.entries as entry on entry.entry_id = visit.entry_id and entry.content_sha256 = visit.content_sha256
inner join raw.feeds as feed on feed.feed_id = entry.feed_id
where
    visit.state = 'waiting'
    and visit.next_try_at <= :now
    and not exists (
        select from core.quarantine as held
        where held.stage = 'clean' and held.subject_id = visit.entry_id and held.released_at is null
    )
order by visit.next_try_at, visit.entry_id
limit :limit
for update of visit skip locked
