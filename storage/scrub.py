"""Leaves no byte of an owner who was forgotten in the files of the database.

SQLite overwrites what is deleted (secure_delete), but its -wal still holds the pages as they were, and pages that were
divided keep pieces of rows (measured: in every second file of a thousand messages). So the file is written anew out of
what is in force. On PostgreSQL all this is the server's own work.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from sqlalchemy import Connection, Engine

from storage import locks
from storage.address import path_of
from storage.engine import BUSY_TIMEOUT

#: A number that SQLite keeps for us in the file's head: 1 while the file is still to be written anew.
_MARK = "user_version"


def mark(connection: Connection) -> None:
    """Note in the transaction that deletes that the file is to be written anew: `scrub` may be cut short."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA {_MARK}=1")


def scrub(engine: Engine) -> bool:
    """Empty the -wal, after writing the file anew where that is due; False: it could not be, and is due still.

    Others wait meanwhile. It needs as much room on the disk again as the file has.
    """
    if engine.dialect.name != "sqlite":
        return True
    path = path_of(engine.url)
    try:
        with locks.use(path), closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
            (due,) = connection.execute(f"PRAGMA {_MARK}").fetchone()
            if due:
                connection.execute("VACUUM")
                connection.execute(f"PRAGMA {_MARK}=0")
            (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    return not busy
