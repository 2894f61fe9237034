-- question: writes who leads a story and which agency it came from, into the story and the placements of its members where they say otherwise
-- parameters: story_id, lead_article_id, origin_agency, origin_evidence
-- columns: none
with told as (
    update core.stories
    set lead_article_id = :lead_article_id, origin_agency = :origin_agency, origin_evidence = :origin_evidence
    where
        story_id = :story_id
        and (lead_article_id, origin_agency, origin_evidence) is distinct from (:lead_article_id, :origin_agency, :origin_evidence)
)

update core.story_articles as placed
set lead_article_id = :lead_article_id, origin_agency = coalesce(edition.wire ->> 'agency', :origin_agency)
from core.article_versions as edition
where
    placed.story_id = :story_id
    and placed.is_current
    and edition.article_id = placed.article_id
    and edition.version = placed.version
    and (placed.lead_article_id, placed.origin_agency)
    is distinct from (:lead_article_id, coalesce(edition.wire ->> 'agency', :origin_agency))
