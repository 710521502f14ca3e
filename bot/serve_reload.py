"""Takes up saved dialogs and books in a serving program; what is broken, or breaks a talk, changes nothing.

What stands in the way is told in the log.

Not its job: looking at the files, building a book (`reload`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.gateways.telegram_incoming import CHANNEL
from bot.introduction import introduce
from bot.logs import log
from bot.reload import Begin, Reload
from bot.serving import Serving
from bot.trial import Trial
from dialogs.compile import Book

#: Seconds between two looks at the files: nobody waits before a screen for it.
EVERY = 2.0
#: Findings that one line of the log tells; `lampwise check` tells them all.
MOST_TOLD = 20


def reload(serving: Serving, begin: Begin | None = Trial) -> Reload:
    """Watches for `serving`; to be made within its loop. `begin` tries a save before it is taken up."""
    loop = asyncio.get_running_loop()

    def take(book: Book) -> None:
        """Called in the thread that watches."""
        loop.call_soon_threadsafe(_taken, serving, book)

    return Reload(serving.parts.settings, CHANNEL, serving.parts.book, take, _tell, EVERY, begin)


def _taken(serving: Serving, book: Book) -> None:
    serving.take_up(book)
    # The menu of commands may be another; nothing waits for it.
    serving.intake.at_leisure(introduce(serving.parts))


def _tell(what: str, findings: Sequence[str]) -> None:
    if what == "reload-taken":
        log("book-taken-up")
    else:
        log("book-refused", "error", findings=list(findings[:MOST_TOLD]), count=len(findings))
