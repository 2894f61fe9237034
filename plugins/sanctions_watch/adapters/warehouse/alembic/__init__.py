"""Alembic's side of the migrations: it keeps their order and history; what they do stands in include/sql/migrations."""
