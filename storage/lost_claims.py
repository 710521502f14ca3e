"""Takes back what was claimed and is not on its way: at a start, after a failed commit, and from time to time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, update

from storage import outbox
from storage.outbox import GivenUp, Where
from storage.tables import OUTBOX, SENDING

#: stale: only claims that ran out, which nobody settled. ours: a commit of ours may have been kept although it was told
#: to have failed, or may be kept still. all: another program was in our place, before our start or meanwhile, and has
#: ended.
Lost = Literal["none", "stale", "ours", "all"]


def give_back(
    connection: Connection, channel: str, sender: str, flying: frozenset[str], lost: Lost, now: datetime
) -> Sequence[GivenUp]:
    """Let what was lost be claimed again, and give what is given up of it.

    `flying` are the chats to which `sender` has something on its way: of these nothing is taken back.
    """
    if lost == "none":
        return ()
    if lost != "stale":
        # It has surely not been sent: nobody was told that it was claimed.
        ours = update(OUTBOX).where(
            SENDING, OUTBOX.c.channel == channel, OUTBOX.c.sender == sender, OUTBOX.c.chat.not_in(flying)
        )
        connection.execute(ours.values(state="ready", lease_until=None))
    return outbox.release(connection, now, Where(channel=channel, but=flying), ended=lost == "all").given_up
