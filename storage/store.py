"""The one door to what is kept: events go in and are written with all they cause, messages come out to be sent.

Each call is one transaction. Not its job: what an event causes (`dialogs.step`), sending (`bot`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from dialogs.events import Event
from dialogs.message import Message
from dialogs.owner import Owner
from storage import event_rows, outbox, snapshot
from storage.engine import reading, write
from storage.event_rows import FailedEvent
from storage.json_text import clean
from storage.outbox import LANES, Outcome, Outgoing, Where
from storage.rows import Rows, Stored, write_rows
from storage.snapshot import Known, Place
from storage.turns import Step, Taken, take

#: More events than this are for several calls: a write transaction should be short.
MOST_EVENTS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What became of the events, in their order: taken in, seen before, or failed (and kept as such)."""

    taken: tuple[Event, ...]
    repeated: tuple[Event, ...]
    failed: tuple[FailedEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """`language` and `timezone` are those of a new owner; `apology` is said where an event fails."""

    engine: Engine
    apology: Callable[[Owner], Message]
    language: str = "zh-Hans"
    timezone: str = "Asia/Shanghai"

    def apply(self, events: Sequence[Event], step: Step) -> Applied:
        """Take in the events with all that follows from them, in one transaction; at most MOST_EVENTS.

        Events seen before are dropped. A step that raises leaves its owner as he was: its event is kept as failed, he
        gets one apology, the others go on. Raises StorageError, and then nothing is kept and all may be tried again.
        A conversation that is missing from the owner a step gives back is kept nevertheless.
        """
        if len(events) > MOST_EVENTS:
            raise ValueError(f"{len(events)} events at once, more than {MOST_EVENTS}")
        return write(self.engine, "apply", lambda connection: self._apply(connection, events, step))

    def snapshot(self, channel: str, chat: str) -> Owner:
        """The owner who is met there; for one who has never been, as he would begin."""
        place = (clean(channel), clean(chat))
        with reading(self.engine) as connection:
            known = snapshot.load(connection, [place]).get(place)
        return known.owner if known else self._newcomer(place)

    def claim(
        self, now: datetime, sender: str, limit: int, lanes: Sequence[str] = LANES, where: Where | None = None
    ) -> list[Outgoing]:
        """Take up to `limit` messages to send, oldest first, replies before reminders, one a chat at a time.

        `sender` must be a name that no other running sender has. A later message of a chat waits for the earlier.
        """
        chats = where or Where()
        return write(self.engine, "claim", lambda one: outbox.claim(one, now, sender, limit, lanes, chats))

    def settle(self, outgoing: Outgoing, outcome: Outcome, now: datetime, not_before: datetime | None = None) -> bool:
        """Keep what became of a claimed message; False: too late, the claim had run out.

        `ready` puts it back (surely not sent), to be tried at `not_before` or at once; `unknown` puts a reply back
        once, since it may not have been delivered, and gives up anything else.
        """
        return write(self.engine, "settle", lambda one: outbox.settle(one, outgoing, outcome, now, not_before))

    def release_stale(self, now: datetime) -> int:
        """Treat as `unknown` what senders claimed and did not settle within LEASE; the number of such messages."""
        return write(self.engine, "release", lambda one: outbox.release(one, now, Where(), ended=False))

    def release_chat(self, channel: str, chat: str, now: datetime) -> int:
        """The same for one chat without waiting for the lease, for who holds its lock: its earlier sender has ended."""
        chats = Where(channel=clean(channel), chat=clean(chat))
        return write(self.engine, "release", lambda one: outbox.release(one, now, chats, ended=True))

    def pending(self, channel: str, chat: str) -> int:
        """How many messages of the chat are still to be sent or on their way."""
        with reading(self.engine) as connection:
            return outbox.pending(connection, Where(channel=clean(channel), chat=clean(chat)))

    def failed(self) -> Sequence[FailedEvent]:
        """The events that failed, oldest first."""
        with reading(self.engine) as connection:
            return event_rows.failed(connection)

    def _apply(self, connection: Connection, events: Sequence[Event], step: Step) -> Applied:
        fresh, repeated = event_rows.divide(connection, events)
        stored = self._owners(connection, fresh)
        rows, latest, failed = Rows(), dict[Place, Taken](), list[FailedEvent]()
        for event in fresh:
            place = (event.channel, event.chat)
            before = latest[place].as_read() if place in latest else stored[place].owner
            latest[place] = take(event, Known(id=stored[place].id, owner=before), step, self.apology)
            rows.add(latest[place].rows)
            failed.extend(filter(None, [latest[place].failure]))
        write_rows(connection, rows, _keys(stored.values()))
        lost = {(failure.channel, failure.event) for failure in failed}
        took = tuple(event for event in fresh if (event.channel, event.id) not in lost)
        return Applied(taken=took, repeated=tuple(repeated), failed=tuple(failed))

    def _owners(self, connection: Connection, events: Sequence[Event]) -> dict[Place, Known]:
        first = {(event.channel, event.chat): event.at for event in reversed(events)}
        known = snapshot.load(connection, first)
        for place in sorted(first.keys() - known.keys()):
            known[place] = snapshot.create(connection, self._newcomer(place), first[place])
        return known

    def _newcomer(self, place: Place) -> Owner:
        channel, chat = place
        return Owner(channel=channel, chat=chat, language=self.language, timezone=self.timezone)


def _keys(stored: Collection[Known]) -> Stored:
    return Stored(
        conversations=frozenset((known.id, number) for known in stored for number in known.owner.conversations),
        records=frozenset((known.id, kept.kind, kept.number) for known in stored for kept in known.owner.records),
    )
