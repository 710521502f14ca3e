"""Runs the rounds of the database: what came in, what became of what was sent, and what is to be sent next.

Whatever waits goes into one transaction, in a thread of its own, one after the other. Nobody is told that his update
was taken in before it is on the disk. Whatever goes wrong, the rounds go on. Not its job: where updates come from,
sending.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace

from bot.apart import Apart
from bot.clock import Clock
from bot.dispatch import Dispatch, Kept
from bot.logs import log
from bot.round_work import Arrival, Work, facts, may_be_of_a_piece, round_of
from bot.tally import Tally
from storage.errors import DatabaseGone, LeaseLost, StorageError
from storage.locks import Held, HeldFile
from storage.lost_claims import Lost
from storage.memory import Memory
from storage.rounds import HEAVY
from storage.snapshot import Place
from storage.store import Done, Store
from storage.turns import Step

__all__ = ["MOST_EVENTS", "MOST_WAITING", "Arrival", "Rounds", "TooMuch"]

#: Events of one round: its transaction is to be short.
MOST_EVENTS = 200
#: What may wait; beyond, whoever delivers is asked to come again.
MOST_WAITING = 5000
#: Seconds: how often the outbox is looked at when nothing happens, and the pause after the database failed.
IDLE, PAUSE = 1.0, 0.5
#: Seconds after which people see that an answer is being made.
SLOW = 1.0
#: Seconds after which something is written though there is nothing to write: so a full disk is seen before it matters.
TOUCH = 10.0
#: Seconds between two looks for claims that ran out and that nobody settled.
SWEEP = 15.0
#: Seconds for which a commit may still come that was told to have failed: so long a server works on for nobody.
UNSURE = 60.0
#: Seconds that the end may take for what became of the last sends.
CLOSING = 3.0


class TooMuch(Exception):
    """More waits already than can be taken in soon."""


@dataclass(slots=True)
class _Waiting:
    arrivals: Sequence[Arrival]
    kept: asyncio.Future[None]


class Rounds:
    """The one writer of a serving program."""

    def __init__(
        self, store: Store, step: Step, dispatch: Dispatch, clock: Clock, tally: Tally, held: Held | None = None
    ) -> None:
        """`step` answers events; `dispatch` sends what is claimed. Nothing is written while `held` is not held."""
        self._store = store
        self._step = step
        self._dispatch = dispatch
        self._clock = clock
        self._tally = tally
        self._held = held or HeldFile()
        # None before the first round: whatever was on its way then has nobody any more who settles it.
        self._epoch: int | None = None
        self._swept = self._unsure_until = 0.0
        self._ending = False
        self._memory = Memory()
        self._thread = ThreadPoolExecutor(1, "rounds")
        self._waiting: list[_Waiting] = []
        self._saved: set[int] = set()
        self._count = 0
        self._wake = asyncio.Event()
        self._full = False
        dispatch.changed = self._wake.set
        #: Loop time of the last round that went well, and of the last of these that wrote something.
        self.last_done = self._last_written = 0.0
        #: Loop time at which the last round ended, well or not: the thread of the database is not stuck.
        self.last_turn = 0.0
        #: How many rounds in a row came to nothing; only one that wrote something ends the row.
        self.failures = 0
        #: Told of the chats whose answer takes long, and of those that were forgotten.
        self.slow: Callable[[Sequence[str]], None] = _nobody
        self.forgotten: Callable[[Sequence[Place]], None] = _nobody

    @property
    def waiting(self) -> int:
        """How many arrivals are not kept yet."""
        return self._count

    def offer(self, arrivals: Sequence[Arrival]) -> asyncio.Future[None]:
        """Done when all is on the disk; fails with StorageError, or raises LeaseLost or TooMuch at once."""
        if not self._held.holds():
            raise LeaseLost
        if self._ending or self._count + len(arrivals) > MOST_WAITING:
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
        """Until `end`; raises DatabaseGone where going on would write into a file without a name."""
        loop = asyncio.get_running_loop()
        self.last_done = self.last_turn = loop.time()
        while not self._ending:
            try:
                await self._something()
                await self.once()
            except DatabaseGone:
                raise
            except Exception as error:
                # Without the rounds nobody is answered any more.
                log("round-failed", "error", **facts(error))
                await asyncio.sleep(PAUSE)
            self.last_turn = loop.time()

    def end(self) -> None:
        """Take nothing more in; `run` ends with the round that is running, so that what it claims is not forgotten."""
        self._ending = True
        self._wake.set()

    async def once(self) -> None:
        """One round of what waits."""
        loop = asyncio.get_running_loop()
        waiting, work = self._gathered()
        begun = loop.time()
        timer = loop.call_later(SLOW, self.slow, [one.event.chat for one in work.arrivals if one.event is not None])
        try:
            if not self._held.holds():
                raise LeaseLost
            await self._kept(work)
        except Exception as error:
            self._failed(waiting, work, error)
            if isinstance(error, DatabaseGone):
                raise
            await asyncio.sleep(PAUSE)
            return
        finally:
            timer.cancel()
        self._done_well(work, begun)
        self._told(waiting, None)

    def _done_well(self, work: Work, begun: float) -> None:
        self.last_done = asyncio.get_running_loop().time()
        self._tally.rounds.add(self.last_done - begun)
        self._epoch = work.epoch
        if work.claiming.lost != "none":
            self._swept = self.last_done
        if work:
            self._last_written, self.failures = self.last_done, 0

    async def _kept(self, work: Work) -> None:
        try:
            await self._round(work)
        except Exception as error:
            pieces = work.pieces()
            if not pieces or not may_be_of_a_piece(error):
                raise
            log("round-refused", "error", **facts(error), pieces=len(pieces))
            await Apart(self._round, replace(work.claiming, most=0), self._saved, self._tally).keep(pieces)
            work.kept = Kept()
            await self._round(Work(arrivals=(), claiming=work.claiming))

    async def _round(self, work: Work) -> None:
        loop = asyncio.get_running_loop()
        done = await loop.run_in_executor(self._thread, self._done, work)
        self._full = 0 < work.claiming.most == len(done.claimed)
        for claimed in done.claimed:
            self._dispatch.start(claimed)
        for given_up in done.given_up:
            self._tally.give_up(given_up.lane, given_up.why, asyncio.get_running_loop().time())
            log("given-up", "error", lane=given_up.lane, why=given_up.why, message=given_up.id)
        for failed in done.applied.failed:
            self._tally.failed_events += 1
            log("event-failed", "error", kind=failed.kind, error=failed.error)
        self._tally.updates["repeated"] += len(done.applied.repeated)
        if done.applied.forgotten:
            self.forgotten(done.applied.forgotten)

    def _failed(self, waiting: Sequence[_Waiting], work: Work, error: Exception) -> None:
        """What came in is to be delivered again; what became of messages is kept for the next round."""
        if not isinstance(error, LeaseLost):
            self.failures += 1
            self._tally.storage_errors += 1
            # It may be kept nevertheless: then messages are claimed, and nobody knows of it.
            self._unsure_until = asyncio.get_running_loop().time() + UNSURE
            log("round-failed", "error", **facts(error))
        later = self._dispatch.kept
        self._dispatch.kept = Kept(
            settling=[*work.kept.settling, *later.settling],
            parked=[*work.kept.parked, *later.parked],
            moved=[*work.kept.moved, *later.moved],
            woken=[*work.kept.woken, *later.woken],
        )
        self._told(waiting, error)

    def _told(self, waiting: Sequence[_Waiting], error: Exception | None) -> None:
        for one in waiting:
            self._count -= len(one.arrivals)
            if one.kept.done():
                continue
            if error is None or all(id(arrival) in self._saved for arrival in one.arrivals):
                one.kept.set_result(None)
            else:
                one.kept.set_exception(error if isinstance(error, StorageError) else StorageError(type(error).__name__))
        self._saved.clear()

    async def close(self) -> None:
        """Keep what became of the last sends, and end."""
        self._ending = True
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSING):
                while self._waiting or self._dispatch.kept:
                    await self.once()
        self._thread.shutdown(wait=False)

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

    def _gathered(self) -> tuple[list[_Waiting], Work]:
        waiting, arrivals = list[_Waiting](), list[Arrival]()
        while self._waiting and len(arrivals) < MOST_EVENTS:
            waiting.append(self._waiting.pop(0))
            arrivals.extend(waiting[-1].arrivals)
        if self._waiting:
            self._wake.set()
        kept, self._dispatch.kept = self._dispatch.kept, Kept()
        epoch = self._held.epoch
        claiming = replace(self._dispatch.claiming(), lost=self._lost(epoch), flying=self._dispatch.flying())
        return waiting, Work(arrivals=arrivals, kept=kept, claiming=claiming, touch=self._trial(), epoch=epoch)

    def _lost(self, epoch: int) -> Lost:
        """Which claims may be nobody's: before our first round all of them."""
        now = asyncio.get_running_loop().time()
        if epoch != self._epoch:
            return "all"
        if now < self._unsure_until:
            return "ours"
        return "stale" if now - self._swept >= SWEEP else "none"

    def _trial(self) -> int | None:
        """A light trial from time to time, a heavy one after a failure: so the end of it is seen without anybody."""
        if self.failures:
            return HEAVY
        return 0 if asyncio.get_running_loop().time() - self._last_written >= TOUCH else None

    def _done(self, work: Work) -> Done:
        """In the thread of the rounds."""
        return self._store.round(round_of(work, self._clock()), work.step or self._step, self._memory)


def _nobody(_who: Sequence[object]) -> None:
    pass
