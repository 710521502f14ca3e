"""The tables as the newest migration leaves them, and the type that keeps moments.

Every key begins with the owner where a row has one, so that the whole can later be divided by owner. JSON is kept as
text. Not its job: changing a database that is there (`migrate`). A change here needs a migration and a new `HEAD`.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)  # fmt: skip
from sqlalchemy.types import TypeDecorator

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


def _text(name: str, *, key: bool = False, optional: bool = False, default: str | None = None) -> Column[str]:
    return Column(name, String, primary_key=key, nullable=optional, default=default)


def _number(name: str, *, key: bool = False, optional: bool = False, default: int | None = None) -> Column[int]:
    return Column(name, Integer, primary_key=key, nullable=optional, default=default)


def _truth(name: str, *, default: bool | None = None) -> Column[bool]:
    return Column(name, Boolean, nullable=False, default=default)


def _moment(name: str, *, optional: bool = False) -> Column[datetime]:
    return Column(name, Moment, nullable=optional)


def _owner(*, key: bool = False, index: bool = False, optional: bool = False) -> Column[int]:
    """Whose a row is; it goes when he goes."""
    owner = ForeignKey("owner.id", ondelete="CASCADE")
    return Column("owner", Integer, owner, primary_key=key, index=index or None, nullable=optional)


#: A person; ids are never used twice. The last topic and question are what was told last out of the books.
OWNER = Table(
    "owner", METADATA,
    _number("id", key=True),
    _text("language"),
    _text("timezone"),
    _number("focus", default=0),
    _truth("privacy_shown", default=False),
    _text("last_topic", default=""),
    _text("last_question", default=""),
    _moment("created_at"),
    sqlite_autoincrement=True,
)  # fmt: skip

#: Where an owner is met.
ADDRESS = Table("address", METADATA, _text("channel", key=True), _text("chat", key=True), _owner(index=True))

#: The list of its answers; see dialogs.owner.Conversation for the fields.
CONVERSATION = Table(
    "conversation", METADATA,
    _owner(key=True),
    _number("number", key=True),
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
)  # fmt: skip

#: A result kept whole; see dialogs.effects.Record for the fields.
RECORD = Table(
    "record", METADATA,
    _owner(key=True),
    _text("kind", key=True),
    _number("number", key=True),
    _text("subject"),
    _text("answers"),
    _text("result"),
    _text("flow_hash"),
    _moment("at"),
)  # fmt: skip

#: An event that was taken in: its key makes that it counts once. `state`: done, failed or ignored.
INBOX = Table(
    "inbox", METADATA,
    _text("channel", key=True),
    _text("event", key=True),
    _owner(index=True, optional=True),
    _text("kind"),
    _text("raw"),
    _text("state"),
    _text("error", optional=True),
    _moment("at"),
)  # fmt: skip

#: A message to be sent, and what became of it; without `owner` it is removed once it is settled.
#:
#: `state`: ready, sending, sent, unknown, failed, expired or cancelled. (owner, channel, event, ordinal) says what it
#: answers, so that it is written once. `attempt` counts the claims, `repeats` the times it was put back though it may
#: have been delivered. `not_before` is NULL for at once. `message` is the channel's number for it once it is delivered.
OUTBOX = Table(
    "outbox", METADATA,
    _number("id", key=True),
    _owner(optional=True),
    _text("channel"),
    _text("chat"),
    _text("lane"),
    _text("body"),
    _text("event"),
    _number("ordinal"),
    _text("state"),
    _number("attempt", default=0),
    _number("repeats", default=0),
    _text("sender", optional=True),
    _moment("lease_until", optional=True),
    _moment("not_before", optional=True),
    _moment("created_at"),
    _moment("settled_at", optional=True),
    _number("message", optional=True),
    UniqueConstraint("owner", "channel", "event", "ordinal"),
    Index("ix_outbox_lane", "lane", "id", sqlite_where=READY),
    Index("ix_outbox_chat", "channel", "chat", "lane", "id", sqlite_where=READY),
    Index("ix_outbox_sending", "channel", "chat", sqlite_where=SENDING),
    sqlite_autoincrement=True,
)  # fmt: skip

#: An event of somebody who was forgotten, as a salted hash: it is not taken in again.
TOMBSTONE = Table("tombstone", METADATA, _text("hash", key=True), _moment("at"))

#: What the hashes of tombstones are made with: one random value while there are tombstones.
SALT = Table("salt", METADATA, _text("value", key=True))

#: A reminder: its key makes that it is planned, and goes out, once; see scheduler.reminder.Reminder for the fields.
#:
#: `state`: planned, parked (its chat wants to hear nothing) or sent (its message is in the outbox). `day` (ISO), `hour`
#: (HH:MM) and `zone` are what was meant, `due` the moment that follows from them. `sent_on` is the owner's local day on
#: which it went out.
REMINDER = Table(
    "reminder", METADATA,
    _owner(key=True),
    _number("contract", key=True),
    _text("period", key=True),
    _text("kind", key=True),
    _number("nth", key=True),
    _text("day"),
    _text("hour"),
    _text("zone"),
    _moment("due"),
    _text("state"),
    _text("sent_on", optional=True),
    Index("ix_reminder_due", "due", sqlite_where=PLANNED),
)  # fmt: skip

#: A question that the books did not help with; see dialogs.effects.LogUnanswered for the fields.
UNANSWERED = Table(
    "unanswered", METADATA,
    _owner(key=True),
    _text("channel", key=True),
    _text("event", key=True),
    _text("why", key=True),
    _text("text"),
    _text("language"),
    _text("topics"),
    _moment("at"),
)  # fmt: skip

#: Whether an entry of the books helped this owner.
RATING = Table("rating", METADATA, _owner(key=True), _text("topic", key=True), _truth("helped"), _moment("at"))

#: Who does a job that only one program may do at a time; all times are the database's own clock.
#:
#: `holder` is a name that no other running program has. `epoch` rises with each change of holder: whatever a holder
#: writes is fenced by the epoch it holds. `until` is when the lease runs out unless it is renewed. `cursor` is how far
#: the job has got, where it has such a place.
LEASE = Table(
    "lease", METADATA,
    _text("name", key=True),
    _text("holder"),
    _number("epoch"),
    _moment("until"),
    _text("cursor", optional=True),
)  # fmt: skip

#: Values that are made once for an installation and stay with its database, such as its id.
INSTALLATION = Table("installation", METADATA, _text("name", key=True), _text("value"))


def narrow_for_postgresql() -> None:
    """Give the indexes of open rows their condition there as well; said beside SQLite's it would load that dialect."""
    for index in (index for table in METADATA.tables.values() for index in table.indexes):
        index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]
