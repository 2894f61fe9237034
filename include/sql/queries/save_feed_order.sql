-- question: stores a person's word on a feed
-- parameters: feed_id, word, ordered_by, ordered_at, reason
-- columns: none
insert into raw.feed_orders (feed_id, word, ordered_by, ordered_at, reason)
values (:feed_id, :word, :ordered_by, :ordered_at, :reason)
on conflict (feed_id, word, ordered_at) do nothing
