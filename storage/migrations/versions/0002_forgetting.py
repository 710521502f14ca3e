"""For who has himself forgotten: tombstones of his events, and last words that belong to nobody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """From 0001 to 0002."""
    op.create_table(
        "salt", sa.Column("value", sa.String(), nullable=False), sa.PrimaryKeyConstraint("value", name="pk_salt")
    )
    op.create_table(
        "tombstone",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_tombstone"),
    )
    # A table that is made anew by reflection would use the ids of deleted rows again.
    with op.batch_alter_table("outbox", table_kwargs={"sqlite_autoincrement": True}) as outbox:
        outbox.alter_column("owner", existing_type=sa.Integer(), nullable=True)
