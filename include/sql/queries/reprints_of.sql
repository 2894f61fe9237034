-- question: which articles belong to these stories, and who published them?
-- parameters: story_ids
-- columns: story_id, article_id, publisher
select placed.story_id, placed.article_id, edition.publisher
from core.story_articles as placed
inner join core.article_versions as edition on edition.article_id = placed.article_id and edition.version = placed.version
where placed.is_current and placed.story_id = any(cast(:story_ids as text[]))
order by placed.story_id, edition.published_at, placed.article_id
