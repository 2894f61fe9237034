-- question: what do these contents of entries hold, and which feed lists them?
-- parameters: entry_ids, contents (content_sha256 of each)
-- columns: entry (the record Entry), feed (the record Feed), in the order given
select
    to_jsonb(entry) - 'is_first' as entry,
    to_jsonb(feed) - 'is_paused' - 'registered_at' as feed
from unnest(cast(:entry_ids as text[]), cast(:contents as text[])) with ordinality as wanted (entry_id, content_sha256, ordinal)
inner join raw.entries as entry on entry.entry_id = wanted.entry_id and entry.content_sha256 = wanted.content_sha256
inner join raw.feeds as feed on feed.feed_id = entry.feed_id
order by wanted.ordinal
