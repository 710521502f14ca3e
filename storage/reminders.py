"""The plan of reminders as rows: put in place whole for an owner, and found by their time.

Whether a reminder that is due is still wanted, its owner's step looks up in its own transaction: it says it and puts a
new plan in the place of the old, so that nothing is said twice however often it is asked. Not its job: what is to be
planned (`scheduler`), what a reminder says (`dialogs.loop.reminding`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, bindparam, delete, func, literal_column, select, update
from sqlalchemy.dialects import sqlite

from storage.engine import reading
from storage.tables import ADDRESS, OUTBOX, REMINDER

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

#: What waits to be sent or to be looked at; the rest of the rows is past.
OPEN = ("planned", "parked")
#: For how long what could not be made is left alone: the mistake may be mended by then.
PUT_OFF = timedelta(days=1)
#: What the events that make reminders are called by; the rest of the name says the contract.
EVENT = "remind"


#: A chat, and the contract that something is due of.
Due = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A reminder as it is kept; see tables.Reminder."""

    contract: int
    period: str
    kind: str
    nth: int
    day: str
    hour: str
    zone: str
    due: datetime


_NAMES = tuple(field.name for field in fields(Planned))
_KEYS = ("owner", "contract", "period", "kind", "nth")
_MOVING = ("day", "hour", "zone", "due", "state")
_BY_KEY = [REMINDER.c[name] == bindparam(f"key_{name}") for name in _KEYS]
_OPEN_OF = select(*(REMINDER.c[name] for name in (*_KEYS, *_MOVING))).where(
    REMINDER.c.owner.in_(bindparam("owners", expanding=True)),
    REMINDER.c.state.in_([literal_column(f"'{state}'") for state in OPEN]),
)
_DROP = delete(REMINDER).where(*_BY_KEY)
_MOVE = update(REMINDER).where(*_BY_KEY).values({name: bindparam(f"now_{name}") for name in _MOVING})
_PUT_OFF = (
    update(REMINDER)
    .where(
        REMINDER.c.owner == bindparam("key_owner"),
        REMINDER.c.contract == bindparam("key_contract"),
        REMINDER.c.state == literal_column("'planned'"),
        REMINDER.c.due <= bindparam("at"),
    )
    .values(due=bindparam("until"))
)
_PLAN_AGAIN = (
    update(REMINDER)
    .where(
        REMINDER.c.owner == bindparam("key_owner"),
        REMINDER.c.contract == bindparam("key_contract"),
        REMINDER.c.state == literal_column("'sent'"),
        REMINDER.c.sent_on.in_(bindparam("days", expanding=True)),
    )
    .values(state="planned", sent_on=None, due=bindparam("until"))
)
_CANCEL = (
    update(OUTBOX)
    .where(
        OUTBOX.c.owner == bindparam("key_owner"),
        OUTBOX.c.lane == "reminder",
        OUTBOX.c.state == "ready",
        OUTBOX.c.event.like(bindparam("key_event")),
    )
    .values(state="cancelled", settled_at=bindparam("now"))
)


def replan(connection: Connection, plans: Mapping[int, Sequence[Planned]]) -> None:
    """Put these plans, by owner, in the place of what was planned; what went out stays and is not planned again.

    Most of a plan is as it was, and is not written.
    """
    if not plans:
        return
    rows = connection.execute(_OPEN_OF, {"owners": list(plans)})
    before = {tuple(row[: len(_KEYS)]): tuple(row[len(_KEYS) :]) for row in rows}
    after = {_key(row): row for owner, plan in plans.items() for row in (_row(owner, one) for one in plan)}
    gone = [_bound("key", _KEYS, key) for key in before.keys() - after.keys()]
    moved = [
        _bound("key", _KEYS, key) | _bound("now", _MOVING, wanted)
        for key, row in after.items()
        if key in before and before[key] != (wanted := tuple(row[name] for name in _MOVING))
    ]
    new = [row for key, row in after.items() if key not in before]
    for statement, some in ((_DROP, gone), (_MOVE, moved), (_insert(connection).on_conflict_do_nothing(), new)):
        if some:
            connection.execute(statement, some)


def mark_sent(connection: Connection, sent: Iterable[dict[str, Any]]) -> None:
    """Keep that these went out; rows of tables.Reminder."""
    rows = list(sent)
    if rows:
        new = _insert(connection)
        told = {name: new.excluded[name] for name in (*_MOVING, "sent_on")}
        connection.execute(new.on_conflict_do_update(index_elements=_KEYS, set_=told), rows)


def cancel(connection: Connection, cancelled: Mapping[tuple[int, int], datetime]) -> None:
    """Do not send what is ready of these (owner, contract), from that moment on."""
    rows = [
        {"key_owner": owner, "key_event": f"{EVENT}:{contract}:%", "now": at}
        for (owner, contract), at in cancelled.items()
    ]
    if rows:
        connection.execute(_CANCEL, rows)


def put_off(connection: Connection, failed: Mapping[tuple[int, int], datetime]) -> None:
    """Look only a day later again at what was due of these (owner, contract) at that moment."""
    rows = [
        {"key_owner": owner, "key_contract": contract, "until": at + PUT_OFF, "at": at}
        for (owner, contract), at in failed.items()
    ]
    if rows:
        connection.execute(_PUT_OFF, rows)


def plan_again(connection: Connection, owner: int, contract: int, days: Sequence[str], now: datetime) -> None:
    """What seemed to go out of a contract on one of these local days did not: look again a day later."""
    told = {"key_owner": owner, "key_contract": contract, "days": days, "until": now + PUT_OFF}
    connection.execute(_PLAN_AGAIN, told)


def park(connection: Connection, places: Iterable[tuple[str, str]]) -> None:
    """Suspend the reminders of the owners who are met there; a new plan wakes them."""
    for channel, chat in places:
        here = select(ADDRESS.c.owner).where(ADDRESS.c.channel == channel, ADDRESS.c.chat == chat).scalar_subquery()
        waiting = update(REMINDER).where(REMINDER.c.owner == here, REMINDER.c.state == "planned")
        connection.execute(waiting.values(state="parked"))


def wake(connection: Connection, places: Iterable[tuple[str, str]]) -> None:
    """Let those go out again that were suspended there; what fell due meanwhile is due now."""
    for channel, chat in places:
        here = select(ADDRESS.c.owner).where(ADDRESS.c.channel == channel, ADDRESS.c.chat == chat).scalar_subquery()
        suspended = update(REMINDER).where(REMINDER.c.owner == here, REMINDER.c.state == "parked")
        connection.execute(suspended.values(state="planned"))


def due(engine: Engine, channel: str, now: datetime, most: int) -> Sequence[Due]:
    """Up to `most` whose time has come on a channel, the longest due first.

    Nothing is locked or changed: the owner's step looks again in its own transaction, and what it plans takes their
    place.
    """
    # Put together with nothing the channel has no index: what is due is to be looked up first, by its time.
    here = ADDRESS.c.channel + "" == channel
    query = (
        select(ADDRESS.c.chat, REMINDER.c.contract)
        .join_from(REMINDER, ADDRESS, ADDRESS.c.owner == REMINDER.c.owner)
        .where(REMINDER.c.state == literal_column("'planned'"), REMINDER.c.due <= now, here)
        .order_by(REMINDER.c.due)
        .limit(most)
    )
    with reading(engine) as connection:
        return list(dict.fromkeys((chat, contract) for chat, contract in connection.execute(query)))


def waiting(engine: Engine, until: datetime) -> int:
    """How many should have gone out by that moment and are still planned."""
    query = select(func.count()).where(REMINDER.c.state == literal_column("'planned'"), REMINDER.c.due <= until)
    with reading(engine) as connection:
        return connection.execute(query).scalar_one()


def _insert(connection: Connection) -> sqlite.Insert | postgresql.Insert:
    if connection.dialect.name == "sqlite":
        return sqlite.insert(REMINDER)
    # Loaded by those alone who keep it all in PostgreSQL: it takes some 40 ms of a start.
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(REMINDER)


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in _KEYS)


def _bound(of: str, names: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    return {f"{of}_{name}": value for name, value in zip(names, values, strict=True)}


def _row(owner: int, planned: Planned) -> dict[str, Any]:
    # asdict() copies deeply, which takes longer than all the rest.
    told = {name: getattr(planned, name) for name in _NAMES}
    return {"owner": owner, **told, "state": "planned", "sent_on": None}
