"""What is said in the place of an earlier message: only of a question that nothing has followed there yet.

A result, an answer, a sum or a letter stays, whatever is pressed under it. What a message shows decides, as it was
written into the outbox; what is not known there stays as well. Not its job: which message was pressed (the channel).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, literal_column, or_, select

from dialogs.message import Message
from dialogs.message_json import from_json, to_json
from storage.json_text import dumps, loads
from storage.tables import OUTBOX

#: The number of the message that is to give way, the newest that was put there last: delivered, or still on its way.
_SHOWN = (
    select(OUTBOX.c.body, OUTBOX.c.message)
    .where(
        OUTBOX.c.owner == bindparam("owner"),
        OUTBOX.c.channel == bindparam("channel"),
        OUTBOX.c.chat == bindparam("chat"),
        OUTBOX.c.state != literal_column("'cancelled'"),
        or_(OUTBOX.c.message == bindparam("over"), OUTBOX.c.message.is_(None)),
    )
    .order_by(OUTBOX.c.id.desc())
)


def let_stay(connection: Connection, outbox: list[dict[str, Any]]) -> None:
    """Of these rows, which are about to be written, send what may not replace anything as a message of its own."""
    # No other rows name a message that they replace, so nothing else is read.
    for place, row in enumerate(outbox):
        message = _replacing(row["body"])
        if (
            message is not None
            and message.over is not None
            and not _gives_way(connection, outbox[:place], row, message)
        ):
            row["body"] = dumps(to_json(replace(message, over=None)))


def _gives_way(
    connection: Connection, earlier: Iterable[dict[str, Any]], row: dict[str, Any], message: Message
) -> bool:
    over = message.over
    same = ("owner", "channel", "chat")
    for before in reversed([one for one in earlier if all(one[name] == row[name] for name in same)]):
        shown = _replacing(before["body"])
        if shown is not None and shown.over == over:
            return shown.gives_way
    for kept in connection.execute(_SHOWN, {"over": over, **{name: row[name] for name in same}}):
        shown = _read(kept.body)
        if kept.message == over or (shown is not None and shown.over == over):
            return shown is not None and shown.gives_way
    return False


def _replacing(body: str) -> Message | None:
    """The message, where it names one that it replaces; most do not, and are not read."""
    return None if '"over":null' in body else _read(body)


def _read(body: str) -> Message | None:
    try:
        return from_json(loads(body))
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
