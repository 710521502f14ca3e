"""A process of the program, as steps that the simulator can stop between: it takes events in, and sends.

A Process does one thing after the other, and several may share a file; Serving does all at one go, as `lampwise serve`
does, and is alone. Either uses the store as the program does: commit, then confirm; claim, send outside of any
transaction, settle. What a broken program would do instead is said by a Variant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from dialogs.events import Event
from storage.errors import StorageError
from storage.memory import Memory
from storage.outbox import LEASE, Outcome, Outgoing
from storage.rounds import Claiming, Round, Settling
from storage.store import Store
from tests.simulation.clock import Clock
from tests.simulation.marking import step
from tests.simulation.telegram import Telegram

#: At most as many sends are on their way at once.
IN_FLIGHT = 8
#: A send is not begun when less than this is left of its lease, in seconds.
MARGIN = 20.0
FOR_EVER = float("inf")

_OUTCOMES: dict[str, Outcome] = {
    "sent": "sent", "cut": "unknown", "busy": "ready", "busy-all": "ready", "unreached": "ready",
    "blocked": "cancelled",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What is broken on purpose; as it stands nothing is."""

    confirms_first: bool = False
    settles_first: bool = False
    ignores_waits: bool = False


SOUND = Variant()


class Process:
    """One life of a process: after a kill there is another, under another name."""

    def __init__(self, name: str, store: Store, telegram: Telegram, clock: Clock, variant: Variant) -> None:
        self.name = name
        self.paused_until = 0.0
        self._store = store
        self._telegram = telegram
        self._clock = clock
        self._variant = variant
        self._quiet_until = 0.0

    def parts(self, *, polls: bool, hooked: bool) -> list[Iterator[None]]:
        """What it does at the same time; each goes on until its next stop."""
        intake = [self._take_in(polls=polls)] if polls or hooked else []
        return [*intake, self._send()]

    def _take_in(self, *, polls: bool) -> Iterator[None]:
        while True:
            events = self._telegram.poll() if polls else self._telegram.call_hook(self.name)
            yield
            if events:
                yield from self._keep(events)

    def _keep(self, events: Sequence[Event]) -> Iterator[None]:
        if self._variant.confirms_first:
            self._telegram.confirm(events)
            yield
        try:
            self._store.apply(events, step)
        except StorageError:
            self._telegram.hang_up(self.name)
            return
        yield
        if not self._variant.confirms_first:
            self._telegram.confirm(events)

    def _send(self) -> Iterator[None]:
        while True:
            yield
            if self._clock.steady < self._quiet_until and not self._variant.ignores_waits:
                continue
            try:
                self._store.release_stale(self._clock())
                began = self._clock.steady
                claimed = self._store.claim(self._clock(), self.name, IN_FLIGHT)
            except StorageError:
                continue
            deadline = began + LEASE.total_seconds() - MARGIN
            for outgoing in claimed:
                yield from self._send_one(outgoing, deadline)

    def _send_one(self, outgoing: Outgoing, deadline: float) -> Iterator[None]:
        yield
        if self._variant.settles_first:
            yield from self._settle(outgoing, "sent", 0)
        if self._clock.steady > deadline:
            return
        if self._clock.steady < self._quiet_until and not self._variant.ignores_waits:
            yield from self._settle(outgoing, "ready", self._quiet_until - self._clock.steady)
            return
        lane, chat = outgoing.lane, outgoing.chat
        fate, wait, number = self._telegram.send(self.name, lane, chat, outgoing.id, outgoing.message)
        if fate == "busy-all":
            self._quiet_until = self._clock.steady + wait
        yield
        yield from self._settle(outgoing, _OUTCOMES[fate], 0 if self._variant.ignores_waits else wait, number)

    def _settle(self, outgoing: Outgoing, outcome: Outcome, wait: float, number: int | None = None) -> Iterator[None]:
        now = self._clock()
        not_before = now + timedelta(seconds=wait) if outcome == "ready" else None
        while True:
            try:
                self._store.settle(replace(outgoing), outcome, now, not_before)
                return
            except StorageError:
                yield


class Serving(Process):
    """What came in, what became of sends and what is to be sent next, in one transaction."""

    def __init__(self, name: str, store: Store, telegram: Telegram, clock: Clock, variant: Variant) -> None:
        super().__init__(name, store, telegram, clock, variant)
        self._memory = Memory()
        self._waiting: Sequence[Event] = ()
        self._settling: list[Settling] = []
        self._flying: list[Outgoing] = []
        self._sending = 0
        # Who had its lock has ended.
        self._has_begun = False

    def parts(self, *, polls: bool, hooked: bool) -> list[Iterator[None]]:
        return [self._take_in(polls=polls), self._rounds(), *(self._send() for _ in range(3))]

    def _keep(self, events: Sequence[Event]) -> Iterator[None]:
        if self._variant.confirms_first:
            self._telegram.confirm(events)
        self._waiting = events
        while self._waiting:
            yield

    def _rounds(self) -> Iterator[None]:
        while True:
            yield
            try:
                if not self._has_begun:
                    self._store.release_channel("telegram", self._clock())
                    self._has_begun = True
                    continue
                self._round()
            except StorageError:
                self._waiting = ()
                self._telegram.hang_up(self.name)

    def _round(self) -> None:
        events, settling = self._waiting, self._settling
        quiet = self._clock.steady < self._quiet_until and not self._variant.ignores_waits
        most = 0 if quiet else IN_FLIGHT - self._sending - len(self._flying)
        work = Round(
            now=self._clock(), claiming=Claiming(channel="telegram", sender=self.name, most=most), events=events,
            settling=settling,
        )  # fmt: skip
        done = self._store.round(work, step, self._memory)
        self._settling = self._settling[len(settling) :]
        self._waiting = ()
        # Nobody else sends, so that nobody takes over what takes long.
        self._flying += done.claimed
        if events and not self._variant.confirms_first:
            self._telegram.confirm(events)

    def _send(self) -> Iterator[None]:
        while True:
            yield
            if self._flying:
                self._sending += 1
                yield from self._send_one(self._flying.pop(0), FOR_EVER)
                self._sending -= 1

    def _settle(self, outgoing: Outgoing, outcome: Outcome, wait: float, number: int | None = None) -> Iterator[None]:
        not_before = self._clock() + timedelta(seconds=wait) if outcome == "ready" else None
        settling = Settling(outgoing=outgoing, outcome=outcome, not_before=not_before, message=number)
        self._settling = [*self._settling, settling]
        yield
