-- question: refreshes the planner's statistics of the tables that grow fastest
-- parameters: none
-- columns: none
analyze core.stage_inputs, core.fingerprints, core.article_versions, raw.entries
