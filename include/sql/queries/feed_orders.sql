-- question: which persons' orders hold feeds back?
-- parameters: none
-- columns: feed_order (the record FeedOrder)
select
    jsonb_build_object(
        'feed_id', feed_id, 'word', standing, 'ordered_by', standing_by, 'ordered_at', standing_at, 'reason', standing_reason
    ) as feed_order
from raw.feed_words
where standing in ('pause', 'retire')
order by feed_id
