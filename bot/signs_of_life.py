"""What a serving program tells systemd: a sign of life while it is not stuck, and what stands still.

Life is the loop and the thread of the database. An outage of Telegram, a full disk or a lost lease is no reason for a
restart, which would mend none of them: these are alarms and a matter of /readyz.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Protocol

from bot.service_manager import ServiceManager

#: Seconds without the end of a round after which the thread of the database counts as stuck. One round waits for other
#: programs for 30 seconds at most.
STUCK = 60.0


class Turning(Protocol):
    """The rounds of the database."""

    @property
    def last_turn(self) -> float:
        """Loop time at which the last one ended."""
        ...


class Served(Protocol):
    """A serving program."""

    @property
    def rounds(self) -> Turning:
        """Its rounds."""
        ...


class Watching(Protocol):
    """Knows what stands still."""

    def standing(self) -> Collection[str]:
        """What does now."""
        ...


async def signs_of_life(manager: ServiceManager, serving: Served, watch: Watching) -> None:
    """Until cancelled. The loop is alive whenever this runs, so only the thread of the database is looked at."""
    loop = asyncio.get_running_loop()

    def status() -> str:
        standing = sorted(watch.standing())
        return f"standing still: {', '.join(standing)}" if standing else "serving"

    await manager.feed(lambda: loop.time() - serving.rounds.last_turn < STUCK, status)
