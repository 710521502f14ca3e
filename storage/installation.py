"""Reads and writes the table `installation`: values of the whole installation, such as its id and its last backup."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import Connection, Engine, delete, insert, select

from storage import schema
from storage.engine import reading, write
from storage.tables import INSTALLATION

#: The name of the random id that tells this installation from every other.
ID = "id"
#: The moment of the last backup, ISO 8601 with its offset.
LAST_BACKUP = "last_backup"
#: The first version of the tables that has this one.
_SINCE = "0006"


def identity(engine: Engine, make: Callable[[], str]) -> Callable[[], str]:
    """Gives the id of the installation of this database, which is asked once; `make` gives a random one."""
    return cache(lambda: value(engine, ID, make))


def value(engine: Engine, name: str, make: Callable[[], str]) -> str:
    """The value of the name; `make` gives it on first need. Raises StorageError.

    Two programs that need it at one moment get the same value: the one that writes first has made it.
    """
    with reading(engine) as connection:
        found = _value(connection, name)
    if found is not None:
        return found
    made = make()
    return write(engine, "make", lambda here: _made(here, name, made))


def note_backup(engine: Engine, at: datetime) -> None:
    """Keep the moment of a backup; raises StorageError. Tables that are older have no place for it."""

    def put(connection: Connection) -> None:
        connection.execute(delete(INSTALLATION).where(INSTALLATION.c.name == LAST_BACKUP))
        connection.execute(insert(INSTALLATION).values(name=LAST_BACKUP, value=at.astimezone(UTC).isoformat()))

    if (schema.version(engine) or "") >= _SINCE:
        write(engine, "make", put)


def last_backup(engine: Engine) -> datetime | None:
    """The moment of the last backup; None where there was none, or where the value is no moment."""
    with reading(engine) as connection:
        found = _value(connection, LAST_BACKUP)
    try:
        moment = datetime.fromisoformat(found or "")
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _made(connection: Connection, name: str, made: str) -> str:
    # Loaded for the database at hand only: the other one's dialect is slow to load.
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as insert_once
    else:
        from sqlalchemy.dialects.postgresql import insert as insert_once
    connection.execute(insert_once(INSTALLATION).values(name=name, value=made).on_conflict_do_nothing())
    return _value(connection, name) or made


def _value(connection: Connection, name: str) -> str | None:
    found = select(INSTALLATION.c.value).where(INSTALLATION.c.name == name)
    return connection.execute(found).scalar_one_or_none()
