"""Locks between programs on one machine, as locked files beside the database file.

The operating system lets go of them when a program ends, however it ends. They lie beside the file itself, whatever
symbolic link or relative path leads to it. Not its job: SQLite's own locks, those of a server (`leases`).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Protocol

from sqlalchemy import Engine

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


class Held(Protocol):
    """What is held, for as long as `hold` lasts."""

    @property
    def epoch(self) -> int:
        """Rises when somebody else has had it meanwhile."""
        ...

    def holds(self) -> bool:
        """False while somebody else may have it: then nothing may be begun under it."""
        ...

    def fenced(self, engine: Engine) -> Engine:
        """The engine for all that is written under it."""
        ...


class HeldFile:
    """A locked file, which nobody can take away."""

    epoch = 1

    def holds(self) -> bool:
        """As long as the program runs."""
        return True

    def fenced(self, engine: Engine) -> Engine:
        """As it is."""
        return engine


#: Told what happens to what is held, by an action of the log and the database's code.
Tell = Callable[[str, str], None]


@contextmanager
def hold(url: str, name: str, tell: Tell = lambda _action, _code: None) -> Generator[Held]:
    """Be the only one who works as `name` (such as "terminal:wang"); raises AlreadyRunning if another does.

    On a server a program that was killed holds it for some seconds more: that is told (`lease-awaited`) and waited for.
    """
    parsed = parse(url)
    if parsed.get_backend_name() == "sqlite":
        with _hold_file(path_of(parsed), name):
            yield HeldFile()
        return
    # Only now: who has a file needs nothing of this.
    from storage import leases

    with leases.hold(parsed, name, tell) as lease:
        yield lease


@contextmanager
def _hold_file(path: Path, name: str) -> Generator[None]:
    path = path.resolve()
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
    path = path.resolve()
    return path.with_name(f"{path.name}.lock")


def _open(file: Path) -> BinaryIO:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")
    except PermissionError as error:
        raise DatabaseReadOnly(str(file)) from error
    except OSError as error:
        raise DatabaseUnreadable(f"{file} ({error.strerror})") from error
