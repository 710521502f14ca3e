"""Watches what a serving program writes to: whether it takes anything, is still ours, and is still the same file.

Not its job: trying whether the database can be written to (`rounds` does so every ten seconds), telling of what stands
still (`watch`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, NoReturn

from bot.admins import ids
from bot.gateways.telegram_text import Page, escaped
from bot.logs import log
from bot.serving import Parts, Serving
from storage.locks import Held

#: Rounds in a row that come to nothing and are too many: one alone is tried again after half a second.
FAILURES = 2
#: Seconds between two looks at what is held.
LOOK = 0.5
#: Seconds that the end of the program waits for the admins to be told.
TELLING = 5.0


def silent(serving: Serving) -> float:
    """Seconds without a sign of life of the database; endless where it takes nothing."""
    if serving.rounds.failures >= FAILURES:
        return float("inf")
    if not serving.parts.held.holds():
        # Then nothing is tried; what stands still is the lease.
        return 0.0
    return asyncio.get_running_loop().time() - serving.rounds.last_done


def standing(serving: Serving) -> set[str]:
    """`lease` while another program may have taken over."""
    return set() if serving.parts.held.holds() else {"lease"}


async def while_held(held: Held, work: Callable[[], Coroutine[Any, Any, None]]) -> NoReturn:
    """Run `work` whenever `held` is held, and stop it while it is not; raises what it raises."""
    while True:
        while not held.holds():
            await asyncio.sleep(LOOK)
        task = asyncio.create_task(work())
        try:
            while held.holds() and not task.done():
                await asyncio.wait({task}, timeout=LOOK)
            if task.done():
                task.result()
        finally:
            task.cancel()
            await asyncio.wait({task})


async def tell_gone(parts: Parts) -> None:
    """Tell the log and the admins that the program ends, since its database file was deleted or replaced."""
    log("alarm", "error", what="file")
    text = parts.texts["still-file"].fill(parts.settings.lang)
    with suppress(TimeoutError):
        async with asyncio.timeout(TELLING):
            for chat in ids(parts.settings):
                await parts.client.say(chat, Page(html=escaped(text), plain=text))
