"""The rows that one `apply` writes, and their writing in bulk: one statement a table, however many events.

Not its job: what is in them (`turns`, `snapshot`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection, Delete, Table, Update, bindparam, delete, insert, update

from storage.tables import CONVERSATION, INBOX, OUTBOX, OWNER, RECORD

K = TypeVar("K")

Row = dict[str, Any]

ConversationKey = tuple[int, int]
RecordKey = tuple[int, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What is to be written, by key: (owner, number), (owner, kind, number). The later of one key counts."""

    owners: dict[int, Row] = field(default_factory=dict[int, Row])
    conversations: dict[ConversationKey, Row] = field(default_factory=dict[ConversationKey, Row])
    records: dict[RecordKey, Row] = field(default_factory=dict[RecordKey, Row])
    inbox: list[Row] = field(default_factory=list[Row])
    outbox: list[Row] = field(default_factory=list[Row])
    #: To be kept no longer; what is written under such a key afterwards is new.
    dropped_conversations: set[ConversationKey] = field(default_factory=set[ConversationKey])
    dropped_records: set[RecordKey] = field(default_factory=set[RecordKey])

    def add(self, later: Rows) -> None:
        """Take in the rows of the next event."""
        self._drop(later)
        self.owners.update(later.owners)
        self.conversations.update(later.conversations)
        self.records.update(later.records)
        self.inbox.extend(later.inbox)
        self.outbox.extend(later.outbox)

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
    _execute(connection, insert(OUTBOX), rows.outbox)


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
