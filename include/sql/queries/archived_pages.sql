-- question: which pages did these entries come with?
-- parameters: entry_ids, contents (content_sha256 of each)
-- columns: entry_id, url, content_type, body (compressed with zlib), captured_at
select page.entry_id, page.url, page.content_type, page.body, page.captured_at
from unnest(cast(:entry_ids as text[]), cast(:contents as text[])) as wanted (entry_id, content_sha256)
inner join raw.pages as page on page.entry_id = wanted.entry_id and page.content_sha256 = wanted.content_sha256
