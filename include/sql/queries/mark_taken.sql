-- question: notes that a version of a stage has taken an input
-- parameters: stage, subject_id, edition, version
-- columns: none
select core.mark_taken(:stage, :subject_id, :edition, :version)
