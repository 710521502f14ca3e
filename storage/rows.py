"""The rows that one `apply` writes, and their writing in bulk: one statement a table, however many events.

Not its job: what is in them (`turns`, `snapshot`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Delete, Table, Update, bindparam, delete, insert, update

from storage import reminders
from storage.reminders import Planned
from storage.tables import CONVERSATION, INBOX, OUTBOX, OWNER, RATING, RECORD, UNANSWERED

K = TypeVar("K")

Row = dict[str, Any]

ConversationKey = tuple[int, int]
RecordKey = tuple[int, str, int]
RatingKey = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What is to be written, by key: (owner, number), (owner, kind, number), (owner, topic).

    The later of one key counts.
    """

    owners: dict[int, Row] = field(default_factory=dict[int, Row])
    conversations: dict[ConversationKey, Row] = field(default_factory=dict[ConversationKey, Row])
    records: dict[RecordKey, Row] = field(default_factory=dict[RecordKey, Row])
    ratings: dict[RatingKey, Row] = field(default_factory=dict[RatingKey, Row])
    unanswered: list[Row] = field(default_factory=list[Row])
    inbox: list[Row] = field(default_factory=list[Row])
    outbox: list[Row] = field(default_factory=list[Row])
    #: To be kept no longer; what is written under such a key afterwards is new.
    dropped_conversations: set[ConversationKey] = field(default_factory=set[ConversationKey])
    dropped_records: set[RecordKey] = field(default_factory=set[RecordKey])
    #: The reminders of an owner, in the place of what was planned; rows of those that go out now.
    plans: dict[int, Sequence[Planned]] = field(default_factory=dict[int, "Sequence[Planned]"])
    reminded: list[Row] = field(default_factory=list[Row])
    #: (owner, contract) whose reminders shall not be sent, with the moment.
    silenced: dict[tuple[int, int], datetime] = field(default_factory=dict[tuple[int, int], datetime])
    #: (owner, contract) whose reminders that are due could not be made, with the moment.
    put_off: dict[tuple[int, int], datetime] = field(default_factory=dict[tuple[int, int], datetime])

    def add(self, later: Rows) -> None:
        """Take in the rows of the next event."""
        self._drop(later)
        self.owners.update(later.owners)
        self.conversations.update(later.conversations)
        self.records.update(later.records)
        self.ratings.update(later.ratings)
        self.unanswered.extend(later.unanswered)
        self.inbox.extend(later.inbox)
        self._silence(later)
        self.outbox.extend(later.outbox)
        self.plans.update(later.plans)
        self.reminded.extend(later.reminded)
        self.put_off.update(later.put_off)

    def _silence(self, later: Rows) -> None:
        """What was said earlier of these contracts, in the lane of reminders, is said no more."""
        self.silenced.update(later.silenced)
        named = [(owner, f"{reminders.EVENT}:{contract}:") for owner, contract in later.silenced]
        self.outbox[:] = [row for row in self.outbox if not any(_reminds(row, owner, name) for owner, name in named)]

    def _drop(self, later: Rows) -> None:
        for talked in later.dropped_conversations:
            self.conversations.pop(talked, None)
        for kept in later.dropped_records:
            self.records.pop(kept, None)
        self.dropped_conversations.update(later.dropped_conversations)
        self.dropped_records.update(later.dropped_records)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The keys that are in the database already."""

    conversations: frozenset[ConversationKey]
    records: frozenset[RecordKey]


def write_rows(connection: Connection, rows: Rows, stored: Stored) -> None:
    """Write them all: what is stored is replaced, the rest is new."""
    _execute(connection, insert(INBOX), rows.inbox)
    _execute(connection, _REPLACE_OWNER, ({"key_id": key, **row} for key, row in rows.owners.items()))
    _execute(connection, _DROP_CONVERSATION, (_key("owner", "number", of=key) for key in rows.dropped_conversations))
    _execute(connection, _DROP_RECORD, (_key("owner", "kind", "number", of=key) for key in rows.dropped_records))
    new, old = _divide(rows.conversations, stored.conversations - rows.dropped_conversations)
    _execute(connection, insert(CONVERSATION), new)
    _execute(connection, _REPLACE_CONVERSATION, (_keyed(row, "owner", "number") for row in old))
    new, old = _divide(rows.records, stored.records - rows.dropped_records)
    _execute(connection, insert(RECORD), new)
    _execute(connection, _REPLACE_RECORD, (_keyed(row, "owner", "kind", "number") for row in old))
    _execute(connection, _DROP_RATING, (_key("owner", "topic", of=key) for key in rows.ratings))
    _execute(connection, insert(RATING), rows.ratings.values())
    _execute(connection, insert(UNANSWERED), rows.unanswered)
    reminders.cancel(connection, rows.silenced)
    _execute(connection, insert(OUTBOX), rows.outbox)
    reminders.replan(connection, rows.plans)
    reminders.mark_sent(connection, rows.reminded)
    reminders.put_off(connection, rows.put_off)


def _reminds(row: Row, owner: int, event: str) -> bool:
    return row["lane"] == "reminder" and row["owner"] == owner and row["event"].startswith(event)


def _replace(table: Table, *keys: str, kept: tuple[str, ...] = ()) -> Update:
    changing = [column.name for column in table.columns if column.name not in (*keys, *kept)]
    found = (table.c[key] == bindparam(f"key_{key}") for key in keys)
    return update(table).where(*found).values({name: bindparam(name) for name in changing})


_REPLACE_OWNER = _replace(OWNER, "id", kept=("created_at",))
_REPLACE_CONVERSATION = _replace(CONVERSATION, "owner", "number")
_REPLACE_RECORD = _replace(RECORD, "owner", "kind", "number")


def _drop(table: Table, *keys: str) -> Delete:
    return delete(table).where(*(table.c[key] == bindparam(f"key_{key}") for key in keys))


_DROP_CONVERSATION = _drop(CONVERSATION, "owner", "number")
_DROP_RECORD = _drop(RECORD, "owner", "kind", "number")
_DROP_RATING = _drop(RATING, "owner", "topic")


def _key(*names: str, of: tuple[Any, ...]) -> Row:
    return {f"key_{name}": value for name, value in zip(names, of, strict=True)}


def _keyed(row: Row, *keys: str) -> Row:
    return {f"key_{name}" if name in keys else name: value for name, value in row.items()}


def _divide(rows: dict[K, Row], stored: frozenset[K]) -> tuple[list[Row], list[Row]]:
    new = [row for key, row in rows.items() if key not in stored]
    return new, [row for key, row in rows.items() if key in stored]


def _execute(connection: Connection, statement: Any, rows: Iterable[Row]) -> None:
    listed = list(rows)
    if listed:
        connection.execute(statement, listed)
