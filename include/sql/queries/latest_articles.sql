-- question: what are the latest versions of these articles?
-- parameters: article_ids
-- columns: article (the record Article), in the order given
select to_jsonb(edition) - 'stored_at' as article
from unnest(cast(:article_ids as text[])) with ordinality as wanted (article_id, ordinal)
inner join core.articles as article on article.article_id = wanted.article_id
inner join core.article_versions as edition on edition.article_id = article.article_id and edition.version = article.latest_version
order by wanted.ordinal
