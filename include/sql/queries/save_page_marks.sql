-- question: stores where the pages of a document begin in its article's text
-- parameters: article_id, version, marks (list of the record PageMark)
-- columns: none
with forgotten as (
    delete from core.article_pages
    where
        article_id = :article_id
        and version = :version
        and page not in (select mark.page from jsonb_to_recordset(cast(:marks as jsonb)) as mark (page integer))
)

insert into core.article_pages (article_id, version, page, start_offset)
select :article_id, :version, mark.page, mark.start
from jsonb_to_recordset(cast(:marks as jsonb)) as mark (page integer, start integer)
on conflict (article_id, version, page) do update set start_offset = excluded.start_offset
