-- The three schemas, the read-only role for BI, and the functions that keep month partitions and serialise stages.
--
-- raw: what came in, as it came. core: what the flow made of it; only the flow writes it. mart: views for people and BI tools.
-- Needs PostgreSQL 15 or newer and no extension.

create schema if not exists raw;
create schema if not exists core;
create schema if not exists mart;

comment on schema raw is 'What came in, as it came: feeds, visits to them, payloads and entries.';
comment on schema core is 'What the flow made of it, from articles to notifications. Written by the flow alone; not a stable interface.';
comment on schema mart is 'Documented, stable views for people and BI tools; the role sanctions_watch_bi may read them and nothing else.';

comment on table core.schema_version is 'The newest migration of include/sql/migrations that this database has had (kept by Alembic).';
comment on column core.schema_version.version_num is 'The number of that migration.';

create table core.view_sets (
    digest text primary key,
    applied_at timestamptz not null default now()
);
comment on table core.view_sets is 'Which set of files in include/sql/views made the views of mart: they are made anew only where a file has changed.';
comment on column core.view_sets.digest is 'SHA-256 over the names and texts of the view files.';
comment on column core.view_sets.applied_at is 'When the views were made, by the database''s clock.';

-- The role belongs to the whole server: another database may have made it, and a managed server may not let us.
do $$
begin
    create role sanctions_watch_bi nologin;
exception
    when duplicate_object or unique_violation then null;
    when insufficient_privilege then
        raise notice 'The role sanctions_watch_bi was not made: this user lacks CREATEROLE. Let an administrator run: create role sanctions_watch_bi nologin';
end
$$;

do $$
begin
    if exists (select from pg_roles where rolname = 'sanctions_watch_bi') then
        alter role sanctions_watch_bi set statement_timeout = '60s';
        alter role sanctions_watch_bi set default_transaction_read_only = on;
    end if;
exception
    when insufficient_privilege then
        raise notice 'The settings of the role sanctions_watch_bi are left as they are: this user may not change them';
    when others then
        -- Two databases of one server migrated in the same moment write the same row of pg_db_role_setting: the other one has done it.
        if sqlerrm not like '%concurrently updated%' then
            raise;
        end if;
end
$$;


create function core.serialise(stage text) returns void
language plpgsql
set lock_timeout = '110s'
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('sanctions_watch.' || stage, 0));
end
$$;
comment on function core.serialise(text) is
    'Wait until no other transaction of this database works on the stage, then keep others out until this one ends.';


create function core.month_partition(parent regclass, month date) returns text
language sql
stable
as $$
    select relname || '_' || to_char(month, '"y"YYYY"m"MM') from pg_class where oid = parent
$$;
comment on function core.month_partition(regclass, date) is 'The name of a parent''s partition for a month: payloads_y2018m08.';


create function core.ensure_partitions(from_date date, to_date date) returns integer
language plpgsql
set lock_timeout = '500ms'
as $$
declare
    parent record;
    month date;
    partition text;
    key_column text;
    made integer := 0;
begin
    for parent in
        select relation.oid::regclass as name, namespace.nspname as schema_name, relation.relname, fallback.oid::regclass as fallback
        from pg_partitioned_table as partitioned
        join pg_class as relation on relation.oid = partitioned.partrelid
        join pg_class as fallback on fallback.oid = partitioned.partdefid
        join pg_namespace as namespace on namespace.oid = relation.relnamespace
        where namespace.nspname in ('raw', 'core')
        order by relation.relname
    loop
        select attname into strict key_column
        from pg_attribute
        where attrelid = parent.name and attnum = (
            select partattrs[0] from pg_partitioned_table where partrelid = parent.name
        );
        for month in
            select generate_series(date_trunc('month', from_date), date_trunc('month', to_date), interval '1 month')::date
        loop
            partition := core.month_partition(parent.name, month);
            continue when to_regclass(format('%I.%I', parent.schema_name, partition)) is not null;
            begin
                execute format('lock table %s in access exclusive mode', parent.fallback);
                execute format('create table %I.%I (like %s including all)', parent.schema_name, partition, parent.name);
                execute format(
                    'with moved as (delete from %s where %I >= %L and %I < %L returning *) insert into %I.%I select * from moved',
                    parent.fallback, key_column, month::timestamp at time zone 'UTC', key_column,
                    (month + interval '1 month') at time zone 'UTC', parent.schema_name, partition
                );
                execute format(
                    'alter table %s attach partition %I.%I for values from (%L) to (%L)',
                    parent.name, parent.schema_name, partition,
                    month::timestamp at time zone 'UTC', (month + interval '1 month') at time zone 'UTC'
                );
                execute format(
                    'comment on table %I.%I is %L',
                    parent.schema_name, partition, format('The rows of %s of %s.', parent.name, to_char(month, 'YYYY-MM'))
                );
                made := made + 1;
            exception
                -- Somebody is writing: the rows go to the default partition, and the next call moves them.
                when lock_not_available or deadlock_detected or duplicate_table or unique_violation then null;
            end;
        end loop;
    end loop;
    return made;
end
$$;
comment on function core.ensure_partitions(date, date) is
    'Make the missing month partitions of every partitioned table between two dates, moving rows out of the default partition; answers how many were made. Never waits long: what cannot be made now is made by the next call.';


create function core.drop_partitions(parent regclass, before date) returns integer
language plpgsql
set lock_timeout = '5s'
as $$
declare
    old record;
    dropped integer := 0;
begin
    for old in
        select child.oid::regclass as name
        from pg_inherits
        join pg_class as child on child.oid = inhrelid
        where
            inhparent = parent
            and child.relname ~ '_y[0-9]{4}m[0-9]{2}$'
            and to_date(right(child.relname, 8), '"y"YYYY"m"MM') + interval '1 month' <= before
        order by child.relname
    loop
        execute format('drop table %s', old.name);
        dropped := dropped + 1;
    end loop;
    return dropped;
end
$$;
comment on function core.drop_partitions(regclass, date) is
    'Drop the month partitions of a table that end on or before a date; answers how many were dropped.';
