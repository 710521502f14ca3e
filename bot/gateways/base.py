"""What a channel is to the rest of the program: it sends messages to a chat and says what became of each.

Not its job: order, limits and repeats, which are the sender's; what a message says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from dialogs.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """It has surely arrived; `message` is what the channel calls it, where that is known."""

    message: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryAfter:
    """It was surely not sent; the channel wants to be left alone for `wait`."""

    wait: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """The person does not want to hear from us any more, or is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The channel will never take this message; `reason` is for the log and holds nobody's words."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """It may have arrived or not; `reason` is for the log and holds nobody's words."""

    reason: str


Outcome = Sent | RetryAfter | Blocked | Refused | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """The channel was not reached or failed by itself: surely not sent, tried again; `reason` is for the log."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenUnknown:
    """It was not sent: the channel does not know our token. The message itself is not at fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """It was not sent: the chat is called `chat` from now on."""

    chat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unparsed:
    """It was not sent: the channel does not understand our markup; as plain text it would go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """It was not sent: the message that it was to replace cannot be changed any more."""


#: What becomes of a message on a channel that is reached over a network.
Delivery = Outcome | NotSent | TokenUnknown | Migrated | Unparsed | Gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a channel can do; a message is laid out accordingly."""

    #: Buttons can be tapped; without them they are numbered lines and words to type.
    buttons: bool
    #: A message that was sent can be changed.
    edits: bool


class Gateway(Protocol):
    """One channel."""

    @property
    def channel(self) -> str:
        """Its name in events and in the database, such as "terminal"."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        ...

    def send(self, chat: str, message: Message) -> Outcome:
        """Say `message` in `chat`; what goes wrong on the way is an outcome, not an exception."""
        ...
