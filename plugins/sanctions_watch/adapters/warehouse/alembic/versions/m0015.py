"""0015: include/sql/migrations/0015_unanswered.sql."""

from alembic import op

from sanctions_watch.adapters.warehouse.migration import before, run_file

revision = "0015"
down_revision = before(revision)


def upgrade() -> None:
    """Run the file."""
    run_file(op.get_bind(), "migrations", "0015_unanswered")
