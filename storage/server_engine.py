"""Connects to a PostgreSQL server, so that no wait for it is endless.

The limits of a transaction are set within it: a pooler such as PgBouncer gives each transaction another connection.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, text

from storage.errors import DriverMissing
from storage.tables import narrow_for_postgresql

#: Seconds for making a connection; a server of ours answers within milliseconds.
CONNECT = 5
#: Milliseconds for one statement: ours take some; only a purge after a long rest takes seconds.
STATEMENT = 30_000
#: Milliseconds that a statement waits for a lock: whoever holds one works for a second at most.
LOCK = 5_000
#: Milliseconds that a transaction may stand idle: one of a program that was stopped must not keep its locks for ever.
IDLE = 10_000
#: Seconds that work waits for a free connection of the pool.
FREE = 10
#: A connection whose other side is gone without a word is given up after some 15 seconds.
_ALIVE = {"keepalives_idle": 5, "keepalives_interval": 3, "keepalives_count": 3, "tcp_user_timeout": 15_000}

_LIMIT = text(
    "SELECT set_config('statement_timeout', :statement, true), set_config('lock_timeout', :lock, true),"
    " set_config('idle_in_transaction_session_timeout', :idle, true)"
)


def connected(url: URL, **pool: Any) -> Engine:
    """The engine for a server; what stands in the address goes before our limits. Raises DriverMissing."""
    narrow_for_postgresql()
    # A statement that is prepared on one connection of a pooler is not there on the next.
    ours: dict[str, Any] = {"connect_timeout": CONNECT, "prepare_threshold": None, **_ALIVE}
    arguments = {name: value for name, value in ours.items() if name not in url.query}
    try:
        # Pinged before it is used again: the server may have been restarted since.
        return create_engine(url, pool_pre_ping=True, connect_args=arguments, **{"pool_timeout": FREE, **pool})
    except ModuleNotFoundError as error:
        raise DriverMissing from error


def limit(connection: Connection, statement: int = STATEMENT, lock: int = LOCK) -> None:
    """Limit the transaction that has just begun, in milliseconds."""
    connection.execute(_LIMIT, {"statement": str(statement), "lock": str(lock), "idle": str(IDLE)})
