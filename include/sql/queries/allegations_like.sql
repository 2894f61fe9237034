-- question: which allegations are known against these accused in these families of conduct, in their latest state?
-- parameters: accused_keys, families
-- columns: allegation (the record Allegation), the earliest first
select to_jsonb(latest) - 'revision' - 'assessment_id' - 'known_from' as allegation
from core.allegations as allegation
inner join core.allegation_versions as latest
    on latest.allegation_id = allegation.allegation_id
    and latest.version = allegation.latest_version
    and latest.revision = allegation.latest_revision
where allegation.accused_key = any(cast(:accused_keys as text[])) and allegation.family = any(cast(:families as text[]))
order by latest.first_published_at, allegation.allegation_id
