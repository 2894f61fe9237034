-- question: what became of fetching the page of this entry?
-- parameters: entry_id
-- columns: visit (the record PageVisit)
select to_jsonb(visit) as visit
from raw.page_visits as visit
where visit.entry_id = :entry_id
