"""step: an event and the owner as he was give the owner as he is and what shall happen. Pure: nothing else goes in."""

from __future__ import annotations

from datetime import date

from dialogs.commands import run
from dialogs.compile import Book
from dialogs.events import ButtonPressed, CommandGiven, Event, RemindersDue, RemindersUnheard, TextReceived
from dialogs.former_names import of_owner
from dialogs.hearing import hear
from dialogs.keeping import keep
from dialogs.loop.naming import named
from dialogs.loop.reminding import fall_due, unheard
from dialogs.owner import Owner
from dialogs.pressing import press
from dialogs.sure import is_asked, says_no, settled
from dialogs.talk import Talk, Turn


def step(book: Book, owner: Owner, event: Event) -> Turn:
    """Answer one event; never raises on anything a person can send."""
    talk = Talk(book=book, owner=named(book, of_owner(book.flows, owner)), at=event.at)
    match event:
        case TextReceived():
            here = settled(talk)
            return keep(here) if is_asked(talk) and says_no(event.text) else hear(here, event.text)
        case CommandGiven():
            return run(settled(talk), event.name, event.argument.strip())
        case ButtonPressed():
            return press(settled(talk), event.press)
        case RemindersDue():
            return fall_due(talk, event.contract)
        case RemindersUnheard():
            return unheard(talk, event.contract, date.fromisoformat(event.made))
        case _:
            raise TypeError(f"no step for {type(event).__name__}")
