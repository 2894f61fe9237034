-- question: which articles were rejected so narrowly that a person should look, the nearest first?
-- parameters: page_size, skipped
-- columns: article_id, title, publisher, url, published_at, language, score, reasons, total
with newest as (
    select distinct on (selections.article_id)
        selections.*
    from core.selections
    inner join core.articles on articles.article_id = selections.article_id and articles.latest_version = selections.version
    where selections.is_near_miss
    order by selections.article_id, selections.stored_at desc
)

select
    newest.article_id,
    articles.title,
    articles.publisher,
    articles.url,
    articles.published_at,
    articles.language,
    newest.score,
    newest.reasons,
    count(*) over () as total
from newest
inner join core.article_versions as articles on articles.article_id = newest.article_id and articles.version = newest.version
where
    not exists (
        select from core.reviews where reviews.subject_kind = 'article' and reviews.subject_id = newest.article_id
    )
    and not exists (
        select from core.selections as other
        where other.article_id = newest.article_id and other.version = newest.version and other.is_selected
    )
order by newest.score desc, newest.article_id
limit cast(:page_size as integer) offset cast(:skipped as integer)
