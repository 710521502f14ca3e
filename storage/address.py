"""The database address (LAMPWISE_DATABASE_URL): which kind of database, and which file."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.errors import DatabaseUnknown

_IN_MEMORY = (None, "", ":memory:")


def parse(url: str) -> URL:
    """The address taken apart; raises DatabaseUnknown unless it names a SQLite file or a PostgreSQL server."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise DatabaseUnknown from None
    if parsed.drivername == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    # A database in memory would lose everything at the end of the program.
    if parsed.drivername != "sqlite" or parsed.database in _IN_MEMORY:
        raise DatabaseUnknown
    return parsed


def path_of(url: str | URL) -> Path:
    """The file of a SQLite address; raises DatabaseUnknown for another."""
    parsed = parse(url) if isinstance(url, str) else url
    if parsed.get_backend_name() != "sqlite" or parsed.database is None:
        raise DatabaseUnknown("this works on a SQLite file only")
    return Path(parsed.database)
