"""For what a press proves: under which number the channel keeps a message that was delivered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """From 0004 to 0005."""
    with op.batch_alter_table("outbox", recreate="never") as outbox:
        outbox.add_column(sa.Column("message", sa.Integer(), nullable=True))
