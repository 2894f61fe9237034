-- question: which views of mart are there, and from which set of files?
-- parameters: none
-- columns: view_name, digest (of the set applied last; null before the first)
select
    views.viewname as view_name,
    (select digest from core.view_sets order by applied_at desc limit 1) as digest
from pg_views as views
where views.schemaname = 'mart'
order by views.viewname
