"""Removes all that is kept on an owner, in one transaction; nothing of it is said any more.

What a sender has on its way cannot be called back: of it only the place in the order is kept, without a word, so that
what is said last is last. Not its job: the bytes that deletion leaves in files (`scrub`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, insert, select, update

from storage import tombstones
from storage.engine import write
from storage.json_text import clean
from storage.outbox import NO_LANE
from storage.rows import Row
from storage.scrub import mark, scrub
from storage.tables import ADDRESS, OUTBOX, OWNER


def forget(engine: Engine, channel: str, chat: str, now: datetime) -> bool:
    """Forget the owner who is met there, and leave no byte of him in the file; False: there is nobody.

    Raises StorageError, and then nothing has changed.
    """
    here = (ADDRESS.c.channel == clean(channel), ADDRESS.c.chat == clean(chat))

    def work(connection: Connection) -> bool:
        owner = connection.execute(select(ADDRESS.c.owner).where(*here)).scalar_one_or_none()
        if owner is not None:
            remove(connection, owner, now)
        return owner is not None

    found = write(engine, "forget", work)
    if found:
        scrub(engine)
    return found


def remove(connection: Connection, owner: int, now: datetime, farewell: Iterable[Row] = ()) -> None:
    """Remove the owner with all that points to him; `farewell` are rows of the outbox that are sent, then removed."""
    mark(connection)
    tombstones.bury(connection, owner, now)
    on_its_way = update(OUTBOX).where(OUTBOX.c.owner == owner, OUTBOX.c.state == "sending")
    connection.execute(on_its_way.values(owner=None, lane=NO_LANE, body="{}", event=""))
    connection.execute(delete(OWNER).where(OWNER.c.id == owner))
    rows = [{**row, "owner": None, "event": ""} for row in farewell]
    if rows:
        connection.execute(insert(OUTBOX), rows)
