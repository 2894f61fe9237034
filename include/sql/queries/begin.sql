-- question: bounds every statement of a transaction: waits for locks, long statements, and a worker that hangs in the middle
-- parameters: lock_timeout, statement_timeout, idle_timeout (each as PostgreSQL writes it: 10s)
-- columns: the four settings
select
    set_config('lock_timeout', :lock_timeout, true),
    set_config('statement_timeout', :statement_timeout, true),
    set_config('idle_in_transaction_session_timeout', :idle_timeout, true),
    set_config('timezone', 'UTC', true)
