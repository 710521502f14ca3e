"""What a press proves: the message with that button has arrived, so that no copy of it is sent.

A copy that comes after the answer would ask again what was answered. Not its job: sending, or settling (`outbox`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, literal_column, select, union_all, update
from sqlalchemy.engine import RowMapping

from dialogs.events import ButtonPressed, Event
from dialogs.message_json import from_json
from storage.json_text import loads
from storage.snapshot import Place
from storage.tables import OUTBOX

_MINE = (OUTBOX.c.channel == bindparam("channel"), OUTBOX.c.chat.in_(bindparam("chats", expanding=True)))
_READ = (OUTBOX.c.id, OUTBOX.c.owner, OUTBOX.c.channel, OUTBOX.c.chat, OUTBOX.c.body)
#: On its way, or to be sent again since nobody knows what became of it. Two queries, so that each has its index.
_UNPROVED = union_all(
    select(*_READ).where(*_MINE, OUTBOX.c.state == literal_column("'sending'")),
    select(*_READ).where(*_MINE, OUTBOX.c.state == literal_column("'ready'"), OUTBOX.c.repeats > 0),
)
_NEWEST_KNOWN = select(func.max(OUTBOX.c.message)).where(
    OUTBOX.c.owner == bindparam("owner"), OUTBOX.c.channel == bindparam("channel"), OUTBOX.c.chat == bindparam("chat")
)
_PROVED = (
    update(OUTBOX)
    .where(OUTBOX.c.id.in_(bindparam("ids", expanding=True)))
    .values(state="sent", lease_until=None, not_before=None, settled_at=bindparam("at"))
)


def take_as_proof(connection: Connection, events: Iterable[Event], now: datetime) -> None:
    """Count as sent what has a button that was pressed under a message newer than all that are known to have arrived.

    The same button may stand under older messages, too: after a step back the same question is asked again.
    """
    pressed: dict[Place, list[ButtonPressed]] = {}
    for event in events:
        if isinstance(event, ButtonPressed) and event.under:
            pressed.setdefault((event.channel, event.chat), []).append(event)
    for channel in {channel for channel, _ in pressed}:
        chats = [chat for one, chat in pressed if one == channel]
        rows = connection.execute(_UNPROVED, {"channel": channel, "chats": chats}).mappings().all()
        proved = [row["id"] for row in rows if _is_proved(connection, row, pressed[channel, row["chat"]])]
        if proved:
            connection.execute(_PROVED, {"ids": proved, "at": now})


def _is_proved(connection: Connection, row: RowMapping, pressed: list[ButtonPressed]) -> bool:
    buttons = _buttons(row["body"])
    under = max((one.under for one in pressed if one.press in buttons), default=0)
    if not under:
        return False
    asked = {name: row[name] for name in ("owner", "channel", "chat")}
    return under > (connection.execute(_NEWEST_KNOWN, asked).scalar_one() or 0)


def _buttons(body: str) -> set[str]:
    """What is edited in place has a number already, and its repeat does no harm: it proves nothing."""
    try:
        message = from_json(loads(body))
    except (AttributeError, KeyError, TypeError, ValueError):
        # The sender gives it up when its turn comes.
        return set()
    return set() if message.over is not None else {button.press for row in message.buttons for button in row}
