"""The tables as the newest migration leaves them, and the type that keeps moments.

Every key begins with the owner where a row has one, so that the whole can later be divided by owner. JSON is kept as
text. Not its job: changing a database that is there (`migrate`). A change here needs a migration and a new `HEAD`.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, ForeignKey, Index, MetaData, UniqueConstraint, text
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: As text, not as parameters: else SQLite does not see that a query may use the indexes of open messages.
READY = text("state = 'ready'")
SENDING = text("state = 'sending'")
PLANNED = text("state = 'planned'")


class Moment(TypeDecorator[datetime]):
    """A moment: kept as UTC, given back with its zone; one without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """As SQLite keeps it: UTC, its zone left out."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """With its zone, UTC."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Row(SQLModel, registry=registry(metadata=METADATA)):
    """What all tables have in common."""


class Owner(Row, table=True):
    """A person; ids are never used twice."""

    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True)
    language: str
    timezone: str
    focus: int = 0
    privacy_shown: bool = False
    created_at: datetime = Field(sa_type=Moment)


class Address(Row, table=True):
    """Where an owner is met."""

    channel: str = Field(primary_key=True)
    chat: str = Field(primary_key=True)
    owner: int = Field(sa_column_args=(ForeignKey("owner.id", ondelete="CASCADE"),), index=True)


class Conversation(Row, table=True):
    """The list of its answers; see dialogs.owner.Conversation for the fields."""

    owner: int = Field(primary_key=True, sa_column_args=(ForeignKey("owner.id", ondelete="CASCADE"),))
    number: int = Field(primary_key=True)
    flow: str
    answers: str
    flow_hash: str
    about: str
    shown: str
    draft: str
    misses: int
    record: int
    ended: str
    updated_at: datetime = Field(sa_type=Moment)


class Record(Row, table=True):
    """A result kept whole; see dialogs.effects.Record for the fields."""

    owner: int = Field(primary_key=True, sa_column_args=(ForeignKey("owner.id", ondelete="CASCADE"),))
    kind: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    subject: str
    answers: str
    result: str
    flow_hash: str
    at: datetime = Field(sa_type=Moment)


class Inbox(Row, table=True):
    """An event that was taken in: its key makes that it counts once. `state`: done, failed or ignored."""

    channel: str = Field(primary_key=True)
    event: str = Field(primary_key=True)
    owner: int | None = Field(sa_column_args=(ForeignKey("owner.id", ondelete="CASCADE"),), index=True)
    kind: str
    raw: str
    state: str
    error: str | None = None
    at: datetime = Field(sa_type=Moment)


class Outbox(Row, table=True):
    """A message to be sent, and what became of it; without `owner` it is removed once it is settled.

    `state`: ready, sending, sent, unknown, failed or cancelled. (owner, channel, event, ordinal) says what it
    answers, so that it is written once. `attempt` counts the claims, `repeats` the times it was put back though it
    may have been delivered. `not_before` is NULL for at once.
    """

    __table_args__ = (
        UniqueConstraint("owner", "channel", "event", "ordinal"),
        Index("ix_outbox_lane", "lane", "id", sqlite_where=READY, postgresql_where=READY),
        Index("ix_outbox_chat", "channel", "chat", "lane", "id", sqlite_where=READY, postgresql_where=READY),
        Index("ix_outbox_sending", "channel", "chat", sqlite_where=SENDING, postgresql_where=SENDING),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    owner: int | None = Field(sa_column_args=(ForeignKey("owner.id", ondelete="CASCADE"),))
    channel: str
    chat: str
    lane: str
    body: str
    event: str
    ordinal: int
    state: str
    attempt: int = 0
    repeats: int = 0
    sender: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=Moment)
    not_before: datetime | None = Field(default=None, sa_type=Moment)
    created_at: datetime = Field(sa_type=Moment)
    settled_at: datetime | None = Field(default=None, sa_type=Moment)


class Tombstone(Row, table=True):
    """An event of somebody who was forgotten, as a salted hash: it is not taken in again."""

    hash: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)


class Salt(Row, table=True):
    """What the hashes of tombstones are made with: one random value while there are tombstones."""

    value: str = Field(primary_key=True)


class Reminder(Row, table=True):
    """A reminder: its key makes that it is planned, and goes out, once; see scheduler.reminder.Reminder for the fields.

    `state`: planned, queued (its message is in the outbox), sent, missed (its time passed, another one spoke for it)
    or cancelled. `day` (ISO), `hour` (HH:MM) and `zone` are what was meant, `due` the moment that follows from them.
    `sent_on` is the owner's local day on which it went out.
    """

    __table_args__ = (Index("ix_reminder_due", "due", sqlite_where=PLANNED, postgresql_where=PLANNED),)

    owner: int = Field(primary_key=True, sa_column_args=(ForeignKey("owner.id", ondelete="CASCADE"),))
    contract: int = Field(primary_key=True)
    period: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    nth: int = Field(primary_key=True)
    day: str
    hour: str
    zone: str
    due: datetime = Field(sa_type=Moment)
    state: str
    sent_on: str | None = None


OWNER = METADATA.tables["owner"]
ADDRESS = METADATA.tables["address"]
CONVERSATION = METADATA.tables["conversation"]
RECORD = METADATA.tables["record"]
INBOX = METADATA.tables["inbox"]
OUTBOX = METADATA.tables["outbox"]
TOMBSTONE = METADATA.tables["tombstone"]
SALT = METADATA.tables["salt"]
REMINDER = METADATA.tables["reminder"]
