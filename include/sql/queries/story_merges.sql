-- question: which stories went up in this one, or where did this one go?
-- parameters: story_id
-- columns: merge (the record StoryMerge), the earliest first
select to_jsonb(merged) as merge
from core.story_merges as merged
where merged.from_story = :story_id or merged.into_story = :story_id
order by merged.merged_at, merged.merge_id
