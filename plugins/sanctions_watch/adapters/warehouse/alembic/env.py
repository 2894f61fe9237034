"""What Alembic runs: the migrations on the connection that ``migration.migrate`` hands over, inside its transaction."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="schema_version",
    version_table_schema="core",
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
