"""Events in: each is answered by `step` and kept with all that follows from it, before anything is said.

Not its job: saying it (`sender`), where events come from (a gateway).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from dialogs.compile import Book
from dialogs.effects import SendMessage
from dialogs.events import Event
from dialogs.message import Line, Message
from dialogs.owner import Owner
from dialogs.step import step
from dialogs.talk import Turn
from storage.store import Store


def _nothing() -> None:
    pass


@dataclass(slots=True, kw_only=True)
class Advisor:
    """Answers by `book`, which may be swapped for another as a whole; keeps in `store`."""

    book: Book
    store: Store
    #: Called when an owner has been forgotten, for what is kept of him outside of the store.
    on_forgotten: Callable[[], None] = _nothing

    def take(self, *events: Event) -> None:
        """Answer the events; when this returns all is on the disk, and what is to be said is in the outbox."""
        if self.store.apply(events, partial(step, self.book)).forgotten:
            self.on_forgotten()

    def take_silently(self, *events: Event) -> None:
        """The same where nobody asked anything, so that nothing is to be said."""
        self.store.apply(events, partial(_unsaid, self.book))


def _unsaid(book: Book, owner: Owner, event: Event) -> Turn:
    turn = step(book, owner, event)
    return replace(turn, effects=tuple(one for one in turn.effects if not isinstance(one, SendMessage)))


def apology(book: Book, owner: Owner) -> Message:
    """What an owner is told where his event failed."""
    return Message(lines=(Line(text=book.phrases["apology"].fill(owner.language)),))
