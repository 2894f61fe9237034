-- question: keeps the page that an entry came with
-- parameters: entry_id, content (the content_sha256), feed_id, stored_at, captured_at, url, content_type, body (compressed with zlib), body_bytes (before compression)
-- columns: none
insert into raw.pages (entry_id, content_sha256, feed_id, stored_at, captured_at, url, content_type, body, body_bytes)
values (:entry_id, :content, :feed_id, :stored_at, :captured_at, :url, :content_type, :body, :body_bytes)
on conflict do nothing
