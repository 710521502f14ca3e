"""Locks between programs on one machine, as locked files beside the database file.

The operating system lets go of them when a program ends, however it ends. Not its job: SQLite's own locks, those of a
server (`server_locks`).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from storage import server_locks
from storage.address import parse, path_of
from storage.errors import AlreadyRunning, DatabaseReadOnly, DatabaseUnreadable


def use(path: Path) -> BinaryIO:
    """Take part in the use of the database file until the result is closed; waits while a restore is at work."""
    lock = _open(_lock_of(path))
    fcntl.flock(lock, fcntl.LOCK_SH)
    return lock


@contextmanager
def alone(path: Path) -> Generator[None]:
    """Be the only program that has the database file open; raises AlreadyRunning if another has."""
    with _open(_lock_of(path)) as lock:
        _take(lock, str(path))
        yield


@contextmanager
def hold(url: str, name: str) -> Generator[None]:
    """Be the only one who talks as `name` (such as "terminal:wang"); raises AlreadyRunning if another does."""
    parsed = parse(url)
    with (
        _hold_file(path_of(parsed), name) if parsed.get_backend_name() == "sqlite" else server_locks.hold(parsed, name)
    ):
        yield


@contextmanager
def _hold_file(path: Path, name: str) -> Generator[None]:
    file = path.with_name(f"{path.name}.{sha256(name.encode(errors='replace')).hexdigest()[:16]}.lock")
    lock = _take_named(file, name)
    try:
        yield
    finally:
        # Removed while still held: who waits for it sees that the name is gone and opens it anew.
        file.unlink(missing_ok=True)
        lock.close()


def _take_named(file: Path, name: str) -> BinaryIO:
    while True:
        lock = _open(file)
        try:
            _take(lock, name)
        except AlreadyRunning:
            lock.close()
            raise
        if _is_still(file, lock):
            return lock
        lock.close()


def _is_still(file: Path, lock: BinaryIO) -> bool:
    try:
        return os.path.samestat(os.fstat(lock.fileno()), file.stat())
    except FileNotFoundError:
        return False


def _take(lock: BinaryIO, what: str) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise AlreadyRunning(what) from None


def _lock_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def _open(file: Path) -> BinaryIO:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")
    except PermissionError as error:
        raise DatabaseReadOnly(str(file)) from error
    except OSError as error:
        raise DatabaseUnreadable(f"{file} ({error.strerror})") from error
