-- question: which alerts were raised, and did they reach those who should know?
-- parameters: none
-- columns: one row per alert
create view mart.alerts as
with alerts as not materialized (
    select * from core.alerts
),

notifications as not materialized (
    select * from core.notifications
),

delivered as (
    select
        notifications.alert_id,
        count(*) as notifications,
        count(*) filter (where notifications.state = 'pending') as pending,
        count(*) filter (where notifications.state = 'sending') as sending,
        count(*) filter (where notifications.state = 'sent') as sent,
        count(*) filter (where notifications.state = 'failed') as failed,
        count(*) filter (where notifications.state = 'uncertain') as uncertain,
        count(*) filter (where notifications.was_uncertain) as sent_again,
        min(notifications.sent_at) as first_sent_at,
        max(notifications.sent_at) as last_sent_at
    from notifications
    group by notifications.alert_id
),

final as (
    select
        alerts.alert_id,
        alerts.allegation_id,
        alerts.allegation_version,
        alerts.kind,
        alerts.created_at,
        alerts.alert ->> 'headline' as headline,
        alerts.alert ->> 'accused' as accused,
        alerts.alert ->> 'conduct' as conduct,
        alerts.alert ->> 'modality' as modality,
        alerts.alert ->> 'grade' as grade,
        nullif(alerts.alert ->> 'rule', '') as rule,
        alerts.alert ->> 'regime' as regime,
        alerts.alert ->> 'language' as language,
        jsonb_array_length(alerts.alert -> 'roots') as roots,
        (alerts.alert -> 'articles')::integer as articles,
        (alerts.alert -> 'publishers')::integer as publishers,
        (alerts.alert -> 'reprints')::integer as reprints,
        alerts.fanned_out_at is not null as is_fanned_out,
        coalesce(delivered.notifications, 0) as notifications,
        coalesce(delivered.pending, 0) as pending,
        coalesce(delivered.sending, 0) as sending,
        coalesce(delivered.sent, 0) as sent,
        coalesce(delivered.failed, 0) as failed,
        coalesce(delivered.uncertain, 0) as uncertain,
        coalesce(delivered.sent_again, 0) as sent_again,
        delivered.first_sent_at,
        delivered.last_sent_at,
        alerts.is_sample
    from alerts
    left join delivered on delivered.alert_id = alerts.alert_id
)

select * from final;

comment on view mart.alerts is 'Alerts and how their delivery stands, one row per alert. Addresses of subscribers are not shown.';
comment on column mart.alerts.alert_id is 'The alert.';
comment on column mart.alerts.allegation_id is 'The allegation it tells of.';
comment on column mart.alerts.allegation_version is 'The version of the allegation that it tells.';
comment on column mart.alerts.kind is 'NEW, UPDATE, DENIAL or CORRECTION.';
comment on column mart.alerts.created_at is 'When it was raised.';
comment on column mart.alerts.headline is 'The middle of its subject line.';
comment on column mart.alerts.accused is 'Who is accused.';
comment on column mart.alerts.conduct is 'What was done, an id of the taxonomy.';
comment on column mart.alerts.modality is 'How firmly it is said.';
comment on column mart.alerts.grade is 'The proposed Admiralty grade.';
comment on column mart.alerts.rule is 'The UN paragraph, mapped by us; null where none fits.';
comment on column mart.alerts.regime is 'The law it is alleged under.';
comment on column mart.alerts.language is 'ISO 639-1 code of the article''s language.';
comment on column mart.alerts.roots is 'How many independent sources it rested on.';
comment on column mart.alerts.articles is 'In how many articles.';
comment on column mart.alerts.publishers is 'By how many publishers.';
comment on column mart.alerts.reprints is 'How many of the articles are reprints.';
comment on column mart.alerts.is_fanned_out is 'Whether its notifications have been made.';
comment on column mart.alerts.notifications is 'How many there are.';
comment on column mart.alerts.pending is 'How many wait.';
comment on column mart.alerts.sending is 'How many are in a worker''s hands.';
comment on column mart.alerts.sent is 'How many the mail server accepted.';
comment on column mart.alerts.failed is 'How many were given up.';
comment on column mart.alerts.uncertain is 'Of how many the outcome is not known; they are sent once more with the same Message-ID.';
comment on column mart.alerts.sent_again is 'How many were sent a second time for that reason.';
comment on column mart.alerts.first_sent_at is 'When the first was accepted.';
comment on column mart.alerts.last_sent_at is 'When the last was accepted.';
comment on column mart.alerts.is_sample is 'Whether it comes from the bundled replay.';
