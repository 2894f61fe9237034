-- question: which retention rules hold? Those given, and no others
-- parameters: rules (list of publisher, keep_days, quote_characters)
-- columns: none
with named as (
    select *
    from jsonb_to_recordset(cast(:rules as jsonb)) as rule (publisher text, keep_days integer, quote_characters integer)
),

forgotten as (
    delete from core.publisher_rules
    where publisher not in (select named.publisher from named)
)

insert into core.publisher_rules (publisher, keep_days, quote_characters)
select publisher, keep_days, quote_characters
from named
on conflict (publisher) do update set keep_days = excluded.keep_days, quote_characters = excluded.quote_characters
