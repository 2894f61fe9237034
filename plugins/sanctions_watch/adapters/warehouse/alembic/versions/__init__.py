"""One module a migration: its number, the one before it, and the SQL file that it runs."""
