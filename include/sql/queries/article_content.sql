-- question: which text is stored as this version of an article?
-- parameters: article_id, version
-- columns: content_sha256
select content_sha256
from core.article_versions
where article_id = :article_id and version = :version
