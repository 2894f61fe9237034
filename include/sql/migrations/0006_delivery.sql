-- core: subscribers, the outbox of notifications, and what no stage could process.

create table core.subscribers (
    subscriber_id text collate "C" primary key,
    name text not null,
    email text not null,
    routes jsonb not null,
    is_active boolean not null
);
comment on table core.subscribers is 'Who gets mails, as last read from include/subscribers.yaml. Somebody no longer named is inactive, not removed.';
comment on column core.subscribers.subscriber_id is 'The subscriber.';
comment on column core.subscribers.name is 'Their name.';
comment on column core.subscribers.email is 'Their mail address.';
comment on column core.subscribers.routes is 'Which alerts they want, a list of {conducts, accused, kinds, languages, minimum_grade}; an empty list in a route means all.';
comment on column core.subscribers.is_active is 'Whether they get mails.';

create table core.notifications (
    notification_id text collate "C" primary key,
    alert_id text collate "C" not null references core.alerts,
    subscriber_id text collate "C" not null references core.subscribers,
    channel text not null,
    address text not null,
    state text not null check (state in ('pending', 'sending', 'sent', 'failed', 'uncertain')),
    message_id text not null,
    attempts integer not null,
    next_attempt_at timestamptz not null,
    last_error text not null,
    sent_at timestamptz,
    was_uncertain boolean not null,
    state_since timestamptz not null,
    unique (subscriber_id, channel, alert_id)
)
with (fillfactor = 80);
create index notifications_by_alert on core.notifications (alert_id);
create index notifications_waiting on core.notifications (state, next_attempt_at) where state in ('pending', 'sending', 'uncertain');
comment on table core.notifications is 'One delivery of an alert to a subscriber, remembered for ever: unique on subscriber, channel and alert.';
comment on column core.notifications.notification_id is 'The notification.';
comment on column core.notifications.alert_id is 'The alert.';
comment on column core.notifications.subscriber_id is 'Who gets it.';
comment on column core.notifications.channel is 'How: mail.';
comment on column core.notifications.address is 'Where to.';
comment on column core.notifications.state is 'pending, sending (handed to the server, outcome not yet stored), sent, failed or uncertain (it may have been accepted).';
comment on column core.notifications.message_id is 'The Message-ID of the mail, the same at every attempt.';
comment on column core.notifications.attempts is 'How often delivery was tried.';
comment on column core.notifications.next_attempt_at is 'When the next attempt is due.';
comment on column core.notifications.last_error is 'What the server said last, in words; empty where it accepted.';
comment on column core.notifications.sent_at is 'When the server accepted it.';
comment on column core.notifications.was_uncertain is 'Whether it was sent a second time with the same Message-ID, because the first outcome was unknown.';
comment on column core.notifications.state_since is 'Since when it is in its state.';

create table core.quarantine (
    quarantine_number bigint generated always as identity primary key,
    stage text collate "C" not null check (stage in ('collect', 'clean', 'select', 'deduplicate', 'extract', 'assess', 'fan_out', 'deliver')),
    subject_id text collate "C" not null,
    reason text not null,
    detail text not null,
    quarantined_at timestamptz not null,
    released_at timestamptz
);
create unique index quarantine_open on core.quarantine (stage, subject_id) where released_at is null;
comment on table core.quarantine is 'Records that a stage could not process: the stage leaves them alone until they are released (set released_at).';
comment on column core.quarantine.quarantine_number is 'Counts them.';
comment on column core.quarantine.stage is 'The stage.';
comment on column core.quarantine.subject_id is 'What it could not process: a feed, entry, article, alert or notification.';
comment on column core.quarantine.reason is 'Why, in a few words.';
comment on column core.quarantine.detail is 'The error in full.';
comment on column core.quarantine.quarantined_at is 'When that was last, by the flow''s clock.';
comment on column core.quarantine.released_at is 'When a person let the stage try again; null while it is held.';

create view core.open_inputs as
select stage, subject_id, edition, first_seen_at, published_at, taken_by, outputs
from core.stage_inputs as input
where
    not exists (
        select from core.quarantine as held
        where held.stage = input.stage and held.subject_id = input.subject_id and held.released_at is null
    )
    -- Scalar subqueries, which are looked up for each row: the planner may hash an exists over the whole table.
    and case
        when input.stage = 'clean' then true
        when input.stage = 'assess' then (
            select extraction.superseded_at is null and extraction.version = article.latest_version
            from core.extractions as extraction
            join core.articles as article using (article_id)
            join core.story_articles as placed on placed.article_id = article.article_id and placed.is_current
            where extraction.extraction_id = input.edition
        )
        else (
            select article.latest_version::text = input.edition
            from core.articles as article
            where article.article_id = input.subject_id
        )
    end;
comment on view core.open_inputs is 'The inputs of core.stage_inputs that a stage may take: the latest of their subject, placed in a story where assess is to take it, and not in quarantine.';
comment on column core.open_inputs.stage is 'The stage that takes it.';
comment on column core.open_inputs.subject_id is 'The entry (for clean) or the article (for all others).';
comment on column core.open_inputs.edition is 'Which state of it: content_sha256, version, or (for assess) extraction.';
comment on column core.open_inputs.first_seen_at is 'When the subject was first seen.';
comment on column core.open_inputs.published_at is 'When the subject was published.';
comment on column core.open_inputs.taken_by is 'The version of the stage that last took it; empty while none has.';
comment on column core.open_inputs.outputs is 'Every version of the stage that has taken it.';


create function core.mark_taken(of_stage text, of_subject text, of_edition text, by_version text) returns void
language sql
as $$
    update core.stage_inputs
    set
        taken_by = by_version,
        outputs = case when by_version = any (outputs) then outputs else outputs || by_version end
    where stage = of_stage and subject_id = of_subject and edition = of_edition
$$;
comment on function core.mark_taken(text, text, text, text) is 'Note that a version of a stage has taken an input.';


create function core.drop_obsolete_inputs(of_article text) returns void
language sql
as $$
    delete from core.stage_inputs as input
    using (
        select stage, subject_id, edition
        from core.stage_inputs
        where
            stage in ('select', 'deduplicate', 'extract', 'assess')
            and subject_id = of_article
            and not exists (
                select from core.articles as article
                left join core.extractions as extraction
                    on extraction.article_id = article.article_id
                    and extraction.version = article.latest_version
                    and extraction.superseded_at is null
                where
                    article.article_id = subject_id
                    and edition = case when stage = 'assess' then extraction.extraction_id else article.latest_version::text end
            )
        for update skip locked
    ) as obsolete
    where (input.stage, input.subject_id, input.edition) = (obsolete.stage, obsolete.subject_id, obsolete.edition)
$$;
comment on function core.drop_obsolete_inputs(text) is
    'Forget inputs of earlier states of an article. What a worker has in hand stays; core.open_inputs hides it from the next one.';
