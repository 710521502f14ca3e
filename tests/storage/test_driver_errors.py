"""Which errors of the drivers may be an event's fault, and which are the database's or the machine's."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, Engine, create_engine, insert, select, text
from sqlalchemy.exc import DataError, DBAPIError

from storage import making
from storage.driver_errors import from_driver, from_sqlite
from storage.engine import open_database, reading, write
from storage.errors import (
    DatabaseBusy,
    DatabaseFull,
    DatabaseReadOnly,
    DatabaseUnreachable,
    DatabaseUnreadable,
    StatementRefused,
    StorageError,
)
from storage.tables import INBOX, INSTALLATION
from tests.storage.sample import NOW
from tests.storage.server import Server

REFUSED = ["22001", "22003", "22021", "22P05", "23502", "23503", "23505", "42601", "42804", "42883"]
AGAIN = {
    "08000": DatabaseUnreachable, "08006": DatabaseUnreachable, "08P01": DatabaseUnreachable,
    "57P01": DatabaseUnreachable, "57P03": DatabaseUnreachable, "57014": DatabaseUnreachable,
    "53300": DatabaseUnreachable, "53200": DatabaseUnreachable, "53100": DatabaseFull, "55P03": DatabaseBusy,
    "55006": DatabaseBusy, "40001": DatabaseBusy, "40P01": DatabaseBusy, "25006": DatabaseReadOnly,
    "25P02": DatabaseUnreachable, "25P03": DatabaseUnreachable, "42501": DatabaseReadOnly,
    "42P01": DatabaseUnreadable, "42703": DatabaseUnreadable, "58030": DatabaseUnreadable,
    "XX001": DatabaseUnreachable, "3D000": DatabaseUnreachable, "": DatabaseUnreachable,
}  # fmt: skip


def told(state: str) -> StorageError:
    """What we say of an error with this SQLSTATE."""
    kind = psycopg.errors.lookup(state) if state and state != "XX001" else psycopg.OperationalError
    error = kind("the server said so")
    error.sqlstate = state or None
    return from_driver(DBAPIError("INSERT canary", {"raw": "canary"}, error), "here")


@pytest.mark.parametrize("state", REFUSED)
def test_only_values_and_statements_may_be_an_events_fault(state: str) -> None:
    error = told(state)
    assert type(error) is StatementRefused
    assert error.code == state


@pytest.mark.parametrize("state", sorted(AGAIN))
def test_all_else_of_a_server_is_tried_again(state: str) -> None:
    error = told(state)
    assert type(error) is AGAIN[state]
    assert error.code == state
    assert "canary" not in str(error)


def test_a_broken_connection_is_never_an_events_fault() -> None:
    """Whatever the driver calls it, and whatever code the last statement had."""
    broken = DBAPIError("", {}, psycopg.errors.UniqueViolation("x"), connection_invalidated=True)
    assert type(from_driver(broken, "")) is DatabaseUnreachable


def test_a_value_that_the_driver_refuses_is_an_events_fault() -> None:
    """It has no SQLSTATE, since it never came to the server."""
    refused = DataError("", {}, psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"))
    assert type(from_driver(refused, "")) is StatementRefused


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("BUSY", DatabaseBusy), ("BUSY_SNAPSHOT", DatabaseBusy), ("LOCKED", DatabaseBusy), ("FULL", DatabaseFull),
        ("IOERR", DatabaseUnreadable), ("IOERR_FSYNC", DatabaseUnreadable), ("READONLY", DatabaseReadOnly),
        ("READONLY_DBMOVED", DatabaseReadOnly), ("CANTOPEN", DatabaseUnreadable), ("CORRUPT", DatabaseUnreadable),
        ("NOMEM", DatabaseUnreadable), ("INTERRUPT", DatabaseUnreadable), ("SCHEMA", DatabaseUnreadable),
        ("CONSTRAINT", StatementRefused), ("CONSTRAINT_UNIQUE", StatementRefused), ("MISMATCH", StatementRefused),
        ("TOOBIG", StatementRefused),
    ],
)  # fmt: skip
def test_sqlite_errors_are_told_apart_in_the_same_way(name: str, kind: type[StorageError]) -> None:
    error = sqlite3.OperationalError("it said so")
    error.sqlite_errorcode = getattr(sqlite3, f"SQLITE_{name}")
    error.sqlite_errorname = f"SQLITE_{name}"
    found = from_sqlite(error, "here")
    assert type(found) is kind
    assert found.code == f"SQLITE_{name}"


def test_a_closed_connection_of_sqlite_is_no_events_fault() -> None:
    connection = sqlite3.connect(":memory:")
    connection.close()
    with pytest.raises(sqlite3.ProgrammingError) as caught:
        connection.execute("SELECT 1")
    assert type(from_sqlite(caught.value, "")) is DatabaseUnreadable


def test_tables_that_are_gone_are_no_events_fault(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE unanswered")
    with pytest.raises(DatabaseUnreadable):
        write(engine, "test", lambda one: one.exec_driver_sql("DELETE FROM unanswered"))


@pytest.fixture
def served(server_url: str) -> Iterator[Engine]:
    opened = open_database(server_url)
    making.make(opened)
    yield opened
    opened.dispose()


def test_a_server_ends_what_takes_too_long_and_the_connection_serves_on(served: Engine) -> None:
    def slow(connection: Connection) -> None:
        connection.execute(text("SELECT set_config('statement_timeout', '20', true)"))
        connection.execute(text("SELECT pg_sleep(5)"))

    with pytest.raises(DatabaseUnreachable) as caught:
        write(served, "test", slow)
    assert caught.value.code == "57014"
    write(served, "test", lambda one: one.execute(text("SELECT 1")))


def test_a_transaction_has_its_limits_and_a_pooler_may_stand_between(served: Engine) -> None:
    """They are gone with the transaction, so that the next one on that connection has its own."""
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    with reading(served) as connection:
        within = [connection.execute(text(f"SHOW {name}")).scalar_one() for name in names]
    assert within == ["30s", "5s", "10s"]
    plain = create_engine(served.url)
    with plain.connect() as connection:
        assert [connection.execute(text(f"SHOW {name}")).scalar_one() for name in names] == ["0", "0", "0"]
    plain.dispose()
    assert served.pool._pre_ping


def test_case_25_a_server_that_may_only_be_read_says_so(served: Engine, postgresql: Server) -> None:
    postgresql.sql(f"ALTER DATABASE {served.url.database} SET default_transaction_read_only = on")
    served.dispose()
    with pytest.raises(DatabaseReadOnly) as caught:
        write(served, "test", lambda one: one.execute(insert(INSTALLATION).values(name="a", value="b")))
    assert caught.value.code == "25006"


def test_what_was_ended_by_the_server_is_told_as_such(served: Engine) -> None:
    def cut(connection: Connection) -> None:
        me = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with served.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": me})
        connection.execute(insert(INSTALLATION).values(name="a", value="b"))

    with pytest.raises(DatabaseUnreachable):
        write(served, "test", cut)
    with reading(served) as connection:
        assert connection.execute(select(INSTALLATION)).first() is None


def test_two_of_one_key_are_refused_by_either_database(served: Engine, engine: Engine) -> None:
    row = {"channel": "x", "event": "1", "kind": "k", "raw": "", "state": "done", "at": NOW}
    for one in (served, engine):
        with pytest.raises(StatementRefused) as caught:
            write(one, "test", lambda connection: connection.execute(insert(INBOX), [row, row]))
        assert caught.value.code in ("23505", "SQLITE_CONSTRAINT_PRIMARYKEY")


def test_a_server_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    engine = open_database(f"postgresql://nobody@/none?host={tmp_path}")
    with pytest.raises(DatabaseUnreachable), reading(engine):
        pass
