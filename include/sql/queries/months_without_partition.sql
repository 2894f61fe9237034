-- question: the rows of which months lie in a default partition?
-- parameters: none
-- columns: month (its first day)
select distinct cast(date_trunc('month', polled_at at time zone 'UTC') as date) as month
from raw.payloads_default
union
select distinct cast(date_trunc('month', stored_at at time zone 'UTC') as date)
from raw.pages_default
union
select distinct cast(date_trunc('month', published_at at time zone 'UTC') as date)
from core.fingerprints_default
