"""Locks between programs that share a PostgreSQL server: a row a lock, held for 15 seconds and renewed every 5.

A lock of a connection dies with it unseen, and a pooler gives each transaction another connection; a row survives both.
The times are the database's own clock, so that no machine's clock matters. Whatever is written under a lease is fenced
in its own transaction. Not its job: locks between programs on one machine (`locks`).
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import Event, Lock, Thread
from uuid import uuid4

from sqlalchemy import URL, Connection, Engine, text

from storage import making, schema, server_engine
from storage.engine import fenced, reading, write
from storage.errors import AlreadyRunning, LeaseLost, StorageError
from storage.locks import Tell

#: Seconds that a lease lasts, and after which it is renewed.
LENGTH, EVERY = 15.0, 5.0
#: Seconds between two tries while it is not held, and while another's is waited for.
AGAIN = 1.0
#: Seconds before its end in which nothing is begun any more: clocks do not run at quite the same speed.
MARGIN = 1.0
#: Milliseconds for a statement about leases, and for its lock: a renewal that takes longer is begun again.
_STATEMENT = _LOCK = 3_000
#: The first version of the tables with leases.
_FIRST = "0006"

#: clock_timestamp(), since now() is when the transaction began, which may have waited.
_END = f"clock_timestamp() + interval '{LENGTH} seconds'"
_TAKE = text(
    f"INSERT INTO lease AS held (name, holder, epoch, until) VALUES (:name, :holder, 1, {_END})"
    " ON CONFLICT (name) DO UPDATE SET holder = excluded.holder,"
    f" epoch = held.epoch + CASE WHEN held.holder = excluded.holder THEN 0 ELSE 1 END, until = {_END}"
    " WHERE held.holder = excluded.holder OR held.until <= clock_timestamp() RETURNING epoch"
)
_FENCE = text(
    "SELECT 1 FROM lease WHERE name = :name AND holder = :holder AND epoch = :epoch"
    " AND until > clock_timestamp() FOR SHARE"
)
_GIVE_BACK = text("UPDATE lease SET until = clock_timestamp() WHERE name = :name AND holder = :holder")
_LOOK = text("SELECT holder, until FROM lease WHERE name = :name AND until > clock_timestamp()")


def steady() -> float:
    """Seconds that go on while the program, or the machine, is stopped."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)


class Lease:
    """One lease of this program; `holder` is a name that no other running program has."""

    def __init__(self, engine: Engine, name: str, holder: str, tell: Tell, clock: Callable[[], float] = steady) -> None:
        """`engine` is its own, so that nothing else holds up a renewal; nothing is taken yet."""
        self.epoch = 0
        self._engine = engine
        self._key = {"name": name, "holder": holder}
        self._tell = tell
        self._clock = clock
        self._until = 0.0
        self._taking = Lock()

    def holds(self) -> bool:
        """Whether nobody else can have it at this moment."""
        return self._clock() < self._until

    def fenced(self, engine: Engine) -> Engine:
        """The engine for all that is written under it."""
        return fenced(engine, self)

    def check(self, connection: Connection) -> None:
        """Hold it until this transaction ends; raises LeaseLost where somebody else may have it."""
        if connection.execute(_FENCE, {**self._key, "epoch": self.epoch}).first() is None:
            self._until = 0.0
            raise LeaseLost(self._key["name"])

    def take(self) -> bool:
        """Take or renew it; False where another has it. Raises StorageError."""
        with self._taking:
            # The database's 15 seconds begin later than these.
            begun = self._clock()
            epoch = write(self._engine, "lease", self._taken)
            if epoch is None:
                self._until = 0.0
                return False
            self.epoch, self._until = epoch, begun + LENGTH - MARGIN
            return True

    def renew(self) -> bool:
        """Take it again; False where that cannot be, or somebody else had it meanwhile."""
        epoch = self.epoch
        with suppress(StorageError):
            return self.take() and self.epoch == epoch
        return False

    def keep(self, ended: Event) -> None:
        """Renew it until `ended`, and try to have it back while it is lost; tells both."""
        held = True
        while not ended.wait(EVERY if self.holds() else AGAIN):
            try:
                self.take()
            except Exception as error:
                # Whatever it is: without this thread the lease is never had again.
                self._tell("lease-not-renewed", error.code if isinstance(error, StorageError) else type(error).__name__)
            if held != self.holds():
                held = not held
                self._tell("lease-held-again" if held else "lease-lost", "")

    def give_back(self) -> None:
        """Let the next one have it at once; where the database cannot be reached it runs out by itself."""
        self._until = 0.0
        with suppress(StorageError):
            write(self._engine, "lease", lambda connection: connection.execute(_GIVE_BACK, self._key))

    def holder(self) -> tuple[str, datetime] | None:
        """Who has it, and until when, which rises while the holder lives. None: nobody has it any more."""
        with reading(self._engine) as connection:
            server_engine.limit(connection, _STATEMENT, _LOCK)
            row = connection.execute(_LOOK, self._key).first()
            return None if row is None else (row.holder, row.until)

    def _taken(self, connection: Connection) -> int | None:
        server_engine.limit(connection, _STATEMENT, _LOCK)
        return connection.execute(_TAKE, self._key).scalar_one_or_none()


@contextmanager
def hold(url: URL, name: str, tell: Tell) -> Generator[Lease]:
    """Hold the lease `name` and keep it renewed; raises AlreadyRunning where a living program has it."""
    # What cannot be kept in a row stands for itself as a number.
    name = name.encode("ascii", "backslashreplace").decode()
    engine = server_engine.connected(url, pool_size=1, max_overflow=1)
    try:
        _with_tables(engine)
        lease = Lease(engine, name, f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex}", tell)
        first(lease, name, tell, time.sleep)
        ended = Event()
        keeper = Thread(target=lease.keep, args=(ended,), name=f"lease {name}", daemon=True)
        keeper.start()
        try:
            yield lease
        finally:
            ended.set()
            keeper.join()
            lease.give_back()
    finally:
        engine.dispose()


def first(lease: Lease, name: str, tell: Tell, sleep: Callable[[float], None]) -> None:
    """Take it, or wait for the end of one that nobody renews any more; raises AlreadyRunning where somebody does."""
    seen: tuple[str, datetime] | None = None
    while not lease.take():
        now = lease.holder()
        if now is not None and seen is not None and (now[0] != seen[0] or now[1] > seen[1]):
            raise AlreadyRunning(name)
        if seen is None:
            tell("lease-awaited", "")
        seen = now or seen
        sleep(AGAIN)


def _with_tables(engine: Engine) -> None:
    found = schema.version(engine)
    if found is None:
        making.make(engine)
    elif found < _FIRST:
        # Only now: Alembic is slow to load.
        from storage import migrate

        migrate.upgrade(engine)
