"""For questions to the books: what was told last, which of them found no answer, and whether an entry helped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """From 0003 to 0004."""
    with op.batch_alter_table("owner", recreate="never") as owner:
        owner.add_column(sa.Column("last_topic", sa.String(), nullable=False, server_default=""))
        owner.add_column(sa.Column("last_question", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "unanswered",
        sa.Column("owner", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("topics", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", "channel", "event", "why", name="pk_unanswered"),
        sa.ForeignKeyConstraint(["owner"], ["owner.id"], name="fk_unanswered_owner", ondelete="CASCADE"),
    )
    op.create_table(
        "rating",
        sa.Column("owner", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", "topic", name="pk_rating"),
        sa.ForeignKeyConstraint(["owner"], ["owner.id"], name="fk_rating_owner", ondelete="CASCADE"),
    )
