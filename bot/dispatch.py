"""Sends what was claimed, a few at a time and within the platform's limits, and says what is to be kept of each.

Not its job: claiming and keeping (`rounds`), how a message looks (the gateway).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from bot.again import Again
from bot.clock import Clock
from bot.gateways import base
from bot.gateways.base import Delivery
from bot.logs import log
from bot.outage import Outage
from bot.rates import Windows
from bot.tally import Tally
from dialogs.message import Message
from storage.outbox import Outcome, Outgoing
from storage.rounds import Claiming, Settling
from storage.snapshot import Place

#: Repeats after a crash are bounded by this.
MOST_IN_FLIGHT = 8
#: Seconds after the start in which nothing is repeated: the answers of those who have seen it may be on their way.
HEARING = 0.7
#: Seconds that an end waits for sends that were cut off to say so.
CUT_OFF = 0.5

#: (chat, message) -> what became of it.
Deliver = Callable[[str, Message], Awaitable[Delivery]]


@dataclass(slots=True)
class Kept:
    """What the next round has to keep."""

    settling: list[Settling] = field(default_factory=list[Settling])
    parked: list[Place] = field(default_factory=list[Place])
    moved: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    #: Messages that wait for their next try and are to be tried at once.
    woken: list[int] = field(default_factory=list[int])

    def __bool__(self) -> bool:
        return bool(self.settling or self.parked or self.moved or self.woken)


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
        self._again = Again()
        self._outage = Outage()
        self.kept = Kept()
        self.closing = False
        #: Whether the server knew our token when it last answered a send.
        self.knows_token = True
        #: Called when there is something to keep, or room again.
        self.changed: Callable[[], None] = _nothing

    def claiming(self) -> Claiming:
        """What may be sent now."""
        now = _now()
        room = 0 if self.closing or now < self._paused_until else MOST_IN_FLIGHT - len(self._running)
        room = self._outage.room(now, len(self._running), room)
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
        """Send one; what becomes of it stands in `kept` afterwards. At the end of the program it is given back."""
        if self.closing:
            self._settle(claimed, "ready")
            return
        self._outage.tries()
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
        waits = [one for one in (pause, self._heard_out(now) - now, self._outage.wait(now) or 0.0) if one > 0]
        # Where there is no room at all, it does not matter which chats may have one.
        full = len(self._running) >= MOST_IN_FLIGHT or self._overall.room("", now, 1) <= 0
        limits = (self._overall,) if full else (self._chats, self._groups)
        waits += [wait for one in (*limits, self._again) if (wait := one.soonest(now)) is not None]
        return max(0.001, max(pause, min(waits))) if waits else None

    def standing(self) -> float:
        """For how many seconds all sends have failed; 0 where the last one went well."""
        return self._outage.lasts(_now())

    async def drain(self, seconds: float) -> None:
        """Let what is on its way arrive; what has not by then may have arrived or not."""
        self.closing = True
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)
        if self._running:
            for task in self._running:
                task.cancel()
            await asyncio.wait(self._running, timeout=CUT_OFF)

    def _limit(self, chat: str) -> Windows:
        return self._groups if chat.startswith("-") else self._chats

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        self._tally.in_flight = len(self._running)
        self.changed()

    async def _send(self, claimed: Outgoing) -> None:
        try:
            outcome = await self._deliver(claimed.chat, claimed.message)
        except asyncio.CancelledError:
            # The program ends, and an answer would come too late.
            self._settle(claimed, "unknown")
            raise
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
        self._note_server(claimed, outcome)
        match outcome:
            case base.Sent():
                self._settle(claimed, "sent", message=outcome.message)
            case base.RetryAfter():
                self._again.settled(claimed.id)
                self._slow(claimed.chat, outcome.wait)
                self._settle(claimed, "ready", now + outcome.wait)
            case base.Blocked():
                self._settle(claimed, "cancelled")
                self.kept.parked.append((claimed.channel, claimed.chat))
            case base.Migrated():
                self.kept.moved.append((claimed.channel, claimed.chat, outcome.chat))
                self._settle(claimed, "ready")
            case base.NotSent():
                self._again_or_never(claimed, now)
            case base.Unknown() if claimed.message.over is not None:
                # An edit that is made twice is made once.
                self._again_or_never(claimed, now)
            case base.Unknown():
                pause = self._again.uncertain(claimed.id, claimed.repeats, _now())
                self._settle(claimed, "unknown", now + timedelta(seconds=pause))
            case base.TokenUnknown():
                self._again.without_fault(claimed.id, _now())
                self._again_or_never(claimed, now)
            case _:
                log("send-refused", "error", reason=_reason(outcome), message=claimed.id)
                self._settle(claimed, "failed")

    def _note_server(self, claimed: Outgoing, outcome: Delivery) -> None:
        """Whether the server deals with messages at all, and knows us."""
        now = _now()
        self.knows_token = not isinstance(outcome, base.TokenUnknown)
        if isinstance(outcome, base.NotSent | base.Unknown | base.TokenUnknown):
            self._outage.failed(claimed.chat, now)
        elif self._outage.taken(now):
            self._again.settled(claimed.id)
            self.kept.woken += self._again.waiting()
            self._again.forget_the_old(now)

    def _again_or_never(self, claimed: Outgoing, now: datetime) -> None:
        """While the server takes nothing at all, its trials are the pauses: none of the messages is at fault."""
        here = _now()
        trial = self._outage.wait(here)
        pause = self._again.pause(claimed.id, claimed.lane, here, trial)
        if pause is None:
            self._settle(claimed, "expired")
        else:
            self._settle(claimed, "ready", now + timedelta(seconds=pause))

    def _settle(
        self, claimed: Outgoing, outcome: Outcome, not_before: datetime | None = None, message: int | None = None
    ) -> None:
        if outcome not in ("ready", "unknown"):
            self._again.settled(claimed.id)
        settling = Settling(outgoing=claimed, outcome=outcome, not_before=not_before, message=message)
        self.kept.settling.append(settling)

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


def _reason(outcome: Delivery) -> str:
    return outcome.reason if isinstance(outcome, base.Refused) else type(outcome).__name__
