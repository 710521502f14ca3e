"""Runs the pure steps and turns what they give into rows; a step that fails spoils only its own event.

Not its job: reading or writing the database (`snapshot`, `store`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Protocol

from dialogs.effects import (
    CancelReminders,
    DropRecord,
    Effect,
    ForgetOwner,
    LogUnanswered,
    PlanReminders,
    RateEntry,
    Record,
    SendMessage,
)
from dialogs.events import Event, RemindersDue, RemindersUnheard
from dialogs.loop.calendar import Date
from dialogs.message import Message
from dialogs.message_json import to_json
from dialogs.owner import Conversation, Owner
from storage import snapshot
from storage.event_rows import FailedEvent, inbox_row, raw_of
from storage.json_text import clean, dumps
from storage.outbox import LANES
from storage.rows import Row, Rows
from storage.snapshot import Known


class Turn(Protocol):
    """What a step gives back: the owner as he is now, and what shall happen."""

    @property
    def owner(self) -> Owner:
        """The snapshot after the event."""
        ...

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What shall happen, in this order."""
        ...


#: step(owner, event): pure, with no clock, chance or outside.
Step = Callable[[Owner, Event], Turn]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What came of one event: the owner, the rows, and the failure if there was one.

    With a `farewell`, rows of the outbox, the owner is to be forgotten: it is all that is said after that.
    """

    owner: Owner
    rows: Rows
    failure: FailedEvent | None = None
    farewell: Sequence[Row] | None = None
    #: His reminders are to be planned anew.
    plans: bool = False

    def as_read(self) -> Owner:
        """The owner as he will be read from these rows, which the next event must see, in one batch or in two."""
        return snapshot.after(self.owner, self.rows.conversations.values(), self.rows.records.values())


def take(event: Event, known: Known, step: Step, apology: Callable[[Owner], Message]) -> Taken:
    """Run one step. If it fails, the owner stays as he was and is told once; the event is kept as failed.

    A reminder that cannot be made is put off: nobody has asked for it, so that nobody is told.
    """
    try:
        turn = step(known.owner, event)
        return _succeeded(event, known, turn)
    except Exception as error:
        return _failed(event, known, error, apology)


def _succeeded(event: Event, known: Known, turn: Turn) -> Taken:
    if any(isinstance(effect, ForgetOwner) for effect in turn.effects):
        return _forgetting(event, known, turn)
    changed = _changed(known.owner.conversations, turn.owner.conversations)
    records = [effect for effect in turn.effects if isinstance(effect, Record)]
    ratings = [effect for effect in turn.effects if isinstance(effect, RateEntry)]
    questions = [effect for effect in turn.effects if isinstance(effect, LogUnanswered)]
    messages = [effect for effect in turn.effects if isinstance(effect, SendMessage)]
    rows = Rows(
        conversations={(known.id, one.number): snapshot.conversation_row(known.id, one, event.at) for one in changed},
        records={(known.id, one.kind, one.number): snapshot.record_row(known.id, one, event.at) for one in records},
        ratings={(known.id, one.topic): _rating_row(event, known.id, one) for one in ratings},
        unanswered=[_unanswered_row(event, known.id, one) for one in questions],
        inbox=[inbox_row(event, known.id, None)],
        outbox=[_outbox_row(event, known.id, ordinal, one) for ordinal, one in enumerate(messages)],
        dropped_records={(known.id, kind, number) for kind, number in _dropped(turn)},
        dropped_conversations={(known.id, number) for number in _led_to(known.owner, turn)},
        reminded=[_reminder_row(known.id, one) for one in _reminded(turn)],
        silenced={(known.id, one.contract): event.at for one in turn.effects if isinstance(one, CancelReminders)},
    )
    # He may not move: his conversations would be written for him and read for another.
    here = (known.owner.channel, known.owner.chat)
    if (turn.owner.channel, turn.owner.chat) != here:
        raise ValueError("a step may not change where an owner is met")
    owner_row = snapshot.owner_row(turn.owner)
    if owner_row != snapshot.owner_row(known.owner):
        rows.owners[known.id] = owner_row
    plans = any(isinstance(effect, PlanReminders) for effect in turn.effects)
    return Taken(owner=turn.owner, rows=rows, plans=plans)


def _forgetting(event: Event, known: Known, turn: Turn) -> Taken:
    messages = [effect for effect in turn.effects if isinstance(effect, SendMessage)]
    farewell = [_outbox_row(event, known.id, ordinal, one) for ordinal, one in enumerate(messages)]
    return Taken(owner=known.owner, rows=Rows(inbox=[inbox_row(event, known.id, None)]), farewell=farewell)


def _failed(event: Event, known: Known, error: Exception, apology: Callable[[Owner], Message]) -> Taken:
    said, outbox, put_off = _said(error), list[Row](), dict[tuple[int, int], datetime]()
    if isinstance(event, RemindersDue):
        put_off[known.id, event.contract] = event.at
    elif not isinstance(event, RemindersUnheard):
        try:
            outbox = [_outbox_row(event, known.id, 0, SendMessage(message=apology(known.owner)))]
        except Exception as second:
            said = f"{said}; the apology failed too: {_said(second)}"
    failure = FailedEvent(
        channel=event.channel, event=event.id, kind=type(event).__name__, raw=raw_of(event), error=said, at=event.at
    )
    rows = Rows(inbox=[inbox_row(event, known.id, said)], outbox=outbox, put_off=put_off)
    return Taken(owner=known.owner, rows=rows, failure=failure)


def _changed(before: Mapping[int, Conversation], now: Mapping[int, Conversation]) -> list[Conversation]:
    return [one for number, one in now.items() if before.get(number) is not one and before.get(number) != one]


def _dropped(turn: Turn) -> set[tuple[str, int]]:
    return {(effect.kind, effect.number) for effect in turn.effects if isinstance(effect, DropRecord)}


def _led_to(before: Owner, turn: Turn) -> set[int]:
    """The conversations that led to a record which is dropped and that the owner has no more."""
    gone, dropped = before.conversations.keys() - turn.owner.conversations.keys(), _dropped(turn)
    led_to = {number: (before.conversations[number].flow, before.conversations[number].record) for number in gone}
    return {number for number, record in led_to.items() if record in dropped}


def _outbox_row(event: Event, owner: int, ordinal: int, effect: SendMessage) -> Row:
    if effect.lane not in LANES:
        raise ValueError("there is no such lane")
    return {
        "owner": owner,
        "channel": event.channel,
        "chat": event.chat,
        "lane": effect.lane,
        "body": dumps(to_json(effect.message)),
        "event": event.id,
        "ordinal": ordinal,
        "state": "ready",
        "attempt": 0,
        "repeats": 0,
        "created_at": event.at,
    }


def _unanswered_row(event: Event, owner: int, effect: LogUnanswered) -> Row:
    return {
        "owner": owner,
        "channel": event.channel,
        "event": event.id,
        "why": effect.why,
        "text": clean(effect.text),
        "language": effect.language,
        "topics": dumps(effect.topics),
        "at": event.at,
    }


def _rating_row(event: Event, owner: int, effect: RateEntry) -> Row:
    return {"owner": owner, "topic": clean(effect.topic), "helped": effect.helped, "at": event.at}


def _reminded(turn: Turn) -> list[Date]:
    return [one for effect in turn.effects if isinstance(effect, PlanReminders) for one in effect.sent]


def _reminder_row(owner: int, sent: Date) -> Row:
    return {
        "owner": owner,
        "contract": sent.contract,
        "period": sent.period,
        "kind": sent.kind,
        "nth": sent.nth,
        "day": sent.at.date().isoformat(),
        "hour": sent.at.time().isoformat("minutes"),
        "zone": str(sent.at.tzinfo),
        "due": sent.at,
        "state": "sent",
        "sent_on": sent.at.date().isoformat(),
    }


def _said(error: Exception) -> str:
    """The error's type and place; its text may hold what the owner said."""
    return f"{type(error).__name__} at {_place(error.__traceback__)}"


def _place(trace: TracebackType | None) -> str:
    frames = list(walk_tb(trace))
    if not frames:
        return "an unknown place"
    frame, line = frames[-1]
    path = Path(frame.f_code.co_filename)
    return f"{path.parent.name}/{path.name}:{line}"
