"""What Alembic runs to migrate: inside the transaction that `storage.migrate` has begun."""

from alembic import context

from storage.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # SQLite changes a column by making the table anew.
    render_as_batch=True,
)
context.run_migrations()
