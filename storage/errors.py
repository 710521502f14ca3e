"""What can go wrong with the database, as errors that say what was found and what to do.

The docstring of an error is its message; `where` adds the file or the detail. Only StatementRefused may be the fault of
what was to be written: after any other error the same work may be tried again. Not its job: which error of a driver is
which of these (`driver_errors`).
"""

from __future__ import annotations


class StorageError(Exception):
    """The database cannot be used"""

    def __init__(self, where: str = "", *, code: str = "") -> None:
        """`where` is the file, or the detail that was found; `code` is the database's own, such as 57P01."""
        sentence = " ".join((type(self).__doc__ or "").split())
        super().__init__(f"{sentence}: {where}" if where else sentence)
        self.code = code


class DatabaseBusy(StorageError):
    """The database stays busy with another program; wait a moment and try again"""


class DatabaseUnreadable(StorageError):
    """The database cannot be opened or read; check the path, the permissions and that it is a Lampwise database"""


class DatabaseUnreachable(StorageError):
    """The database server cannot be reached, ended the connection or did not answer in time; nothing was written"""


class DatabaseGone(StorageError):
    """The database file was deleted or replaced while the program had it open; put the right file in its place"""


class LeaseLost(StorageError):
    """Another program may have taken over this work; nothing is written until that is settled"""


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
