-- question: what did people say of this article and another, withdrawn words included?
-- parameters: article_id
-- columns: verdict (the record StoryVerdict), the earliest first
select to_jsonb(verdict) as verdict
from core.story_verdicts as verdict
where verdict.article_id = :article_id or verdict.other_article_id = :article_id
order by verdict.decided_at, verdict.verdict_id
