# ruff: noqa: INP001 - Airflow imports it by this name from a folder on the path
"""What Airflow's scheduler loads at its start, so that every task finds it loaded.

The local executor forks its workers, and they their tasks: what is imported here costs a second once, not once a task,
and its memory is shared. Only the scheduler has this folder on its path. Nothing here opens a connection or starts a thread.
"""

import sanctions_watch.adapters.fetcher
import sanctions_watch.adapters.mailer
import sanctions_watch.adapters.warehouse
import sanctions_watch.pipeline

loaded = (
    sanctions_watch.pipeline,
    sanctions_watch.adapters.fetcher,
    sanctions_watch.adapters.mailer,
    sanctions_watch.adapters.warehouse,
)
