-- question: notes that the notifications of an alert have been made
-- parameters: alert_id
-- columns: alert_id (none where there is no such alert)
update core.alerts
set fanned_out_at = coalesce(fanned_out_at, now())
where alert_id = :alert_id
returning alert_id
