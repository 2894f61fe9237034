-- question: which placed articles may concern this one though its fingerprints in the window do not find them?
-- parameters: article_id (left out), others (named by a person or by its earlier version), text_digest, first_at, last_at (the window: exact copies outside of it), agency, is_notice, notices_from, notices_to (a notice and what it may name are of one agency and within this time), limit
-- columns: article, fingerprints (the records), story_id, relation; the earliest first
with copies as (
    select same.article_id
    from core.story_articles as same
    inner join core.article_versions as edition on edition.article_id = same.article_id and edition.version = same.version
    where
        same.is_current and same.text_digest = :text_digest and same.text_digest <> 0
        and edition.published_at not between :first_at and :last_at
        and same.article_id <> :article_id
    order by edition.published_at, same.article_id
    limit 5
),

sent as (
    -- a notice may name whatever its agency sent; any other article is named by notices alone, which are few
    select edition.article_id, edition.version, edition.published_at
    from core.article_versions as edition
    where
        cast(:is_notice as boolean) and edition.wire ->> 'agency' = :agency
        and edition.published_at between :notices_from and :notices_to
    union all
    select edition.article_id, edition.version, edition.published_at
    from core.article_versions as edition
    where
        not cast(:is_notice as boolean) and edition.notice is not null and edition.wire ->> 'agency' = :agency
        and edition.published_at between :notices_from and :notices_to
),

named as (
    select sent.article_id
    from sent
    inner join core.story_articles as placed
        on placed.article_id = sent.article_id and placed.version = sent.version and placed.is_current
    where sent.article_id <> :article_id
    order by sent.published_at desc, sent.article_id
    limit :limit
),

wanted as (
    select unnest(cast(:others as text[])) as article_id
    union
    select article_id from copies
    union
    select article_id from named
)

select
    to_jsonb(edition) - 'stored_at' as article,
    to_jsonb(prints) as fingerprints,
    placed.story_id,
    placed.relation
from wanted
inner join core.story_articles as placed on placed.article_id = wanted.article_id and placed.is_current
inner join core.article_fingerprints as prints on prints.article_id = placed.article_id
inner join core.article_versions as edition on edition.article_id = prints.article_id and edition.version = prints.version
where wanted.article_id <> :article_id
order by edition.published_at, edition.article_id
