-- question: which extraction of an article version counts?
-- parameters: article_id, version
-- columns: extraction_id
select extraction_id
from core.extractions
where article_id = :article_id and version = :version and superseded_at is null
