"""Opens the database, and runs work in one transaction: all of it is kept, or nothing.

Not its job: the tables (`tables`), their version (`schema`), what is written (`store`).
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError
from sqlalchemy.pool import ConnectionPoolEntry

from storage import locks
from storage.address import parse, path_of
from storage.driver_errors import from_driver, from_sqlite
from storage.errors import DatabaseBusy, DatabaseReadOnly, DatabaseUnreachable, DatabaseUnreadable, LeaseLost
from storage.failpoints import failpoint
from storage.file_identity import Opened

T = TypeVar("T")

#: How long a statement waits for another program's transaction, in milliseconds.
BUSY_TIMEOUT = 10_000
#: How often a transaction is begun again when even that was not enough.
TRIES = 3

#: FULL: a commit is on the disk when it returns. secure_delete: what is deleted is overwritten.
_PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_TIMEOUT}",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
)

#: Turning on WAL does not wait for others by itself: tries, and seconds between them.
_WAL_TRIES = 100
_WAL_PAUSE = 0.05

_READS = "lampwise_reads"
_REBUILDS = "lampwise_rebuilds"
_FENCE = "lampwise_fence"


class Fence(Protocol):
    """Lets only who holds a lease write."""

    def check(self, connection: Connection) -> None:
        """Hold the lease until this transaction ends; raises LeaseLost where somebody else may have it."""
        ...

    def renew(self) -> bool:
        """Take the lease again; False where that cannot be, or somebody else had it meanwhile."""
        ...


def open_database(url: str) -> Engine:
    """The database at `url`, made if it is a SQLite file that is not there: mode 0600, its folder 0700.

    Raises DatabaseUnknown, DriverMissing, DatabaseUnreadable, DatabaseReadOnly or DatabaseBusy. From then on whatever
    is written to a SQLite file raises DatabaseGone once its name no longer leads to the file that was opened.
    """
    parsed = parse(url)
    if parsed.get_backend_name() != "sqlite":
        return _open_server(url)
    path = path_of(parsed)
    make_file(path)
    _turn_on_wal(path)
    engine = create_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT / 1000})
    _listen(engine, path)
    return engine


def write(engine: Engine, name: str, work: Callable[[Connection], T]) -> T:
    """Run `work` in one write transaction and give back its result; `name` names its failpoints.

    Whatever it raises, nothing of it is kept; only where a server's connection ended at the very end may it be kept
    nevertheless. It is run anew, up to three times, while the database stays busy, or where a lease was only late.
    """
    for _ in range(TRIES - 1):
        try:
            return _write_once(engine, name, work)
        except DatabaseBusy:
            continue
        except LeaseLost:
            if not engine.get_execution_options()[_FENCE].renew():
                raise
    return _write_once(engine, name, work)


def fenced(engine: Engine, fence: Fence) -> Engine:
    """The engine for whoever holds a lease: nothing that is written by it stays once the lease is lost."""
    return engine.execution_options(**{_FENCE: fence})


@contextmanager
def reading(engine: Engine) -> Generator[Connection]:
    """A transaction that sees one moment of the database and holds up nobody."""
    with _in_our_words(engine), engine.connect() as connection:
        connection.execution_options(**{_READS: True})
        with connection.begin():
            yield connection


@contextmanager
def rebuilding(engine: Engine) -> Generator[Engine]:
    """The engine for work that drops and remakes tables: what points to a dropped row is not deleted with it."""
    try:
        yield engine.execution_options(**{_REBUILDS: True})
    finally:
        # Its connections watch no foreign keys any more.
        engine.dispose()


def make_file(path: Path) -> None:
    """Make the SQLite file, empty, with mode 0600; SQLite gives its -wal and -shm the mode of the file."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except PermissionError as error:
        raise DatabaseReadOnly(str(path)) from error
    except OSError as error:
        raise DatabaseUnreadable(f"{path} ({error.strerror})") from error


def _write_once(engine: Engine, name: str, work: Callable[[Connection], T]) -> T:
    with _in_our_words(engine):
        with engine.begin() as connection:
            done = work(connection)
            if fence := engine.get_execution_options().get(_FENCE):
                # Last, so that the lease can be renewed while a long work runs.
                fence.check(connection)
            failpoint(f"{name}.before_commit")
        failpoint(f"{name}.after_commit")
        return done


@contextmanager
def _in_our_words(engine: Engine) -> Generator[None]:
    where = engine.url.database or ""
    try:
        yield
    except DBAPIError as error:
        raise from_driver(error, where) from error
    except sqlite3.Error as error:
        raise from_sqlite(error, where) from error
    except StatementError:
        # A value that cannot even be handed to the driver: the mistake is in what was to be written.
        raise
    except SQLAlchemyError as error:
        # A connection that broke half-way, or none that is free.
        raise DatabaseUnreachable(f"{where} ({type(error).__name__})") from error


def _open_server(url: str) -> Engine:
    # Only now: who has a file needs nothing of this.
    from storage import server_engine

    engine = server_engine.connected(parse(url))

    def limit(connection: Connection) -> None:
        if _REBUILDS not in connection.get_execution_options():
            server_engine.limit(connection)

    event.listen(engine, "begin", limit)
    return engine


def _turn_on_wal(path: Path) -> None:
    try:
        with locks.use(path), closing(sqlite3.connect(path, isolation_level=None)) as connection:
            _try_wal(connection)
    except sqlite3.Error as error:
        raise from_sqlite(error, str(path)) from error


def _try_wal(connection: sqlite3.Connection) -> None:
    for _ in range(_WAL_TRIES):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(_WAL_PAUSE)
    connection.execute("PRAGMA journal_mode=WAL")


def _listen(engine: Engine, path: Path) -> None:
    opened = Opened(path)

    def before_connect(_dialect: Any, entry: ConnectionPoolEntry, _args: Any, _options: Any) -> None:
        # Held as long as the connection: so a restore can tell that nobody has the file open.
        entry.info["use"] = locks.use(path)
        # Before SQLite would make the file anew.
        opened.open()

    def after_close(_connection: Any, entry: ConnectionPoolEntry) -> None:
        entry.info.pop("use").close()
        opened.close()

    def expect(connection: Connection) -> None:
        if _READS not in connection.get_execution_options():
            opened.expect()

    event.listen(engine, "do_connect", before_connect)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "close", after_close)
    event.listen(engine, "begin", expect)
    event.listen(engine, "begin", _begin)


def _set_up(connection: Any, _entry: ConnectionPoolEntry) -> None:
    # The driver begins no transactions by itself: `_begin` does.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails as "locked" without waiting, so writers say so at once.
    options = connection.get_execution_options()
    if _REBUILDS in options:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.exec_driver_sql("BEGIN" if _READS in options else "BEGIN IMMEDIATE")
