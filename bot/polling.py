"""Fetches updates from Telegram. They count as received only once they are on the disk.

Whatever fails is tried again, with pauses. Only a newcomer gives way to another program that fetches, and a token that
stays refused ends it. Not its job: what an update causes.
"""

from __future__ import annotations

import asyncio

from bot.gateways.telegram_client import Client
from bot.gateways.telegram_http import Cut, NotReached, OtherInstance, TokenRefused
from bot.intake import Intake
from bot.link import Link
from bot.logs import log
from bot.rounds import TooMuch
from bot.tally import Tally
from bot.update_numbers import next_offset
from storage.errors import StorageError

#: Seconds that one poll waits for something to come.
WAIT = 25
#: Seconds of pause after a failure: the first, and the longest.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
#: Seconds of pause at most where another program fetches, too: it is the other one that is to give way.
CONTESTED_PAUSE = 2.0
#: Seconds of pause at most where all that comes has no number, so that it comes again at once.
UNNUMBERED_PAUSE = 2.0
#: Seconds for which a pressed button waits for a word; after a longer silence, presses are old.
PRESS_LIVES = 150.0
#: Updates that one poll brings at most; where it does, more have waited as long.
MOST = 100


class Polling:
    """Of one bot. `silence` is for how many seconds nothing was fetched before."""

    def __init__(self, client: Client, intake: Intake, link: Link, tally: Tally, silence: float = 0.0) -> None:
        self._client = client
        self._intake = intake
        self._link = link
        self._tally = tally
        self._offset = 0
        self._pause = FIRST_PAUSE
        self._heard = asyncio.get_running_loop().time() - silence
        self._is_late = False

    async def run(self) -> None:
        """Until cancelled; raises OtherInstance where a newcomer meets one, and TokenRefused where it stays so."""
        while True:
            try:
                longest = await self._once()
            except OtherInstance as error:
                self._link.conflict(str(error))
                self._failed(error)
                if self._link.gives_way:
                    raise
                longest = CONTESTED_PAUSE
            except TokenRefused as error:
                if self._client.token_seen.is_hopeless:
                    raise
                self._failed(error)
                longest = LONGEST_PAUSE
            except Exception as error:
                # Whatever it is, to stop fetching would leave everybody without an answer.
                self._failed(error)
                longest = LONGEST_PAUSE
            await self._rest(longest)

    async def _once(self) -> float:
        """Fetch once and take it in; the longest pause that is to follow, in seconds."""
        updates = await self._client.updates(self._offset, WAIT)
        self._link.answered()
        now = asyncio.get_running_loop().time()
        self._is_late = self._is_late or now - self._heard > PRESS_LIVES
        self._heard = now
        await self._intake.take(updates, is_late=self._is_late)
        self._is_late = self._is_late and len(updates) >= MOST
        following = next_offset(self._offset, updates)
        if following is None:
            return UNNUMBERED_PAUSE
        self._offset = following
        return 0.0

    def _failed(self, error: Exception) -> None:
        reason = _reason(error)
        self._tally.failed_polls[reason] += 1
        if isinstance(error, NotReached | Cut | OtherInstance | TokenRefused):
            self._link.failing = reason
        log("poll-failed", "warning", error=type(error).__name__, reason=reason)

    async def _rest(self, longest: float) -> None:
        if not longest:
            self._pause = FIRST_PAUSE
            return
        await asyncio.sleep(min(longest, self._pause))
        self._pause = min(LONGEST_PAUSE, self._pause * 2)


def _reason(error: Exception) -> str:
    """A word of ours; the text of any other error may hold what somebody said."""
    match error:
        case NotReached() | Cut() | OtherInstance():
            return str(error)[:40]
        case TokenRefused():
            return "401"
        case TooMuch():
            return "too-much"
        case StorageError():
            return "storage"
        case _:
            return "error"
