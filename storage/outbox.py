"""What is still to be said: claiming it for a sender, and keeping what became of it.

A sender claims, sends outside any transaction, and settles. Its claim is fenced by its name and the attempt, so that
one who was paused for too long can no longer settle what another has taken over. Not its job: sending.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    FromClause,
    and_,
    bindparam,
    delete,
    exists,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.engine import RowMapping

from dialogs.message import Message
from dialogs.message_json import from_json
from storage.json_text import loads
from storage.tables import OUTBOX

#: Earlier lanes go first.
LANES = ("reply", "reminder")

#: How long a sender may take for one message before it counts as gone.
LEASE = timedelta(seconds=60)

#: The lane of what was on its way when its owner was forgotten: it is never sent again.
NO_LANE = ""

#: How often a message whose delivery is unknown is sent once more. So many tries outlast a minute of cut connections
#: (`bot.again` has the pauses), and so many copies at most can arrive besides the first.
REPEATS = {"reply": 4, "reminder": 4}

#: Written into the statement, so that the partial indexes serve it.
_READY: ColumnElement[str] = literal_column("'ready'")
_SENDING: ColumnElement[str] = literal_column("'sending'")

#: ready: surely not sent, try again; unknown: may have been delivered; failed: will never be; expired: surely not sent,
#: and not worth it any more; cancelled: not wanted.
Outcome = Literal["sent", "ready", "unknown", "failed", "expired", "cancelled"]
#: Outcomes with which a message that was wanted is tried no more.
GivenUpAs = Literal["unknown", "failed", "expired"]

#: late: the claim had run out; removed: it belonged to nobody, so that nothing of it is kept.
Settled = Literal["kept", "late", "removed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message that `sender` has claimed.

    `attempt` counts the claims from 1; `repeats` how often it was put back though it may have been delivered.
    """

    id: int
    channel: str
    chat: str
    lane: str
    message: Message
    sender: str
    attempt: int
    repeats: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """A message that is tried no more, though it was wanted; of one whose owner was forgotten no row is left."""

    id: int
    channel: str
    chat: str
    lane: str
    why: GivenUpAs


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """The messages that are to be sent now, and those that nobody can read any more, which are given up."""

    taken: Sequence[Outgoing]
    unreadable: Sequence[GivenUp] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """How many messages were on their way with nobody to settle them, and those of them that are tried no more."""

    count: int
    given_up: Sequence[GivenUp] = ()


#: The parts of a Where that are asked for.
Shape = tuple[str, ...]

_ASKED: Mapping[str, ColumnElement[bool]] = {
    "channel": OUTBOX.c.channel == bindparam("channel"),
    "chat": OUTBOX.c.chat == bindparam("chat"),
    "but": OUTBOX.c.chat.not_in(bindparam("but", expanding=True)),
    "first_time": OUTBOX.c.repeats < bindparam("first_time"),
}
_READ = (
    OUTBOX.c.id, OUTBOX.c.channel, OUTBOX.c.chat, OUTBOX.c.lane, OUTBOX.c.body, OUTBOX.c.attempt, OUTBOX.c.repeats,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Which chats: all, those of a channel, or one."""

    channel: str | None = None
    chat: str | None = None
    #: Not these.
    but: frozenset[str] = frozenset()
    #: Only what has never been on its way with an unknown end.
    first_time: bool = False

    def condition(self) -> ColumnElement[bool]:
        """As part of a query of the outbox."""
        asked = ((OUTBOX.c.channel, self.channel), (OUTBOX.c.chat, self.chat))
        others = [OUTBOX.c.chat.not_in(self.but)] if self.but else []
        return and_(true(), *(column == value for column, value in asked if value is not None), *others)

    def shape(self) -> Shape:
        """Which of its parts are asked for."""
        return tuple(self.values())

    def values(self) -> dict[str, Any]:
        """What each of these parts is to be."""
        asked = {
            "channel": self.channel, "chat": self.chat, "but": list(self.but) or None,
            "first_time": 1 if self.first_time else None,
        }  # fmt: skip
        return {name: value for name, value in asked.items() if value is not None}


def claim(
    connection: Connection, now: datetime, sender: str, limit: int, lanes: Sequence[str], where: Where
) -> Claimed:
    """Take up to `limit` messages: of each chat the first of its first lane, none while one is on its way."""
    taken, unreadable = list[Outgoing](), list[GivenUp]()
    for lane in LANES:
        if lane in lanes and len(taken) < limit:
            asked = {"now": now, "most": limit - len(taken), **where.values()}
            rows = connection.execute(_heads(lane, where.shape()), asked).mappings().all()
            claimed = _take(connection, rows, sender, now)
            taken += claimed.taken
            unreadable += claimed.unreadable
    return Claimed(taken=taken, unreadable=unreadable)


def settle(
    connection: Connection, outgoing: Outgoing, outcome: Outcome, now: datetime, not_before: datetime | None
) -> Settled:
    """Keep what became of it, unless somebody else has it by now."""
    fence = and_(
        OUTBOX.c.id == outgoing.id,
        OUTBOX.c.state == "sending",
        OUTBOX.c.sender == outgoing.sender,
        OUTBOX.c.attempt == outgoing.attempt,
    )
    if outcome == "unknown":
        return "kept" if _uncertain(connection, fence, now, not_before) else "late"
    settled_at = None if outcome == "ready" else now
    values = {"state": outcome, "lease_until": None, "not_before": not_before, "settled_at": settled_at}
    changed = update(OUTBOX).where(fence).values(values).returning(OUTBOX.c.owner, OUTBOX.c.lane)
    row = connection.execute(changed).first()
    if row is None:
        return "late"
    if row.owner is None and (outcome != "ready" or row.lane == NO_LANE):
        connection.execute(delete(OUTBOX).where(OUTBOX.c.id == outgoing.id))
        return "removed"
    return "kept"


def release(connection: Connection, now: datetime, where: Where, *, ended: bool) -> TakenBack:
    """Take back what senders left on its way: what has a lease that ran out, or all of it if they ended."""
    # A lease that ends later than any can was given before the clock was set back.
    over = or_(OUTBOX.c.lease_until <= now, OUTBOX.c.lease_until > now + LEASE, OUTBOX.c.lease_until.is_(None))
    left = and_(OUTBOX.c.state == _SENDING, where.condition(), true() if ended else over)
    names = OUTBOX.c.id, OUTBOX.c.channel, OUTBOX.c.chat, OUTBOX.c.lane, OUTBOX.c.repeats
    rows = connection.execute(select(*names).where(left)).all()
    if not rows:
        return TakenBack(count=0)
    _uncertain(connection, and_(OUTBOX.c.state == _SENDING, OUTBOX.c.id.in_([row.id for row in rows])), now, None)
    given_up = [
        GivenUp(id=row.id, channel=row.channel, chat=row.chat, lane=row.lane, why="unknown")
        for row in rows
        if not may_repeat(row.lane, row.repeats)
    ]
    return TakenBack(count=len(rows), given_up=given_up)


def may_repeat(lane: str, repeats: int) -> bool:
    """Whether a message that may have been delivered, and was repeated so often, is sent once more."""
    return repeats < REPEATS.get(lane, 0)


def wake(connection: Connection, ids: Sequence[int]) -> None:
    """Let these messages, which wait for their next try, be tried at once."""
    if ids:
        connection.execute(_WAKE, {"ids": list(ids)})


@cache
def _heads(lane: str, shape: Shape) -> Executable:
    """Built once, since building it takes longer than running it."""
    due = or_(OUTBOX.c.not_before.is_(None), OUTBOX.c.not_before <= bindparam("now"))
    other = OUTBOX.alias("other")
    earlier_lanes = [other.c.lane == earlier for earlier in LANES[: LANES.index(lane)]]
    return (
        select(*_READ)
        .where(OUTBOX.c.state == _READY, OUTBOX.c.lane == lane, due, *(_ASKED[name] for name in shape))
        .where(_none(other, other.c.state == _SENDING))
        .where(_none(other, other.c.state == _READY, other.c.lane == lane, other.c.id < OUTBOX.c.id))
        .where(*(_none(other, other.c.state == _READY, of_lane) for of_lane in earlier_lanes))
        .order_by(OUTBOX.c.id)
        .limit(bindparam("most"))
    )


def _none(other: FromClause, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """No other message of the same chat is like that."""
    same_chat = and_(other.c.channel == OUTBOX.c.channel, other.c.chat == OUTBOX.c.chat)
    return ~exists().where(same_chat, *conditions).correlate(OUTBOX)


_BY_ID = update(OUTBOX).where(OUTBOX.c.id.in_(bindparam("ids", expanding=True)))
_TAKE = _BY_ID.values(
    state="sending", sender=bindparam("by"), lease_until=bindparam("until"), attempt=OUTBOX.c.attempt + 1
)
_WAKE = _BY_ID.where(OUTBOX.c.state == _READY).values(not_before=None)
_GIVE_UP = _BY_ID.values(
    state="failed", sender=bindparam("by"), settled_at=bindparam("at"), attempt=OUTBOX.c.attempt + 1
)


def _take(connection: Connection, rows: Sequence[RowMapping], sender: str, now: datetime) -> Claimed:
    readable = {row["id"]: outgoing for row in rows if (outgoing := _outgoing(row, sender))}
    unreadable = [
        GivenUp(id=row["id"], channel=row["channel"], chat=row["chat"], lane=row["lane"], why="failed")
        for row in rows
        if row["id"] not in readable
    ]
    if readable:
        connection.execute(_TAKE, {"ids": list(readable), "by": sender, "until": now + LEASE})
    if unreadable:
        # What cannot be read must not hold up the rest of its chat for ever.
        connection.execute(_GIVE_UP, {"ids": [one.id for one in unreadable], "by": sender, "at": now})
    return Claimed(taken=list(readable.values()), unreadable=unreadable)


def _outgoing(row: RowMapping, sender: str) -> Outgoing | None:
    try:
        message = from_json(loads(row["body"]))
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    return Outgoing(
        id=row["id"],
        channel=row["channel"],
        chat=row["chat"],
        lane=row["lane"],
        message=message,
        sender=sender,
        attempt=row["attempt"] + 1,
        repeats=row["repeats"],
    )


def _uncertain(connection: Connection, which: ColumnElement[bool], now: datetime, not_before: datetime | None) -> int:
    """These may have been delivered: they go out once more at `not_before`, as often as their lane allows."""
    again = or_(*(and_(OUTBOX.c.lane == lane, OUTBOX.c.repeats < most) for lane, most in REPEATS.items()))
    back = {"state": "ready", "lease_until": None, "not_before": not_before, "repeats": OUTBOX.c.repeats + 1}
    given_up = {"state": "unknown", "lease_until": None, "settled_at": now}
    put_back = connection.execute(update(OUTBOX).where(which, again).values(back)).rowcount
    gone = connection.execute(delete(OUTBOX).where(which, OUTBOX.c.owner.is_(None))).rowcount
    return put_back + gone + connection.execute(update(OUTBOX).where(which).values(given_up)).rowcount
