-- question: waits until no other transaction works on the stage, and keeps others out until this one ends
-- parameters: stage
-- columns: none
select core.serialise(:stage)
