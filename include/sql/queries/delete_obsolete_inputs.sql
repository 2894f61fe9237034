-- question: forgets inputs of earlier states of articles that nobody has in hand
-- parameters: none
-- columns: none
delete from core.stage_inputs as input
using (
    select stage, subject_id, edition
    from core.stage_inputs
    where
        stage <> 'clean'
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
