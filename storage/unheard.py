"""Reminders that were given up: they count as not said, and come once more a day later.

Not its job: giving up (`outbox`, `bot.again`), what a step does with it (`dialogs.loop.reminding`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select

from dialogs.events import RemindersUnheard
from storage import reminders
from storage.outbox import GivenUp
from storage.tables import OUTBOX

_LOST = select(OUTBOX.c.owner, OUTBOX.c.channel, OUTBOX.c.chat, OUTBOX.c.event, OUTBOX.c.created_at).where(
    OUTBOX.c.id.in_(bindparam("ids", expanding=True)), OUTBOX.c.owner.is_not(None)
)


def unheard(connection: Connection, given_up: Sequence[GivenUp], now: datetime) -> list[RemindersUnheard]:
    """What the owners' steps have to know of these; their reminders are due again a day later, or at the next plan."""
    ids = [one.id for one in given_up if one.lane == "reminder"]
    if not ids:
        return []
    events: dict[str, RemindersUnheard] = {}
    for owner, channel, chat, event, made in connection.execute(_LOST, {"ids": ids}):
        contract = contract_of(event)
        if contract is None:
            continue
        # By the owner's own clock it may have been the day before or after.
        days = [(made.date() + timedelta(days=days)).isoformat() for days in (-1, 0, 1)]
        reminders.plan_again(connection, owner, contract, days, now)
        events[event] = RemindersUnheard(
            id=f"unheard:{event}", at=now, channel=channel, chat=chat, contract=contract, made=made.date().isoformat()
        )
    return list(events.values())


def contract_of(event: str) -> int | None:
    """The contract that an event which makes reminders is about; None: it is no such event."""
    name, _, rest = event.partition(":")
    number = rest.partition(":")[0]
    return int(number) if name == reminders.EVENT and number.isdigit() else None
