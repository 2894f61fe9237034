-- question: removes the claims of an extraction, with all that belongs to them, before they are stored anew
-- parameters: extraction_id
-- columns: none
delete from core.claims
where extraction_id = :extraction_id
