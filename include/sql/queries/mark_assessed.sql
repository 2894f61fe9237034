-- question: notes that a version of the assessing rules has held an extraction against the ledger
-- parameters: extraction_id, assessor_version
-- columns: none
update core.extractions
set assessed_by = case when :assessor_version = any(assessed_by) then assessed_by else assessed_by || cast(:assessor_version as text) end
where extraction_id = :extraction_id
returning core.mark_taken('assess', article_id, extraction_id, :assessor_version)
