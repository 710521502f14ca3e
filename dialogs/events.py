"""What happened to an owner: the only things that `step` takes in.

Each event is in the past tense, has an `id` that is unique on its channel (a repeat is dropped by the store),
and carries the moment `at` (with zone), so that nothing to the right of here reads a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Common part: `channel` and `chat` say where it happened, such as ("terminal", "wang")."""

    id: str
    at: datetime
    channel: str
    chat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReceived(Event):
    """The person typed something that is not a command."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandGiven(Event):
    """`name` is a command of bot/commands.yaml without the slash; `argument` is the rest of the line."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindersDue(Event):
    """The time of a contract's reminders has come; whether they still go out is looked at now."""

    contract: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindersUnheard(Event):
    """The reminders of a contract that were made on the day `made` (UTC, ISO) did not go out: we are blocked there."""

    contract: int
    made: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPressed(Event):
    """`press` is what the button carried: see `dialogs/presses.py`."""

    press: str
    #: The message that it stands under, as the channel counts them upwards in a chat; 0: unknown.
    under: int = 0
