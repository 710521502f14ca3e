"""A PostgreSQL server of the tests' own: on a socket in a folder, gone afterwards. Not there: the tests say so."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

#: The server refuses to run as root; Debian's package brings this user.
USER = "postgres"


def programs() -> Path | None:
    """Where the server's programs are; Debian does not put them on the PATH."""
    known = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = str(known[-1]) if known else shutil.which("initdb")
    return Path(found).parent if found and Path(found).exists() else None


@contextmanager
def serving(bin_: Path) -> Iterator[str]:
    """The address of an empty database."""
    with TemporaryDirectory(prefix="lampwise-pg-") as name:
        folder, user = Path(name), USER if os.geteuid() == 0 else None
        if user is not None:
            shutil.chown(folder, user)
        data = folder / "data"
        run = {"check": True, "stdout": subprocess.DEVNULL, "user": user, "cwd": folder}
        subprocess.run([bin_ / "initdb", "-D", data, "-A", "trust", "-U", USER, "--no-sync"], **run)
        options = f"-k {folder} -c listen_addresses= -c fsync=off"
        ctl = [bin_ / "pg_ctl", "-D", data, "-l", folder / "log", "-o", options]
        subprocess.run([*ctl, "-w", "start"], **run)
        try:
            yield f"postgresql://{USER}@/postgres?host={folder}"
        finally:
            subprocess.run([*ctl, "-m", "immediate", "stop"], **run)
