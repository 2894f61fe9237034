-- question: stores alerts that are new: they then wait to be fanned out
-- parameters: alerts (list of the record Alert)
-- columns: none
insert into core.alerts (assessment_id, alert_id, allegation_id, allegation_version, kind, created_at, is_sample, alert)
select
    record ->> 'assessment_id', record ->> 'alert_id', record ->> 'allegation_id', (record ->> 'allegation_version')::integer,
    record ->> 'kind', (record ->> 'created_at')::timestamptz, (record ->> 'is_sample')::boolean, record
from jsonb_array_elements(cast(:alerts as jsonb)) with ordinality as alert (record, ordinal)
order by ordinal
on conflict (alert_id) do nothing
