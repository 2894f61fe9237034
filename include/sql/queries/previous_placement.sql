-- question: where does an article stand now?
-- parameters: article_id
-- columns: placement (the record Placement)
select to_jsonb(placed) - 'is_current' - 'stored_at' as placement
from core.story_articles as placed
where placed.article_id = :article_id and placed.is_current
