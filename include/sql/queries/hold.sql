-- question: is the lock of this name ours until the transaction ends? Who holds it may wait long between statements
-- parameters: name
-- columns: is_held
select
    pg_try_advisory_xact_lock(hashtextextended('sanctions_watch.hold.' || :name, 0)) as is_held,
    set_config('idle_in_transaction_session_timeout', '0', true)
