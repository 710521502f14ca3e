"""Sends what was claimed, a few at a time and within the platform's limits, and says what is to be kept of each.

Not its job: claiming and keeping (`rounds`), how a message looks (the gateway).
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from bot.clock import Clock
from bot.gateways import base
from bot.gateways.base import Delivery
from bot.logs import log
from bot.rates import Windows
from bot.tally import Tally
from dialogs.message import Message
from storage.outbox import Outcome, Outgoing
from storage.rounds import Claiming, Settling
from storage.snapshot import Place

#: Repeats after a crash are bounded by this.
MOST_IN_FLIGHT = 8
#: Seconds: the first pause after the channel could not be reached, and the longest.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 600.0
#: Seconds after the start in which nothing is repeated: the answers of those who have seen it may be on their way.
HEARING = 0.7
#: So many claims of one message, about a day of pauses.
MOST_CLAIMS = 150

#: (chat, message) -> what became of it.
Deliver = Callable[[str, Message], Awaitable[Delivery]]


@dataclass(slots=True)
class Kept:
    """What the next round has to keep."""

    settling: list[Settling] = field(default_factory=list[Settling])
    parked: list[Place] = field(default_factory=list[Place])
    moved: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])

    def __bool__(self) -> bool:
        return bool(self.settling or self.parked or self.moved)


class Dispatch:
    """The sends of one channel. `overall`, `chats` and `groups` are the platform's limits."""

    def __init__(
        self,
        channel: str,
        deliver: Deliver,
        clock: Clock,
        tally: Tally,
        overall: Windows,
        chats: Windows,
        groups: Windows,
    ) -> None:
        self._channel = channel
        self._deliver = deliver
        self._clock = clock
        self._tally = tally
        self._overall = overall
        self._chats = chats
        self._groups = groups
        # No other running sender may have the name: it fences what this one has claimed.
        self._name = uuid4().hex
        self._running: dict[asyncio.Task[None], str] = {}
        self._paused_until = 0.0
        self._hearing_until: float | None = None
        self._slowed: dict[str, float] = {}
        self.kept = Kept()
        self.closing = False
        #: Called when there is something to keep, or room again.
        self.changed: Callable[[], None] = _nothing

    def claiming(self) -> Claiming:
        """What may be sent now."""
        now = _now()
        room = 0 if self.closing or now < self._paused_until else MOST_IN_FLIGHT - len(self._running)
        most = self._overall.room("", now, room) if room > 0 else 0
        # As long as one message a chat is taken at a time, those that have had theirs are all there is to leave out.
        but = self._chats.full(now) | self._groups.full(now)
        return Claiming(
            channel=self._channel, sender=self._name, most=most, but=but, first_time=now < self._heard_out(now)
        )  # fmt: skip

    def flying(self) -> frozenset[str]:
        """The chats to which something is on its way."""
        return frozenset(self._running.values())

    def _heard_out(self, now: float) -> float:
        """When whoever answered before the start has been heard."""
        if self._hearing_until is None:
            self._hearing_until = now + HEARING
        return self._hearing_until

    def start(self, claimed: Outgoing) -> None:
        """Send one; what becomes of it stands in `kept` afterwards."""
        self._overall.take("")
        self._limit(claimed.chat).take(claimed.chat)
        task = asyncio.get_running_loop().create_task(self._send(claimed))
        self._running[task] = claimed.chat
        self._tally.in_flight = len(self._running)
        task.add_done_callback(self._ended)

    def wait(self) -> float | None:
        """Seconds until a limit lets something through again; None: no limit holds anything up."""
        now = _now()
        pause = self._paused_until - now
        waits = [one for one in (pause, self._heard_out(now) - now) if one > 0]
        # Where there is no room at all, it does not matter which chats may have one.
        full = len(self._running) >= MOST_IN_FLIGHT or self._overall.room("", now, 1) <= 0
        limits = (self._overall,) if full else (self._chats, self._groups)
        waits += [wait for one in limits if (wait := one.soonest(now)) is not None]
        return max(0.001, max(pause, min(waits))) if waits else None

    async def drain(self, seconds: float) -> None:
        """Let what is on its way arrive."""
        self.closing = True
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)

    def _limit(self, chat: str) -> Windows:
        return self._groups if chat.startswith("-") else self._chats

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        self._tally.in_flight = len(self._running)
        self.changed()

    async def _send(self, claimed: Outgoing) -> None:
        try:
            outcome = await self._deliver(claimed.chat, claimed.message)
        except Exception as error:
            # A mistake of ours with this message: trying again would be the same mistake.
            log("send-failed", "error", error=type(error).__name__, message=claimed.id)
            outcome = base.Refused(reason=type(error).__name__)
        now = _now()
        self._overall.end("", now)
        self._limit(claimed.chat).end(claimed.chat, now)
        self._tally.sends[type(outcome).__name__.lower()] += 1
        self._keep(claimed, outcome, self._clock())

    def _keep(self, claimed: Outgoing, outcome: Delivery, now: datetime) -> None:
        match outcome:
            case base.Sent():
                self.kept.settling.append(Settling(outgoing=claimed, outcome="sent", message=outcome.message))
            case base.RetryAfter():
                self._slow(claimed.chat, outcome.wait)
                self._settle(claimed, "ready", now + outcome.wait)
            case base.Blocked():
                self._settle(claimed, "cancelled")
                self.kept.parked.append((claimed.channel, claimed.chat))
            case base.Migrated():
                self.kept.moved.append((claimed.channel, claimed.chat, outcome.chat))
                self._settle(claimed, "ready")
            case base.NotSent():
                self._again(claimed, now)
            case base.Unknown() if claimed.message.over is not None:
                # An edit that is made twice is made once.
                self._again(claimed, now)
            case base.Unknown():
                self._settle(claimed, "unknown")
            case _:
                log("send-refused", "error", outcome=type(outcome).__name__, message=claimed.id)
                self._settle(claimed, "failed")

    def _again(self, claimed: Outgoing, now: datetime) -> None:
        if claimed.attempt >= MOST_CLAIMS:
            self._settle(claimed, "failed")
            return
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(claimed.attempt - 1, 10)) * _jitter()
        self._settle(claimed, "ready", now + timedelta(seconds=pause))

    def _settle(self, claimed: Outgoing, outcome: Outcome, not_before: datetime | None = None) -> None:
        self.kept.settling.append(Settling(outgoing=claimed, outcome=outcome, not_before=not_before))

    def _slow(self, chat: str, wait: timedelta) -> None:
        """One chat that is told to wait waits alone; when a second is, all are meant."""
        now = _now()
        others = {one for one, until in self._slowed.items() if until > now and one != chat}
        self._slowed = {one: until for one, until in self._slowed.items() if until > now}
        self._slowed[chat] = now + wait.total_seconds()
        if others:
            self._paused_until = max(self._paused_until, now + wait.total_seconds())
            log("all-sending-paused", "warning", seconds=wait.total_seconds())


def _nothing() -> None:
    pass


def _now() -> float:
    return asyncio.get_running_loop().time()


def _jitter() -> float:
    return random.SystemRandom().uniform(0.75, 1.25)
