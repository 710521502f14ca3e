"""What can go wrong with the database, as errors that say what was found and what to do.

The docstring of an error is its message; `where` adds the file or the detail.
"""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError


class StorageError(Exception):
    """The database cannot be used"""

    def __init__(self, where: str = "") -> None:
        """`where` is the file, or the detail that was found."""
        sentence = " ".join((type(self).__doc__ or "").split())
        super().__init__(f"{sentence}: {where}" if where else sentence)


class DatabaseBusy(StorageError):
    """The database stays busy with another program; wait a moment and try again"""


class DatabaseUnreadable(StorageError):
    """The database cannot be opened or read; check the path, the permissions and that it is a Lampwise database"""


class DatabaseReadOnly(StorageError):
    """The database may not be written to; check the permissions of the file and of its folder"""


class DatabaseFull(StorageError):
    """The disk is full, nothing was written; make room and try again"""


class StatementRefused(StorageError):
    """The database refused a statement, which is a mistake in this program; nothing was written"""


class DatabaseUnknown(StorageError):
    """The database address must be sqlite:///FILE or postgresql://..."""


class DriverMissing(StorageError):
    """PostgreSQL needs the driver psycopg, which is not installed"""


class SchemaTooOld(StorageError):
    """The database was made by an older version; run `lampwise db upgrade` (and `lampwise db backup` before it)"""


class SchemaTooNew(StorageError):
    """The database was made by a newer version; install that version, or restore an older backup"""


class AlreadyRunning(StorageError):
    """Another running program holds this; end it first"""


class BackupRefused(StorageError):
    """No backup was made"""


class RestoreRefused(StorageError):
    """Nothing was restored, the database is as it was"""


_BY_CODE: dict[int, type[StorageError]] = {
    sqlite3.SQLITE_BUSY: DatabaseBusy,
    sqlite3.SQLITE_LOCKED: DatabaseBusy,
    sqlite3.SQLITE_FULL: DatabaseFull,
    sqlite3.SQLITE_READONLY: DatabaseReadOnly,
    sqlite3.SQLITE_IOERR: DatabaseUnreadable,
    sqlite3.SQLITE_CANTOPEN: DatabaseUnreadable,
    sqlite3.SQLITE_NOTADB: DatabaseUnreadable,
    sqlite3.SQLITE_CORRUPT: DatabaseUnreadable,
    sqlite3.SQLITE_PERM: DatabaseUnreadable,
}

#: The low byte of SQLite's extended codes is the primary code.
_PRIMARY = 0xFF


def from_sqlite(error: sqlite3.Error, where: str) -> StorageError:
    """The error of the SQLite driver in our words; `where` is the file."""
    code: int = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    return _BY_CODE.get(code, StatementRefused)(f"{where} ({error})")


def from_driver(error: DBAPIError, where: str) -> StorageError:
    """The error of any driver in our words; the statement's values, an owner's words, are left out."""
    if isinstance(error.orig, sqlite3.Error):
        return from_sqlite(error.orig, where)
    return StatementRefused(f"{where} ({type(error.orig).__name__})")
