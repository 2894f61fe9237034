-- question: what have analysts said of an allegation, the latest first?
-- parameters: allegation_id
-- columns: kind, reason, grade, said_by, said_at
select
    kind,
    reason,
    grade,
    said_by,
    said_at
from core.rulings
where allegation_id = cast(:allegation_id as text)
order by ruling_number desc
