-- core: several ways to reach a subscriber, digests, quiet hours, caps, silences, and who wants no more mail.

alter table core.subscribers
    add column webhook text not null default '',
    add column slack text not null default '',
    add column timezone text not null default 'UTC',
    add column quiet_hours text not null default '',
    add column cap_per_hour integer not null default 20 check (cap_per_hour >= 1),
    add column wants_proof boolean not null default false,
    add column silences jsonb not null default '[]';
comment on column core.subscribers.email is 'Their mail address; empty where they are reached otherwise.';
comment on column core.subscribers.routes is
    'Which alerts they want and how, a list of {conducts, accused, entities, kinds, languages, minimum_grade, delivery, at, weekday}; an empty list in a route means all.';
comment on column core.subscribers.webhook is 'The name of a webhook among the deployment''s channels; empty for none.';
comment on column core.subscribers.slack is 'The name of a Slack channel among the deployment''s channels; empty for none.';
comment on column core.subscribers.timezone is 'The IANA time zone of their times of day.';
comment on column core.subscribers.quiet_hours is 'When nothing is sent at once, as 22:00-06:30; empty for never.';
comment on column core.subscribers.cap_per_hour is 'How many alerts are sent at once within an hour; what is more comes as one summary.';
comment on column core.subscribers.wants_proof is 'Whether they get a daily digest on a day without alerts too, with what was watched.';
comment on column core.subscribers.silences is 'What they do not want to hear of for a while, as the file has it: a list of {until, reason, conducts, accused, allegations}.';

create table core.silences (
    silence_number bigint generated always as identity primary key,
    subscriber_id text collate "C" not null references core.subscribers,
    silence jsonb not null,
    made_by text not null,
    made_at timestamptz not null
);
create index silences_by_subscriber on core.silences (subscriber_id);
comment on table core.silences is 'What subscribers do not want to hear of for a while, as said on the page. None is removed: one that has ended is over.';
comment on column core.silences.silence_number is 'Counts them.';
comment on column core.silences.subscriber_id is 'Whose it is.';
comment on column core.silences.silence is 'The silence {until, reason, conducts, accused, allegations}.';
comment on column core.silences.made_by is 'Who said it.';
comment on column core.silences.made_at is 'When.';

create table core.opt_outs (
    opt_out_number bigint generated always as identity primary key,
    subscriber_id text collate "C" not null references core.subscribers,
    channel text not null check (channel in ('mail', 'webhook', 'slack')),
    is_out boolean not null,
    said_by text not null,
    said_at timestamptz not null
);
create index opt_outs_by_subscriber on core.opt_outs (subscriber_id, channel, opt_out_number);
comment on table core.opt_outs is 'Who asked for no more messages, and who wants them again; the last word counts. It outlives the subscribers'' file.';
comment on column core.opt_outs.opt_out_number is 'Counts them.';
comment on column core.opt_outs.subscriber_id is 'Whose word it is.';
comment on column core.opt_outs.channel is 'Which way they want no more messages.';
comment on column core.opt_outs.is_out is 'True: no more. False: again.';
comment on column core.opt_outs.said_by is 'Who said it: a person, or the link in a mail.';
comment on column core.opt_outs.said_at is 'When.';

alter table core.notifications
    alter column alert_id drop not null,
    add column digest_key text collate "C" not null default '',
    add column held_for text not null default '',
    add column made_at timestamptz,
    drop constraint notifications_state_check,
    add constraint notifications_state_check
        check (state in ('pending', 'sending', 'sent', 'failed', 'uncertain', 'held', 'digested', 'silenced')),
    add constraint notifications_channel_check check (channel in ('mail', 'webhook', 'slack')),
    add constraint notifications_digest_check check (alert_id is not null or digest_key <> ''),
    add constraint notifications_held_check check (state not in ('held', 'digested') or (digest_key <> '' and alert_id is not null));
create unique index notifications_digest on core.notifications (subscriber_id, channel, digest_key) where alert_id is null;
create index notifications_members on core.notifications (subscriber_id, channel, digest_key) where alert_id is not null and digest_key <> '';
create index notifications_held on core.notifications (next_attempt_at) where state = 'held';
create index notifications_made on core.notifications (made_at) where alert_id is not null and digest_key = '';
comment on table core.notifications is
    'One delivery, remembered for ever: of an alert, unique on subscriber, channel and alert, or of a digest, unique on subscriber, channel and digest key.';
comment on column core.notifications.alert_id is 'The alert; null of a digest.';
comment on column core.notifications.channel is 'How: mail, webhook or slack.';
comment on column core.notifications.state is
    'pending, sending (handed to the server, outcome not yet stored), sent, failed, uncertain (it may have been accepted), held (waits for its digest), digested (went into it) or silenced.';
comment on column core.notifications.next_attempt_at is 'When the next attempt is due; of a held one, when its digest closes.';
comment on column core.notifications.digest_key is 'Which digest it waits for, went into, or is; empty of one that goes by itself.';
comment on column core.notifications.held_for is 'Why it did not go at once, or why the digest was made, in words.';
comment on column core.notifications.made_at is 'When it was made, by the flow''s clock; null before version 0011.';
