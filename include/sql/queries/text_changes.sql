-- question: what did an article version change in the texts it follows?
-- parameters: article_id, version
-- columns: earlier_article_id, earlier_version, changes (a list of the record Change, in the order of the later text)
select
    changed.earlier_article_id,
    changed.earlier_version,
    jsonb_agg(
        jsonb_build_object(
            'kind', changed.kind,
            'before', changed.before,
            'after', changed.after,
            'before_start', changed.before_start,
            'before_end', changed.before_end,
            'after_start', changed.after_start,
            'after_end', changed.after_end
        )
        order by changed.ordinal
    ) as changes
from core.text_changes as changed
where changed.article_id = :article_id and changed.version = :version
group by changed.earlier_article_id, changed.earlier_version
order by changed.earlier_article_id, changed.earlier_version
