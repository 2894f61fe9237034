-- question: stores what an analyst says of an allegation
-- parameters: ruling (the record Ruling)
-- columns: allegation_id (none where there is no such allegation)
insert into core.rulings (allegation_id, kind, reason, grade, said_by, said_at)
select
    ruling.allegation_id,
    ruling.kind,
    ruling.reason,
    ruling.grade,
    ruling.said_by,
    ruling.said_at
from jsonb_to_record(cast(:ruling as jsonb)) as ruling (
    allegation_id text, kind text, reason text, grade text, said_by text, said_at timestamptz
)
inner join core.allegations as allegation on allegation.allegation_id = ruling.allegation_id
returning allegation_id
