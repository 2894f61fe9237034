-- core: silences of a mail server are counted apart from its refusals.

alter table core.notifications add column unanswered integer not null default 0 check (unanswered >= 0);
comment on column core.notifications.unanswered is 'How many attempts got no answer after the whole message had been sent.';
comment on column core.notifications.was_uncertain is 'Whether it was sent again with the same Message-ID, because an outcome was unknown; never unsaid.';
