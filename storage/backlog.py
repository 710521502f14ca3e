"""How much is still to be said, and since when. Not its job: claiming it (`outbox`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, exists, func, literal_column, or_, select

from storage.outbox import Where
from storage.tables import OUTBOX

#: Written into the statement, so that the partial indexes serve it.
_OPEN: ColumnElement[bool] = or_(
    OUTBOX.c.state == literal_column("'ready'"), OUTBOX.c.state == literal_column("'sending'")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How many messages are still to be sent or on their way, and for how long the oldest that is due has been.

    Due is none that waits for its next try, and none that stands behind such a one.
    """

    depth: int
    age: timedelta


def pending(connection: Connection, where: Where) -> int:
    """How many messages are still to be sent or on their way."""
    return connection.execute(select(func.count(OUTBOX.c.id)).where(_OPEN, where.condition())).scalar_one()


def backlog(connection: Connection, channel: str, now: datetime) -> Backlog:
    """What waits on a channel now."""
    mine = select(OUTBOX.c.id).where(_OPEN, OUTBOX.c.channel == channel)
    due = select(OUTBOX.c.created_at).where(_OPEN, OUTBOX.c.channel == channel, OUTBOX.c.not_before.is_(None))
    # What stands behind one that waits for its moment is not due either.
    head = OUTBOX.alias("head")
    in_front = exists().where(
        head.c.channel == OUTBOX.c.channel, head.c.chat == OUTBOX.c.chat, head.c.state == literal_column("'ready'"),
        head.c.not_before > now,
    )  # fmt: skip
    due = due.where(~in_front.correlate(OUTBOX))
    oldest = connection.execute(due.order_by(OUTBOX.c.id).limit(1)).scalar_one_or_none()
    depth = connection.execute(select(func.count()).select_from(mine.subquery())).scalar_one()
    return Backlog(depth=depth, age=max(now - oldest, timedelta()) if oldest is not None else timedelta())


def newest(connection: Connection, channel: str) -> datetime | None:
    """When the newest message of a channel was made."""
    made = select(OUTBOX.c.created_at).where(OUTBOX.c.channel == channel).order_by(OUTBOX.c.id.desc()).limit(1)
    return connection.execute(made).scalar_one_or_none()
