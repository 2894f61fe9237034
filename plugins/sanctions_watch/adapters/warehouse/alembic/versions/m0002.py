"""0002: include/sql/migrations/0002_collect.sql."""

from alembic import op

from sanctions_watch.adapters.warehouse.migration import before, run_file

revision = "0002"
down_revision = before(revision)


def upgrade() -> None:
    """Run the file."""
    run_file(op.get_bind(), "migrations", "0002_collect")
