"""Runs the rounds of the database: what came in, what became of what was sent, and what is to be sent next.

Whatever waits goes into one transaction, in a thread of its own, one after the other. Nobody is told that his update
was taken in before it is on the disk. Not its job: where updates come from, sending.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from bot.clock import Clock
from bot.dispatch import Dispatch, Kept
from bot.logs import log
from bot.tally import Tally
from dialogs.events import Event
from storage.errors import StatementRefused, StorageError
from storage.memory import Memory
from storage.rounds import Claiming, PassedOver, Round
from storage.snapshot import Place
from storage.store import Done, Store
from storage.turns import Step

#: Events of one round: its transaction is to be short.
MOST_EVENTS = 200
#: What may wait; beyond, whoever delivers is asked to come again.
MOST_WAITING = 5000
#: Seconds: how often the outbox is looked at when nothing happens, and the pause after the database failed.
IDLE, PAUSE = 1.0, 0.5
#: Seconds after which people see that an answer is being made.
SLOW = 1.0


class TooMuch(Exception):
    """More waits already than can be taken in soon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One thing that came in: an event to answer, something to pass over, or a change of a chat."""

    event: Event | None = None
    language: str | None = None
    passed: PassedOver | None = None
    parked: Place | None = None
    returned: Place | None = None
    moved: tuple[str, str, str] | None = None


@dataclass(slots=True)
class _Waiting:
    arrivals: Sequence[Arrival]
    kept: asyncio.Future[None]


@dataclass(slots=True, kw_only=True)
class _Work:
    arrivals: list[Arrival]
    claiming: Claiming
    kept: Kept = field(default_factory=Kept)


class Rounds:
    """The one writer of a serving program."""

    def __init__(self, store: Store, step: Step, dispatch: Dispatch, clock: Clock, tally: Tally) -> None:
        """`step` answers events; `dispatch` sends what is claimed."""
        self._store = store
        self._step = step
        self._dispatch = dispatch
        self._clock = clock
        self._tally = tally
        self._memory = Memory()
        self._thread = ThreadPoolExecutor(1, "rounds")
        self._waiting: list[_Waiting] = []
        self._count = 0
        self._wake = asyncio.Event()
        self._full = False
        dispatch.changed = self._wake.set
        #: Loop time of the last round that went well.
        self.last_done = 0.0
        #: Loop time at which the last round ended, well or not: the thread of the database is not stuck.
        self.last_turn = 0.0
        #: Told of the chats whose answer takes long, and of those that were forgotten.
        self.slow: Callable[[Sequence[str]], None] = _nobody
        self.forgotten: Callable[[Sequence[Place]], None] = _nobody

    @property
    def waiting(self) -> int:
        """How many arrivals are not kept yet."""
        return self._count

    def offer(self, arrivals: Sequence[Arrival]) -> asyncio.Future[None]:
        """Done when all is on the disk; fails with StorageError, or raises TooMuch at once."""
        if self._count + len(arrivals) > MOST_WAITING:
            raise TooMuch
        kept = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(arrivals, kept))
        self._count += len(arrivals)
        self._wake.set()
        return kept

    def take_up(self, store: Store, step: Step) -> None:
        """Answer by these from the next round on."""
        self._store, self._step = store, step

    async def run(self) -> None:
        """Until cancelled."""
        loop = asyncio.get_running_loop()
        self.last_done = self.last_turn = loop.time()
        while True:
            await self._something()
            await self.once()
            self.last_turn = loop.time()

    async def once(self) -> None:
        """One round of what waits."""
        loop = asyncio.get_running_loop()
        waiting, work = self._gathered()
        begun = loop.time()
        timer = loop.call_later(SLOW, self.slow, [one.event.chat for one in work.arrivals if one.event is not None])
        try:
            await self._kept(work)
        except StorageError as error:
            self._failed(waiting, work, error)
            await asyncio.sleep(PAUSE)
            return
        finally:
            timer.cancel()
        self.last_done = loop.time()
        self._tally.rounds.add(self.last_done - begun)
        self._count -= len(work.arrivals)
        for one in waiting:
            if not one.kept.done():
                one.kept.set_result(None)

    async def _kept(self, work: _Work) -> None:
        try:
            await self._round(work)
        except StatementRefused as error:
            if not work.arrivals:
                raise
            log("round-refused", "error", error=type(error.__cause__).__name__, arrivals=len(work.arrivals))
            await self._one_by_one(work)

    async def _one_by_one(self, work: _Work) -> None:
        """The database cannot keep something of these: all the others are kept, and that this one came."""
        await self._round(replace(work, arrivals=[]))
        for arrival in work.arrivals:
            alone = _Work(arrivals=[arrival], claiming=replace(work.claiming, most=0))
            try:
                await self._round(alone)
            except StatementRefused:
                await self._round(replace(alone, arrivals=[_unkeepable(arrival)]))

    async def _round(self, work: _Work) -> None:
        loop = asyncio.get_running_loop()
        done = await loop.run_in_executor(self._thread, self._done, work)
        self._full = 0 < work.claiming.most == len(done.claimed)
        for claimed in done.claimed:
            self._dispatch.start(claimed)
        for failed in done.applied.failed:
            self._tally.failed_events += 1
            log("event-failed", "error", kind=failed.kind, error=failed.error)
        self._tally.updates["repeated"] += len(done.applied.repeated)
        if done.applied.forgotten:
            self.forgotten(done.applied.forgotten)

    def _failed(self, waiting: Sequence[_Waiting], work: _Work, error: StorageError) -> None:
        """What came in is to be delivered again; what became of messages is kept for the next round."""
        self._tally.storage_errors += 1
        log("round-failed", "error", error=type(error).__name__)
        self._count -= len(work.arrivals)
        later = self._dispatch.kept
        self._dispatch.kept = Kept(
            settling=[*work.kept.settling, *later.settling],
            parked=[*work.kept.parked, *later.parked],
            moved=[*work.kept.moved, *later.moved],
        )
        for one in waiting:
            if not one.kept.done():
                one.kept.set_exception(error)

    async def close(self) -> None:
        """Keep what became of the last sends, and end."""
        while self._waiting or self._dispatch.kept:
            await self.once()
        self._thread.shutdown()

    async def _something(self) -> None:
        """Wait until there is something to do, or it is time to look."""
        # A round that claimed all it could is followed by another where there is room: there may be more.
        wait = self._dispatch.wait()
        pause = IDLE if wait is None else min(IDLE, wait)
        more = self._full and self._dispatch.claiming().most > 0
        if not self._wake.is_set() and not more:
            try:
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            except TimeoutError:
                pass
        self._wake.clear()

    def _gathered(self) -> tuple[list[_Waiting], _Work]:
        waiting, arrivals = list[_Waiting](), list[Arrival]()
        while self._waiting and len(arrivals) < MOST_EVENTS:
            waiting.append(self._waiting.pop(0))
            arrivals.extend(waiting[-1].arrivals)
        if self._waiting:
            self._wake.set()
        kept, self._dispatch.kept = self._dispatch.kept, Kept()
        return waiting, _Work(arrivals=arrivals, kept=kept, claiming=self._dispatch.claiming())

    def _done(self, work: _Work) -> Done:
        """In the thread of the rounds."""
        told = [one for one in work.arrivals if one.event is not None]
        round_ = Round(
            now=self._clock(),
            claiming=work.claiming,
            events=[one.event for one in told if one.event is not None],
            languages={(one.event.channel, one.event.chat): one.language for one in told if one.event and one.language},
            passed=[one.passed for one in work.arrivals if one.passed is not None],
            settling=work.kept.settling,
            parked=[*work.kept.parked, *(one.parked for one in work.arrivals if one.parked is not None)],
            returned=_returned(work.arrivals),
            moved=[*work.kept.moved, *(one.moved for one in work.arrivals if one.moved is not None)],
        )
        return self._store.round(round_, self._step, self._memory)


def _returned(arrivals: Sequence[Arrival]) -> list[Place]:
    """Who let us in again, and has not left since."""
    is_in: dict[Place, bool] = {}
    for arrival in arrivals:
        place = arrival.parked or arrival.returned
        if place is not None:
            is_in[place] = arrival.parked is None
    return [place for place, here in is_in.items() if here]


def _unkeepable(arrival: Arrival) -> Arrival:
    """That it came, without what it was."""
    if arrival.event is None:
        return Arrival()
    event = arrival.event
    kept = PassedOver(channel=event.channel, event=event.id, state="ignored", kind=type(event).__name__, at=event.at)
    return Arrival(passed=kept)


def _nobody(_who: Sequence[object]) -> None:
    pass
