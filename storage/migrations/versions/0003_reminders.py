"""For reminders: one row each, from its planning until it went out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KEY = ("owner", "contract", "period", "kind", "nth")


def upgrade() -> None:
    """From 0002 to 0003."""
    op.create_table(
        "reminder",
        sa.Column("owner", sa.Integer(), nullable=False),
        sa.Column("contract", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("hour", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sent_on", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint(*KEY, name="pk_reminder"),
        sa.ForeignKeyConstraint(["owner"], ["owner.id"], name="fk_reminder_owner", ondelete="CASCADE"),
    )
    planned = sa.text("state = 'planned'")
    op.create_index("ix_reminder_due", "reminder", ["due"], sqlite_where=planned, postgresql_where=planned)
