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
#: Seconds for which a pressed button waits for a word; after a longer silence, presses are old.
PRESS_LIVES = 150.0
#: Updates that one poll brings at most; where it does, more have waited as long.
MOST = 100


async def poll(client: Client, intake: Intake, alive: Callable[[], None], silence: float = 0.0) -> None:
    """Until cancelled; `alive` is called whenever the server answered. Raises OtherInstance or TokenRefused.

    `silence` is for how many seconds nothing was fetched before.
    """
    offset, pause = 0, FIRST_PAUSE
    loop = asyncio.get_running_loop()
    heard, is_late = loop.time() - silence, False
    while True:
        try:
            updates = await client.updates(offset, WAIT)
            alive()
            is_late = is_late or loop.time() - heard > PRESS_LIVES
            heard = loop.time()
            await intake.take(updates, is_late=is_late)
            is_late = is_late and len(updates) >= MOST
        except (NotReached, Cut, StorageError, TooMuch) as error:
            log("poll-failed", "warning", error=type(error).__name__, reason=str(error)[:40])
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)
            continue
        pause = FIRST_PAUSE
        # After an empty answer all is confirmed, and numbers may begin anew, lower, after a quiet week.
        offset = max((update.get("update_id", 0) for update in updates), default=-1) + 1
