-- question: which alerts have no notifications made yet, the oldest first? Locks them
-- parameters: limit
-- columns: alert (the record Alert)
select alert.alert
from core.alerts as alert
where
    alert.fanned_out_at is null
    and not exists (
        select from core.quarantine as held
        where held.stage = 'fan_out' and held.subject_id = alert.alert_id and held.released_at is null
    )
order by alert.created_at, alert.alert_number
limit :limit
for update of alert skip locked
