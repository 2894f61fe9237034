-- question: forgets what waits for a stage of earlier states of an article
-- parameters: article_id
-- columns: none
select core.drop_obsolete_inputs(:article_id)
