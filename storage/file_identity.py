"""Notices that a file is no longer the one that was opened: what is written into a file without a name is lost.

Not its job: what is done then.
"""

from __future__ import annotations

from pathlib import Path

from storage.errors import DatabaseGone

#: The device and the number of a file on it.
Identity = tuple[int, int]


def identity(path: Path) -> Identity | None:
    """Which file has this name now; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


class Opened:
    """The file that has this name, as long as any connection has it open; a backup may be restored in between."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._which: Identity | None = None
        self._connections = 0

    def open(self) -> None:
        """Count a connection that is about to be made; raises DatabaseGone where it would open another file."""
        if self._connections:
            self.expect()
        else:
            self._which = identity(self._path)
        self._connections += 1

    def close(self) -> None:
        """Count a connection that is no more."""
        self._connections -= 1

    def expect(self) -> None:
        """Raise DatabaseGone unless the name still leads to the file that was opened."""
        now = identity(self._path)
        if now != self._which:
            raise DatabaseGone(f"{self._path} ({'was deleted' if now is None else 'is another file now'})")
