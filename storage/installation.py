"""Reads and writes the table `installation`: values of the whole installation, such as when it was last backed up."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, delete, insert, select

from storage import schema
from storage.engine import reading, write
from storage.tables import INSTALLATION

#: The moment of the last backup, ISO 8601 with its offset.
LAST_BACKUP = "last_backup"
#: The first version of the tables that has this one.
_SINCE = "0006"


def note_backup(engine: Engine, at: datetime) -> None:
    """Keep the moment of a backup; raises StorageError. Tables that are older have no place for it."""

    def put(connection: Connection) -> None:
        connection.execute(delete(INSTALLATION).where(INSTALLATION.c.name == LAST_BACKUP))
        connection.execute(insert(INSTALLATION).values(name=LAST_BACKUP, value=at.astimezone(UTC).isoformat()))

    if (schema.version(engine) or "") >= _SINCE:
        write(engine, "note_backup", put)


def last_backup(engine: Engine) -> datetime | None:
    """The moment of the last backup; None where there was none, or where what stands there is no moment."""
    with reading(engine) as connection:
        found = connection.execute(
            select(INSTALLATION.c.value).where(INSTALLATION.c.name == LAST_BACKUP)
        ).scalar_one_or_none()
    try:
        moment = datetime.fromisoformat(found or "")
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
