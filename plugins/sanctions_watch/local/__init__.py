"""Everything on one machine: an embedded PostgreSQL, a mailbox, the bundled replay's server, and Airflow's components.

``python -m sanctions_watch.local`` (``make run``) starts all of it and stops all of it; nothing here is needed by a deployment.
"""
