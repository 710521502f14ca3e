"""Measures a database from outside its rows: its size, the room on its disk, who holds the lease to serve.

NaN stands for what there is not: the free disk of a server is not seen from here, a SQLite file has no leases.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from pathlib import Path
from shutil import disk_usage

from sqlalchemy import Engine, text

from storage.engine import reading

#: The lease of the program that serves.
SERVE = "serve"

_SIZE = text("SELECT pg_database_size(current_database())")
_LEASE = text("SELECT epoch, extract(epoch FROM until - clock_timestamp()) FROM lease WHERE name = :name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Bytes and seconds; `lease_seconds` is how long the lease still lasts, by the database's own clock."""

    size: float
    free: float
    lease_epoch: float = nan
    lease_seconds: float = nan


def measure(engine: Engine) -> Measures:
    """How it is now; raises StorageError or OSError."""
    if engine.dialect.name == "sqlite":
        return _of_file(Path(engine.url.database or ""))
    with reading(engine) as connection:
        size = float(connection.execute(_SIZE).scalar_one())
        lease = connection.execute(_LEASE, {"name": SERVE}).first()
    epoch, seconds = (nan, nan) if lease is None else (float(lease[0]), float(lease[1]))
    return Measures(size=size, free=nan, lease_epoch=epoch, lease_seconds=seconds)


def free_bytes(path: Path) -> int:
    """The room on the disk of this file, for accounts without privileges; raises OSError."""
    return disk_usage(path.absolute().parent).free


def _of_file(path: Path) -> Measures:
    pieces = (path.with_name(path.name + end) for end in ("", "-wal"))
    size = sum(piece.stat().st_size for piece in pieces if piece.exists())
    return Measures(size=float(size), free=float(free_bytes(path)))
