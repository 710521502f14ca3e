"""Fetches updates from Telegram. They count as received only once they are on the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.gateways.telegram_client import Client
from bot.gateways.telegram_http import Cut, NotReached
from bot.intake import Intake
from bot.logs import log
from bot.rounds import TooMuch
from storage.errors import StorageError

#: Seconds that one poll waits for something to come.
WAIT = 25
#: Seconds of pause after a failure: the first, and the longest.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0


async def poll(client: Client, intake: Intake, alive: Callable[[], None]) -> None:
    """Until cancelled; `alive` is called whenever the server answered. Raises OtherInstance or TokenRefused."""
    offset, pause = 0, FIRST_PAUSE
    while True:
        try:
            updates = await client.updates(offset, WAIT)
            alive()
            await intake.take(updates)
        except (NotReached, Cut, StorageError, TooMuch) as error:
            log("poll-failed", "warning", error=type(error).__name__, reason=str(error)[:40])
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)
            continue
        pause = FIRST_PAUSE
        # After an empty answer all is confirmed, and numbers may begin anew, lower, after a quiet week.
        offset = max((update.get("update_id", 0) for update in updates), default=-1) + 1
