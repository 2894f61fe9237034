-- question: registers these subscribers; all others become inactive
-- parameters: subscribers (list of the record Subscriber)
-- columns: none
with named as (
    select *
    from jsonb_to_recordset(cast(:subscribers as jsonb)) as subscriber (
        subscriber_id text, name text, email text, routes jsonb, is_active boolean, webhook text, slack text, timezone text,
        quiet_hours text, cap_per_hour integer, wants_proof boolean, silences jsonb
    )
),

left_out as (
    update core.subscribers
    set is_active = false
    where is_active and subscriber_id not in (select named.subscriber_id from named)
)

insert into core.subscribers (
    subscriber_id, name, email, routes, is_active, webhook, slack, timezone, quiet_hours, cap_per_hour, wants_proof, silences
)
select
    subscriber_id, name, email, routes, is_active, webhook, slack, timezone, quiet_hours, cap_per_hour, wants_proof, silences
from named
on conflict (subscriber_id) do update set
    name = excluded.name,
    email = excluded.email,
    routes = excluded.routes,
    is_active = excluded.is_active,
    webhook = excluded.webhook,
    slack = excluded.slack,
    timezone = excluded.timezone,
    quiet_hours = excluded.quiet_hours,
    cap_per_hour = excluded.cap_per_hour,
    wants_proof = excluded.wants_proof,
    silences = excluded.silences
