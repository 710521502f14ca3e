"""The one door to what is kept: events go in and are written with all they cause, messages come out to be sent.

Each call is one transaction. Not its job: what an event causes (`dialogs.step`), sending (`bot`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from dialogs.events import Event
from dialogs.message import Message
from dialogs.owner import Owner
from storage import backlog, event_rows, forgetting, outbox, rounds, snapshot
from storage.backlog import Backlog
from storage.engine import reading, write
from storage.event_rows import FailedEvent
from storage.giving_way import give_way
from storage.json_text import clean
from storage.memory import Memory
from storage.outbox import LANES, Claimed, GivenUp, Outcome, Outgoing, Where
from storage.proof import take_as_proof
from storage.reminders import Planned
from storage.rounds import Round
from storage.rows import Rows, Stored, write_rows
from storage.scrub import scrub
from storage.snapshot import Known, Place
from storage.staying import let_stay
from storage.turns import Step, Taken, take
from storage.unheard import unheard

#: More events than this are for several calls: a write transaction should be short.
MOST_EVENTS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What became of the events, in their order: taken in, seen before, or failed (and kept as such)."""

    taken: tuple[Event, ...]
    repeated: tuple[Event, ...]
    failed: tuple[FailedEvent, ...]
    #: Where the owners were met that are forgotten now.
    forgotten: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of a round: of its events, and the messages that are to be sent now."""

    applied: Applied
    claimed: Sequence[Outgoing]
    given_up: Sequence[GivenUp] = ()


def _no_plan(_owner: Owner, _now: datetime) -> Sequence[Planned]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """`language` and `timezone` are those of a new owner; `apology` is said where an event fails."""

    engine: Engine
    apology: Callable[[Owner], Message]
    language: str = "zh-Hans"
    timezone: str = "Asia/Shanghai"
    #: The reminders of an owner as of a moment.
    planner: Callable[[Owner, datetime], Sequence[Planned]] = _no_plan

    def apply(self, events: Sequence[Event], step: Step) -> Applied:
        """Take in the events with all that follows from them, in one transaction; at most MOST_EVENTS.

        Events seen before are dropped. A step that raises leaves its owner as he was: its event is kept as failed, he
        gets one apology, the others go on. Raises StorageError, and then nothing is kept and all may be tried again.
        A conversation that is missing from the owner a step gives back is kept nevertheless.
        """
        if len(events) > MOST_EVENTS:
            raise ValueError(f"{len(events)} events at once, more than {MOST_EVENTS}")
        tidy = [event_rows.cleaned(event) for event in events]
        applied = write(self.engine, "apply", lambda connection: self._apply(connection, tidy, step, Memory(0), {}))
        if applied.forgotten:
            scrub(self.engine)
        return applied

    def round(self, work: Round, step: Step, memory: Memory) -> Done:
        """Do all of the round in one transaction; `memory` is the caller's, who is the only one to use it.

        Raises StorageError, and then nothing is kept and all may be tried again.
        """
        if len(work.events) > MOST_EVENTS:
            raise ValueError(f"{len(work.events)} events at once, more than {MOST_EVENTS}")
        scrubs, tries = False, 0
        events = [event_rows.cleaned(event) for event in work.events]

        def once(connection: Connection) -> Done:
            nonlocal scrubs, tries
            tries += 1
            if tries > 1:
                # The try before came to nothing.
                memory.clear()
            memory.begin(connection)
            before = rounds.before_events(connection, work)
            scrubs = before.removed
            take_as_proof(connection, events, work.now)
            applied = self._apply(connection, events, step, memory, work.languages)
            parked = rounds.park(connection, work.parked, work.now)
            self._apply(connection, parked, step, memory, work.languages)
            rounds.welcome(connection, work.returned)
            places = [(event.channel, event.chat) for event in events]
            give_way(connection, memory.crowded.among(places), work.now)
            claimed = _claim(connection, work)
            memory.crowded.note(places, [(one.channel, one.chat) for one in claimed.taken])
            given_up = (*before.given_up, *claimed.unreadable)
            self._apply(connection, unheard(connection, given_up, work.now), step, memory, work.languages)
            return Done(applied=applied, claimed=claimed.taken, given_up=given_up)

        try:
            done = write(self.engine, "apply", once)
        except BaseException:
            memory.clear()
            raise
        if scrubs or done.applied.forgotten:
            scrub(self.engine)
        return done

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
        claimed = write(self.engine, "claim", lambda one: outbox.claim(one, now, sender, limit, lanes, chats))
        return list(claimed.taken)

    def settle(self, outgoing: Outgoing, outcome: Outcome, now: datetime, not_before: datetime | None = None) -> bool:
        """Keep what became of a claimed message; False: too late, the claim had run out.

        `ready` puts it back (surely not sent), to be tried at `not_before` or at once; so does `unknown`, as often as
        its lane allows, since it may not have been delivered.
        """
        settled = write(self.engine, "settle", lambda one: outbox.settle(one, outgoing, outcome, now, not_before))
        if settled == "removed":
            scrub(self.engine)
        return settled != "late"

    def release_stale(self, now: datetime) -> int:
        """Treat as `unknown` what senders claimed and did not settle within LEASE; the number of such messages."""
        return write(self.engine, "release", lambda one: outbox.release(one, now, Where(), ended=False).count)

    def release_chat(self, channel: str, chat: str, now: datetime) -> int:
        """The same for one chat without waiting for the lease, for who holds its lock: its earlier sender has ended."""
        chats = Where(channel=clean(channel), chat=clean(chat))
        return write(self.engine, "release", lambda one: outbox.release(one, now, chats, ended=True).count)

    def release_channel(self, channel: str, now: datetime) -> int:
        """The same for all chats of a channel, for who holds the lock of its only sender."""
        chats = Where(channel=channel)
        return write(self.engine, "release", lambda one: outbox.release(one, now, chats, ended=True).count)

    def pending(self, channel: str, chat: str) -> int:
        """How many messages of the chat are still to be sent or on their way."""
        with reading(self.engine) as connection:
            return backlog.pending(connection, Where(channel=clean(channel), chat=clean(chat)))

    def backlog(self, channel: str, now: datetime) -> Backlog:
        """How much is still to be said on a channel, and since when."""
        with reading(self.engine) as connection:
            return backlog.backlog(connection, clean(channel), now)

    def last_said(self, channel: str) -> datetime | None:
        """When the newest message was made; None where there is none."""
        with reading(self.engine) as connection:
            return backlog.newest(connection, clean(channel))

    def retry(self, failed: FailedEvent, event: Event, step: Step) -> Applied:
        """Take a failed event in anew, as `event` (which has another id), in one transaction."""

        def once(connection: Connection) -> Applied:
            event_rows.dealt_with(connection, failed)
            return self._apply(connection, [event_rows.cleaned(event)], step, Memory(0), {})

        return write(self.engine, "apply", once)

    def failed(self) -> Sequence[FailedEvent]:
        """The events that failed, oldest first."""
        with reading(self.engine) as connection:
            return event_rows.failed(connection)

    def _apply(
        self,
        connection: Connection,
        events: Sequence[Event],
        step: Step,
        memory: Memory,
        languages: Mapping[Place, str],
    ) -> Applied:
        if not events:
            return Applied(taken=(), repeated=(), failed=())
        rest, repeated = event_rows.divide(connection, events)
        took, failed, forgotten = list[Event](), list[FailedEvent](), list[Place]()
        while rest:
            stretch = self._up_to_a_farewell(connection, rest, step, memory, languages)
            failed += stretch.failed
            forgotten += stretch.forgotten
            took += stretch.taken
            rest = rest[len(stretch.taken) + len(stretch.failed) :]
        return Applied(taken=tuple(took), repeated=tuple(repeated), failed=tuple(failed), forgotten=tuple(forgotten))

    def _up_to_a_farewell(
        self,
        connection: Connection,
        events: Sequence[Event],
        step: Step,
        memory: Memory,
        languages: Mapping[Place, str],
    ) -> Applied:
        """Take in the events up to the one that has its owner forgotten: who comes after that is a stranger."""
        stored = self._owners(connection, events, memory, languages)
        rows, latest, failed, taken = Rows(), dict[Place, Known](), list[FailedEvent](), list[Event]()
        farewell: tuple[Place, Taken] | None = None
        for event in events:
            place = (event.channel, event.chat)
            turn = take(event, latest.get(place) or stored[place], step, self.apology)
            rows.add(turn.rows)
            latest[place] = Known(id=stored[place].id, owner=turn.as_read())
            if turn.plans:
                rows.plans[stored[place].id] = self.planner(latest[place].owner, event.at)
            failed += [turn.failure] if turn.failure else []
            taken += [] if turn.failure else [event]
            if turn.farewell is not None:
                farewell = place, turn
                break
        let_stay(connection, rows.outbox)
        write_rows(connection, rows, _keys(stored.values()))
        for place, known in latest.items():
            memory.keep(place, known)
        if farewell is None:
            return Applied(taken=tuple(taken), repeated=(), failed=tuple(failed))
        place, turn = farewell
        forgetting.remove(connection, stored[place].id, taken[-1].at, turn.farewell or ())
        memory.drop(place)
        return Applied(taken=tuple(taken), repeated=(), failed=tuple(failed), forgotten=(place,))

    def _owners(
        self, connection: Connection, events: Sequence[Event], memory: Memory, languages: Mapping[Place, str]
    ) -> dict[Place, Known]:
        first = {(event.channel, event.chat): event.at for event in reversed(events)}
        known = memory.known(first)
        unknown = first.keys() - known.keys()
        if unknown:
            known |= snapshot.load(connection, unknown)
        for place in sorted(first.keys() - known.keys()):
            newcomer = self._newcomer(place, languages.get(place))
            known[place] = snapshot.create(connection, newcomer, first[place])
        return known

    def _newcomer(self, place: Place, language: str | None = None) -> Owner:
        channel, chat = place
        return Owner(channel=channel, chat=chat, language=language or self.language, timezone=self.timezone)


def _claim(connection: Connection, work: Round) -> Claimed:
    wanted = work.claiming
    if wanted.most <= 0:
        return Claimed(taken=())
    where = Where(channel=wanted.channel, but=wanted.but, first_time=wanted.first_time)
    return outbox.claim(connection, work.now, wanted.sender, wanted.most, wanted.lanes, where)


def _keys(stored: Collection[Known]) -> Stored:
    return Stored(
        conversations=frozenset((known.id, number) for known in stored for number in known.owner.conversations),
        records=frozenset((known.id, kept.kind, kept.number) for known in stored for kept in known.owner.records),
    )
