"""What a program that serves many people does with the database at one go: take events in, settle, claim.

All of it is one transaction, so that many share one flush to the disk. Not its job: what an event causes (`turns`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, or_, select, update

from dialogs.events import Event, RemindersUnheard
from storage import lost_claims, outbox, reminders
from storage.lost_claims import Lost
from storage.outbox import LANES, GivenUp, Outcome, Outgoing
from storage.snapshot import Place
from storage.tables import ADDRESS, INBOX, INSTALLATION, OUTBOX
from storage.unheard import contract_of

#: ignored: nothing for us, or nothing that can be read. throttled: more than one person may send. failed: it cannot be
#: kept, and only that it came is.
Passed = Literal["ignored", "throttled", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """Something that came in and is not answered. `raw` is kept for whoever looks into it; it may be empty.

    Of what failed `raw` is JSON, and `error` says what went wrong.
    """

    channel: str
    event: str
    state: Passed
    kind: str
    raw: str = ""
    error: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """What became of a claimed message; `not_before` is when to try again, `message` the channel's number for it."""

    outgoing: Outgoing
    outcome: Outcome
    not_before: datetime | None = None
    message: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claiming:
    """Which messages to take: `most` of them, of `channel`, not those of the chats `but`."""

    channel: str
    sender: str
    most: int
    lanes: Sequence[str] = LANES
    but: frozenset[str] = frozenset()
    #: None that may have been delivered already.
    first_time: bool = False
    #: What of earlier claims is to be given back first, and the chats to which something is on its way.
    lost: Lost = "none"
    flying: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One go. `languages` are those of the people of these events, should they be new."""

    now: datetime
    claiming: Claiming
    events: Sequence[Event] = ()
    languages: Mapping[Place, str] = field(default_factory=dict[Place, str])
    passed: Sequence[PassedOver] = ()
    settling: Sequence[Settling] = ()
    #: Messages that wait for their next try and are to be tried at once.
    woken: Sequence[int] = ()
    #: Chats that want to hear nothing more.
    parked: Sequence[Place] = ()
    #: Chats that let us in again.
    returned: Sequence[Place] = ()
    #: Chats that are called otherwise now: (channel, former, present).
    moved: Sequence[tuple[str, str, str]] = ()
    #: So many characters are written to try the database; None: no trial.
    touch: int | None = None


_SENT = (
    update(OUTBOX)
    .where(
        OUTBOX.c.id == bindparam("key_id"),
        OUTBOX.c.state == "sending",
        OUTBOX.c.sender == bindparam("key_sender"),
        OUTBOX.c.attempt == bindparam("key_attempt"),
    )
    .values(
        state="sent", lease_until=None, not_before=None, settled_at=bindparam("now"), message=bindparam("key_message")
    )
)  # fmt: skip
_SENT_TO_NOBODY = delete(OUTBOX).where(
    OUTBOX.c.id.in_(bindparam("ids", expanding=True)), OUTBOX.c.owner.is_(None), OUTBOX.c.state == "sent"
)
_HAVE_PASSED = select(INBOX.c.event).where(
    INBOX.c.channel == bindparam("channel"), INBOX.c.event.in_(bindparam("ids", expanding=True))
)


#: The row that is written to see whether the database can be written to.
_TOUCHED = "written"
_TOUCH = update(INSTALLATION).where(INSTALLATION.c.name == _TOUCHED).values(value=bindparam("now_text"))


def before_events(connection: Connection, work: Round) -> Settlement:
    """Do all that comes before the events."""
    wanted = work.claiming
    if work.touch is not None:
        touch(connection, work.now, work.touch)
    settled = settle(connection, work.settling, work.now)
    lost = lost_claims.give_back(connection, wanted.channel, wanted.sender, wanted.flying, wanted.lost, work.now)
    outbox.wake(connection, work.woken)
    move(connection, work.moved)
    pass_over(connection, work.passed)
    return replace(settled, given_up=(*settled.given_up, *lost))


#: Characters that are written after a failure: where there is room for them there is room for a round.
HEAVY = 64 * 1024


def touch(connection: Connection, now: datetime, weight: int) -> None:
    """Write something, as long as `weight`: it fails where nothing can be written."""
    told = {"now_text": now.isoformat().ljust(weight)}
    if not connection.execute(_TOUCH, told).rowcount:
        connection.execute(insert(INSTALLATION).values(name=_TOUCHED, value=told["now_text"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """`removed`: of some messages nothing may be kept, so that the file is to be scrubbed."""

    removed: bool
    given_up: Sequence[GivenUp]


def settle(connection: Connection, settling: Sequence[Settling], now: datetime) -> Settlement:
    """Keep what became of the messages."""
    sent = [one for one in settling if one.outcome == "sent"]
    removed = bool(sent) and _sent(connection, sent, now)
    given_up = list[GivenUp]()
    for one in settling:
        if one.outcome != "sent":
            settled = outbox.settle(connection, one.outgoing, one.outcome, now, one.not_before)
            removed |= settled == "removed"
            given_up += _given_up(one) if settled != "late" else ()
    return Settlement(removed=removed, given_up=given_up)


def _given_up(one: Settling) -> Iterator[GivenUp]:
    """The message, if it is tried no more though it was wanted."""
    sent, why = one.outgoing, one.outcome
    if why == "failed" or why == "expired" or (why == "unknown" and not outbox.may_repeat(sent.lane, sent.repeats)):
        yield GivenUp(id=sent.id, channel=sent.channel, chat=sent.chat, lane=sent.lane, why=why)


def _sent(connection: Connection, sent: Sequence[Settling], now: datetime) -> bool:
    connection.execute(_SENT, [_key(one.outgoing) | {"key_message": one.message, "now": now} for one in sent])
    return connection.execute(_SENT_TO_NOBODY, {"ids": [one.outgoing.id for one in sent]}).rowcount > 0


def _key(outgoing: Outgoing) -> dict[str, object]:
    return {"key_id": outgoing.id, "key_sender": outgoing.sender, "key_attempt": outgoing.attempt}


def park(connection: Connection, parked: Sequence[Place], now: datetime) -> list[RemindersUnheard]:
    """Cancel what is still to be said in these chats; what became of reminders is for their owners' steps."""
    unheard: list[RemindersUnheard] = []
    for place in parked:
        here = and_(OUTBOX.c.channel == place[0], OUTBOX.c.chat == place[1])
        unheard += _unheard(connection, place, here, now)
        waiting = update(OUTBOX).where(here, OUTBOX.c.state == "ready")
        connection.execute(waiting.values(state="cancelled", settled_at=now))
    reminders.park(connection, parked)
    return unheard


def _unheard(
    connection: Connection, place: Place, here: ColumnElement[bool], now: datetime
) -> Iterator[RemindersUnheard]:
    """Of the reminders that wait there, and of the one at which we were told."""
    told = and_(OUTBOX.c.state == "cancelled", OUTBOX.c.settled_at == now)
    lost = select(OUTBOX.c.event, OUTBOX.c.created_at).where(
        here, OUTBOX.c.lane == "reminder", or_(OUTBOX.c.state == "ready", told)
    )
    for event, made in dict.fromkeys(map(tuple, connection.execute(lost))):
        contract = contract_of(event)
        if contract is not None:
            yield RemindersUnheard(
                id=f"unheard:{event}", at=now, channel=place[0], chat=place[1], contract=contract,
                made=made.date().isoformat(),
            )  # fmt: skip


def welcome(connection: Connection, returned: Sequence[Place]) -> None:
    """Let reminders go out again in these chats."""
    if returned:
        reminders.wake(connection, returned)


def move(connection: Connection, moved: Sequence[tuple[str, str, str]]) -> None:
    """Call the chats by their present name; repeating it changes nothing."""
    for channel, former, present in moved:
        taken = select(ADDRESS.c.owner).where(ADDRESS.c.channel == channel, ADDRESS.c.chat == present)
        if connection.execute(taken).first() is None:
            here = update(ADDRESS).where(ADDRESS.c.channel == channel, ADDRESS.c.chat == former)
            connection.execute(here.values(chat=present))
        connection.execute(
            update(OUTBOX).where(OUTBOX.c.channel == channel, OUTBOX.c.chat == former).values(chat=present)
        )


def pass_over(connection: Connection, passed: Sequence[PassedOver]) -> None:
    """Keep that these came in."""
    for channel in {one.channel for one in passed}:
        mine = {one.event: one for one in passed if one.channel == channel}
        known = set(connection.execute(_HAVE_PASSED, {"channel": channel, "ids": list(mine)}).scalars())
        rows = [_row(one) for event, one in mine.items() if event not in known]
        if rows:
            connection.execute(insert(INBOX), rows)


def _row(one: PassedOver) -> dict[str, object]:
    return {
        "channel": one.channel, "event": one.event, "owner": None, "kind": one.kind, "raw": one.raw,
        "state": one.state, "error": one.error, "at": one.at,
    }  # fmt: skip
