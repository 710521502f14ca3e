"""Which version the tables of a database have; quick, since every start asks it.

Not its job: changing them (`migrate`, which is loaded only when there is something to change).
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, inspect, text

from storage.engine import reading
from storage.errors import DatabaseUnreadable, SchemaTooNew, SchemaTooOld

#: The newest migration; versions count up and are compared as text.
HEAD = "0006"

VERSION_TABLE = "alembic_version"
VERSION_QUERY = "SELECT max(version_num) FROM alembic_version"


def version(engine: Engine) -> str | None:
    """The version of the tables; None for an empty database.

    Raises DatabaseUnreadable where there are tables that are not ours.
    """
    with reading(engine) as connection:
        return version_in(connection, engine.url.database or "")


def version_in(connection: Connection, where: str) -> str | None:
    """The same within a transaction; `where` names the database in the error."""
    inspector = inspect(connection)
    if inspector.has_table(VERSION_TABLE):
        return connection.execute(text(VERSION_QUERY)).scalar_one()
    if inspector.get_table_names():
        raise DatabaseUnreadable(f"{where} (a database of something else)")
    return None


def ensure(engine: Engine) -> None:
    """Make the tables if the database is empty; raises SchemaTooOld or SchemaTooNew unless their version is ours."""
    found = version(engine)
    if found is None:
        from storage import migrate

        migrate.upgrade(engine)
        return
    refuse_newer(found)
    if found < HEAD:
        raise SchemaTooOld(f"version {found}, wanted {HEAD}")


def refuse_newer(found: str) -> None:
    """Raise SchemaTooNew for a version that we do not know yet."""
    if found > HEAD:
        raise SchemaTooNew(f"version {found}, known up to {HEAD}")
