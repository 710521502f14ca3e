"""Gives back what was claimed and will not be sent: without this it would wait until its claim runs out.

Not its job: claims that run out by themselves (`outbox.release`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, update

from storage import outbox
from storage.outbox import Where
from storage.tables import OUTBOX, SENDING

#: ours: a commit of ours may have been kept although it was told to have failed, or may be kept still.
#: all: another program was in our place meanwhile, and has ended.
Lost = Literal["none", "ours", "all"]


def give_back(
    connection: Connection, channel: str, sender: str, flying: frozenset[str], lost: Lost, now: datetime
) -> None:
    """Let what was lost be claimed again; `flying` are the chats to which `sender` has something on its way."""
    if lost == "none":
        return
    # It has surely not been sent: nobody was told that it was claimed.
    ours = update(OUTBOX).where(
        SENDING, OUTBOX.c.channel == channel, OUTBOX.c.sender == sender, OUTBOX.c.chat.not_in(flying)
    )
    connection.execute(ours.values(state="ready", lease_until=None))
    if lost == "all":
        outbox.release(connection, now, Where(channel=channel, but=flying), ended=True)
