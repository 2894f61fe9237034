-- question: how much does the warehouse hold, and when was a feed last visited? (the line at the head of the page)
-- parameters: none
-- columns: one row: feeds, articles, stories, allegations, alerts, mails_sent, last_polled_at
select
    (select count(*) from raw.feeds where not is_paused) as feeds,
    (select count(*) from core.articles) as articles,
    (select count(distinct story_id) from core.story_articles where is_current) as stories,
    (select count(*) from core.allegations) as allegations,
    (select count(*) from core.alerts) as alerts,
    (select count(*) from core.notifications where state = 'sent') as mails_sent,
    (select max(last_polled_at) from raw.feed_states) as last_polled_at
