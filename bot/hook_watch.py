"""Watches the webhook: whether it still is ours, and whether deliveries arrive.

It is not set again by itself, since another program may own it now; only where `--take-over` said that the bot is
ours, and where it is gone altogether.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from itertools import pairwise

from bot.gateways.telegram_client import Client, Hooked
from bot.gateways.telegram_http import Cut, NotReached, OtherInstance, TokenRefused
from bot.link import Link
from bot.logs import log
from bot.settings import Settings
from bot.starting import hook_of, set_hook

#: Seconds between two looks, and where the server did not know our token or did not answer.
EVERY, SOON = 60.0, 10.0
#: Looks in a row that brought no answer and are too many.
SILENT = 6
#: Updates that wait in vain: fewer are a moment's.
MANY = 10
#: Looks over which they grew.
GROWN = 3


@dataclass(slots=True)
class HookState:
    """What the last looks brought. `ours` is our address, `failed_at` the last failure before the start."""

    ours: str
    failed_at: int
    wrong: str = ""
    _pending: deque[int] = field(default_factory=lambda: deque[int](maxlen=GROWN))

    def seen(self, found: Hooked) -> str:
        """What is wrong now, as a word: gone, other, failing or piling-up; empty: nothing."""
        self._pending.append(found.pending)
        # Compared with what it was before, so that no clock matters.
        failed, self.failed_at = found.failed_at > self.failed_at, found.failed_at
        still_failing = self.wrong == "failing" and found.pending > 0
        if found.url != self.ours:
            self.wrong = "other" if found.url else "gone"
        elif failed or still_failing:
            self.wrong = "failing"
        else:
            self.wrong = "piling-up" if self._grows() else ""
        return self.wrong

    def _grows(self) -> bool:
        counts = list(self._pending)
        rising = all(before < after for before, after in pairwise(counts))
        return len(counts) == GROWN and rising and counts[-1] >= MANY


class HookWatch:
    """Of one bot. `before` is how the webhook was when the program started."""

    def __init__(self, client: Client, settings: Settings, link: Link, before: Hooked, *, take_over: bool) -> None:
        self._client = client
        self._settings = settings
        self._link = link
        self._state = HookState(hook_of(settings)[0], before.failed_at)
        self._take_over = take_over
        self._silent = 0

    async def run(self) -> None:
        """Until cancelled; raises TokenRefused where it stays so."""
        while True:
            await asyncio.sleep(SOON if self._silent else EVERY)
            await self.look()

    async def look(self) -> None:
        """Ask the server once, and note what is wrong."""
        try:
            found = await self._client.hooked()
            self._silent = 0
            self._link.deliveries = self._state.seen(found)
            if self._link.deliveries == "gone" and self._take_over:
                await set_hook(self._client, self._settings, found)
                log("webhook-set-again", "warning")
        except TokenRefused:
            if self._client.token_seen.is_hopeless:
                raise
            self._unanswered("401")
        except (NotReached, Cut, OtherInstance) as error:
            self._unanswered(str(error)[:40])
        except Exception as error:
            self._unanswered(type(error).__name__)

    def _unanswered(self, reason: str) -> None:
        log("webhook-unseen", "warning", reason=reason)
        self._silent += 1
        if self._silent >= SILENT and reason != "401":
            self._link.deliveries = "unseen"
