"""Looks at a database without changing it: which tables it has, and whether it takes a write, which is rolled back.

Not its job: opening it for use (`opening`), which makes a file that is not there and turns on WAL.
"""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from storage import schema
from storage.address import parse, path_of
from storage.driver_errors import from_driver
from storage.engine import open_database
from storage.errors import DatabaseReadOnly, DatabaseUnreadable
from storage.measures import free_bytes

#: Seconds that the write waits for other programs.
WAIT = 10.0
_TOUCH = f"UPDATE {schema.VERSION_TABLE} SET version_num = version_num"
_MAKE = "CREATE TABLE lampwise_trial (number INTEGER)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """`version` is None for an empty database, and for one that is not there yet; `free` is None for a server."""

    version: str | None
    free: int | None
    is_there: bool = True


def tried(url: str) -> Trial:
    """How the database is; raises StorageError where it cannot be used."""
    if parse(url).get_backend_name() == "sqlite":
        return _tried_file(path_of(url))
    engine = open_database(url)
    try:
        return Trial(version=_written(engine, engine.url.database or ""), free=None)
    finally:
        engine.dispose()


def _tried_file(path: Path) -> Trial:
    try:
        if not path.exists():
            return Trial(version=None, free=free_bytes(_could_be_made(path)), is_there=False)
        # One that is opened only where it is there; nothing of it is set up.
        where = f"{path.absolute().as_uri()}?mode=rw"
        engine = create_engine(
            "sqlite://",
            creator=lambda: sqlite3.connect(where, uri=True, timeout=WAIT, isolation_level=None),
            poolclass=NullPool,
        )
        return Trial(version=_written(engine, str(path)), free=free_bytes(path))
    except OSError as error:
        raise DatabaseUnreadable(f"{path} ({error.strerror})") from error


def _could_be_made(path: Path) -> Path:
    """The path in the nearest folder that is there; raises DatabaseReadOnly unless it may be written to."""
    folder = next(folder for folder in path.absolute().parents if folder.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise DatabaseReadOnly(str(folder))
    return folder / path.name


def _written(engine: Engine, where: str) -> str | None:
    """The version of the tables, after a write that was rolled back; `where` names the database in errors."""
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            found = schema.version_in(connection, where)
            connection.exec_driver_sql(_MAKE if found is None else _TOUCH)
            connection.exec_driver_sql("ROLLBACK") if engine.dialect.name == "sqlite" else connection.rollback()
            return found
    except DBAPIError as error:
        raise from_driver(error, where) from error
