-- Repeatable, run with drop_views.sql around the files of include/sql/views: the BI role may read mart and nothing else.
do $$
begin
    if exists (select from pg_roles where rolname = 'sanctions_watch_bi') then
        grant usage on schema mart to sanctions_watch_bi;
        grant select on all tables in schema mart to sanctions_watch_bi;
    else
        raise notice 'The role sanctions_watch_bi does not exist: nothing was granted to it';
    end if;
end
$$;
