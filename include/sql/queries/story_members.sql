-- question: who belongs to this story, and what of them decides who leads it and which agency it came from?
-- parameters: story_id
-- columns: member (the record StoryMember), the earliest first
select
    jsonb_build_object(
        'article_id', placed.article_id,
        'publisher', edition.publisher,
        'agency', coalesce(edition.wire ->> 'agency', ''),
        'words', prints.words,
        'published_at', edition.published_at,
        'relation', placed.relation
    ) as member
from core.story_articles as placed
inner join core.article_versions as edition on edition.article_id = placed.article_id and edition.version = placed.version
inner join core.article_fingerprints as prints on prints.article_id = placed.article_id
where placed.story_id = :story_id and placed.is_current
order by edition.published_at, placed.article_id
