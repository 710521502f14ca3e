"""All owners, one after the other, for a look at what is kept; writes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Engine, func, select

from dialogs.owner import Owner
from storage import schema, snapshot
from storage.engine import open_database, reading
from storage.tables import ADDRESS

#: Owners that are read at a time.
_BATCH = 200


def each_owner(url: str) -> Iterator[Owner]:
    """Every owner of the database, in the order of their addresses; raises StorageError."""
    engine = open_database(url)
    try:
        schema.ensure(engine)
        with reading(engine) as connection:
            all_places = select(ADDRESS.c.channel, ADDRESS.c.chat).order_by(ADDRESS.c.channel, ADDRESS.c.chat)
            places = [(channel, chat) for channel, chat in connection.execute(all_places)]
            for first in range(0, len(places), _BATCH):
                found = snapshot.load(connection, places[first : first + _BATCH])
                yield from (known.owner for known in found.values())
    finally:
        engine.dispose()


def people(engine: Engine, channel: str) -> int:
    """How many are met on a channel."""
    with reading(engine) as connection:
        return connection.execute(select(func.count()).where(ADDRESS.c.channel == channel)).scalar_one()
