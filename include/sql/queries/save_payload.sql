-- question: keeps the bytes that a visit brought
-- parameters: feed_id, polled_at, body (compressed with zlib), body_bytes (before compression)
-- columns: none
insert into raw.payloads (feed_id, polled_at, body, body_bytes)
values (:feed_id, :polled_at, :body, :body_bytes)
on conflict (feed_id, polled_at) do nothing
