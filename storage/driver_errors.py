"""Tells by the drivers' codes whether the database or what was to be written is at fault.

A wrong guess is dear either way: blaming an event for a cut connection loses the event, and trying again what can never
be kept holds up everybody. So only the codes that speak of values and statements become StatementRefused.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from sqlalchemy.exc import DataError, DBAPIError

from storage.errors import (
    DatabaseBusy,
    DatabaseFull,
    DatabaseReadOnly,
    DatabaseUnreachable,
    DatabaseUnreadable,
    StatementRefused,
    StorageError,
)

#: SQLite's codes for what is wrong with the values or the statement itself.
_SQLITE_REFUSES = frozenset({
    sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG,
    sqlite3.SQLITE_RANGE,
})  # fmt: skip
_SQLITE: Mapping[int, type[StorageError]] = {
    **dict.fromkeys(_SQLITE_REFUSES, StatementRefused),
    sqlite3.SQLITE_BUSY: DatabaseBusy,
    sqlite3.SQLITE_LOCKED: DatabaseBusy,
    sqlite3.SQLITE_PROTOCOL: DatabaseBusy,
    sqlite3.SQLITE_FULL: DatabaseFull,
    sqlite3.SQLITE_READONLY: DatabaseReadOnly,
}
#: What SQLite says, with its code for any error, where the tables are not those that the program had at its start.
_NOT_OUR_TABLES = ("no such table", "no such column")
#: What Python's module says, without a code, of a connection that is gone.
_CLOSED = "closed"
#: The low byte of SQLite's extended codes is the primary code.
_PRIMARY = 0xFF

#: SQLSTATE classes: 22 data exceptions, 23 constraints, 42 statements.
_REFUSED_CLASSES = ("22", "23", "42")
#: By the longest beginning of the SQLSTATE that stands here. 42501, 42P01 and 42703 are rights and tables, which no
#: event changes; 42P05 comes from a pooler between us and the server.
_SQLSTATES: Mapping[str, type[StorageError]] = {
    **dict.fromkeys(_REFUSED_CLASSES, StatementRefused),
    "25006": DatabaseReadOnly,
    "42501": DatabaseReadOnly,
    "42P01": DatabaseUnreadable,
    "42703": DatabaseUnreadable,
    "42P05": DatabaseUnreachable,
    "40": DatabaseBusy,
    "55": DatabaseBusy,
    "53100": DatabaseFull,
    "58": DatabaseUnreadable,
}


def from_sqlite(error: sqlite3.Error, where: str) -> StorageError:
    """The error of the SQLite driver in our words; `where` is the file."""
    code = getattr(error, "sqlite_errorcode", None)
    name = getattr(error, "sqlite_errorname", "")
    return _of_sqlite(error, code)(f"{where} ({error})", code=name)


def from_driver(error: DBAPIError, where: str) -> StorageError:
    """The error of any driver in our words; the statement's values, an owner's words, are left out."""
    if isinstance(error.orig, sqlite3.Error):
        return from_sqlite(error.orig, where)
    state = getattr(error.orig, "sqlstate", None) or ""
    told = ", ".join(filter(None, (type(error.orig).__name__, state)))
    return _of_server(error, state)(f"{where} ({told})", code=state)


def _of_sqlite(error: sqlite3.Error, code: int | None) -> type[StorageError]:
    if code is None:
        # The module itself refuses a value of a type that SQLite does not have.
        return DatabaseUnreadable if _CLOSED in str(error) else StatementRefused
    if any(words in str(error) for words in _NOT_OUR_TABLES):
        return DatabaseUnreadable
    return _SQLITE.get(code & _PRIMARY, DatabaseUnreadable)


def _of_server(error: DBAPIError, state: str) -> type[StorageError]:
    if error.connection_invalidated:
        return DatabaseUnreachable
    if not state:
        # The driver itself refuses a value, such as a text with a NUL; all else without a code is the connection.
        return StatementRefused if isinstance(error, DataError) else DatabaseUnreachable
    found = max((begin for begin in _SQLSTATES if state.startswith(begin)), key=len, default="")
    return _SQLSTATES.get(found, DatabaseUnreachable)
