"""Locks between programs that share a PostgreSQL server; the server lets go of them when their connection ends."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from hashlib import sha256

from sqlalchemy import URL, create_engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from storage.errors import AlreadyRunning, DriverMissing, from_driver


@contextmanager
def hold(url: URL, name: str) -> Generator[None]:
    """Be the only one who talks as `name`; raises AlreadyRunning if another does."""
    try:
        # Of its own: a connection that goes back to a pool would keep the lock, or lose it, as it is used again.
        engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    except ModuleNotFoundError as error:
        raise DriverMissing from error
    try:
        connection = engine.connect()
    except DBAPIError as error:
        raise from_driver(error, url.database or "") from error
    with connection:
        if not connection.execute(select(func.pg_try_advisory_lock(_key(name)))).scalar_one():
            raise AlreadyRunning(name)
        yield


def _key(name: str) -> int:
    """The name as the number that the server knows locks by: 64 bits with a sign."""
    return int.from_bytes(sha256(name.encode(errors="replace")).digest()[:8], signed=True)
