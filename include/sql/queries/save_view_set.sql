-- question: remembers which set of files made the views of mart
-- parameters: digest
-- columns: none
insert into core.view_sets (digest) values (:digest)
on conflict (digest) do update set applied_at = now()
