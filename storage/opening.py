"""Opens a database with the newest tables: made where there are none, brought up where they are older."""

from __future__ import annotations

from sqlalchemy import Engine

from storage import making, schema
from storage.engine import open_database


def open_newest(url: str) -> Engine:
    """The database at `url`; raises StorageError, of which SchemaTooNew says that it was made by a newer version."""
    engine = open_database(url)
    try:
        _bring_up(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _bring_up(engine: Engine) -> None:
    found = schema.version(engine)
    if found is None:
        making.make(engine)
        return
    schema.refuse_newer(found)
    if found != schema.HEAD:
        # Only now: Alembic is slow to load.
        from storage import migrate

        migrate.upgrade(engine)
