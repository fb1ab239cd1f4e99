"""What alembic runs for a stream: the connection and tables are handed in by `storegen.migrate`."""

from __future__ import annotations

from alembic import context

context.configure(**context.config.attributes["configure"])
with context.begin_transaction():
    context.run_migrations()
