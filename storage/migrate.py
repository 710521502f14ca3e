"""Brings the tables to the newest version, and tells what is wrong with a database: the only door to Alembic.

Not its job: what changed between versions (`migrations/versions`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine

from storage import schema
from storage.engine import reading, rebuilding, write
from storage.errors import DatabaseUnreadable, StorageError
from storage.tables import METADATA

SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine) -> None:
    """Bring the tables to the newest version, in one transaction: a kill half-way leaves the version that was.

    Raises SchemaTooNew, DatabaseUnreadable or another StorageError, and then nothing has changed.
    """
    with rebuilding(engine) as rebuilt:
        write(rebuilt, "upgrade", _upgrade)


def check(engine: Engine) -> list[str]:
    """What is wrong with the database, a sentence each; empty if nothing."""
    try:
        with reading(engine) as connection:
            return [*_version_problems(connection), *_damage(connection)]
    except StorageError as error:
        return [str(error)]


def config() -> Config:
    """Alembic's settings, made here so that they hold in any folder."""
    made = Config()
    made.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return made


def _upgrade(connection: Connection) -> None:
    found = schema.version_in(connection, connection.engine.url.database or "")
    if found is not None:
        schema.refuse_newer(found)
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
    if problems := _damage(connection):
        raise DatabaseUnreadable("; ".join(problems))


def _version_problems(connection: Connection) -> list[str]:
    found = schema.version_in(connection, connection.engine.url.database or "")
    if found != schema.HEAD:
        return [f"the tables have version {found or 'none'}, this program wants {schema.HEAD}"]
    differences: list[Any] = compare_metadata(MigrationContext.configure(connection), METADATA)
    return [f"the tables differ from what this program wants: {difference}" for difference in differences]


def _damage(connection: Connection) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []
    broken = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    loose = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    found = [f"the file is damaged: {line}" for line in broken if line != "ok"]
    return found + [f"row {row[1]} of table {row[0]} points to a row of {row[2]} that is not there" for row in loose]
