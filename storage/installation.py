"""Values that are made once for an installation and stay with its database, such as its id."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.engine import reading, write
from storage.tables import INSTALLATION

#: The name of the random id that tells this installation from every other.
ID = "id"


def identity(engine: Engine, make: Callable[[], str]) -> Callable[[], str]:
    """Gives the id of the installation of this database, which is asked once; `make` gives a random one."""
    return cache(lambda: value(engine, ID, make))


def value(engine: Engine, name: str, make: Callable[[], str]) -> str:
    """What is kept under the name; `make` gives it on first need. Raises StorageError.

    Two programs that need it at one moment get the same value: the one that writes first has made it.
    """
    with reading(engine) as connection:
        kept = _kept(connection, name)
    if kept is not None:
        return kept
    made = make()
    return write(engine, "make", lambda here: _made(here, name, made))


def _made(connection: Connection, name: str, made: str) -> str:
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    row = dialect.insert(INSTALLATION).values(name=name, value=made)
    connection.execute(row.on_conflict_do_nothing())
    return _kept(connection, name) or made


def _kept(connection: Connection, name: str) -> str | None:
    found = select(INSTALLATION.c.value).where(INSTALLATION.c.name == name)
    return connection.execute(found).scalar_one_or_none()
