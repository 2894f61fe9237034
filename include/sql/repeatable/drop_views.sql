-- Repeatable, run with grant_views.sql around the files of include/sql/views: drops every view of mart.
-- A view of somebody's own that reads one of ours stops it: nothing of theirs is dropped.
do $$
declare
    old record;
begin
    -- A view that another one reads falls after it: newest first.
    for old in
        select relation.oid::regclass as name
        from pg_class as relation
        join pg_namespace as namespace on namespace.oid = relation.relnamespace
        where namespace.nspname = 'mart' and relation.relkind = 'v'
        order by relation.oid desc
    loop
        execute format('drop view %s', old.name);
    end loop;
end
$$;
