-- question: prepares a migration: keeps other migrations out until the transaction ends, and makes the schema that Alembic's table lives in
-- parameters: none
-- columns: none
set local lock_timeout = '120s';
set local statement_timeout = '600s';
select pg_advisory_xact_lock(hashtextextended('sanctions_watch.migrate', 0));
create schema if not exists core;
