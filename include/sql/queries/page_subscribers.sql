-- question: who is told of alerts, how, and how did it go?
-- parameters: none
-- columns: subscriber_id, name, is_active, email, webhook, slack, timezone, quiet_hours, cap_per_hour, wants_proof, routes, silences, opted_out (channels), sent, waiting, failed
with last_words as (
    select distinct on (subscriber_id, channel)
        subscriber_id,
        channel,
        is_out
    from core.opt_outs
    order by subscriber_id, channel, opt_out_number desc
)

select
    subscribers.subscriber_id,
    subscribers.name,
    subscribers.is_active,
    subscribers.email,
    subscribers.webhook,
    subscribers.slack,
    subscribers.timezone,
    subscribers.quiet_hours,
    subscribers.cap_per_hour,
    subscribers.wants_proof,
    subscribers.routes,
    subscribers.silences || coalesce(
        (
            select jsonb_agg(silences.silence || jsonb_build_object('made_by', silences.made_by) order by silences.silence_number)
            from core.silences
            where silences.subscriber_id = subscribers.subscriber_id
        ),
        '[]'
    ) as silences,
    array(
        select last_words.channel
        from last_words
        where last_words.subscriber_id = subscribers.subscriber_id and last_words.is_out
        order by last_words.channel
    ) as opted_out,
    (
        select count(*) from core.notifications
        where notifications.subscriber_id = subscribers.subscriber_id and notifications.state = 'sent'
    ) as sent,
    (
        select count(*) from core.notifications
        where notifications.subscriber_id = subscribers.subscriber_id and notifications.state in ('pending', 'held', 'uncertain', 'sending')
    ) as waiting,
    (
        select count(*) from core.notifications
        where notifications.subscriber_id = subscribers.subscriber_id and notifications.state = 'failed'
    ) as failed
from core.subscribers
order by subscribers.is_active desc, subscribers.subscriber_id
