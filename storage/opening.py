"""Opens a database: as it is, or with the newest tables, made where there are none, brought up where they are older."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy import Engine

from storage import making, schema
from storage.address import parse, path_of
from storage.engine import open_database


def is_there(url: str) -> bool:
    """False for a file that opening would make; whether a server has it shows only when it is opened."""
    return parse(url).get_backend_name() != "sqlite" or path_of(url).is_file()


@contextmanager
def opened(url: str) -> Generator[Engine]:
    """The database as it is, closed at the end."""
    engine = open_database(url)
    try:
        yield engine
    finally:
        engine.dispose()


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
