-- question: stores what an analyst says of an uncertain claim or a near miss
-- parameters: subject_kind, subject_id, decision, reason, said_by, now
-- columns: subject_id (none where there is no such claim or article)
insert into core.reviews (subject_kind, subject_id, decision, reason, said_by, said_at)
select
    :subject_kind,
    :subject_id,
    :decision,
    :reason,
    :said_by,
    :now
where
    case
        when :subject_kind = 'claim' then exists (select from core.claims where claim_id = :subject_id)
        else exists (select from core.articles where article_id = :subject_id)
    end
returning subject_id
