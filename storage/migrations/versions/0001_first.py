"""The first tables: owners, their conversations and records, the inbox and the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From nothing to 0001."""
    _owner()
    _address()
    _conversation()
    _record()
    _inbox()
    _outbox()


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _to_owner(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["owner"], ["owner.id"], name=f"fk_{table}_owner", ondelete="CASCADE")


def _owner() -> None:
    op.create_table(
        "owner",
        _number("id"),
        _text("language"),
        _text("timezone"),
        _number("focus"),
        sa.Column("privacy_shown", sa.Boolean(), nullable=False),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_owner"),
        sqlite_autoincrement=True,
    )


def _address() -> None:
    op.create_table(
        "address",
        _text("channel"),
        _text("chat"),
        _number("owner"),
        sa.PrimaryKeyConstraint("channel", "chat", name="pk_address"),
        _to_owner("address"),
    )
    op.create_index("ix_address_owner", "address", ["owner"])


def _conversation() -> None:
    op.create_table(
        "conversation",
        _number("owner"),
        _number("number"),
        _text("flow"),
        _text("answers"),
        _text("flow_hash"),
        _text("about"),
        _text("shown"),
        _text("draft"),
        _number("misses"),
        _number("record"),
        _text("ended"),
        _moment("updated_at"),
        sa.PrimaryKeyConstraint("owner", "number", name="pk_conversation"),
        _to_owner("conversation"),
    )


def _record() -> None:
    op.create_table(
        "record",
        _number("owner"),
        _text("kind"),
        _number("number"),
        _text("subject"),
        _text("answers"),
        _text("result"),
        _text("flow_hash"),
        _moment("at"),
        sa.PrimaryKeyConstraint("owner", "kind", "number", name="pk_record"),
        _to_owner("record"),
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        _text("channel"),
        _text("event"),
        _number("owner", nullable=True),
        _text("kind"),
        _text("raw"),
        _text("state"),
        _text("error", nullable=True),
        _moment("at"),
        sa.PrimaryKeyConstraint("channel", "event", name="pk_inbox"),
        _to_owner("inbox"),
    )
    op.create_index("ix_inbox_owner", "inbox", ["owner"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        _number("id"),
        _number("owner"),
        _text("channel"),
        _text("chat"),
        _text("lane"),
        _text("body"),
        _text("event"),
        _number("ordinal"),
        _text("state"),
        _number("attempt"),
        _number("repeats"),
        _text("sender", nullable=True),
        _moment("lease_until", nullable=True),
        _moment("not_before", nullable=True),
        _moment("created_at"),
        _moment("settled_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("owner", "channel", "event", "ordinal", name="uq_outbox_owner_channel_event_ordinal"),
        _to_owner("outbox"),
        sqlite_autoincrement=True,
    )
    ready = sa.text("state = 'ready'")
    sending = sa.text("state = 'sending'")
    _index("ix_outbox_lane", ["lane", "id"], ready)
    _index("ix_outbox_chat", ["channel", "chat", "lane", "id"], ready)
    _index("ix_outbox_sending", ["channel", "chat"], sending)


def _index(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "outbox", columns, sqlite_where=where, postgresql_where=where)
