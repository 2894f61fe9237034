-- question: keeps the fingerprints of an article's latest placed version, in place of those of the version before
-- parameters: fingerprints (the record Fingerprints)
-- columns: none
with incoming as (
    select fingerprints.*, article.article_number, core.agency_number(coalesce(edition.wire ->> 'agency', '')) as agency_number
    from jsonb_to_record(cast(:fingerprints as jsonb)) as fingerprints (
        article_id text, version integer, hashes bigint[], words integer, published_at timestamptz
    )
    inner join core.articles as article on article.article_id = fingerprints.article_id
    inner join core.article_versions as edition
        on edition.article_id = fingerprints.article_id and edition.version = fingerprints.version
    where not exists (
        select from core.article_fingerprints as known
        where
            known.article_id = fingerprints.article_id
            and (
                known.version > fingerprints.version
                or (known.version, known.hashes, known.words, known.published_at)
                = (fingerprints.version, fingerprints.hashes, fingerprints.words, fingerprints.published_at)
            )
    )
),

removed as (
    delete from core.fingerprints as print
    using incoming
    inner join core.article_fingerprints as known on known.article_id = incoming.article_id
    cross join lateral unnest(known.hashes) as stale (fingerprint)
    where
        print.fingerprint = stale.fingerprint
        and print.published_at = known.published_at
        and print.article_number = incoming.article_number
),

stored as (
    insert into core.article_fingerprints (article_id, version, hashes, words, published_at)
    select article_id, version, hashes, words, published_at
    from incoming
    on conflict (article_id) do update set
        version = excluded.version,
        hashes = excluded.hashes,
        words = excluded.words,
        published_at = excluded.published_at
)

insert into core.fingerprints (fingerprint, published_at, article_number, agency_number)
select distinct fresh.fingerprint, incoming.published_at, incoming.article_number, incoming.agency_number
from incoming
cross join lateral unnest(incoming.hashes) as fresh (fingerprint)
