-- question: makes room for an extraction by rules that have not read this article version: what counted until now is history
-- parameters: article_id, version, extractor_version
-- columns: none
update core.extractions as known
set superseded_at = clock_timestamp()
where
    known.article_id = :article_id
    and known.version = :version
    and known.superseded_at is null
    and not exists (
        select from core.extractions as mine
        where mine.article_id = :article_id and mine.version = :version and mine.extractor_version = :extractor_version
    )
