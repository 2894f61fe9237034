-- question: where do the pages of a document begin in its article's text?
-- parameters: article_id, version
-- columns: page, start_offset, in order
select page, start_offset
from core.article_pages
where article_id = :article_id and version = :version
order by page
