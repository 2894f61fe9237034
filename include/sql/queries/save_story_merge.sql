-- question: stores that two stories turned out to be one, or that a person undid it
-- parameters: merge (the record StoryMerge)
-- columns: none
insert into core.story_merges (
    merge_id, from_story, into_story, article_id, related_to, moved, evidence, merged_at, undone_at, undone_by
)
select merge_id, from_story, into_story, article_id, related_to, moved, evidence, merged_at, undone_at, undone_by
from jsonb_to_record(cast(:merge as jsonb)) as told (
    merge_id text, from_story text, into_story text, article_id text, related_to text, moved text[], evidence text[],
    merged_at timestamptz, undone_at timestamptz, undone_by text
)
on conflict (merge_id) do update set undone_at = excluded.undone_at, undone_by = excluded.undone_by
