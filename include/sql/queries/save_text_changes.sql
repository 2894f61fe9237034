-- question: stores what a text changed in an earlier one, in place of what was stored for the two before
-- parameters: article_id, version, earlier_article_id, earlier_version, changes (a list of the record Change)
-- columns: none
with removed as (
    delete from core.text_changes
    where
        article_id = :article_id and version = :version
        and earlier_article_id = :earlier_article_id and earlier_version = :earlier_version
        and ordinal > jsonb_array_length(cast(:changes as jsonb))
)

insert into core.text_changes (
    article_id, version, earlier_article_id, earlier_version, ordinal, kind, before, after, before_start, before_end, after_start,
    after_end
)
select
    :article_id, :version, :earlier_article_id, :earlier_version, told.ordinal, told.change ->> 'kind', told.change ->> 'before',
    told.change ->> 'after', cast(told.change ->> 'before_start' as integer), cast(told.change ->> 'before_end' as integer),
    cast(told.change ->> 'after_start' as integer), cast(told.change ->> 'after_end' as integer)
from jsonb_array_elements(cast(:changes as jsonb)) with ordinality as told (change, ordinal)
on conflict (article_id, version, earlier_article_id, earlier_version, ordinal) do update set
    kind = excluded.kind,
    before = excluded.before,
    after = excluded.after,
    before_start = excluded.before_start,
    before_end = excluded.before_end,
    after_start = excluded.after_start,
    after_end = excluded.after_end
