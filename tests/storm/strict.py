"""A Telegram in virtual time that counts exactly: one message too many in any second, and it answers 429.

It keeps when each message arrived, and which reminder it was. Messages and answers take their time on the way, each
another.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil
from random import Random

from bot.gateways.base import Delivery, RetryAfter, Sent
from bot.gateways.telegram_text import Page
from dialogs import presses
from tests.bot.serving.fake import FakeClient
from tests.storm.expected import Step

#: Seconds that a message, or the answer to it, is on its way.
QUICKEST, SLOWEST = 0.01, 0.15
MOST, SECOND = 30, 1.0
_SNOOZE = presses.command("remind", "day ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """`at` in seconds since the beginning; `step` where it is a reminder."""

    at: float
    chat: str
    step: Step | None


@dataclass(slots=True)
class Limits:
    """At most MOST in any second, and one a chat."""

    recent: deque[tuple[float, str]] = field(default_factory=deque[tuple[float, str]])

    def wait(self, chat: str, now: float) -> float:
        """Seconds until it may come; 0: it may, and counts."""
        while self.recent and self.recent[0][0] <= now - SECOND:
            self.recent.popleft()
        waits = [at + SECOND - now for at, other in self.recent if other == chat]
        waits += [self.recent[0][0] + SECOND - now] if len(self.recent) >= MOST else []
        if not waits:
            self.recent.append((now, chat))
        return max(waits, default=0.0)


@dataclass
class StrictClient(FakeClient):
    """`arrived` has every message; `refused` counts the answers 429. `heard` is told of what is no reminder.

    `began` is the beginning, in seconds of the loop.
    """

    began: float = 0.0
    limits: Limits = field(default_factory=Limits)
    chance: Random = field(default_factory=lambda: Random(1))
    arrived: list[Arrived] = field(default_factory=list[Arrived])
    refused: int = 0
    heard: Callable[[str], None] = lambda _: None

    async def say(self, chat: str, page: Page, *, over: int | None = None, plain: bool = False) -> Delivery:
        """It arrives some time later, and the answer later still."""
        await asyncio.sleep(self.chance.uniform(QUICKEST, SLOWEST))
        now = asyncio.get_running_loop().time()
        wait = self.limits.wait(chat, now)
        if wait:
            self.refused += 1
        else:
            self._arrive(chat, page, now)
        await asyncio.sleep(self.chance.uniform(QUICKEST, SLOWEST))
        self.newest += over is None
        return RetryAfter(wait=timedelta(seconds=ceil(wait))) if wait else Sent(message=over or self.newest)

    def _arrive(self, chat: str, page: Page, now: float) -> None:
        step = reminder_of(page)
        self.arrived.append(Arrived(at=now - self.began, chat=chat, step=step))
        if step is None:
            self.buttons[chat] = tuple(button for row in page.buttons for button in row)
            self.heard(chat)


def reminder_of(page: Page) -> Step | None:
    """Which reminder it is, by what its buttons carry; None: it is none."""
    carried = [button.press for row in page.buttons for button in row if button.press.startswith(_SNOOZE)]
    if not carried:
        return None
    _, period, kind, nth = carried[0].removeprefix(_SNOOZE).split()
    return period, kind, int(nth)
