"""Remembers the owners that were read or written last, so that the one writer of a program need not read them again.

SQLite tells whether another connection has changed the file since; then nothing is remembered any more. On another
database nothing is remembered at all. Not its job: reading or writing them (`snapshot`, `store`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from sqlalchemy import Connection

from storage.giving_way import Crowded
from storage.snapshot import Known, Place

#: Owners; some kilobytes each.
MOST = 400


class Memory:
    """What the owners of one database were when the last transaction of this writer ended."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: OrderedDict[Place, Known] = OrderedDict()
        self._seen: tuple[int, int] | None = None
        self.crowded = Crowded()

    def begin(self, connection: Connection) -> None:
        """Forget all if somebody else has written; to be called inside the write transaction, where nobody else can."""
        seen = _seen(connection)
        if seen is None or seen != self._seen:
            self._known.clear()
        self._seen = seen

    def known(self, places: Iterable[Place]) -> dict[Place, Known]:
        """Those of the places that are remembered."""
        return {place: self._known[place] for place in places if place in self._known}

    def keep(self, place: Place, known: Known) -> None:
        """Remember one as he is after this transaction."""
        self._known[place] = known
        self._known.move_to_end(place)
        while len(self._known) > self._most:
            self._known.popitem(last=False)

    def drop(self, place: Place) -> None:
        """Remember one no longer."""
        self._known.pop(place, None)

    def clear(self) -> None:
        """Remember nobody: the transaction came to nothing."""
        self._known.clear()


def _seen(connection: Connection) -> tuple[int, int] | None:
    """Which connection this is and how often others have changed the file, as far as it knows."""
    if connection.dialect.name != "sqlite":
        return None
    version = connection.exec_driver_sql("PRAGMA data_version").scalar_one()
    return id(connection.connection.dbapi_connection), version
