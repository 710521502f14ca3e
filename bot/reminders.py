"""Sends reminders in a serving program: takes what is due to the owners' steps, no faster than it can be sent.

Not its job: letting time pass (`scheduler.runner`), what a reminder says (`dialogs.loop.reminding`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.logs import log
from bot.rounds import TooMuch
from dialogs.events import Event
from scheduler.runner import TICK, Runner, due_events
from storage.errors import StorageError
from storage.store import Store

#: Reminders that are made at a tick: what a platform takes in that time, with a third kept free for replies.
MOST = 600
#: Of these so many are made in one transaction, some 5 ms of work, so that who is writing now does not wait.
TOGETHER = 2

#: Done when the events are answered and on the disk.
Offer = Callable[[Sequence[Event]], Awaitable[object]]


def _nobody() -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminders:
    """The reminders of one channel."""

    store: Store
    channel: str
    clock: Clock
    offer: Offer
    every: timedelta = TICK
    #: Told whenever what is due has been asked for and taken in.
    ticked: Callable[[], None] = _nobody

    def runner(self) -> Runner:
        """The job that asks what is due."""
        return Runner({"due": (self.every, self.tick)})

    async def tick(self) -> None:
        """What is due now goes to the owners' steps; while much waits to be sent, nothing is added."""
        try:
            events = await asyncio.to_thread(self._due)
            for first in range(0, len(events), TOGETHER):
                await self.offer(events[first : first + TOGETHER])
            if events:
                log("reminders-due", contracts=len(events))
            self.ticked()
        except (StorageError, TooMuch) as error:
            log("reminders-failed", "error", error=type(error).__name__)

    def _due(self) -> Sequence[Event]:
        now = self.clock()
        room = MOST - self.store.backlog(self.channel, now).depth
        return due_events(self.store, self.channel, now, room) if room > 0 else ()
