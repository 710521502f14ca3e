"""What is read beside the book: words, wordings of values, the hand-over, the tables of days. Read once, and again
only when a save of them is taken up.

Not its job: what is wrong in these files (`dialogs.held`, `scheduler.held`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from bot.refusal import Refusal
from dialogs.compile import SHIPPED
from dialogs.kinds import phrases, words
from scheduler import blackouts, working_days
from scheduler.days import TableUnreadable

#: Where their content is remembered in other shapes, too.
_REMEMBERING = ("dialogs.kinds", "dialogs.documents.letters", "dialogs.free_text", "scheduler")
#: Their files.
FILES = (
    words.FILE, phrases.FILE, SHIPPED / "documents" / "handover.yaml", working_days.SHIPPED, blackouts.SHIPPED
)  # fmt: skip


def days_or_refusal(language: str) -> None:
    """Read the tables of days; raises Refusal with their findings where they cannot be used."""
    try:
        working_days.shipped_working_days()
        blackouts.offered_blackouts()
    except TableUnreadable as error:
        # Only now: the rules of the check are slow to load, and tables that are sound need none.
        from bot import check_tables
        from dialogs.check import sentences, tell

        told = [
            tell(one, language, sentences()) for one in check_tables.findings((working_days.SHIPPED, blackouts.SHIPPED))
        ]
        raise Refusal("\n".join(told) or str(error)) from error


def _readers() -> Sequence[Callable[[], Any]]:
    """Each reads its file when it is first asked, and remembers it."""
    from dialogs.documents import letters

    tables = (working_days.shipped_working_days, blackouts.offered_blackouts)
    return (words.load, phrases.load, letters.handover_list, *tables)


def take_up(changed: Collection[Path]) -> None:
    """From now on use what these files say, where they are among FILES; raises where one cannot be used.

    What is in use stays then: a file is forgotten only once all of them have been read.
    """
    if not {file.resolve() for file in FILES} & {file.resolve() for file in changed}:
        return
    for reader in _readers():
        read: Any = reader
        read.__wrapped__()
    for name, module in list(sys.modules.items()):
        if name.startswith(_REMEMBERING):
            for kept in list(vars(module).values()):
                if hasattr(kept, "cache_clear"):
                    kept.cache_clear()
    for reader in _readers():
        reader()
