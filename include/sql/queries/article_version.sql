-- question: what does the warehouse hold as this version of an article?
-- parameters: article_id, version
-- columns: article (the record Article)
select to_jsonb(edition) - 'stored_at' as article
from core.article_versions as edition
where edition.article_id = :article_id and edition.version = :version
