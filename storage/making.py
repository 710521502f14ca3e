"""Makes the newest tables in an empty database, without the way through the migrations: these take long to load.

Not its job: a database that has tables already (`migrate`). A test holds both ways to the same tables.
"""

from __future__ import annotations

from sqlalchemy import Column, Connection, Engine, MetaData, PrimaryKeyConstraint, String, Table

from storage import schema
from storage.engine import write
from storage.tables import METADATA

#: As Alembic makes it, so that the next migration finds where to begin.
_VERSION = Table(
    schema.VERSION_TABLE, MetaData(), Column("version_num", String(32)),
    PrimaryKeyConstraint("version_num", name=f"{schema.VERSION_TABLE}_pkc"),
)  # fmt: skip


def make(engine: Engine) -> None:
    """Make the tables, in one transaction, unless somebody else just has. Raises StorageError."""
    write(engine, "make", _make)


def _make(connection: Connection) -> None:
    if schema.version_in(connection, connection.engine.url.database or "") is not None:
        return
    METADATA.create_all(connection)
    _VERSION.create(connection)
    connection.execute(_VERSION.insert().values(version_num=schema.HEAD))
