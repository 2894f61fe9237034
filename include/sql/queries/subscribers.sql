-- question: who is told of alerts, by the ways they have not opted out of, and with the silences said on the page?
-- parameters: none
-- columns: subscriber (the record Subscriber)
with last_words as (
    select distinct on (subscriber_id, channel)
        subscriber_id,
        channel,
        is_out
    from core.opt_outs
    order by subscriber_id, channel, opt_out_number desc
),

opted_out as (
    select
        subscriber_id,
        array_agg(channel) as channels
    from last_words
    where is_out
    group by subscriber_id
),

silenced as (
    select
        subscriber_id,
        jsonb_agg(silence order by silence_number) as silences
    from core.silences
    group by subscriber_id
)

select
    to_jsonb(subscriber) || jsonb_build_object(
        'email', case when 'mail' = any (opted_out.channels) then '' else subscriber.email end,
        'webhook', case when 'webhook' = any (opted_out.channels) then '' else subscriber.webhook end,
        'slack', case when 'slack' = any (opted_out.channels) then '' else subscriber.slack end,
        'silences', subscriber.silences || coalesce(silenced.silences, '[]')
    ) as subscriber
from core.subscribers as subscriber
left join opted_out on opted_out.subscriber_id = subscriber.subscriber_id
left join silenced on silenced.subscriber_id = subscriber.subscriber_id
where subscriber.is_active
order by subscriber.subscriber_id
