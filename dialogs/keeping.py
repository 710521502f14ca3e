"""A no to the question whether to delete: nothing is deleted, that is said, and what was pending is asked again.

Not its job: the question (`sure`), what it is asked about (`yours`, `offers.agencies`, `loop.contracting`).
"""

from __future__ import annotations

from dialogs import yours
from dialogs.conversing import go_on
from dialogs.sure import says_no
from dialogs.talk import Talk, Turn


def keep(talk: Talk) -> Turn:
    """What was pending, or the menu."""
    line, conversation = talk.speaker.line("nothing-deleted", "quiet"), talk.current
    if conversation is None or conversation.ended:
        return talk.menu(line)
    return go_on(talk, conversation, [line])


def forget(talk: Talk, argument: str = "") -> Turn:
    """As `yours.forget`; a no behind the command, or by its button, deletes nothing."""
    return keep(talk) if says_no(argument) else yours.forget(talk, argument)
