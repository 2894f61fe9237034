-- question: which alert was the first about an allegation?
-- parameters: allegation_id
-- columns: alert_id
select alert_id
from core.alerts
where allegation_id = :allegation_id
order by alert_number
limit 1
