-- question: what have analysts said of these allegations, the earliest first?
-- parameters: allegation_ids
-- columns: allegation_id, ruling (the record Ruling)
select
    allegation_id,
    to_jsonb(ruling) - 'ruling_number' as ruling
from core.rulings as ruling
where allegation_id = any (:allegation_ids)
order by ruling_number
